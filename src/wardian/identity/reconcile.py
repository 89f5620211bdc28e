"""Notes which keys are used, off the path of the requests that use them."""

from wardian.events.bus import Bus
from wardian.identity import doors
from wardian.storage.sql import Database


class KeyUse:
    def __init__(self, db: Database, bus: Bus) -> None:
        self._db = db
        self._bus = bus

    async def run(self) -> None:
        async for _, used in self._bus.subscribe("key.used"):
            await self._db.write(doors.touch_key, used["access"])
