"""Writes a model as the folder that a model server reads: `model.json` and the flavour's own files.

A flavour's saving side is a function `save(model, folder) -> file`. Packages add theirs under the entry-point group
`wardian.savers`, named as their loading side under `wardian.flavours`.
"""

import importlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path
from sysconfig import get_paths
from types import ModuleType
from typing import Any, NamedTuple, cast

from wardian.kernel.errors import Invalid

from .wire import plain

GROUP = "wardian.savers"
INPUT = "input"
"""What a model's only input is called when it is an array."""
EXAMPLE_ROWS = 5
_DATATYPES = {"bool": "BOOL", "float16": "FP16", "float32": "FP32", "float64": "FP64", "object": "BYTES"} | {
    f"{sign}int{bits}": f"{sign.upper()}INT{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)
}

Save = Callable[[Any, Path], str]


class Tensor(NamedTuple):
    """A named array with the datatype that the Open Inference Protocol calls it by."""

    name: str
    array: Any
    datatype: str

    @property
    def spec(self) -> dict[str, Any]:
        """Its place in a signature: any number of rows."""
        return {"name": self.name, "datatype": self.datatype, "shape": [-1, *self.array.shape[1:]]}

    @property
    def document(self) -> dict[str, Any]:
        data = plain(self.array.ravel().tolist())
        return {"name": self.name, "datatype": self.datatype, "shape": list(self.array.shape), "data": data}


def save_model(model: Any, folder: Path, *, example: Any = None, flavour: str | None = None) -> None:
    """Write `model` into `folder`. The example's first rows become the signature and the server's own first request."""
    kind = flavour or ("sklearn" if _is_estimator(model) else "python")
    document: dict[str, Any] = {"flavour": kind, "file": _saver(kind)(model, folder), "environment": "inherit"}
    if example is not None:
        rows = _first_rows(example)
        inputs, outputs = _inputs(rows), _outputs(model, rows, kind)
        document["signature"] = {"inputs": [it.spec for it in inputs], "outputs": [it.spec for it in outputs]}
        document["example"] = {"inputs": [it.document for it in inputs]}
    (folder / "model.json").write_text(json.dumps(document, indent=2), "utf-8")


def save_sklearn(model: Any, folder: Path) -> str:
    """With joblib, which every scikit-learn has; cloudpickle where a part of the model was defined in the script."""
    if _of_main(model):
        return save_python(model, folder)
    _need("joblib", "scikit-learn").dump(model, folder / "model.joblib", compress=3)
    return "model.joblib"


def save_python(model: Any, folder: Path) -> str:
    """By value, with what the user's own modules define: the model server does not have those modules."""
    cloudpickle = _need("cloudpickle", "a model of your own classes")
    if not callable(getattr(model, "predict", model)):
        raise Invalid(
            f"a {type(model).__name__} has no method 'predict' and is no function: a server could not call it"
        )
    own = _own_modules()
    for module in own:
        cloudpickle.register_pickle_by_value(module)
    try:
        (folder / "model.pkl").write_bytes(cloudpickle.dumps(model))
    finally:
        for module in own:
            cloudpickle.unregister_pickle_by_value(module)
    return "model.pkl"


_SAVERS: Mapping[str, Save] = {"sklearn": save_sklearn, "python": save_python}


def _saver(flavour: str) -> Save:
    if flavour in _SAVERS:
        return _SAVERS[flavour]
    for entry in entry_points(group=GROUP, name=flavour):
        return cast("Save", entry.load())
    known = ", ".join(sorted({*_SAVERS, *(entry.name for entry in entry_points(group=GROUP))}))
    raise Invalid(f"the flavour {flavour!r} is unknown here (known: {known}): install the package that brings it")


def _is_estimator(model: Any) -> bool:
    return "sklearn" in sys.modules and isinstance(model, sys.modules["sklearn.base"].BaseEstimator)


def _of_main(model: Any) -> bool:
    """Whether a class of the running script, or of a module beside it, is inside."""
    own = {"__main__", *(module.__name__ for module in _own_modules())}
    seen: set[int] = set()

    def inside(value: Any) -> bool:
        if id(value) in seen or isinstance(value, str | bytes | int | float):
            return False
        seen.add(id(value))
        if type(value).__module__ in own or getattr(value, "__module__", None) in own:
            return True
        if isinstance(value, Mapping):
            return any(map(inside, cast("Mapping[Any, Any]", value).values()))
        if isinstance(value, list | tuple):
            return any(map(inside, cast("Iterable[Any]", value)))
        return inside(getattr(value, "__dict__", None) or ())

    return inside(model)


def _own_modules() -> list[ModuleType]:
    """Modules of the user's project: imported from files that no package installer put there."""
    installed = {Path(entry).resolve() for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))}
    kept = (get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    installed |= {Path(__file__).resolve().parents[1], *(Path(folder).resolve() for folder in kept)}
    own: list[ModuleType] = []
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name != "__main__" and file and not any(Path(file).resolve().is_relative_to(root) for root in installed):
            own.append(module)
    return own


def _first_rows(example: Any) -> Any:
    if hasattr(example, "iloc"):  # pandas
        return example.iloc[:EXAMPLE_ROWS]
    if isinstance(example, Mapping):
        return {name: _array(column)[:EXAMPLE_ROWS] for name, column in cast("Mapping[str, Any]", example).items()}
    return _array(example)[:EXAMPLE_ROWS]


def _inputs(rows: Any) -> list[Tensor]:
    if hasattr(rows, "iloc"):
        return [_tensor(str(name), rows[name]) for name in rows.columns]
    if isinstance(rows, Mapping):
        return [_tensor(name, column) for name, column in cast("Mapping[str, Any]", rows).items()]
    return [_tensor(INPUT, rows)]


def _outputs(model: Any, rows: Any, flavour: str) -> list[Tensor]:
    """What the model says to the example; a model that cannot take its own example is refused."""
    try:
        if flavour == "sklearn":
            names = ("predict", "predict_proba") if hasattr(model, "predict") else ("transform",)
            return [_tensor(name, getattr(model, name)(rows)) for name in names if hasattr(model, name)]
        call = getattr(model, "predict", model)
        answer = call(**rows) if isinstance(rows, dict) and len(cast("dict[str, Any]", rows)) > 1 else call(_only(rows))
    except Exception as error:
        raise Invalid(f"the model does not take its own example: {type(error).__name__}: {error}") from error
    if isinstance(answer, Mapping):
        return [_tensor(name, value) for name, value in cast("Mapping[str, Any]", answer).items()]
    return [_tensor("output", answer)]


def _only(rows: Any) -> Any:
    return next(iter(cast("Mapping[str, Any]", rows).values())) if isinstance(rows, Mapping) else rows


def _tensor(name: str, values: Any) -> Tensor:
    array = _array(values.toarray() if hasattr(values, "toarray") else values)
    if array.dtype.kind in "US":
        array = array.astype(object)
    datatype = _DATATYPES.get(array.dtype.name)
    if datatype is None:
        raise Invalid(f"{name} is an array of {array.dtype.name}, which inference requests cannot carry")
    return Tensor(name, array, datatype)


def _array(values: Any) -> Any:
    for turn in ("detach", "cpu"):  # tensors
        if callable(method := getattr(values, turn, None)):
            values = method()
    return _need("numpy", "an example").asarray(values)


def _need(name: str, purpose: str) -> Any:
    with suppress(ImportError):
        return importlib.import_module(name)
    raise Invalid(f"{purpose} needs the package {name}: add it to the program's environment")
