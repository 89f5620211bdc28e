"""What is known of a series without its points."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from wardian.tracking.series.m4 import extreme_positions
from wardian.tracking.series.points import Int64s, Points


@dataclass(frozen=True, slots=True)
class Stats:
    """Values are None where they are NaN; `min` and `max` are of all that is not NaN. Times are microseconds."""

    points: int
    first: float | None
    first_step: int
    first_time: int
    last: float | None
    last_step: int
    last_time: int
    min: float | None
    min_step: int
    max: float | None
    max_step: int

    @classmethod
    def of_row(cls, row: Any) -> "Stats":
        return cls(
            row.points,
            row.first,
            row.first_step,
            row.first_time,
            row.last,
            row.last_step,
            row.last_time,
            row.min,
            row.min_step,
            row.max,
            row.max_step,
        )

    def followed_by(self, new: "Stats") -> "Stats":
        """With points that all lie beyond the last step."""
        low, high = self._lower(new), self._higher(new)
        return Stats(
            self.points + new.points,
            self.first,
            self.first_step,
            self.first_time,
            new.last,
            new.last_step,
            new.last_time,
            low.min,
            low.min_step,
            high.max,
            high.max_step,
        )

    def mixed_with(self, new: "Stats") -> "Stats":
        """With points that may repeat steps: the ends are exact, the count waits, extremes are of all ever written."""
        low, high = self._lower(new), self._higher(new)
        begin = new if new.first_step <= self.first_step else self
        end = new if new.last_step >= self.last_step else self
        return Stats(
            self.points,
            begin.first,
            begin.first_step,
            begin.first_time,
            end.last,
            end.last_step,
            end.last_time,
            low.min,
            low.min_step,
            high.max,
            high.max_step,
        )

    def _lower(self, new: "Stats") -> "Stats":
        return new if self.min is None or (new.min is not None and new.min < self.min) else self

    def _higher(self, new: "Stats") -> "Stats":
        return new if self.max is None or (new.max is not None and new.max > self.max) else self


def of(points: Points) -> Stats:
    """Of settled points, at least one."""
    return each(np.array([0, len(points)]), points)[0]


def each(bounds: Int64s, points: Points) -> list[Stats]:
    """Of each of several series that lie one after the other; none is empty."""
    starts, ends = bounds[:-1], bounds[1:] - 1
    lowest, highest = (extreme_positions(starts, points.values, extreme) for extreme in (np.fmin, np.fmax))
    columns = (
        (ends - starts + 1).tolist(),
        _floats(points, starts),
        points.steps[starts].tolist(),
        points.times[starts].tolist(),
        _floats(points, ends),
        points.steps[ends].tolist(),
        points.times[ends].tolist(),
        _floats(points, lowest),
        points.steps[lowest].tolist(),
        _floats(points, highest),
        points.steps[highest].tolist(),
    )
    return [Stats(*values) for values in zip(*columns, strict=True)]


def _floats(points: Points, at: Int64s) -> list[float | None]:
    return [None if math.isnan(value) else value for value in points.values[at].tolist()]
