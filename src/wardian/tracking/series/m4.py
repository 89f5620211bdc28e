"""M4: the points of a curve that decide how it looks.

Of every pixel column the first, lowest, highest and last point draw the same line as all of them
(Jugel, Jerzak, Hackenbroich, Markl: M4, a visualization-oriented time series data aggregation, VLDB 2014).
The four of a union are among the fours of its parts, so a rollup of a chunk is M4 of its blocks.
"""

import numpy as np
from numpy.typing import NDArray

from wardian.tracking.series.points import Floats, Int64s

BLOCK = 64
"""Points under one entry of a rollup."""

ROLLUP = np.dtype(
    [
        ("first", "<f8"),
        ("min", "<f8"),
        ("max", "<f8"),
        ("last", "<f8"),
        ("first_step", "<i8"),
        ("last_step", "<i8"),
        ("first_time", "<i8"),
        ("last_time", "<i8"),
        ("argmin", "u1"),
        ("argmax", "u1"),
    ]
)
"""One block; `argmin` and `argmax` are positions in the block."""


def m4(pixels: Int64s, values: Floats) -> Int64s:
    """Positions of the points to draw, rising; `pixels` says the column of each point and never falls.

    NaN is neither lowest nor highest; a column of nothing but NaN keeps its first and last, so that a gap stays a gap.
    """
    if not len(pixels):
        return np.empty(0, np.int64)
    starts = _starts(pixels)
    ends = np.append(starts[1:], len(pixels)) - 1
    lowest, highest = extreme_positions(starts, values, np.fmin), extreme_positions(starts, values, np.fmax)
    return np.unique(np.concatenate([starts, lowest, highest, ends]))


def rollup(steps: Int64s, times: Int64s, values: Floats) -> NDArray[np.void]:
    """One entry for each block of settled points."""
    starts = np.arange(0, len(values), BLOCK)
    ends = np.append(starts[1:], len(values)) - 1
    entries = np.zeros(len(starts), ROLLUP)
    for edge, at in (("first", starts), ("last", ends)):
        entries[edge] = values[at]
        entries[f"{edge}_step"] = steps[at]
        entries[f"{edge}_time"] = times[at]
    lowest, highest = extreme_positions(starts, values, np.fmin), extreme_positions(starts, values, np.fmax)
    entries["min"], entries["max"] = values[lowest], values[highest]
    entries["argmin"], entries["argmax"] = lowest - starts, highest - starts
    return entries


def _starts(pixels: Int64s) -> Int64s:
    return np.concatenate([np.zeros(1, np.int64), np.flatnonzero(pixels[1:] != pixels[:-1]) + 1])


def extreme_positions(starts: Int64s, values: Floats, extreme: np.ufunc) -> Int64s:
    """Where each segment first holds its extreme; the segment's start if it holds nothing but NaN."""
    extremes = extreme.reduceat(values, starts)
    lengths = np.diff(starts, append=len(values))
    hits = np.flatnonzero(values == np.repeat(extremes, lengths))
    positions = starts.copy()
    segments = np.searchsorted(starts, hits, side="right") - 1
    new = np.append(True, segments[1:] != segments[:-1])[: len(hits)]
    positions[segments[new]] = hits[new]
    return positions
