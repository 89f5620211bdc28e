"""Takes what is logged off the caller's thread: a buffer, a thread that spools it each second, one that ships it."""

import os
import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from .connection import Connection
from .notice import say
from .shipping import OFFSET, Shipper, deliver_all
from .spool import Kind, Origin, Spool, find
from .transport import Transport
from .wire import Entry, encode_points

INTERVAL_S = 1.0
CROWDED = 20_000
"""So many calls of `log` wake the recording thread before its time."""
FULL = 500_000
"""With so many calls in memory the caller's own thread writes them out: memory stays bounded."""
CHILD_PATIENCE_S = 5.0
"""A child that ends sooner leaves the rest to its parent."""
LOG_BYTES = 512 << 10
UNWRITTEN_BYTES = 256 << 20


@dataclass(frozen=True)
class Destination:
    """Where a recorder writes, and whom it tells."""

    root: Path
    """The folder of all spools."""
    origin: Origin
    connection: Connection | None
    """None: offline, the server is never contacted."""
    on_stop: Callable[[], None]
    created: bool = False
    """The server has the run already."""


class Recorder:
    """One process's part of a run. After a fork the child's copy starts afresh, as a writer of its own."""

    def __init__(self, to: Destination) -> None:
        self._to = to
        self._forked = False
        self._reset()
        self._start()
        _recorders.add(self)

    def _reset(self) -> None:
        self.entries: deque[Entry] = deque()
        self._text: deque[str] = deque()
        self._text_end = 0
        self._unwritten: deque[tuple[Kind, bytes]] = deque()
        self._writing = threading.RLock()
        self._wake = threading.Event()
        self._closing = False
        self._complained = False
        self._thread: threading.Thread | None = None
        self._shipper: Shipper | None = None
        self.asleep = True
        """Forked and not used since: the child has no spool and no threads yet."""

    def _start(self) -> None:
        self.spool = Spool.create(self._to.root, self._to.origin)
        if self._to.created:
            self.spool.note(replace(self.spool.state, created=True))
        if self._to.connection:
            self._shipper = Shipper(self.spool, Transport(self._to.connection), self._to.on_stop)
            self._shipper.start()
        self._thread = threading.Thread(target=self._work, name="wardian-recorder", daemon=True)
        self._thread.start()
        self.asleep = False

    def rouse(self) -> None:
        """Start writing in a forked child, on its first use."""
        with self._writing:
            if self.asleep:
                self._start()
                if processes := sys.modules.get("multiprocessing.util"):  # its children skip atexit
                    processes.Finalize(None, self.close, args=(CHILD_PATIENCE_S,), exitpriority=100)

    def crowded(self) -> None:
        """Called while the buffer is longer than `CROWDED`."""
        if len(self.entries) >= FULL:
            self.flush()
        elif not self._wake.is_set():
            self._wake.set()

    def text(self, text: str) -> None:
        """Console output, in the order it was written. A forked child's is not kept: the log has one writer."""
        if not self._forked:
            self._text.append(text)

    def write(self, kind: Kind, payload: bytes) -> None:
        """Spool a frame now, after everything that was logged before it."""
        if self.asleep:
            self.rouse()
        with self._writing:
            self._drain()
            self._unwritten.append((kind, payload))
            self._spool()

    def flush(self) -> None:
        """Bring what is buffered to disk."""
        with self._writing:
            self._drain()
            self._spool()

    def close(self, patience: float, limit: float | None = None) -> bool:
        """Flush, and wait for the server as `Shipper.close` does; whether nothing is left to send."""
        if self.asleep:
            return True
        self._closing = True
        self._wake.set()
        if self._thread:
            self._thread.join(1.0)
        self.flush()
        done = self._shipper.close(patience, limit) if self._shipper else not self.spool.pending
        self.spool.close()
        self.asleep = True
        return done and self._collect()

    def _collect(self) -> bool:
        """Send what forked children that are gone have left."""
        if self._to.connection and not self._forked:
            for folder in find(self._to.root / self._to.origin.run):
                if spool := Spool.take(folder):
                    with closing(spool), closing(Transport(self._to.connection)) as transport:
                        deliver_all(spool, transport)
        return True

    @property
    def trouble(self) -> Exception | None:
        return self._shipper.trouble if self._shipper else None

    def after_fork(self) -> None:
        if not self.asleep:
            self.spool.abandon()
        self._forked = True
        self._reset()

    def _work(self) -> None:
        while not self._closing:
            self._wake.wait(INTERVAL_S)
            self._wake.clear()
            self.flush()

    def _drain(self) -> None:
        """Turn the buffers into frames."""
        entries, text = self.entries, self._text
        calls = [entries.popleft() for _ in range(len(entries))]
        self._unwritten.extend((Kind.POINTS, body) for body in encode_points(calls))
        output = "".join([text.popleft() for _ in range(len(text))]).encode("utf-8", "replace")
        for start in range(0, len(output), LOG_BYTES):
            part = output[start : start + LOG_BYTES]
            self._unwritten.append((Kind.LOG, OFFSET.pack(self._text_end) + part))
            self._text_end += len(part)

    def _spool(self) -> None:
        """Write the frames; on a full disk they stay in memory and are tried again, up to a limit."""
        written = False
        try:
            while self._unwritten:
                self.spool.append(*self._unwritten[0])
                self._unwritten.popleft()
                written, self._complained = True, False
        except OSError as error:
            if not self._complained:
                say(f"the spool {self.spool.folder} cannot be written ({error}): make room, or what is logged is lost")
            self._complained = True
            while sum(len(payload) for _, payload in self._unwritten) > UNWRITTEN_BYTES:
                self._unwritten.popleft()
        if written and self._shipper:
            self._shipper.wake()


_recorders: "weakref.WeakSet[Recorder]" = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for recorder in list(_recorders):
        recorder.after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows, which cannot fork
    os.register_at_fork(after_in_child=_after_fork_in_child)
