"""Model folders to serve, the digits classifier first of all."""

import json
import pickle

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression


@pytest.fixture(scope="session")
def digits():
    """64 pixels a row, between 0 and 1, and the digit each row shows."""
    data = load_digits()
    return data.data / 16, data.target


@pytest.fixture(scope="session")
def digits_folder(digits, tmp_path_factory):
    """A model folder that holds a digits classifier."""
    x, y = digits
    folder = tmp_path_factory.mktemp("digits")
    (folder / "model.pkl").write_bytes(pickle.dumps(LogisticRegression(max_iter=300).fit(x[:500], y[:500])))
    write_manifest(
        folder,
        flavour="sklearn",
        file="model.pkl",
        signature={
            "inputs": [{"name": "pixels", "datatype": "FP64", "shape": [-1, 64]}],
            "outputs": [{"name": "predict", "datatype": "INT64", "shape": [-1]}],
        },
        example=infer_request("pixels", x[:1]),
    )
    return folder


@pytest.fixture(name="write_manifest")
def _write_manifest():
    return write_manifest


def write_manifest(folder, **manifest):
    (folder / "model.json").write_text(json.dumps({"environment": "inherit", **manifest}))


def infer_request(name, array, datatype="FP64", **more):
    array = np.asarray(array)
    return {
        "inputs": [{"name": name, "datatype": datatype, "shape": list(array.shape), "data": array.tolist()}],
        **more,
    }
