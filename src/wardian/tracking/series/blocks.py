"""The rollups of a series laid end to end: draw a curve from them and decode only what a pixel's edge cuts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from wardian.storage.sql import Tx
from wardian.tracking.series.codec import Chunk, decode_rollups
from wardian.tracking.series.m4 import BLOCK
from wardian.tracking.series.points import Floats, Int64s, Points, joined, never_falls
from wardian.tracking.series.screen import Axis, Screen
from wardian.tracking.tables import chunks as t

_LOADED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Points that may decide how the curve looks, in order; `at` counts 64 positions to a block."""

    at: Int64s
    columns: Int64s
    values: Floats
    count: int
    """Points in the window that they stand for."""


class Blocks:
    """Chunks of layer 0 in a window, in order."""

    def __init__(self, series: int, axis: Axis, rows: Sequence[sa.Row[Any]]) -> None:
        self._series, self._rows, self._axis = series, rows, axis
        self._entries = decode_rollups([row.rollup for row in rows])
        counts = np.array([row.points for row in rows])
        blocks = -(-counts // BLOCK)
        self._chunk_of = np.repeat(np.arange(len(rows)), blocks)
        self._first_block = np.cumsum(blocks) - blocks
        in_chunk = np.arange(len(self._entries)) - self._first_block[self._chunk_of]
        self._lengths = np.minimum(BLOCK, counts[self._chunk_of] - in_chunk * BLOCK)
        self._first, self._last = self._entries[f"first_{axis}"].copy(), self._entries[f"last_{axis}"].copy()
        self._decoded: dict[int, Chunk] = {}

    @classmethod
    def load(cls, tx: Tx, series: int, axis: Axis, steps: tuple[int | None, int | None]) -> "Blocks | None":
        """None where a later layer overrides some, or where time runs backwards on the time axis."""
        query = sa.select(t.c.layer, t.c.first_step, t.c.last_step, t.c.points, t.c.time_rises, t.c.rollup)
        query = query.where(t.c.series == series)
        start, end = steps
        if start is not None:
            query = query.where(t.c.last_step >= start)
        if end is not None:
            query = query.where(t.c.first_step <= end)
        rows = tx.all(query.order_by(t.c.layer, t.c.first_step))
        if not rows or rows[-1].layer or (axis == "time" and not all(row.time_rises for row in rows)):
            return None
        blocks = cls(series, axis, rows)
        return blocks if never_falls(np.column_stack([blocks._first, blocks._last]).ravel()) else None

    def is_followed_by(self, tail: Points) -> bool:
        if not len(tail):
            return True
        is_behind = int(tail.steps[0]) > self._rows[-1].last_step
        return is_behind and (self._axis == "step" or never_falls(np.append(self._last[-1], tail.times)))

    def marks(self, tx: Tx, screen: Screen) -> Marks:
        """The four points of each block that lies within one column, all points of the others."""
        visible = (self._last >= screen.start) & (self._first <= screen.end)
        is_inside = (self._first >= screen.start) & (self._last <= screen.end)
        columns = screen.column(self._first)
        is_whole = is_inside & (columns == screen.column(self._last))
        whole, cut = np.flatnonzero(visible & is_whole), np.flatnonzero(visible & ~is_whole)
        marks, raw = self._marks_of(whole, columns), self._points_of(tx, cut, screen)
        at = np.concatenate([marks.at, raw.at])
        order = np.argsort(at, kind="stable")  # two sorted runs: one merge
        return Marks(
            at[order],
            np.concatenate([marks.columns, raw.columns])[order],
            np.concatenate([marks.values, raw.values])[order],
            marks.count + raw.count,
        )

    def points(self, tx: Tx, screen: Screen) -> Points:
        """All points of the window."""
        visible = (self._last >= screen.start) & (self._first <= screen.end)
        chunks = np.unique(self._chunk_of[visible]).tolist()
        self._load(tx, chunks)
        points = joined([self._decoded[chunk].points for chunk in chunks])
        x = screen.of(points)
        return points[(x >= screen.start) & (x <= screen.end)]

    def picked(self, tx: Tx, at: Int64s) -> Points:
        """The points at these positions, which rise; one that stands twice is given once."""
        at = at[np.append(True, at[1:] != at[:-1])[: len(at)]]
        return joined([chunk.at(where) for chunk, where in self._by_chunk(tx, at)])

    def _marks_of(self, whole: Int64s, columns: Int64s) -> Marks:
        entries, lengths = self._entries[whole], self._lengths[whole]
        low, high = entries["argmin"].astype(np.int64), entries["argmax"].astype(np.int64)
        is_low_first = low <= high
        within = np.column_stack([np.zeros_like(low), np.minimum(low, high), np.maximum(low, high), lengths - 1])
        middle = [np.where(is_low_first, entries[a], entries[b]) for a, b in (("min", "max"), ("max", "min"))]
        values = np.column_stack([entries["first"], *middle, entries["last"]])
        at = whole[:, None] * BLOCK + within
        return Marks(at.ravel(), np.repeat(columns[whole], 4), values.ravel(), int(lengths.sum()))

    def _points_of(self, tx: Tx, cut: Int64s, screen: Screen) -> Marks:
        within = np.arange(BLOCK)
        at = (cut[:, None] * BLOCK + within)[within < self._lengths[cut, None]]
        x: list[Int64s] = [np.empty(0, np.int64)]
        values: list[Floats] = [np.empty(0)]
        for chunk, where in self._by_chunk(tx, at):
            x.append(chunk.steps_at(where) if self._axis == "step" else chunk.times[where])
            values.append(chunk.values[where])
        return _in_window(at, np.concatenate(x), np.concatenate(values), screen)

    def _by_chunk(self, tx: Tx, at: Int64s) -> Iterator[tuple[Chunk, Int64s]]:
        """Positions, which never fall, as chunks and positions in them."""
        owners = self._chunk_of[at // BLOCK]
        inside = at - self._first_block[owners] * BLOCK
        starts = np.flatnonzero(np.append(True, owners[1:] != owners[:-1])[: len(owners)])
        chunks = owners[starts].tolist()
        self._load(tx, chunks)
        edges = [*starts.tolist(), len(at)]
        for n, chunk in enumerate(chunks):
            yield self._decoded[chunk], inside[edges[n] : edges[n + 1]]

    def _load(self, tx: Tx, chunks: Iterable[int]) -> None:
        missing = {self._rows[chunk].first_step: chunk for chunk in chunks if chunk not in self._decoded}
        steps = list(missing)
        for at in range(0, len(steps), _LOADED_AT_ONCE):
            wanted = t.c.first_step.in_(steps[at : at + _LOADED_AT_ONCE])
            query = sa.select(t.c.first_step, t.c.data).where(t.c.series == self._series, t.c.layer == 0, wanted)
            self._decoded |= {missing[row.first_step]: Chunk(row.data) for row in tx.all(query)}


def _in_window(at: Int64s, x: Int64s, values: NDArray[np.float64], screen: Screen) -> Marks:
    visible = (x >= screen.start) & (x <= screen.end)
    return Marks(at[visible], screen.column(x[visible]), values[visible], int(visible.sum()))
