"""The loops of serving: old revisions end, memories are dropped when something happens, counts reach the database."""

import asyncio

from wardian.events import service as events
from wardian.events.bus import Bus
from wardian.serving import rollout, traffic
from wardian.serving.routing import Router
from wardian.serving.traffic import Counts
from wardian.storage.sql import Database

LOOK_S = 1.0
FLUSH_S = 2.0


class Rollouts:
    """Ends revisions that were replaced, and gives up those that never become ready."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def run(self) -> None:
        while True:
            if await self._db.read(rollout.needs_care):
                await self._db.write(rollout.retire_drained)
                await self._db.write(rollout.give_up_late)
            await asyncio.sleep(LOOK_S)


class Refresh:
    """Makes the router ask again as soon as anything happens on the platform."""

    def __init__(self, bus: Bus, router: Router) -> None:
        self._bus, self._router = bus, router

    async def run(self) -> None:
        async for _ in self._bus.subscribe(events.TOPIC):
            self._router.forget()


class TrafficWriter:
    def __init__(self, db: Database, counts: Counts) -> None:
        self._db, self._counts = db, counts

    async def run(self) -> None:
        try:
            while True:
                await asyncio.sleep(FLUSH_S)
                await self.flush()
        finally:
            await self.flush()

    async def flush(self) -> None:
        """Add what was counted to the database."""
        if not (taken := self._counts.take()):
            return
        try:
            await self._db.write(traffic.add, taken)
        except Exception:
            self._counts.put_back(taken)
            raise
