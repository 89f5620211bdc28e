"""Runs follow what happens below them, and what does not happen."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.actors import Make
from wardian.events import service as events
from wardian.identity.models import SYSTEM
from wardian.storage.sql import Tx
from wardian.tracking import service
from wardian.tracking.reconcile import lose_silent
from wardian.tracking.schemas import FinishRun, NewRun
from wardian.tracking.tables import runs
from wardian.workloads import service as workloads
from wardian.workloads.models import Spec
from wardian.workloads.schemas import NewWorkload


class TestWorkload:
    def test_the_status_of_a_run_is_that_of_its_workload(self, tx: Tx, make: Make) -> None:
        project = make.project().id
        actor = make.owner(project)
        body = NewWorkload(name="train", spec=Spec(command=["true"]))
        workload = workloads.create(tx, actor, project, body)
        run = service.create(tx, actor, project, NewRun(workload=workload.id))
        assert run.status == "queued"
        moved = workload.model_copy(update={"status": "running"})
        workloads.say(tx, SYSTEM, moved, "running")
        assert service.get(tx, actor, project, run.id).started_at is not None
        assert service.finish(tx, actor, project, run.id, FinishRun()).status == "running"
        workloads.say(tx, SYSTEM, moved.model_copy(update={"status": "failed", "reason": "exit status 3"}), "failed")
        ended = service.get(tx, actor, project, run.id)
        assert (ended.status, ended.reason) == ("failed", "exit status 3")
        assert ended.finished_at == tx.now
        assert make.events()[-1] == "run.failed"


class TestSilence:
    @pytest.mark.parametrize(("minutes", "status"), [(4, "running"), (6, "lost")])
    def test_a_run_that_falls_silent_is_lost_until_it_writes(
        self, tx: Tx, make: Make, minutes: int, status: str
    ) -> None:
        project = make.project().id
        actor = make.member(project)
        run = service.create(tx, actor, project, NewRun()).id
        tx.run(runs.update().where(runs.c.id == run).values(heard_at=tx.now - timedelta(minutes=minutes)))
        lose_silent(tx)
        found = service.get(tx, actor, project, run)
        assert found.status == status
        assert ("nothing was heard" in found.reason) is (status == "lost")
        assert service.heartbeat(tx, actor, project, run).status == "running"
        assert service.get(tx, actor, project, run).finished_at is None


class TestProject:
    def test_runs_go_with_their_project(self, tx: Tx, make: Make) -> None:
        project = make.project().id
        run = service.create(tx, make.member(project), project, NewRun(params={"a": 1}, tags={"b": "c"}))
        events.emit(tx, SYSTEM, "project.deleted", noun="project", id=project, project=project)
        assert tx.scalar(sa.select(sa.func.count()).select_from(runs).where(runs.c.id == run.id)) == 0
