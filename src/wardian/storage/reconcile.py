"""Deletes objects that nobody points at any more."""

import asyncio

from wardian.storage.cas import Cas

EVERY_S = 3.0


class Sweeper:
    def __init__(self, cas: Cas) -> None:
        self._cas = cas

    async def run(self) -> None:
        while True:
            if not await self._cas.sweep():
                await asyncio.sleep(EVERY_S)
