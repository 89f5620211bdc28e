"""The write-ahead spool: what was logged is on disk before it is sent, and stays until the server has it.

    home/spool/<run>/<writer>/
    ├── spool.json            which run this belongs to, and how to create it; never changes
    ├── 0000000000000001.wal  frames, from that sequence on; a new file every 16 MiB
    ├── state.json            what the server has acknowledged
    ├── lock                  held by the process that owns the spool, freed by the system when it dies
    └── files/                bytes of artifacts, each until it is uploaded

A frame is kind, sequence, length and CRC-32, then the payload. A crash of the process can only tear the last one,
which is then not there. The files are left to the system's page cache (no fsync for each frame): they outlive the
process, and a power cut costs what the system had not written yet.
"""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from enum import IntEnum
from itertools import pairwise
from pathlib import Path
from struct import Struct
from typing import Any, NamedTuple, Self
from uuid import uuid4
from zlib import crc32

from wardian.kernel.errors import Invalid, Unavailable

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: two processes could ship one spool, which the server sorts out
    fcntl = None

FRAME = Struct("<BQII")
SEGMENT_BYTES = 16 << 20
FORMAT = 1


class Kind(IntEnum):
    POINTS = 1
    RECORDS = 2
    LOG = 3
    ARTIFACT = 4
    FINISH = 5


class Frame(NamedTuple):
    kind: Kind
    sequence: int
    payload: bytes


@dataclass(frozen=True)
class Origin:
    """What a spool belongs to."""

    run: str
    project: str
    url: str | None
    """The server that it was meant for; None when it was recorded offline."""
    create: dict[str, Any] | None
    """The body that creates the run; None when the run was there before."""
    resume: bool = False
    """The run may have ended: it has to be told that it goes on."""
    writer: str = ""
    format: int = FORMAT


@dataclass(frozen=True)
class State:
    """How far the server is."""

    sequence: int = 0
    created: bool = False
    log_base: int | None = None
    """Where in the run's log this writer's first byte lies; None until it is known."""


