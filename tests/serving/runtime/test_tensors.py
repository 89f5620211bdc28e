"""The tensor codec: what comes in is what the model gets, and nothing is bent to fit."""

import json
import math

import hypothesis.strategies as st
import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as arrays

from wardian.serving.runtime.errors import Refused
from wardian.serving.runtime.messages import InputTensor, decode_request, encode
from wardian.serving.runtime.tensors import decode
from wardian.serving.runtime.tensors import encode as to_tensor

NUMBERS = {
    "BOOL": "bool", "UINT8": "uint8", "UINT16": "uint16", "UINT32": "uint32", "UINT64": "uint64", "INT8": "int8",
    "INT16": "int16", "INT32": "int32", "INT64": "int64", "FP16": "float16", "FP32": "float32", "FP64": "float64",
}  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)
SHAPES = arrays.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=4)


@st.composite
def tensors(draw):
    datatype = draw(st.sampled_from(sorted(NUMBERS)))
    dtype = np.dtype(NUMBERS[datatype])
    elements = st.floats(allow_nan=False, allow_infinity=False, width=dtype.itemsize * 8) if dtype.kind == "f" else None
    return datatype, draw(arrays.arrays(dtype, SHAPES, elements=elements))


def over_the_wire(datatype, shape, data):
    body = json.dumps({"inputs": [{"name": "x", "datatype": datatype, "shape": shape, "data": data}]}).encode()
    return decode(decode_request(body).inputs[0])


class TestRoundTrip:
    @given(tensors(), st.booleans())
    def test_numbers_arrive_exactly_flat_or_nested(self, tensor, nested):
        datatype, array = tensor
        data = array.tolist() if nested else array.ravel().tolist()
        decoded = over_the_wire(datatype, list(array.shape), data)
        assert decoded.dtype == array.dtype
        np.testing.assert_array_equal(decoded, array)

    @given(tensors())
    def test_answers_say_the_same_as_the_array(self, tensor):
        datatype, array = tensor
        sent = json.loads(encode(to_tensor("y", array)))
        assert (sent["datatype"], sent["shape"]) == (datatype, list(array.shape))
        np.testing.assert_array_equal(np.array(sent["data"], dtype=array.dtype).reshape(array.shape), array)

    @given(arrays.arrays(object, SHAPES, elements=st.text(max_size=5)), st.booleans())
    def test_text_arrives_exactly(self, array, nested):
        data = array.tolist() if nested else array.ravel().tolist()
        decoded = over_the_wire("BYTES", list(array.shape), data)
        assert decoded.tolist() == array.tolist()

    @given(st.lists(st.binary(min_size=1, max_size=5), min_size=1, max_size=5))
    def test_byte_values_become_bytes_and_go_back(self, items):
        decoded = over_the_wire("BYTES", [len(items)], [list(item) for item in items])
        assert decoded.tolist() == items
        sent = to_tensor("y", decoded).data
        assert [item.encode() if isinstance(item, str) else bytes(item) for item in sent] == items

    @given(st.integers(0, 2**64 - 1))
    def test_no_digit_of_a_uint64_is_lost(self, value):
        assert over_the_wire("UINT64", [1], [value]).tolist() == [value]

    def test_the_constants_json_lacks_are_understood(self):
        decoded = over_the_wire("FP32", [2, 2], [[math.nan, math.inf], [-math.inf, 1.5]])
        np.testing.assert_array_equal(decoded, np.array([[np.nan, np.inf], [-np.inf, 1.5]], dtype="float32"))

    def test_and_so_are_their_words(self):
        decoded = over_the_wire("FP64", [2, 2], [["NaN", "Infinity"], ["-Infinity", 1]])
        np.testing.assert_array_equal(decoded, [[np.nan, np.inf], [-np.inf, 1]])

    def test_they_go_out_as_null_and_say_so(self):
        sent = json.loads(encode(to_tensor("y", np.array([1.0, np.nan]))))
        assert sent["data"] == [1.0, None]
        assert sent["parameters"] == {"non_finite_as_null": True}

    def test_a_flat_shape_takes_nested_data(self):
        assert over_the_wire("INT64", [4], [[1, 2], [3, 4]]).tolist() == [1, 2, 3, 4]

    def test_booleans_may_be_0_and_1(self):
        assert over_the_wire("BOOL", [3], [True, 0, 1]).tolist() == [True, False, True]


class TestRefusals:
    @pytest.mark.parametrize(
        ("datatype", "shape", "data", "reason"),
        [
            ("UINT8", [1], [256], "UINT8"),
            ("UINT8", [1], [-1], "UINT8"),
            ("INT8", [1], [128], "INT8"),
            ("INT64", [1], [1.5], "INT64"),
            ("INT64", [1], [2**63], "INT64"),
            ("UINT64", [1], [2**64], "UINT64"),
            ("INT64", [1], [True], "INT64"),
            ("BOOL", [1], [2], "BOOL"),
            ("FP64", [1], ["1.0"], "FP64"),
            ("FP64", [1], [None], "FP64"),
            ("FP32", [1], [1e300], "too large"),
            ("FP16", [1], [70000.0], "too large"),
            ("BYTES", [1], [[256]], "BYTES"),
            ("BYTES", [1], [1.5], "BYTES"),
            ("BF16", [1], [1.0], "BF16"),
            ("FLOAT", [1], [1.0], "FLOAT"),
            ("FP64", [2], [1.0], "asks for 2 values, 'data' holds 1"),
            ("FP64", [2, 3], [[1, 2], [3, 4], [5, 6]], "nested as"),
            ("FP64", [3], [[1, 2], [3]], "differ in length"),
            ("BYTES", [3], [["a", "b"], ["c"]], "differ in length"),
            ("BYTES", [3, 1], [["a"], ["b", "c"], []], "differ in length"),
            ("FP64", [2], [1, [2]], "FP64"),
            ("FP64", [1], 1.0, "must be a list"),
            ("FP64", [1], None, "must be a list"),
            ("FP64", [1] * 40, [1.0], "dimensions"),
        ],
    )
    def test_what_does_not_fit_is_named(self, datatype, shape, data, reason):
        with pytest.raises(Refused, match=reason) as refused:
            over_the_wire(datatype, shape, data)
        assert refused.value.status == 400

    def test_data_nested_without_end(self):
        data = 1.0
        for _ in range(60):
            data = [data]
        with pytest.raises(Refused, match="nested 60 deep"):
            decode(InputTensor("x", [1], "FP64", data=data))

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b'{"inputs": 1}', b"\xff", b'{"inputs": [{"shape": [-1]}]}', b"NaN", b"{NaN"]
    )
    def test_what_is_no_request(self, body):
        with pytest.raises(Refused):
            decode_request(body)

    @given(ANYTHING, st.sampled_from([*NUMBERS, "BYTES"]), st.lists(st.integers(0, 3), max_size=3))
    def test_any_data_is_taken_or_refused_never_a_crash(self, data, datatype, shape):
        try:
            array = over_the_wire(datatype, shape, data)
        except Refused:
            return
        assert list(array.shape) == shape

    def test_outputs_no_client_could_read(self):
        with pytest.raises(Refused, match="complex128") as refused:
            to_tensor("y", np.array([1j]))
        assert refused.value.status == 500
        with pytest.raises(Refused, match="dict"):
            to_tensor("y", np.array([{}], dtype=object))


def test_the_wire_form_is_what_the_specification_shows():
    assert msgspec.json.decode(encode(to_tensor("y", np.array([[1, 2]], dtype="int32")))) == {
        "name": "y", "shape": [1, 2], "datatype": "INT32", "data": [1, 2],
    }  # fmt: skip
