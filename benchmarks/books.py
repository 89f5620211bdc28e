"""A database with a project and a run, without a server, and what a question to it costs."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.report import row
from wardian.identity.models import SYSTEM, Actor
from wardian.projects import service as projects
from wardian.projects.schemas import NewProject
from wardian.server import wiring
from wardian.storage import migrations
from wardian.storage.sql import Database
from wardian.tracking import service
from wardian.tracking.schemas import NewRun

R = TypeVar("R")
REPEATS = 15
assert wiring.ROUTERS  # every feature's tables are known


def project_with_run(folder: Path) -> tuple[Database, Actor, str, str]:
    """The database, whoever may do all, the project's and the run's id."""
    db = Database(f"sqlite:///{folder / 'wardian.db'}")
    migrations.migrate(db)
    project = db.write_now(projects.create, SYSTEM, NewProject(name="bench")).id
    return db, SYSTEM, project, db.write_now(service.create, SYSTEM, project, NewRun(name="bench")).id


@dataclass(frozen=True)
class Cost:
    """Medians in milliseconds; CPU is what the machine's load does not change much."""

    wall: float
    cpu: float

    def tell(self, what: str, target: str = "") -> None:
        row(what, self.wall, "ms", target=target)
        print(f"    CPU {self.cpu:,.1f} ms", flush=True)


def asked(question: Callable[[], R]) -> tuple[Cost, R]:
    """What asking costs, and the answer."""
    walls: list[float] = []
    cpus: list[float] = []
    for _ in range(REPEATS):
        wall, cpu = time.perf_counter(), time.thread_time()
        answer = question()
        walls.append((time.perf_counter() - wall) * 1_000)
        cpus.append((time.thread_time() - cpu) * 1_000)
    return Cost(statistics.median(walls), statistics.median(cpus)), answer
