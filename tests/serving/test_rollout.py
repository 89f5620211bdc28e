"""How revisions come and go, on both databases; workloads are moved by hand."""

import pytest

from tests.candidates import registered
from wardian.identity.models import SYSTEM
from wardian.kernel.errors import Conflict, Forbidden, NotFound
from wardian.kernel.paging import PageQuery
from wardian.registry import service as registry
from wardian.serving import rollout, service, store
from wardian.serving.models import status_of
from wardian.serving.schemas import NewDeployment, NewRevision
from wardian.storage import logs
from wardian.workloads import service as workloads
from wardian.workloads import store as workload_store
from wardian.workloads.models import Resources, Status

WORDS = {"queued": Status.QUEUED, "running": Status.RUNNING, "failed": Status.FAILED, "stopped": Status.STOPPED}


class Stage:
    """A project with two versions of a model, and hands that move workloads."""

    def __init__(self, tx, make):
        self.tx, self.make, self.project = tx, make, make.project()
        self.actor = make.member(self.project)
        for _ in range(2):
            registered(tx, SYSTEM, self.project, "m")

    def deploy(self, model="m:1", **more):
        return service.create(self.tx, self.actor, self.project.id, NewDeployment(model=model, **more))

    def revise(self, model="m:2", **more):
        return service.revise(self.tx, self.actor, self.project.id, "m", NewRevision(model=model, **more))

    def act(self, verb):
        return getattr(service, verb)(self.tx, self.actor, self.project.id, "m")

    @property
    def deployment(self):
        return service.get(self.tx, self.actor, self.project.id, "m")

    @property
    def revisions(self):
        page = service.list_revisions(self.tx, self.actor, self.project.id, "m", PageQuery())
        return {each.number: each for each in page.items}

    def statuses(self):
        return {number: str(each.status) for number, each in self.revisions.items()}

    def workload(self, number):
        return workloads.get(self.tx, SYSTEM, self.revisions[number].workload)

    def becomes(self, number, status, **more):
        """The workload behind a revision changes as its controller would change it."""
        before = self.workload(number)
        after = before.model_copy(update={"status": WORDS[status], **more})
        workload_store.update(self.tx, before, after)
        workloads.say(self.tx, SYSTEM, after, status)

    def later(self, delta):
        self.tx.now += delta


@pytest.fixture
def stage(tx, make):
    return Stage(tx, make)


class TestRollout:
    def test_the_first_revision_serves_once_it_runs(self, stage):
        deployment = stage.deploy()
        assert (deployment.status, deployment.live, deployment.target, deployment.model) == ("starting", None, 1, "m:1")
        spec = stage.workload(1).spec
        assert spec.command[-4:] == ["--name", "m", "--version", "1"]
        assert (set(spec.files), spec.ports, spec.environment.serving) == (
            {"model/model.json", "model/model.pkl"}, ["http"], True,
        )  # fmt: skip
        stage.becomes(1, "running", address={"http": "127.0.0.1:4000"})
        assert (stage.deployment.status, stage.deployment.live, stage.deployment.target) == ("ready", 1, None)
        [route] = store.routes_named(stage.tx, "m")
        assert (route.address, route.revision, route.model_version) == ("127.0.0.1:4000", 1, "1")

    def test_a_new_one_takes_over_when_ready_and_the_old_one_drains_first(self, stage):
        stage.deploy()
        stage.becomes(1, "running", address={"http": "127.0.0.1:4001"})
        stage.revise()
        assert (stage.deployment.status, stage.deployment.model) == ("updating", "m:1")
        assert store.routes_named(stage.tx, "m")[0].address == "127.0.0.1:4001"
        stage.becomes(2, "running", address={"http": "127.0.0.1:4002"})
        assert store.routes_named(stage.tx, "m")[0].address == "127.0.0.1:4002"
        assert stage.statuses() == {1: "draining", 2: "live"}
        rollout.retire_drained(stage.tx)
        assert stage.workload(1).status == "running"
        stage.later(rollout.DRAIN)
        assert rollout.needs_care(stage.tx)
        rollout.retire_drained(stage.tx)
        assert (stage.workload(1).status, stage.statuses()[1]) == ("stopping", "retired")
        assert not rollout.needs_care(stage.tx)

    def test_one_that_fails_leaves_the_old_one_and_its_last_words(self, stage):
        stage.deploy()
        stage.becomes(1, "running")
        stage.revise()
        logs.append(stage.tx, stage.workload(2).id, 0, b"Traceback\nValueError: no\n")
        stage.becomes(2, "queued", attempt=1, reason="exit status 1")
        assert stage.deployment.status == "updating"
        stage.becomes(2, "queued", attempt=2, reason="exit status 1")
        deployment = stage.deployment
        assert (deployment.status, deployment.live, deployment.target) == ("ready", 1, None)
        assert "revision 2 (m:2) did not become ready: exit status 1" in deployment.reason
        assert "ValueError: no" in deployment.reason
        assert (stage.workload(2).status, stage.statuses()[2]) == ("stopped", "failed")

    def test_one_that_hangs_is_given_up(self, stage):
        stage.deploy()
        stage.becomes(1, "queued", started_at=stage.tx.now)
        assert not rollout.needs_care(stage.tx)
        stage.later(rollout.READY_WITHIN * 1.1)
        assert rollout.needs_care(stage.tx)
        rollout.give_up_late(stage.tx)
        assert stage.deployment.status == "failed"
        assert "not ready 10 minutes" in stage.deployment.reason

    def test_a_newer_one_replaces_one_that_still_starts(self, stage):
        stage.deploy()
        stage.revise()
        assert (stage.workload(1).status, stage.statuses()) == ("stopped", {1: "failed", 2: "starting"})
        assert stage.deployment.target == 2

    def test_resources_are_kept_from_one_to_the_next(self, stage):
        stage.deploy(resources=Resources(cpu=2))
        assert stage.revise().resources.cpu == 2
        assert stage.revise(resources=Resources(cpu=0.5)).resources.cpu == 0.5


