"""Curves drawn with characters: Braille cells are two dots wide and four high."""

import math
from collections.abc import Sequence

_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Bit of the dot in column 0 or 1, row 0 to 3 (Unicode 2800 to 28FF)."""
_BARS = "▁▂▃▄▅▆▇█"


def braille(values: Sequence[float], width: int, height: int) -> list[str]:
    """`height` lines of `width` characters; values are spread over the width, dots are joined from column to column."""
    columns = _resampled([value for value in values if math.isfinite(value)], width * 2)
    if not columns:
        return [" " * width] * height
    last = height * 4 - 1
    rows = [last - round(share * last) for share in _shares(columns)]
    cells = [[0] * width for _ in range(height)]
    for x, row in enumerate(rows):
        before = rows[x - 1] if x else row
        step = 1 if row >= before else -1
        for y in range(before + (step if x and row != before else 0), row + step, step) if x else (row,):
            cells[y // 4][x // 2] |= _DOTS[x % 2][y % 4]
        cells[row // 4][x // 2] |= _DOTS[x % 2][row % 4]
    return ["".join(chr(0x2800 + cell) for cell in line) for line in cells]


def sparkline(values: Sequence[float], width: int) -> str:
    """One line of bars."""
    columns = _resampled([value for value in values if math.isfinite(value)], width)
    if not columns:
        return ""
    return "".join(_BARS[round(share * (len(_BARS) - 1))] for share in _shares(columns))


def _shares(values: Sequence[float]) -> list[float]:
    """Where each value lies between the lowest (0) and the highest (1); halves, since a range may exceed a float."""
    low, high = min(values) / 2, max(values) / 2
    return [(value / 2 - low) / (high - low) if high > low else 0.0 for value in values]


def _resampled(values: Sequence[float], width: int) -> list[float]:
    """Exactly `width` values, on the straight lines between neighbours; empty when there are none."""
    if len(values) < 2:
        return list(values) * width
    result: list[float] = []
    for x in range(width):
        place = x / max(width - 1, 1) * (len(values) - 1)
        left = min(int(place), len(values) - 2)
        result.append(values[left] * (1 - place + left) + values[left + 1] * (place - left))
    return result
