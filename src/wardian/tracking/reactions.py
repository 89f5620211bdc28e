"""What tracking does when something happens below it, in the same transaction."""

from collections.abc import Callable

import sqlalchemy as sa

from wardian.events import service as events
from wardian.events.models import Event
from wardian.identity.models import SYSTEM
from wardian.storage.sql import Tx
from wardian.tracking import service
from wardian.tracking.tables import experiments, runs
from wardian.workloads.models import Status


def follow_workload(tx: Tx, event: Event) -> None:
    """A run in a workload has the workload's status."""
    bound = tx.all(sa.select(runs).where(runs.c.workload == event.thing).with_for_update())
    for run in bound:
        if event.verb == "workload.deleted":
            tx.run(runs.update().where(runs.c.id == run.id).values(workload=None))
            continue
        status = Status(event.detail["status"])
        values = {"status": status, "reason": event.detail.get("reason") or "", "heard_at": tx.now}
        if status is Status.RUNNING and run.started_at is None:
            values["started_at"] = event.at
        values["finished_at"] = event.at if status.is_final else None
        tx.run(runs.update().where(runs.c.id == run.id).values(values))
        if status != run.status:
            detail = {"workload": event.thing, "reason": values["reason"]}
            events.emit(
                tx, SYSTEM, f"run.{status}", noun="run", id=run.id, project=run.project, name=run.name, **detail
            )


def clear_project(tx: Tx, event: Event) -> None:
    """Runs go with their project, and give back what they held."""
    service.clear(tx, runs.c.project == event.thing)
    tx.run(experiments.delete().where(experiments.c.project == event.thing))


REACTIONS: dict[str, Callable[[Tx, Event], None]] = {"workload.*": follow_workload, "project.deleted": clear_project}
