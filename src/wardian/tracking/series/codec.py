"""How points are stored: chunks of one series, tails of one flush of a run.

A chunk holds its columns one after the other: steps and times as differences in the narrowest integer that holds them,
values as float32 where that loses no bit, else as float64. Bytes of equal weight stand together (shuffled), then zstd;
where that saves less than a quarter the column stays as it is, since reading it so costs nothing. Equal differences (a
step counter) take 17 bytes.
"""

import struct
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from zstandard import ZstdCompressor, ZstdDecompressor

from wardian.tracking.series.m4 import ROLLUP
from wardian.tracking.series.points import Floats, Int64s, Points

D = TypeVar("D", bound=np.generic)
CHUNK_POINTS = 4096
VERSION = 1
_CHUNK = struct.Struct("<BxxxIII")
"""version, points, bytes of steps, bytes of times; the rest are values."""
_INTEGERS = struct.Struct("<Bq")
"""width of a difference (0: all are equal, the one follows), first number."""
_EVENLY = struct.Struct("<q")
_PLAIN, _PACKED = 0, 1
"""How a column begins: as it is, or shuffled and compressed."""
_TAIL = struct.Struct("<BxxxII")
"""version, series, points."""


class _Zstd(threading.local):
    """A (de)compressor may not be shared by threads."""

    def __init__(self) -> None:
        self.compress = ZstdCompressor(level=1, write_checksum=False).compress
        self.decompress = ZstdDecompressor().decompress


_zstd = _Zstd()


def encode_chunk(points: Points) -> bytes:
    """Settled points as bytes."""
    steps, times = _encode_integers(points.steps), _encode_integers(points.times)
    head = _CHUNK.pack(VERSION, len(points), len(steps), len(times))
    return head + steps + times + _encode_floats(points.values)


class Chunk:
    """A stored chunk, decoded column by column when asked."""

    def __init__(self, data: bytes) -> None:
        version, self.count, steps, times = _CHUNK.unpack_from(data)
        if version != VERSION:
            raise ValueError(f"a chunk of version {version}; this release reads version {VERSION}")
        times_at, values_at = _CHUNK.size + steps, _CHUNK.size + steps + times
        view = memoryview(data)
        self._steps, self._times = view[_CHUNK.size : times_at], view[times_at:values_at]
        self._values = view[values_at:]

    @cached_property
    def steps(self) -> Int64s:
        return _decode_integers(self._steps, self.count)

    @cached_property
    def times(self) -> Int64s:
        return _decode_integers(self._times, self.count)

    @cached_property
    def values(self) -> Floats:
        return _decode_floats(self._values, self.count)

    @property
    def points(self) -> Points:
        return Points(self.steps, self.times, self.values)

    def steps_at(self, where: Int64s) -> Int64s:
        """Steps at some positions, without looking at the others where they count evenly."""
        width, first = _INTEGERS.unpack_from(self._steps)
        if width:
            return self.steps[where]
        return first + where * _EVENLY.unpack_from(self._steps, _INTEGERS.size)[0]

    def at(self, where: Int64s) -> Points:
        return Points(self.steps_at(where), self.times[where], self.values[where])


def encode_rollup(entries: NDArray[np.void]) -> bytes:
    return entries.tobytes()


def decode_rollups(blobs: Sequence[bytes]) -> NDArray[np.void]:
    """The entries of several chunks, one after the other."""
    return np.frombuffer(b"".join(blobs), ROLLUP)


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    """Points of several series, written together; those of series `ids[i]` lie at `bounds[i]:bounds[i + 1]`."""

    ids: Int64s
    bounds: Int64s
    points: Points

    @classmethod
    def of_series(cls, ids: Sequence[int], bounds: Int64s, points: Points) -> "Tail":
        return cls(np.array(ids, np.int64), bounds, points)

    def of(self, series: int) -> Points | None:
        """The points of one series in the order in which they were written, None if it has none here."""
        found = np.flatnonzero(self.ids == series)
        if not len(found):
            return None
        at = found[0]
        return self.points[int(self.bounds[at]) : int(self.bounds[at + 1])]


