"""Hints between parts of one process. Nothing here is stored: a row is the truth, a hint only says where to look."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Generator
from typing import Any

Hint = tuple[str, dict[str, Any]]
_WAITING = 1000


class Bus:
    """`publish` from any thread; `subscribe` on the event loop. A slow listener loses its oldest hints."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: dict[asyncio.Queue[Hint], tuple[str, ...]] = {}

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Say on which loop listeners live; hints from before are dropped."""
        self._loop = loop

    @property
    def is_attached(self) -> bool:
        """Whether hints reach listeners."""
        return self._loop is not None and not self._loop.is_closed()

    def publish(self, topic: str, data: dict[str, Any]) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            with contextlib.suppress(RuntimeError):  # closed just now
                loop.call_soon_threadsafe(self._deliver, topic, data)

    @contextlib.contextmanager
    def listening(self, *prefixes: str) -> "Generator[Listener]":
        """A listener for topics that start with one of the prefixes, from now on."""
        waiting: asyncio.Queue[Hint] = asyncio.Queue(_WAITING)
        self._listeners[waiting] = prefixes
        try:
            yield Listener(waiting)
        finally:
            del self._listeners[waiting]

    async def subscribe(self, *prefixes: str) -> AsyncIterator[Hint]:
        with self.listening(*prefixes) as listener:
            while True:
                hint = await listener.next(None)
                if hint is not None:
                    yield hint

    def _deliver(self, topic: str, data: dict[str, Any]) -> None:
        for waiting, prefixes in self._listeners.items():
            if topic.startswith(prefixes):
                if waiting.full():
                    waiting.get_nowait()
                waiting.put_nowait((topic, data))


class Listener:
    def __init__(self, waiting: "asyncio.Queue[Hint]") -> None:
        self._waiting = waiting

    async def next(self, timeout_s: float | None) -> Hint | None:
        """The next hint, or None when `timeout_s` passed without one."""
        try:
            async with asyncio.timeout(timeout_s):
                return await self._waiting.get()
        except TimeoutError:
            return None

    def drain(self) -> list[Hint]:
        """Everything that waits already."""
        hints: list[Hint] = []
        while not self._waiting.empty():
            hints.append(self._waiting.get_nowait())
        return hints
