"""Model kinds. A flavour is one function, `load(folder, manifest) -> Predictor`, found under `wardian.flavours`.

Entry points name it by dotted path and it is imported only when a model needs it. The built-in ones are also known by
name, because the environment of a model has Wardian's source beside it but not its package metadata.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol, cast

from numpy.typing import NDArray

from wardian.serving.runtime.manifest import BadModel, Manifest

GROUP = "wardian.flavours"
BUILT_IN = {
    "sklearn": "wardian.serving.runtime.flavours.sklearn:load",
    "python": "wardian.serving.runtime.flavours.python:load",
}


class Predictor(Protocol):
    """A loaded model. It is called from one thread, one call at a time."""

    row_wise: bool
    """Whether each row of an answer depends on its own row alone."""
    methods: tuple[str, ...]
    """The outputs a request may ask for by name, the default one first; empty: the signature's, all of them."""

    def predict(self, inputs: dict[str, NDArray[Any]], outputs: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Answer by output name; `outputs` is what was asked for, empty for all that is usual."""
        ...


Load = Callable[[Path, Manifest], Predictor]


def load(folder: Path, manifest: Manifest) -> Predictor:
    """Load the model in `folder` with the flavour its manifest names."""
    return find(manifest.flavour)(folder, manifest)


def find(name: str) -> Load:
    for entry in entry_points(group=GROUP, name=name):
        return cast("Load", entry.load())
    if name not in BUILT_IN:
        known = ", ".join(sorted({*BUILT_IN, *(entry.name for entry in entry_points(group=GROUP))}))
        raise BadModel(
            f"flavour {name!r} is unknown here (known: {known}); add the package that brings it to the environment"
        )
    module, _, attribute = BUILT_IN[name].partition(":")
    return cast("Load", getattr(import_module(module), attribute))
