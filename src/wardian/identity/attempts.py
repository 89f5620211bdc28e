"""How often somebody may try a password."""

import time
from collections import deque

from wardian.kernel.errors import TooMuch

_WINDOW_S = 60.0
_KEPT = 10_000


class Attempts:
    """Failures per name and address in the last minute, in memory: a brake against guessing, per replica."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._failures: dict[tuple[str, str], deque[float]] = {}

    def check(self, name: str, address: str) -> None:
        recent = self._recent((name, address))
        if len(recent) >= self._limit:
            wait = max(1, int(_WINDOW_S - (time.monotonic() - recent[0])))
            raise TooMuch(f"too many failed sign-ins for {name!r}; try again in {wait} s", retry_after=wait)

    def failed(self, name: str, address: str) -> None:
        if len(self._failures) >= _KEPT:
            self._failures.pop(next(iter(self._failures)))
        self._failures.setdefault((name, address), deque()).append(time.monotonic())

    def succeeded(self, name: str, address: str) -> None:
        self._failures.pop((name, address), None)

    def _recent(self, key: tuple[str, str]) -> deque[float]:
        recent = self._failures.get(key, deque[float]())
        while recent and time.monotonic() - recent[0] > _WINDOW_S:
            recent.popleft()
        return recent
