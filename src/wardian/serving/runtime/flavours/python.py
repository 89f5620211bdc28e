"""Any Python object that predicts: one with a `predict` method, or a function.

`file` is a pickle of the object, or a `.py` file in which `options.object` (default `model`) names it; a class is
instantiated without arguments. A model with one input is given the array, one with several gets each by its name; it
answers with one array, or with a dict of arrays by output name. Such code may do anything across rows, so requests
share a call only where `row_wise` in `model.json` allows it.
"""

import pickle
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from wardian.serving.runtime.manifest import BadModel, Manifest


class Function:
    row_wise = False
    methods = ()

    def __init__(self, call: Callable[..., Any], output: str) -> None:
        self._call, self._output = call, output

    def predict(self, inputs: dict[str, NDArray[Any]], outputs: Sequence[str]) -> dict[str, NDArray[Any]]:
        answer = self._call(*inputs.values()) if len(inputs) == 1 else self._call(**inputs)
        named = cast("Mapping[str, Any]", answer) if isinstance(answer, Mapping) else {self._output: answer}
        return {name: np.asarray(value) for name, value in named.items()}


def load(folder: Path, manifest: Manifest) -> Function:
    sys.path.insert(0, str(folder))
    found = _imported(folder, manifest) if manifest.file.endswith(".py") else _unpickled(folder / manifest.file)
    model = found() if isinstance(found, type) else found
    call = getattr(model, "predict", model)
    if not callable(call):
        raise BadModel(
            f"{manifest.file} holds a {type(model).__name__}, which has no method 'predict' and is no function"
        )
    declared = manifest.signature.outputs
    return Function(call, declared[0].name if declared else "output")


def _imported(folder: Path, manifest: Manifest) -> Any:
    name = str(manifest.options.get("object", "model"))
    module = import_module(".".join(Path(manifest.file).with_suffix("").parts))
    try:
        return getattr(module, name)
    except AttributeError:
        raise BadModel(f"{manifest.file} defines no {name!r}; name the model in model.json, options.object") from None


def _unpickled(file: Path) -> Any:
    with file.open("rb") as stream:
        return pickle.load(stream)  # noqa: S301 - this process exists to run the user's model
