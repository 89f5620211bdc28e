"""What the logging path puts on the wire: the binary points request and JSON that has no NaN."""

import json
import math
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice, repeat
from struct import Struct
from typing import Any, cast

from wardian.kernel.errors import Invalid

POINTS = "application/vnd.wardian.points"
HEADER = Struct("<4sI16sQIIII")
TABLE = Struct("<III")
"""The spooled part of the header: number of keys, of points, and bytes of the key table."""
MAX_POINTS = 50_000
MAX_KEYS = 5_000
MAX_KEY = 250

Entry = tuple[int, float, Mapping[str, float]]
"""One call of `log`: step, unix seconds, values by key."""


def encode_points(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Calls of `log` as the bodies of points requests (without the header), none above the limits.

    Columns are contiguous and little-endian; a dict of many keys is copied at the speed of C.
    """
    batch = _Batch()
    for step, at, metrics in chain.from_iterable(map(_narrow, entries)):
        batch.add(step, at, metrics)
        if len(batch.values) >= MAX_POINTS or len(batch.index) >= MAX_KEYS:
            yield batch.encoded()
            batch = _Batch()
    if batch.values:
        yield batch.encoded()


def _narrow(entry: Entry) -> Iterable[Entry]:
    """The call itself, or several for one that holds more keys than a request may."""
    step, at, metrics = entry
    if len(metrics) <= MAX_KEYS:
        return (entry,)
    items = iter(metrics.items())
    return [(step, at, dict(islice(items, MAX_KEYS))) for _ in range(0, len(metrics), MAX_KEYS)]


def points_request(writer: bytes, sequence: int, body: bytes) -> bytes:
    """A whole points request from a spooled body; the same arguments always give the same bytes."""
    keys, points, table = TABLE.unpack_from(body)
    header = HEADER.pack(b"WPT1", 0, writer, sequence, keys, points, table, 0)
    return header + memoryview(body)[TABLE.size :]


class _Batch:
    def __init__(self) -> None:
        self.index: dict[str, int] = {}
        self.shapes: dict[tuple[str, ...], array[int]] = {}
        self.keys, self.steps = array("I"), array("q")
        self.times, self.values = array("d"), array("d")

    def add(self, step: int, at: float, metrics: Mapping[str, float]) -> None:
        shape = tuple(metrics)
        places = self.shapes.get(shape)
        if places is None:
            index = self.index
            places = self.shapes[shape] = array("I", [index.setdefault(key, len(index)) for key in shape])
        self.keys.extend(places)
        self.steps.extend(repeat(step, len(shape)))
        self.times.extend(repeat(at, len(shape)))
        self.values.extend(metrics.values())

    def encoded(self) -> bytes:
        columns = (self.keys, self.steps, self.times, self.values)
        if sys.byteorder == "big":
            for column in columns:
                column.byteswap()
        table = "\n".join(self.index).encode()
        head = TABLE.pack(len(self.index), len(self.values), len(table))
        return b"".join((head, table, *(column.tobytes() for column in columns)))


def check_key(key: object) -> str:
    """A metric's key as the server takes it, or Invalid."""
    if not isinstance(key, str):
        raise Invalid(f"{key!r} cannot be a key: keys are text")
    if not 1 <= len(key) <= MAX_KEY:
        raise Invalid(f"the key {key[:40]!r} has {len(key)} characters: 1 to {MAX_KEY} are allowed")
    if key != key.strip() or not key.isprintable():
        raise Invalid(f"the key {key!r} has a control character, or begins or ends with a space")
    return key


def number(key: str, value: Any) -> float:
    """What counts as a number: ints, floats, bools, and whatever holds one (NumPy scalars, tensors of one element)."""
    if isinstance(value, str | bytes) or value is None:
        raise Invalid(f"{key} is {value!r}, not a number: use log_text for text")
    try:
        return float(value)
    except (TypeError, ValueError, RuntimeError):
        raise Invalid(f"{key} is a {type(value).__name__}, not one number: log one value a key") from None
    except OverflowError:
        raise Invalid(f"{key} is too large for a 64-bit float") from None


def to_json(value: object) -> bytes:
    """JSON in which NaN and the infinities are words, as the API wants them; foreign objects become text."""
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )


def plain(value: Any) -> Any:  # noqa: PLR0911 - one line for each kind of value
    """The nearest JSON value."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in cast("Iterable[Any]", value)]
    for turn in ("tolist", "item", "isoformat"):  # NumPy and tensors, then whatever holds one value, then dates
        if callable(method := getattr(value, turn, None)):
            return plain(method())
    return str(value)
