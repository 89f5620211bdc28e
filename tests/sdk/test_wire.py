import json
import math
import struct
from array import array
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.kernel.errors import Invalid
from wardian.sdk import wire

KEYS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=20)
VALUES = st.dictionaries(KEYS, st.floats(), max_size=5)
ENTRIES = st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.floats(0, 1e12), VALUES), max_size=30)


def decode(request):
    """[(key, step, time, value)] of a points request, and its writer and sequence."""
    magic, flags, writer, sequence, keys, count, size, zero = struct.unpack_from("<4sI16sQIIII", request)
    assert (magic, flags, zero) == (b"WPT1", 0, 0)
    names = request[48 : 48 + size].decode().split("\n")
    assert len(names) == keys
    columns, at = [], 48 + size
    for code, width in (("I", 4), ("q", 8), ("d", 8), ("d", 8)):
        columns.append(array(code, request[at : at + width * count]))
        at += width * count
    assert at == len(request)
    return [(names[key], *rest) for key, *rest in zip(*columns, strict=True)], writer, sequence


def bits(points):
    return [(key, step, struct.pack("<dd", time, value)) for key, step, time, value in points]


class TestPoints:
    @given(ENTRIES)
    def test_every_point_arrives_in_its_order_to_the_bit(self, entries):
        logged = [(key, step, at, value) for step, at, metrics in entries for key, value in metrics.items()]
        sent = []
        for body in wire.encode_points(entries):
            points, writer, sequence = decode(wire.points_request(b"w" * 16, 7, body))
            assert (writer, sequence) == (b"w" * 16, 7)
            sent += points
        assert bits(sent) == bits(logged)

    def test_long_logs_are_cut_into_requests_below_the_limits(self):
        bodies = list(wire.encode_points((step, 0.0, {"a": 1.0, "b": 2.0}) for step in range(60_000)))
        counts = [wire.TABLE.unpack_from(body)[1] for body in bodies]
        assert sum(counts) == 120_000
        assert max(counts) <= 200_000
        assert max(map(len, bodies)) < 8 << 20

    def test_many_keys_are_cut_too(self):
        bodies = list(wire.encode_points((0, 0.0, {f"k{n}": 1.0}) for n in range(12_000)))
        assert max(wire.TABLE.unpack_from(body)[0] for body in bodies) <= 10_000

    def test_one_call_of_very_many_keys_is_cut_as_well(self):
        sent = []
        for body in wire.encode_points([(1, 0.0, {f"k{n}": float(n) for n in range(12_345)})]):
            assert wire.TABLE.unpack_from(body)[0] <= 10_000
            sent += decode(wire.points_request(b"w" * 16, 1, body))[0]
        assert [(key, value) for key, _, _, value in sent] == [(f"k{n}", float(n)) for n in range(12_345)]


class TestNumbers:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [(1, 1.0), (True, 1.0), (np.float32(0.5), 0.5), (np.int64(3), 3.0), (np.array([2.0])[0], 2.0)],
    )
    def test_what_holds_a_number_is_one(self, value, expected):
        assert wire.number("k", value) == expected

    @pytest.mark.parametrize("value", ["1.5", b"1", None, [1.0], np.ones(3), 10**400, object()])
    def test_anything_else_is_refused_by_name(self, value):
        with pytest.raises(Invalid, match="loss"):
            wire.number("loss", value)

    @pytest.mark.parametrize("key", ["", " a", "a ", "a\nb", "x" * 251, 3])
    def test_bad_keys(self, key):
        with pytest.raises(Invalid):
            wire.check_key(key)

    @pytest.mark.parametrize("key", ["a", "train/loss", "F1 score", "größe", "x" * 250])
    def test_good_keys(self, key):
        assert wire.check_key(key) == key


class TestJson:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (math.nan, "NaN"),
            ([math.inf, -math.inf], ["Infinity", "-Infinity"]),
            (np.float64("nan"), "NaN"),
            (np.arange(3), [0, 1, 2]),
            (np.bool_(True), True),
            ({1: (1, {"a"})}, {"1": [1, ["a"]]}),
            (Path("a/b"), "a/b"),
            ("\udcff", "?"),
            (date(2026, 11, 21), "2026-11-21"),
        ],
    )
    def test_the_nearest_json(self, value, expected):
        assert json.loads(wire.to_json(value)) == expected
