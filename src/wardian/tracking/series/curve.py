"""A curve for a screen: of each pixel column its first, lowest, highest and last point, however long the series.

A block of a rollup that lies within one column stands for its points; only blocks that a column's edge cuts are looked
into. The result is the same as M4 over all points.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from wardian.storage.sql import Tx
from wardian.tracking.series import read
from wardian.tracking.series.blocks import Blocks
from wardian.tracking.series.m4 import m4
from wardian.tracking.series.points import EMPTY, Points, joined, never_falls, settled
from wardian.tracking.series.screen import Axis, Screen

POINTS_A_PIXEL = 4


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    points: Points
    """In order of the axis."""
    count: int
    """Points in the window, drawn or not."""

    @property
    def sampled(self) -> bool:
        return len(self.points) < self.count


def curve(tx: Tx, row: sa.Row[Any], axis: Axis, start: int | None, end: int | None, pixels: int) -> Curve:
    """The window `start…end` (steps or microseconds; None: to the end of the series) of a row of `series`."""
    steps = (start, end) if axis == "step" else (None, None)
    if row.points > POINTS_A_PIXEL * pixels:
        tail = settled(read.unsealed(tx, row))
        blocks = Blocks.load(tx, row.id, axis, steps)
        if blocks is not None and blocks.is_followed_by(tail):
            first, last = (row.first_step, row.last_step) if axis == "step" else (row.first_time, row.last_time)
            return _drawn_from_blocks(tx, blocks, tail, Screen(axis, *_range(start, end, first, last), pixels))
    return _drawn(read.window(tx, row, *steps), axis, start, end, pixels)


def _range(start: int | None, end: int | None, first: int, last: int) -> tuple[int, int]:
    start = first if start is None else start
    return start, max(start, last if end is None else end)


def _drawn(points: Points, axis: Axis, start: int | None, end: int | None, pixels: int) -> Curve:
    """From all points of the window."""
    if not len(points):
        return Curve(EMPTY, 0)
    if axis == "time" and not never_falls(points.times):
        points = points[np.argsort(points.times, kind="stable")]
    x = points.steps if axis == "step" else points.times
    screen = Screen(axis, *_range(start, end, int(x[0]), int(x[-1])), pixels)
    points = points[(x >= screen.start) & (x <= screen.end)]
    return Curve(_sampled(points, screen), len(points))


def _sampled(points: Points, screen: Screen) -> Points:
    if len(points) <= POINTS_A_PIXEL * screen.pixels:
        return points
    return points[m4(screen.column(screen.of(points)), points.values)]


def _drawn_from_blocks(tx: Tx, blocks: Blocks, tail: Points, screen: Screen) -> Curve:
    """The tail counts as one more chunk behind the blocks."""
    marks = blocks.marks(tx, screen)
    x = screen.of(tail)
    tail = tail[(x >= screen.start) & (x <= screen.end)]
    count = marks.count + len(tail)
    if count <= POINTS_A_PIXEL * screen.pixels:
        return Curve(joined([blocks.points(tx, screen), tail]), count)
    columns = np.concatenate([marks.columns, screen.column(screen.of(tail))])
    kept = m4(columns, np.concatenate([marks.values, tail.values]))
    of_blocks = kept[kept < len(marks.at)]
    return Curve(joined([blocks.picked(tx, marks.at[of_blocks]), tail[kept[len(of_blocks) :] - len(marks.at)]]), count)