class TestFaults:
    def test_a_restart_keeps_the_revision_live(self, stage):
        stage.deploy()
        stage.becomes(1, "running", address={"http": "127.0.0.1:1"})
        stage.becomes(1, "queued", attempt=1, address={})
        assert stage.deployment.status == "restarting"
        assert store.routes_named(stage.tx, "m")[0].address is None
        stage.becomes(1, "running")
        assert (stage.deployment.status, stage.statuses()) == ("ready", {1: "live"})

    @pytest.mark.parametrize("end", ["failed", "stopped"])
    def test_an_end_nobody_asked_for_is_a_failure_with_its_reason(self, stage, end):
        stage.deploy()
        stage.becomes(1, "running")
        stage.becomes(1, end, reason="out of memory")
        assert (stage.deployment.status, stage.statuses()) == ("failed", {1: "failed"})
        assert "revision 1 failed: out of memory" in stage.deployment.reason
        assert stage.make.events()[-1] == "deployment.failed"
        stage.act("start")
        stage.becomes(1, "running")
        assert (stage.deployment.status, stage.deployment.reason) == ("ready", "")

    def test_a_workload_that_was_deleted(self, stage):
        stage.deploy()
        stage.becomes(1, "failed")
        workloads.delete(stage.tx, SYSTEM, stage.workload(1).id)
        assert stage.deployment.status == "failed"


class TestRollback:
    def test_it_goes_to_the_last_revision_that_was_ready(self, stage):
        stage.deploy()
        stage.becomes(1, "running")
        stage.revise()
        stage.becomes(2, "failed")
        stage.revise()
        stage.becomes(3, "running")
        assert stage.act("rollback").target == 1
        stage.becomes(1, "running")
        assert (stage.deployment.live, stage.deployment.model) == (1, "m:1")
        with pytest.raises(Conflict, match="no earlier revision"):
            stage.act("rollback")

    def test_right_after_the_switch_the_draining_one_is_started_afresh(self, stage):
        stage.deploy()
        stage.becomes(1, "running")
        stage.revise()
        stage.becomes(2, "running")
        first = stage.workload(1)
        stage.act("rollback")
        assert workloads.get(stage.tx, SYSTEM, first.id).status == "stopping"
        assert stage.statuses() == {1: "starting", 2: "live"}

    def test_during_a_rollout_it_only_gives_that_up(self, stage):
        stage.deploy()
        stage.becomes(1, "running")
        stage.revise()
        deployment = stage.act("rollback")
        assert (deployment.status, deployment.live, deployment.target) == ("ready", 1, None)
        assert stage.workload(2).status == "stopped"

    def test_without_anything_before(self, stage):
        stage.deploy()
        with pytest.raises(Conflict, match="nothing to go back to"):
            stage.act("rollback")


