"""Runs for tests of tracking."""

from dataclasses import dataclass

import pytest

from tests.actors import Make
from wardian.kernel.ids import new_id
from wardian.storage.sql import Tx
from wardian.tracking.tables import experiments, runs


@dataclass
class BareRun:
    """A row in `runs` and nothing more."""

    id: str
    project: str


@dataclass
class MakeRuns:
    tx: Tx
    project: str
    experiment: str

    def bare(self) -> BareRun:
        run = new_id()
        self.tx.insert(
            runs,
            id=run,
            project=self.project,
            experiment=self.experiment,
            name="bare",
            kind="native",
            status="running",
            summary={},
            environment={},
            created_by="test",
            created_at=self.tx.now,
            heard_at=self.tx.now,
        )
        return BareRun(run, self.project)


@pytest.fixture
def make_run(tx: Tx, make: Make) -> MakeRuns:
    project = make.project().id
    experiment = new_id()
    tx.insert(experiments, id=experiment, project=project, name="default", created_at=tx.now)
    return MakeRuns(tx, project, experiment)
