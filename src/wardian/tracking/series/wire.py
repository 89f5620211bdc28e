"""Points as they arrive: one frame per request, made by `array` and `struct` alone.

Header (48 bytes, little-endian): magic `WPT1` · flags 0 · writer (16 bytes) · sequence · number of keys K · number of
points N · bytes of the key table · 0. Then, without padding: key table (K keys joined by newlines, UTF-8), columns,
N numbers each: key index uint32 · step int64 · time float64, unix seconds · value float64.
"""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardian.kernel.errors import Invalid, TooLarge
from wardian.tracking.models import check_key
from wardian.tracking.series.points import MICROSECONDS, Floats, Int64s, Points, rises

MEDIA_TYPE = "application/vnd.wardian.points"
MAGIC = b"WPT1"
MAX_BYTES = 8 * 1024 * 1024
MAX_POINTS = 200_000
MAX_KEYS = 10_000
MAX_SECONDS = 9.0e12
"""Times beyond this do not fit microseconds in 64 bits."""
_HEADER = struct.Struct("<4sI16sQIIII")
_POINT_BYTES = 28


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Points of several series: those of `keys[i]` lie at `bounds[i]:bounds[i + 1]`, settled."""

    keys: list[str]
    bounds: Int64s
    points: Points


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    writer: str | None
    sequence: int
    count: int
    """Points sent, before those of equal key and step became one."""
    batch: Batch


def parse(body: bytes) -> Frame:
    """The frame in a request's body; Invalid or TooLarge say which part is wrong."""
    if len(body) > MAX_BYTES:
        raise TooLarge(
            f"{len(body)} bytes of points in one request; at most {MAX_BYTES}, send several", limit=MAX_BYTES
        )
    if len(body) < _HEADER.size or not body.startswith(MAGIC):
        raise Invalid(
            f"this is no frame of points: it must begin with {MAGIC!r} and have a header of {_HEADER.size} bytes"
        )
    _, flags, writer, sequence, n_keys, n_points, key_bytes, _ = _HEADER.unpack_from(body)
    expected = _HEADER.size + key_bytes + n_points * _POINT_BYTES
    if flags:
        raise Invalid(f"flags {flags:#x} are not known to this server; send 0")
    if len(body) != expected:
        raise Invalid(f"the header promises {expected} bytes, the frame has {len(body)}", expected=expected)
    check_counts(n_keys, n_points)
    at = _HEADER.size + key_bytes
    keys = _keys(body[_HEADER.size : at], n_keys)
    index = np.frombuffer(body, "<u4", n_points, at)
    steps, times, values = (
        np.frombuffer(body, kind, n_points, at + n_points * (4 + 8 * column))
        for column, kind in enumerate(("<i8", "<f8", "<f8"))
    )
    if n_points and int(index.max()) >= n_keys:
        raise Invalid(f"a key index is {int(index.max())}, the key table has {n_keys} keys")
    return Frame(writer.hex(), sequence, n_points, grouped(keys, index, Points(steps, microseconds(times), values)))


def check_counts(keys: int, points: int) -> None:
    if points > MAX_POINTS:
        raise TooLarge(f"{points} points in one request; at most {MAX_POINTS}, send several", limit=MAX_POINTS)
    if keys > MAX_KEYS:
        raise TooLarge(f"{keys} keys in one request; at most {MAX_KEYS}, send several", limit=MAX_KEYS)


def microseconds(seconds: Floats) -> Int64s:
    if not (np.abs(seconds) < MAX_SECONDS).all():
        raise Invalid("a time is not a finite number of seconds since 1970")
    return np.rint(seconds * MICROSECONDS).astype(np.int64)


def grouped(keys: list[str], index: NDArray[np.uint32], points: Points) -> Batch:
    """Points sorted by key, then step; of equal ones the one that came last."""
    if len(keys) > 1:
        order = np.argsort(index, kind="stable")
        index, points = index[order], points[order]
    if not _is_settled(index, points.steps):
        order = np.lexsort((points.steps, index))  # stable: equal ones stay in the order in which they came
        index, points = index[order], points[order]
        is_last = np.append((index[1:] != index[:-1]) | (points.steps[1:] != points.steps[:-1]), True)
        index, points = index[is_last], points[is_last]
    bounds = np.searchsorted(index, np.arange(len(keys) + 1)).astype(np.int64)
    used = np.flatnonzero(bounds[1:] > bounds[:-1])
    return Batch([keys[i] for i in used], np.append(bounds[used], len(points)), points)


def _is_settled(index: NDArray[np.uint32], steps: Int64s) -> bool:
    if not len(index) or index[0] == index[-1]:
        return rises(steps)
    return bool(((steps[1:] > steps[:-1]) | (index[1:] != index[:-1])).all())


def _keys(table: bytes, count: int) -> list[str]:
    try:
        keys = table.decode().split("\n") if count else []
    except UnicodeDecodeError as error:
        raise Invalid(f"the key table is not UTF-8: {error}") from error
    if len(keys) != count or (not count and table):
        raise Invalid(f"the key table has {len(keys)} keys, the header promises {count}")
    for key in keys:
        check_key(key, "metric")
    if len(set(keys)) != count:
        raise Invalid("a key is in the key table twice")
    return keys