def encode_tail(tail: Tail) -> bytes:
    """Plain columns: a tail lives until the next seal, so it is written and read quickly rather than small."""
    columns = (tail.ids, tail.bounds, tail.points.steps, tail.points.times, tail.points.values)
    head = _TAIL.pack(VERSION, len(tail.ids), len(tail.points))
    return head + b"".join(_little(column).tobytes() for column in columns)


def decode_tail(data: bytes) -> Tail:
    version, series, count = _TAIL.unpack_from(data)
    if version != VERSION:
        raise ValueError(f"a tail of version {version}; this release reads version {VERSION}")
    numbers = np.frombuffer(data, "<i8", offset=_TAIL.size)
    ids, bounds, steps, times, values = np.split(numbers, np.cumsum([series, series + 1, count, count]))
    return Tail(ids, bounds, Points(steps, times, values.view("<f8")))


def _encode_integers(numbers: Int64s) -> bytes:
    differences = np.diff(numbers)  # wraps around, and so does the sum that undoes it
    if not len(differences) or (differences == differences[0]).all():
        step = int(differences[0]) if len(differences) else 0
        return _INTEGERS.pack(0, int(numbers[0])) + _EVENLY.pack(step)
    low, high = int(differences.min()), int(differences.max())
    width = next(width for width in (1, 2, 4, 8) if -(1 << 8 * width - 1) <= low and high < 1 << 8 * width - 1)
    return _INTEGERS.pack(width, int(numbers[0])) + _packed(differences.astype(f"<i{width}"))


def _decode_integers(data: memoryview, count: int) -> Int64s:
    width, first = _INTEGERS.unpack_from(data)
    rest = data[_INTEGERS.size :]
    numbers = np.empty(count, np.int64)
    numbers[0] = first
    if width == 0:
        numbers[1:] = _EVENLY.unpack(rest)[0]
    else:
        numbers[1:] = _unpacked(rest, np.dtype(f"<i{width}"))
    return np.cumsum(numbers, out=numbers)


def _encode_floats(values: Floats) -> bytes:
    with np.errstate(over="ignore", invalid="ignore"):
        halves = values.astype("<f4")
        is_exact = (halves.astype("<f8").view(np.int64) == values.view(np.int64)).all()
    return _packed(halves if is_exact else _little(values))


def _decode_floats(data: memoryview, count: int) -> Floats:
    """Four bytes each or eight, which their number tells."""
    if data[0] == _PACKED:
        planes = _zstd.decompress(data[1:])
        values = _unshuffled(planes, np.dtype("<f4" if len(planes) == 4 * count else "<f8"))
    else:
        values = np.frombuffer(data[1:], "<f4" if len(data) - 1 == 4 * count else "<f8")
    return values.astype(np.float64, copy=False)


def _packed(column: NDArray[np.generic]) -> bytes:
    compressed = _zstd.compress(column.view(np.uint8).reshape(len(column), column.itemsize).T.tobytes())
    is_smaller = 4 * len(compressed) < 3 * column.nbytes
    return bytes([_PACKED]) + compressed if is_smaller else bytes([_PLAIN]) + column.tobytes()


def _unpacked(data: memoryview, dtype: np.dtype[D]) -> NDArray[D]:
    return _unshuffled(_zstd.decompress(data[1:]), dtype) if data[0] == _PACKED else np.frombuffer(data[1:], dtype)


def _unshuffled(data: bytes, dtype: np.dtype[D]) -> NDArray[D]:
    planes = np.frombuffer(data, np.uint8).reshape(dtype.itemsize, -1)
    return np.ascontiguousarray(planes.T).view(dtype).ravel()


def _little(column: NDArray[np.generic]) -> NDArray[np.generic]:
    return np.ascontiguousarray(column, column.dtype.newbyteorder("<"))