class Spool:
    """One writer's frames. Appending is safe from any thread; one thread reads."""

    def __init__(self, folder: Path, lock: int) -> None:
        self.folder = folder
        self.origin = _origin(folder / "spool.json")
        self.state = _state(folder / "state.json")
        self._held = lock
        self._appending = threading.Lock()
        self._file = -1
        self._size = 0
        self.last = max((frame.sequence for frame in self.frames()), default=self.state.sequence)

    @classmethod
    def create(cls, root: Path, origin: Origin) -> Self:
        """A fresh spool below `root` with a writer of its own, held by this process."""
        writer = uuid4().hex
        folder = root / origin.run / writer
        folder.mkdir(parents=True, mode=0o700)
        (folder / "files").mkdir()
        _write(folder / "spool.json", asdict(replace(origin, writer=writer)))
        spool = cls.take(folder)
        if spool is None:
            raise Unavailable(f"the new spool {folder} is held by another process")
        return spool

    @classmethod
    def take(cls, folder: Path) -> Self | None:
        """The spool of a folder, or None while a living process holds it."""
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if fcntl:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return cls(folder, lock)
        except BlockingIOError:
            os.close(lock)
            return None
        except BaseException:
            os.close(lock)
            raise

    @property
    def writer(self) -> bytes:
        return bytes.fromhex(self.origin.writer)

    @property
    def pending(self) -> int:
        """How many frames the server has not acknowledged."""
        return self.last - self.state.sequence

    def append(self, kind: Kind, payload: bytes) -> int:
        """Add a frame and return its sequence. OSError when the disk is full: then nothing was added."""
        with self._appending:
            sequence = self.last + 1
            if self._file < 0 or self._size >= SEGMENT_BYTES:
                self._next_segment(sequence)
            frame = FRAME.pack(kind, sequence, len(payload), _sum(kind, sequence, payload)) + payload
            try:
                _write_all(self._file, frame)
            except OSError:
                os.ftruncate(self._file, self._size)
                raise
            self._size += len(frame)
            self.last = sequence
            return sequence

    def frames(self) -> Iterator[Frame]:
        """What is not acknowledged, oldest first; ends at the newest frame of now, or at a torn one."""
        return (frame for frame in Reader(self) if frame.sequence > self.state.sequence)

    def acknowledge(self, sequence: int) -> None:
        """The server has everything up to here; whole segments below go away."""
        self.note(replace(self.state, sequence=sequence))
        segments = self.segments()
        for segment, after in pairwise(segments):
            if _first(after) <= sequence + 1:
                segment.unlink(missing_ok=True)

    def note(self, state: State) -> None:
        self.state = state
        _write(self.folder / "state.json", asdict(state))

    def segments(self) -> list[Path]:
        return sorted(self.folder.glob("*.wal"))

    def new_file(self) -> Path:
        """Where the bytes of an artifact wait."""
        return self.folder / "files" / uuid4().hex

    def close(self) -> None:
        """Let go. A spool that the server has whole disappears, any other waits for `sync`."""
        with self._appending:
            self._drop_file()
            if self._held < 0:
                return
            if not self.pending:
                shutil.rmtree(self.folder, ignore_errors=True)
                _remove_if_empty(self.folder.parent)
            os.close(self._held)
            self._held = -1

    def abandon(self) -> None:
        """After a fork, in the child: close the copies of the parent's files and touch nothing else."""
        self._appending = threading.Lock()
        self._drop_file()
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    def _next_segment(self, sequence: int) -> None:
        self._drop_file()
        path = self.folder / f"{sequence:016d}.wal"
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._size = 0

    def _drop_file(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class Reader:
    """Walks the frames of a spool that may still grow: at its end of now it stops, and `next` may be tried again."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._segment: Path | None = None
        self._offset = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Frame:
        while True:
            # Looked up before the read: a segment that has a follower does not grow any more.
            following = [path for path in self._spool.segments() if self._segment is None or path > self._segment]
            if self._segment and (frame := self._read(self._segment)):
                return frame
            if not following:
                raise StopIteration
            self._segment, self._offset = following[0], 0

    def _read(self, segment: Path) -> Frame | None:
        try:
            with segment.open("rb") as file:
                file.seek(self._offset)
                head = file.read(FRAME.size)
                if len(head) < FRAME.size:
                    return None
                kind, sequence, length, checksum = FRAME.unpack(head)
                payload = file.read(length)
        except FileNotFoundError:
            return None
        if len(payload) < length or _sum(kind, sequence, payload) != checksum:
            return None
        self._offset += FRAME.size + length
        return Frame(Kind(kind), sequence, payload)


def find(root: Path) -> list[Path]:
    """The folders of all spools below `root`, oldest run first (ids rise with time)."""
    return sorted(path.parent for path in root.glob("**/spool.json"))


def _origin(path: Path) -> Origin:
    try:
        known = json.loads(path.read_text("utf-8"))
        origin = Origin(**known)
    except (OSError, ValueError, TypeError) as error:
        raise Invalid(
            f"{path} does not describe a spool ({error}): it was damaged, or made by a newer version"
        ) from error
    if origin.format != FORMAT:
        raise Invalid(f"{path} has format {origin.format}, this version reads {FORMAT}: use the wardian that wrote it")
    return origin


def _state(path: Path) -> State:
    """A lost state only costs sending again what the server then recognises."""
    try:
        return State(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return State()


def _write(path: Path, document: dict[str, Any]) -> None:
    partial = path.with_suffix(".tmp")
    partial.write_text(json.dumps(document), "utf-8")
    partial.replace(path)


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _sum(kind: int, sequence: int, payload: bytes) -> int:
    return crc32(payload, crc32(b"%d %d" % (kind, sequence)))


def _first(segment: Path) -> int:
    return int(segment.stem)


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
