"""Curves made of characters."""

import math

from hypothesis import given
from hypothesis import strategies as st

from wardian.cli.curve import braille, sparkline

values = st.lists(st.floats(), max_size=50)


@given(values, st.integers(1, 80), st.integers(1, 20))
def test_a_drawing_has_its_size_whatever_is_drawn(drawn, width, height):
    lines = braille(drawn, width, height)
    assert [len(line) for line in lines] == [width] * height


@given(values, st.integers(1, 80))
def test_a_sparkline_is_empty_or_as_wide_as_asked(drawn, width):
    finite = [value for value in drawn if math.isfinite(value)]
    assert len(sparkline(drawn, width)) == (width if finite else 0)


def test_a_falling_line_falls():
    assert sparkline([3, 2, 1, 0], 4) == "█▆▃▁"
    first, *_, last = braille([1, 0], 4, 3)
    assert first[0] != "⠀"
    assert first[-1] == "⠀"
    assert last[-1] != "⠀"


def test_neighbouring_dots_are_joined():
    """A step from bottom to top leaves no empty line between."""
    assert all(line.strip("⠀") for line in braille([0, 1], 1, 4))
