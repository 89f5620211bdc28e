"""Seals what was emitted into the trail."""

from wardian.events import service
from wardian.events.bus import Bus
from wardian.storage.sql import Database

EVERY_S = 5.0
"""How often to look when nothing hints: for what a crash left unsealed."""
_SHARE = 500


class Sealer:
    def __init__(self, db: Database, bus: Bus) -> None:
        self._db = db
        self._bus = bus

    async def run(self) -> None:
        with self._bus.listening(service.TOPIC) as hints:
            while True:
                if await self._db.write(service.seal, _SHARE):
                    self._bus.publish(service.SEALED, {})
                    hints.drain()
                    continue
                await hints.next(EVERY_S)
