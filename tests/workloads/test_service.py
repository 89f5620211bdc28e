"""Use-cases of workloads, in one transaction on each database."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.actors import Make
from wardian.identity.models import SYSTEM
from wardian.kernel.errors import Conflict, Forbidden, NotFound
from wardian.projects import service as projects
from wardian.projects.models import Project
from wardian.storage import logs, references
from wardian.storage.sql import Tx
from wardian.storage.tables import objects
from wardian.workloads import control, service, store
from wardian.workloads.executor import Phase, Seen
from wardian.workloads.models import Capacity, Resources, Spec, Status, Workload
from wardian.workloads.schemas import LogQuery, NewWorkload, QueueQuery, WorkloadQuery

HASH = "ab" * 32
PLACE = "local:test:1"


def wanted(name: str = "work", **spec: Any) -> NewWorkload:
    return NewWorkload(name=name, spec=Spec(command=["true"], **spec))


@pytest.fixture
def project(make: Make) -> Project:
    return make.project()


@pytest.fixture
def one(tx: Tx, make: Make, project: Project) -> Workload:
    """A queued workload."""
    return service.create(tx, make.member(project), project.id, wanted())


def become(tx: Tx, workload: Workload, status: str) -> Workload:
    """As if it had come that far."""
    ends = {"finished_at": tx.now} if Status(status).is_final else {"place": PLACE}
    after = workload.model_copy(update={"status": Status(status), **ends})
    store.update(tx, workload, after)
    return after


def stored(tx: Tx, object_hash: str = HASH) -> str:
    references.pin(tx, object_hash, 3)
    references.stored(tx, object_hash)
    return object_hash


def held(tx: Tx, object_hash: str = HASH) -> int:
    return int(tx.scalar(sa.select(objects.c.refs).where(objects.c.hash == object_hash)))


class TestCreate:
    def test_waits_in_the_queue_and_says_so(self, tx: Tx, make: Make, project: Project) -> None:
        actor = make.member(project)
        made = service.create(tx, actor, project.id, wanted())
        assert (made.status, made.created_by) == ("queued", actor.name)
        assert service.get(tx, actor, made.id) == made
        assert make.events()[-1] == "workload.created"

    def test_holds_its_code_and_files_until_it_is_deleted(self, tx: Tx, make: Make, project: Project) -> None:
        actor = make.member(project)
        code = stored(tx)
        made = service.create(tx, actor, project.id, wanted(code=code, files={"data/a": code}))
        assert held(tx) == 2
        become(tx, made, "succeeded")
        service.delete(tx, actor, made.id)
        assert held(tx) == 0

    def test_a_guest_may_not(self, tx: Tx, make: Make, project: Project) -> None:
        with pytest.raises(Forbidden):
            service.create(tx, make.guest(project), project.id, wanted())

    def test_to_a_stranger_the_project_is_missing(self, tx: Tx, make: Make, project: Project) -> None:
        with pytest.raises(NotFound):
            service.create(tx, make.stranger(), project.id, wanted())


class TestGet:
    def test_a_stranger_sees_nothing(self, tx: Tx, make: Make, one: Workload) -> None:
        with pytest.raises(NotFound):
            service.get(tx, make.stranger(), one.id)

    def test_nor_does_anybody_through_another_project(self, tx: Tx, make: Make, one: Workload) -> None:
        with pytest.raises(NotFound):
            service.get(tx, make.admin(), one.id, make.project().id)


class TestList:
    def test_pages_newest_first(self, tx: Tx, make: Make, project: Project) -> None:
        made = [service.create(tx, SYSTEM, project.id, wanted(f"w{n}")).name for n in range(5)]
        first = service.listed_in(tx, make.guest(project), project.id, WorkloadQuery(limit=3))
        rest = service.listed_in(tx, make.guest(project), project.id, WorkloadQuery(limit=3, cursor=first.next))
        assert [w.name for w in (*first.items, *rest.items)] == made[::-1]
        assert rest.next is None

    def test_across_projects_holds_only_what_one_may_read(self, tx: Tx, make: Make, one: Workload) -> None:
        service.create(tx, SYSTEM, make.project().id, wanted("hidden"))
        assert [w.id for w in service.listed(tx, make.guest(one.project), QueueQuery()).items] == [one.id]
        assert service.listed(tx, make.stranger(), QueueQuery()).items == []

    def test_filters(self, tx: Tx, make: Make, project: Project) -> None:
        done = become(tx, service.create(tx, SYSTEM, project.id, wanted("Bake 1_0")), "succeeded")
        service.create(tx, SYSTEM, project.id, wanted("other 1x0"))
        for where in (
            {"status": ["succeeded"]},
            {"text": "bake"},
            {"text": "1_0"},
            {"project": project.name, "text": "ba"},
        ):
            found = service.listed(tx, make.admin(), QueueQuery.model_validate(where))
            assert [w.id for w in found.items] == [done.id], where


class TestStop:
    def test_a_running_one_becomes_stopping_and_says_so(self, tx: Tx, make: Make, one: Workload) -> None:
        become(tx, one, "running")
        assert service.stop(tx, make.member(one.project), one.id).status == "stopping"
        assert make.events()[-1] == "workload.stopping"

    def test_a_queued_one_is_stopped_at_once(self, tx: Tx, make: Make, one: Workload) -> None:
        assert service.stop(tx, make.member(one.project), one.id).status == "stopped"
        assert make.events()[-1] == "workload.stopped"

    @pytest.mark.parametrize("status", ["succeeded", "failed", "lost"])
    def test_a_finished_one_cannot(self, tx: Tx, make: Make, one: Workload, status: str) -> None:
        become(tx, one, status)
        with pytest.raises(Conflict, match="cannot become stopping"):
            service.stop(tx, make.member(one.project), one.id)

    def test_a_guest_may_not(self, tx: Tx, make: Make, one: Workload) -> None:
        with pytest.raises(Forbidden):
            service.stop(tx, make.guest(one.project), one.id)


class TestLog:
    def test_never_ends_within_a_character(self, tx: Tx, make: Make, one: Workload) -> None:
        text = "aé€😀" * 3
        logs.append(tx, one.id, 0, text.encode())
        for limit in range(4, 12):
            read, start = "", 0
            while (part := service.read_log(tx, SYSTEM, one.id, LogQuery(start=start, limit=limit))).text:
                read, start = read + part.text, part.end
            assert read == text, limit

    def test_bytes_that_are_no_text_do_not_stop_it(self, tx: Tx, one: Workload) -> None:
        logs.append(tx, one.id, 0, b"\xff\xfe" + b"\x80" * 50 + b"end")
        part = service.read_log(tx, SYSTEM, one.id, LogQuery(limit=10))
        assert part.end > 0
        assert service.read_log(tx, SYSTEM, one.id, LogQuery(start=-3)).text == "end"

    def test_goes_with_the_workload(self, tx: Tx, make: Make, one: Workload) -> None:
        logs.append(tx, one.id, 0, b"x")
        become(tx, one, "failed")
        service.delete(tx, make.member(one.project), one.id)
        assert logs.size(tx, one.id) == 0


class TestDeletionOfTheProject:
    def test_waits_for_what_still_runs(self, tx: Tx, make: Make, one: Workload) -> None:
        with pytest.raises(Conflict, match=r"not ended \(work\); stop them first"):
            projects.delete(tx, make.owner(one.project), one.project)

    def test_frees_what_workloads_hold(self, tx: Tx, make: Make, project: Project) -> None:
        become(tx, service.create(tx, SYSTEM, project.id, wanted(code=stored(tx))), "failed")
        projects.delete(tx, make.owner(project), project.id)
        assert held(tx) == 0


class TestControl:
    @pytest.fixture(autouse=True)
    def machine(self, tx: Tx) -> None:
        control.announce(tx, PLACE, "local", Capacity(cpu=1, memory=1 << 30))

    def test_the_queue_gets_the_slots_there_are(self, tx: Tx, make: Make, project: Project) -> None:
        first, second = (service.create(tx, SYSTEM, project.id, wanted(name)) for name in ("first", "second"))
        assert control.place_queued(tx, PLACE) == 1
        assert service.get(tx, SYSTEM, first.id).status == "starting"
        waiting = service.get(tx, SYSTEM, second.id)
        assert (waiting.status, waiting.reason) == ("queued", "waits for 1 cpu; 0 free")
        (executor,) = service.list_executors(tx, make.stranger())
        assert (executor.used.cpu, executor.workloads) == (1, 1)

    def test_what_can_never_run_fails_at_once(self, tx: Tx, make: Make, project: Project) -> None:
        made = service.create(tx, SYSTEM, project.id, wanted(resources=Resources(gpu=1)))
        control.place_queued(tx, PLACE)
        failed = service.get(tx, SYSTEM, made.id)
        assert (failed.status, failed.reason) == ("failed", "needs 1 gpu; this machine has none")
        assert make.events()[-1] == "workload.failed"

    def test_what_another_machine_could_run_waits_for_it(self, tx: Tx, project: Project) -> None:
        control.announce(tx, "local:other:2", "local", Capacity(cpu=1, memory=1, gpus=["0"]))
        made = service.create(tx, SYSTEM, project.id, wanted(resources=Resources(gpu=1)))
        control.place_queued(tx, PLACE)
        assert service.get(tx, SYSTEM, made.id).status == "queued"
        control.place_queued(tx, "local:other:2")
        assert service.get(tx, SYSTEM, made.id).gpus == ["0"]

    def test_only_the_holder_of_the_lease_moves_it_on(self, tx: Tx, one: Workload) -> None:
        control.place_queued(tx, PLACE)
        (lease,) = control.take(tx, PLACE, 10)
        assert control.take(tx, PLACE, 10) == []
        control.adopt(tx, PLACE)
        (newer,) = control.take(tx, PLACE, 10)
        running = Seen(phase=Phase.RUNNING, started_at=tx.now)
        assert control.apply(tx, lease, 0, running) is None
        assert control.append_log(tx, lease, 0, b"x") is None
        assert control.credentials(tx, lease) is None
        moved = control.apply(tx, newer, 0, running)
        assert moved is not None
        assert moved.status == "running"

    def test_a_look_at_an_earlier_attempt_changes_nothing(self, tx: Tx, one: Workload) -> None:
        control.place_queued(tx, PLACE)
        (lease,) = control.take(tx, PLACE, 10)
        after = control.apply(tx, lease, 7, Seen(phase=Phase.LOST))
        assert after is not None
        assert after.status == "starting"

    def test_a_stop_that_came_between_look_and_write_is_honoured(self, tx: Tx, one: Workload) -> None:
        control.place_queued(tx, PLACE)
        (lease,) = control.take(tx, PLACE, 10)
        service.stop(tx, SYSTEM, one.id)
        after = control.apply(tx, lease, 0, Seen(phase=Phase.RUNNING, started_at=tx.now))
        assert after is not None
        assert after.status == "stopping"

    def test_each_attempt_has_its_own_place_in_the_log(self, tx: Tx, project: Project) -> None:
        made = service.create(tx, SYSTEM, project.id, wanted(restarts={"limit": 1, "delay_s": 0.001}))
        control.place_queued(tx, PLACE)
        (lease,) = control.take(tx, PLACE, 10)
        control.append_log(tx, lease, 0, b"first")
        after = control.apply(tx, lease, 0, Seen(phase=Phase.LOST, reason="gone"))
        assert after is not None
        assert (after.status, after.attempt) == ("queued", 1)
        later = Tx(tx.conn, after.waits_until or tx.now, {}, lambda topic, data: None)
        assert control.place_queued(later, PLACE) == 1
        (lease,) = control.take(later, PLACE, 10)
        watched = control.load(later, lease)
        assert watched is not None
        assert (watched.workload.id, watched.log_start) == (made.id, 5)
