"""Keeps what the program prints, while it still appears where it did.

The `write` of the two streams is wrapped, not their file descriptors: nothing can hang or vanish when the process dies.
What native code writes past Python is caught only inside a workload, whose log is kept by the executor.
"""

import sys
from collections.abc import Callable
from typing import Any

from .notice import voice


class Console:
    """Copies standard output and standard error to `sink` until it is closed."""

    def __init__(self, sink: Callable[[str], None]) -> None:
        self._wrapped: list[tuple[Any, Any]] = []
        self._wrap(sys.stdout, sink)
        if sys.stderr is not sys.stdout:
            self._wrap(sys.stderr, sink)

    def _wrap(self, stream: Any, sink: Callable[[str], None]) -> None:
        original = getattr(stream, "write", None)
        if original is None:  # pythonw has no streams
            return

        def write(text: str) -> Any:
            written = original(text)
            if self._wrapped and not voice.speaking:
                sink(text)
            return written

        try:
            stream.write = write
        except AttributeError:  # a stream that cannot be wrapped stays as it is
            return
        self._wrapped.append((stream, write))

    def close(self) -> None:
        for stream, write in self._wrapped:
            if stream.write is write:  # somebody may have wrapped it again, and still calls ours
                del stream.write
        self._wrapped.clear()
