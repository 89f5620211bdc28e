import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wardian.kernel.errors import Conflict
from wardian.kernel.ids import new_id
from wardian.storage import logs
from wardian.storage.sql import Tx

PIECES = st.lists(st.tuples(st.binary(max_size=300), st.integers(0, 50)), max_size=12)


class TestAppend:
    @given(pieces=PIECES, at=st.integers(-400, 400), limit=st.integers(0, 500))
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_bytes_sent_twice_count_once(self, tx: Tx, pieces: list[tuple[bytes, int]], at: int, limit: int) -> None:
        owner, whole = new_id(), b""
        for data, again in pieces:
            start = max(0, len(whole) - again)
            sent = whole[start:] + data
            whole += data
            assert logs.append(tx, owner, start, sent) == len(whole)
        start = max(0, len(whole) + at) if at < 0 else min(at, len(whole))
        seen = logs.read(tx, owner, at, limit)
        assert (seen.start, seen.size) == (start, len(whole))
        assert seen.data == whole[start : start + limit]

    def test_long_data_is_cut_into_chunks(self, tx: Tx) -> None:
        data = bytes(range(256)) * 1024
        logs.append(tx, "o", 0, b"first ")
        logs.append(tx, "o", 6, data)
        assert logs.read(tx, "o", 6, len(data)).data == data
        assert logs.size(tx, "o") == 6 + len(data)

    def test_a_gap_names_the_offset_expected(self, tx: Tx) -> None:
        logs.append(tx, "o", 0, b"12345")
        with pytest.raises(Conflict, match="has 5 bytes") as error:
            logs.append(tx, "o", 7, b"x")
        assert error.value.detail == {"expected": 5}

    def test_dropped(self, tx: Tx) -> None:
        logs.append(tx, "o", 0, b"x")
        logs.drop(tx, "o")
        assert logs.size(tx, "o") == 0
