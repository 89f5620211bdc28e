"""Points of one series, as three columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Int64s: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Where: TypeAlias = slice | NDArray[Any]

MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Columns of equal length; times are microseconds since 1970, UTC."""

    steps: Int64s
    times: Int64s
    values: Floats

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, where: Where) -> "Points":
        return Points(self.steps[where], self.times[where], self.values[where])

    @property
    def seconds(self) -> Floats:
        return self.times / MICROSECONDS


EMPTY = Points(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float64))


def joined(parts: Sequence[Points]) -> Points:
    """The parts one after the other, in the order in which they were written."""
    if len(parts) < 2:
        return parts[0] if parts else EMPTY
    return Points(
        np.concatenate([part.steps for part in parts]),
        np.concatenate([part.times for part in parts]),
        np.concatenate([part.values for part in parts]),
    )


def rises(numbers: Int64s) -> bool:
    """Whether each number is greater than the one before."""
    return bool((numbers[1:] > numbers[:-1]).all())


def never_falls(numbers: Int64s) -> bool:
    return bool((numbers[1:] >= numbers[:-1]).all())


def settled(points: Points) -> Points:
    """In order of step, each step once: of several points of a step the one written last."""
    if rises(points.steps):
        return points
    order = np.argsort(points.steps, kind="stable")
    steps = points.steps[order]
    is_last = np.append(steps[1:] != steps[:-1], True)
    return points[order[is_last]]


def between(points: Points, start: int | None, end: int | None) -> Points:
    """Those of settled points whose step lies in `start…end`, both included."""
    low = 0 if start is None else int(np.searchsorted(points.steps, start, side="left"))
    high = len(points) if end is None else int(np.searchsorted(points.steps, end, side="right"))
    return points[low:high]
