"""Tensors of the Open Inference Protocol in JSON, to and from numpy arrays.

Nothing wraps and nothing is rounded to fit: a value its datatype cannot hold is refused. Strings (BYTES) arrive as
`str`, arrays of byte values as `bytes`, both in arrays of objects. The words NaN, Infinity and -Infinity count as
floating-point numbers, as everywhere on the platform.
"""

import math
from typing import Annotated, Any, Literal, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from .errors import Refused
from .messages import InputTensor, OutputTensor

Array = NDArray[Any]

_MAX_DIMENSIONS = 32


def _integer(low: int, high: int) -> Any:
    return Annotated[int, msgspec.Meta(ge=low, le=high)]


_BYTE = _integer(0, 255)
_ELEMENTS: dict[str, tuple[str, Any]] = {
    "BOOL": ("bool", bool | _integer(0, 1)),
    "UINT8": ("uint8", _BYTE),
    "UINT16": ("uint16", _integer(0, 2**16 - 1)),
    "UINT32": ("uint32", _integer(0, 2**32 - 1)),
    "UINT64": ("uint64", Annotated[int, msgspec.Meta(ge=0)]),
    "INT8": ("int8", _integer(-(2**7), 2**7 - 1)),
    "INT16": ("int16", _integer(-(2**15), 2**15 - 1)),
    "INT32": ("int32", _integer(-(2**31), 2**31 - 1)),
    "INT64": ("int64", _integer(-(2**63), 2**63 - 1)),
    "FP16": ("float16", float),
    "FP32": ("float32", float),
    "FP64": ("float64", float),
    "BYTES": ("object", str | list[_BYTE]),
}
"""Datatype → numpy's name for it, and the type msgspec checks each JSON element against."""

_WORDS = float | Literal["NaN", "Infinity", "-Infinity"]
_FLOAT_OR_WORD = "FP or a word for what JSON has not"
_DTYPES = {name: np.dtype(dtype) for name, (dtype, _) in _ELEMENTS.items()}
_DATATYPES = {dtype: name for name, dtype in _DTYPES.items() if name != "BYTES"}
_nested: dict[tuple[str, int], Any] = {}


def dtype_of(datatype: str) -> np.dtype[Any]:
    """The numpy type of a datatype; Refused when JSON cannot carry it."""
    try:
        return _DTYPES[datatype]
    except KeyError:
        known = ", ".join(_DTYPES)
        raise Refused(f"datatype {datatype!r} is not one that JSON can carry here; use one of {known}") from None


def decode(tensor: InputTensor) -> Array:
    """The array an input tensor describes, in its own shape and datatype."""
    dtype = dtype_of(tensor.datatype)
    if len(tensor.shape) > _MAX_DIMENSIONS:
        raise Refused(f"input {tensor.name!r}: {len(tensor.shape)} dimensions; at most {_MAX_DIMENSIONS} are possible")
    if not isinstance(tensor.data, list):
        raise Refused(f"input {tensor.name!r}: 'data' must be a list of {tensor.datatype} values")
    array = _to_array(tensor, cast("list[Any]", tensor.data), dtype)
    wanted = tuple(tensor.shape)
    count = math.prod(wanted)
    if array.size != count:
        raise Refused(f"input {tensor.name!r}: shape {tensor.shape} asks for {count} values, 'data' holds {array.size}")
    if array.ndim > 1 and len(wanted) > 1 and array.size and array.shape != wanted:
        raise Refused(f"input {tensor.name!r}: 'data' is nested as {list(array.shape)}, 'shape' says {tensor.shape}")
    return array.reshape(wanted)


