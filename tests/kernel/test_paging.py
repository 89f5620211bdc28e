import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.kernel.errors import Invalid
from wardian.kernel.paging import PageQuery, encode_cursor

VALUES = st.lists(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(), min_size=1)


class TestCursor:
    @given(values=VALUES)
    def test_gives_back_what_went_in(self, values: list[object]) -> None:
        assert PageQuery(cursor=encode_cursor(*values)).position(len(values)) == values

    def test_none_is_the_first_page(self) -> None:
        assert PageQuery().position(1) is None

    @pytest.mark.parametrize("cursor", ["", "x", "é", "bm9wZQ", encode_cursor(1, 2)])
    def test_others_are_refused(self, cursor: str) -> None:
        with pytest.raises(Invalid, match="start again without one"):
            PageQuery(cursor=cursor).position(1)