class TestStopAndStart:
    def test_stop_ends_everything_and_start_brings_back_what_was_served(self, stage):
        stage.deploy()
        stage.becomes(1, "running")
        stage.revise()
        assert stage.act("stop").status == "stopping"
        assert (stage.workload(1).status, stage.workload(2).status) == ("stopping", "stopped")
        stage.becomes(1, "stopped")
        assert (stage.deployment.status, stage.statuses()) == ("stopped", {1: "retired", 2: "failed"})
        assert stage.act("start").target == 1
        stage.becomes(1, "running")
        assert (stage.deployment.status, stage.deployment.live) == ("ready", 1)
        assert stage.act("start").status == "ready"

    def test_a_new_revision_starts_a_stopped_deployment(self, stage):
        stage.deploy()
        stage.becomes(1, "running")
        stage.act("stop")
        stage.becomes(1, "stopped")
        stage.revise()
        assert stage.deployment.status == "starting"
        stage.becomes(2, "running")
        assert (stage.deployment.status, stage.deployment.live) == ("ready", 2)

    def test_delete_ends_and_forgets(self, stage):
        stage.deploy()
        stage.becomes(1, "running")
        workload = stage.workload(1).id
        stage.act("delete")
        assert workloads.get(stage.tx, SYSTEM, workload).status == "stopping"
        with pytest.raises(NotFound):
            stage.act("get")


class TestDoors:
    def test_a_guest_looks_on_and_a_stranger_sees_nothing(self, stage, make):
        stage.deploy()
        guest, stranger = make.guest(stage.project), make.stranger()
        assert service.get(stage.tx, guest, stage.project.id, "m").name == "m"
        for act in (service.rollback, service.stop, service.start, service.delete):
            with pytest.raises(Forbidden):
                act(stage.tx, guest, stage.project.id, "m")
            with pytest.raises(NotFound):
                act(stage.tx, stranger, stage.project.id, "m")
        with pytest.raises(Forbidden):
            service.create(stage.tx, guest, stage.project.id, NewDeployment(model="m", name="other"))

    def test_a_name_is_taken_once_in_a_project(self, stage):
        stage.deploy()
        with pytest.raises(Conflict, match="exists already"):
            stage.deploy()

    def test_the_model_must_be_there(self, stage):
        with pytest.raises(NotFound, match="m:9"):
            stage.deploy("m:9")

    def test_a_model_that_is_served_stays(self, stage):
        stage.deploy()
        with pytest.raises(Conflict, match="deployment m serves m:1"):
            registry.delete_version(stage.tx, SYSTEM, stage.project.id, "m", "1")
        registry.delete_version(stage.tx, SYSTEM, stage.project.id, "m", "2")
        with pytest.raises(Conflict, match="deployment m serves model m"):
            registry.delete(stage.tx, SYSTEM, stage.project.id, "m")
        stage.act("stop")
        registry.delete(stage.tx, SYSTEM, stage.project.id, "m")
        with pytest.raises(Conflict, match="has been deleted"):
            stage.act("start")


@pytest.mark.parametrize(
    ("wanted", "live", "target", "status"),
    [
        (True, None, "queued", "starting"),
        (True, None, "running", "starting"),
        (True, None, None, "failed"),
        (True, "running", None, "ready"),
        (True, "running", "starting", "updating"),
        (True, "starting", None, "restarting"),
        (True, "queued", None, "restarting"),
        (True, "failed", None, "failed"),
        (True, "lost", None, "failed"),
        (True, "failed", "starting", "starting"),
        (False, "stopping", None, "stopping"),
        (False, "stopped", None, "stopped"),
        (False, None, None, "stopped"),
    ],
)
def test_status_follows_from_the_workloads(wanted, live, target, status):
    words = {word: word and Status(word) for word in (live, target)}
    assert status_of(wanted=wanted, live=words[live], target=words[target]) == status
