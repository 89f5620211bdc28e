"""The messages of the Open Inference Protocol, REST form.

https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
"""

import json
from typing import Annotated, Any

import msgspec

from .errors import Refused

Dimension = Annotated[int, msgspec.Meta(ge=0)]


class InputTensor(msgspec.Struct):
    name: str
    shape: list[Dimension]
    datatype: str
    parameters: dict[str, Any] | None = None
    data: Any = None
    """Nested as `shape` says, or flat in row-major order."""


class WantedOutput(msgspec.Struct):
    name: str
    parameters: dict[str, Any] | None = None


class InferRequest(msgspec.Struct):
    inputs: list[InputTensor]
    id: str | None = None
    parameters: dict[str, Any] | None = None
    outputs: list[WantedOutput] | None = None


class OutputTensor(msgspec.Struct, omit_defaults=True):
    name: str
    shape: list[int]
    datatype: str
    data: list[Any]
    parameters: dict[str, Any] | None = None


class InferResponse(msgspec.Struct, omit_defaults=True):
    model_name: str
    outputs: list[OutputTensor]
    model_version: str | None = None
    id: str | None = None


class TensorSpec(msgspec.Struct):
    """One tensor a model takes or gives; -1 in `shape` is a dimension that may vary, the batch among them."""

    name: str
    datatype: str
    shape: list[int]


class ModelMetadata(msgspec.Struct):
    name: str
    versions: list[str]
    platform: str
    inputs: list[TensorSpec]
    outputs: list[TensorSpec]


class ServerMetadata(msgspec.Struct):
    name: str
    version: str
    extensions: list[str]


_decoder = msgspec.json.Decoder(InferRequest)
encode = msgspec.json.Encoder().encode


def decode_request(body: bytes) -> InferRequest:
    """Parse an inference request; `NaN`, `Infinity` and `-Infinity`, which JSON lacks, are understood."""
    try:
        return _decoder.decode(body)
    except msgspec.ValidationError as error:
        raise Refused(f"this is no inference request: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if b"NaN" not in body and b"Infinity" not in body:
            raise Refused(f"the body is not JSON: {error}") from error
    return _decode_with_constants(body)


def _decode_with_constants(body: bytes) -> InferRequest:
    try:
        return msgspec.convert(json.loads(body), InferRequest)
    except msgspec.ValidationError as error:
        raise Refused(f"this is no inference request: {error}") from error
    except (ValueError, RecursionError) as error:
        raise Refused(f"the body is not JSON: {error}") from error
