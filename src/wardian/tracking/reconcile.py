"""What tracking does by itself: finds runs that have fallen silent, settles series that were written out of order."""

import asyncio
from datetime import timedelta

import sqlalchemy as sa

from wardian.events import service as events
from wardian.identity.models import SYSTEM
from wardian.storage.sql import Database, Tx
from wardian.tracking import metrics
from wardian.tracking.models import LIVE
from wardian.tracking.tables import runs
from wardian.workloads.models import Status

SILENT_AFTER = timedelta(minutes=5)
EVERY_S = 10.0
_SHARE = 100


def lose_silent(tx: Tx) -> int:
    """A live run outside a workload that nothing was heard of becomes lost; returns how many."""
    is_silent = sa.and_(runs.c.status.in_(LIVE), runs.c.heard_at < tx.now - SILENT_AFTER, runs.c.workload.is_(None))
    silent = tx.all(sa.select(runs).where(is_silent).limit(_SHARE).with_for_update(skip_locked=True))
    minutes = int(SILENT_AFTER.total_seconds() // 60)
    for run in silent:
        reason = f"nothing was heard of it for {minutes} minutes; it counts as running again when it writes"
        values = {"status": Status.LOST, "reason": reason, "finished_at": run.heard_at}
        tx.run(runs.update().where(runs.c.id == run.id).values(values))
        events.emit(tx, SYSTEM, "run.lost", noun="run", id=run.id, project=run.project, name=run.name, reason=reason)
    return len(silent)


class Caretaker:
    """Looks every few seconds. Several may run: each row is taken under its lock."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def run(self) -> None:
        while True:
            await self._db.write(lose_silent)
            await self._db.write(metrics.settle)
            await asyncio.sleep(EVERY_S)
