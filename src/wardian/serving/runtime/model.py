"""A loaded model under the name and version it is served as."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import flavours, manifest, tensors
from .batching import Batcher
from .errors import Refused
from .messages import InferRequest, InferResponse, ModelMetadata, TensorSpec, decode_request, encode


class ServedModel:
    def __init__(self, folder: Path, name: str, version: str) -> None:
        self.name, self.version = name, version
        self.manifest = manifest.read(folder)
        self._predictor = flavours.load(folder, self.manifest)
        self._inputs = {spec.name: spec for spec in self.manifest.signature.inputs}
        declared = tuple(spec.name for spec in self.manifest.signature.outputs)
        self._outputs = self._predictor.methods or declared
        self._batcher: Batcher | None = None

    def warm_up(self) -> None:
        """Answer the manifest's own example, so that a model that cannot is found before it gets traffic."""
        if self.manifest.example is None:
            return
        inputs, outputs = self._understand(decode_request(encode(self.manifest.example)))
        self._to_wire(self._predictor.predict(inputs, outputs), outputs, None)

    def start(self) -> None:
        """Begin to take requests in the running event loop."""
        declared = self.manifest.row_wise
        row_wise = self._predictor.row_wise if declared is None else declared
        self._batcher = Batcher(self._predictor, row_wise=row_wise)

    @property
    def metadata(self) -> ModelMetadata:
        signature = self.manifest.signature
        return ModelMetadata(self.name, [self.version], self.manifest.flavour, signature.inputs, signature.outputs)

    async def infer(self, request: InferRequest) -> InferResponse:
        if self._batcher is None:
            raise Refused(f"model {self.name!r} is not ready yet; try again in a moment", 503)
        inputs, outputs = self._understand(request)
        return self._to_wire(await self._batcher.submit(inputs, outputs), outputs, request.id)

    def _understand(self, request: InferRequest) -> tuple[dict[str, NDArray[Any]], tuple[str, ...]]:
        if not request.inputs:
            raise Refused("'inputs' is empty; give at least one tensor")
        inputs = {tensor.name: tensors.decode(tensor) for tensor in request.inputs}
        if len(inputs) != len(request.inputs):
            raise Refused("two inputs have the same name")
        if self._inputs:
            self._refuse_other_inputs(inputs)
            inputs = {name: _fitted(inputs[name], spec) for name, spec in self._inputs.items()}
        outputs = tuple(wanted.name for wanted in request.outputs or ())
        if self._outputs and (unknown := [name for name in outputs if name not in self._outputs]):
            raise Refused(f"model {self.name!r} has no output {unknown[0]!r}; it has {_listed(self._outputs)}")
        return inputs, outputs

    def _refuse_other_inputs(self, given: dict[str, NDArray[Any]]) -> None:
        for name in given:
            if name not in self._inputs:
                raise Refused(f"model {self.name!r} has no input {name!r}; it takes {_listed(self._inputs)}")
        for name in self._inputs:
            if name not in given:
                raise Refused(f"input {name!r} is missing; model {self.name!r} takes {_listed(self._inputs)}")

    def _to_wire(self, answer: dict[str, NDArray[Any]], outputs: tuple[str, ...], request: str | None) -> InferResponse:
        if missing := [name for name in outputs if name not in answer]:
            raise Refused(f"model {self.name!r} has no output {missing[0]!r}; it has {_listed(answer)}")
        encoded = [tensors.encode(name, answer[name]) for name in outputs or answer]
        return InferResponse(self.name, encoded, self.version, request)


def _fitted(array: NDArray[Any], spec: TensorSpec) -> NDArray[Any]:
    """The array in the datatype of the signature, when its shape agrees and no kind of value is lost on the way."""
    if len(array.shape) != len(spec.shape) or any(
        want not in (-1, got) for got, want in zip(array.shape, spec.shape, strict=True)
    ):
        raise Refused(f"input {spec.name!r} has shape {list(array.shape)}; the model takes {spec.shape} (-1: any size)")
    wanted = tensors.dtype_of(spec.datatype)
    if array.dtype == wanted:
        return array
    if "O" in (wanted.kind, array.dtype.kind) or not np.can_cast(array.dtype, wanted, "same_kind"):
        raise Refused(f"input {spec.name!r} has a datatype that does not fit; the model takes {spec.datatype}")
    return array.astype(wanted)


def _listed(names: Any) -> str:
    return ", ".join(repr(name) for name in names)