def encode(name: str, array: Array) -> OutputTensor:
    """An output tensor, data flat. JSON has no NaN or infinity: they become null and `parameters` says so."""
    if array.dtype.kind in "USO":
        return OutputTensor(name, list(array.shape), "BYTES", [_text(name, item) for item in array.ravel().tolist()])
    datatype = _DATATYPES.get(array.dtype.newbyteorder("="))
    if datatype is None:
        raise Refused(f"the model's output {name!r} has type {array.dtype}, which the protocol cannot carry", 500)
    flat = array.ravel()
    lossy = array.dtype.kind == "f" and not np.isfinite(flat).all()
    parameters = {"non_finite_as_null": True} if lossy else None
    return OutputTensor(name, list(array.shape), datatype, flat.tolist(), parameters)


def _to_array(tensor: InputTensor, data: list[Any], dtype: np.dtype[Any]) -> Array:
    try:
        checked = _checked(data, tensor.datatype, _depth(tensor, data))
        if dtype.kind == "O":
            return _objects(checked)
        if tensor.datatype in ("FP16", "FP32"):
            return _narrowed(np.array(checked, dtype="float64"), dtype)
        return np.array(checked, dtype=dtype)
    except (msgspec.ValidationError, ValueError, OverflowError) as error:
        reason = "its lists differ in length" if "inhomogeneous" in str(error) else str(error)
        raise Refused(f"input {tensor.name!r}: 'data' does not fit {tensor.datatype}: {reason}") from error


def _checked(data: list[Any], datatype: str, depth: int) -> list[Any]:
    """The same lists, once every element is known to be of the datatype."""
    try:
        return msgspec.convert(data, _list_type(datatype, depth))
    except msgspec.ValidationError:
        if not datatype.startswith("FP"):
            raise
    return msgspec.convert(data, _list_type(_FLOAT_OR_WORD, depth))


def _depth(tensor: InputTensor, data: list[Any]) -> int:
    """How many lists lie around the first element."""
    depth, first = 0, cast("Any", data)
    while isinstance(first, list):
        depth, items = depth + 1, cast("list[Any]", first)
        first = items[0] if items else None
    if depth > _MAX_DIMENSIONS:
        raise Refused(f"input {tensor.name!r}: 'data' is nested {depth} deep; at most {_MAX_DIMENSIONS} are possible")
    if tensor.datatype == "BYTES" and isinstance(first, int):
        depth -= 1  # the innermost list is one element, given by its byte values
    return max(depth, 1)


def _list_type(datatype: str, depth: int) -> Any:
    key = (datatype, depth)
    if key not in _nested:
        kind = _WORDS if datatype == _FLOAT_OR_WORD else _ELEMENTS[datatype][1]
        for _ in range(depth):
            kind = list[kind]
        _nested[key] = kind
    return _nested[key]


def _narrowed(array: Array, dtype: np.dtype[Any]) -> Array:
    with np.errstate(over="ignore"):
        narrow = array.astype(dtype)
    if np.isinf(narrow).sum() != np.isinf(array).sum():
        raise ValueError("a value is too large")
    return narrow


def _objects(nested: list[Any]) -> Array:
    """An array of str and bytes; numpy itself would take the byte values of an element for a dimension."""
    flat, shape = nested, [len(nested)]
    while flat and _is_row(flat[0]):
        shape.append(len(flat[0]))
        if any(len(part) != shape[-1] for part in flat):
            raise ValueError("its lists differ in length")
        flat = [item for part in flat for item in part]
    array = np.empty(len(flat), dtype=object)
    array[:] = [item if isinstance(item, str) else bytes(item) for item in flat]
    return array.reshape(shape)


def _is_row(item: Any) -> bool:
    """Whether it is a list of elements, and not one element given by its byte values."""
    return isinstance(item, list) and not (item and isinstance(item[0], int))


def _text(name: str, item: Any) -> str | list[int]:
    if isinstance(item, str):
        return item
    if isinstance(item, bytes):
        try:
            return item.decode()
        except UnicodeDecodeError:
            return list(item)
    raise Refused(
        f"the model's output {name!r} holds a {type(item).__name__}; only numbers, booleans and text can go out", 500
    )
