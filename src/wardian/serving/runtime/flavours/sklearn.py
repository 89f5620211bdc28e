"""Scikit-learn estimators and pipelines, saved with pickle, cloudpickle or joblib.

The outputs a request may name are the estimator's methods. One input is the matrix itself; several inputs are the
columns of a data frame.
"""

import pickle
import warnings
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardian.serving.runtime.manifest import BadModel, Manifest

METHODS = ("predict", "predict_proba", "decision_function", "transform")


class Estimator:
    row_wise = True

    def __init__(self, estimator: Any) -> None:
        self._estimator = estimator
        self.methods = tuple(name for name in METHODS if hasattr(estimator, name))
        if not self.methods:
            raise BadModel(f"a {type(estimator).__name__} has none of the methods {', '.join(METHODS)}")

    def predict(self, inputs: dict[str, NDArray[Any]], outputs: Sequence[str]) -> dict[str, NDArray[Any]]:
        rows = next(iter(inputs.values())) if len(inputs) == 1 else _frame(inputs)
        return {name: _dense(getattr(self._estimator, name)(rows)) for name in outputs or self.methods[:1]}


def load(folder: Path, manifest: Manifest) -> Estimator:
    # A matrix without column names is what the protocol carries; scikit-learn would warn on every call.
    warnings.filterwarnings("ignore", message="X does not have valid feature names")
    file = folder / manifest.file
    if file.suffix == ".joblib":
        return Estimator(import_module("joblib").load(file))
    with file.open("rb") as stream:
        return Estimator(pickle.load(stream))  # noqa: S301 - this process exists to run the user's model


def _frame(inputs: dict[str, NDArray[Any]]) -> Any:
    return import_module("pandas").DataFrame({name: array.reshape(len(array)) for name, array in inputs.items()})


def _dense(answer: Any) -> NDArray[Any]:
    return np.asarray(answer.toarray() if hasattr(answer, "toarray") else answer)
