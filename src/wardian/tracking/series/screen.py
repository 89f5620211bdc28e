"""Which pixel column a point falls into."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from wardian.tracking.series.points import Int64s, Points

Axis: TypeAlias = Literal["step", "time"]


@dataclass(frozen=True, slots=True)
class Screen:
    """Pixel columns of equal width over `start…end`, both included; steps or microseconds."""

    axis: Axis
    start: int
    end: int
    pixels: int

    def of(self, points: Points) -> Int64s:
        return points.steps if self.axis == "step" else points.times

    def column(self, x: Int64s) -> Int64s:
        """Column of each x; what lies outside counts to the outermost."""
        offset = np.clip(x, self.start, self.end).view(np.uint64) - np.int64(self.start).view(
            np.uint64
        )  # never overflows
        return np.minimum(offset * (self.pixels / (self.end - self.start + 1)), self.pixels - 1).astype(np.int64)
