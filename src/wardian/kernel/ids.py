"""Ids: UUIDv7 as 32 hex characters, ordered by time (RFC 9562, section 5.7)."""

import os
import threading
import time

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A fresh id; ids made by one process rise strictly, also within a millisecond.

    The 12 bits after the version hold the fraction of the millisecond (RFC 9562, section 6.2, method 3).
    """
    global _last  # noqa: PLW0603 - the one counter that keeps ids rising
    ticks = (time.time_ns() << 12) // 1_000_000
    with _lock:
        _last = ticks = max(ticks, _last + 1)
    tail = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    value = (ticks >> 12) << 80 | 0x7 << 76 | (ticks & 0xFFF) << 64 | 0b10 << 62 | tail
    return f"{value:032x}"


def is_id(text: str) -> bool:
    """Whether the text has the form of an id; says nothing of whether such a thing exists."""
    return len(text) == 32 and all(c in "0123456789abcdef" for c in text)
