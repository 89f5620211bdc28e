import json
import pickle
import subprocess
import sys

import joblib
import numpy as np
import pandas
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

import wardian
from wardian.kernel.errors import Invalid
from wardian.sdk.flavours import save_model

DIGITS, LABELS = load_digits(return_X_y=True)


class Doubler:
    def predict(self, rows):
        return rows * 2


def described(folder):
    return json.loads((folder / "model.json").read_text())


class TestSklearn:
    def test_an_estimator_with_its_signature(self, tmp_path):
        model = LogisticRegression(max_iter=20, tol=1).fit(DIGITS[:100], LABELS[:100])
        save_model(model, tmp_path, example=DIGITS)
        document = described(tmp_path)
        assert (document["flavour"], document["file"]) == ("sklearn", "model.joblib")
        assert document["signature"]["inputs"] == [{"name": "input", "datatype": "FP64", "shape": [-1, 64]}]
        assert [output["name"] for output in document["signature"]["outputs"]] == ["predict", "predict_proba"]
        assert document["example"]["inputs"][0]["shape"] == [5, 64]
        again = joblib.load(tmp_path / document["file"])
        assert (again.predict(DIGITS[:9]) == model.predict(DIGITS[:9])).all()

    def test_a_frame_is_an_input_for_each_column(self, tmp_path):
        frame = pandas.DataFrame({"a": [1.0, 2.0], "b": [3, 4]})
        save_model(LogisticRegression().fit(frame, ["x", "y"]), tmp_path, example=frame)
        signature = described(tmp_path)["signature"]
        assert [(tensor["name"], tensor["datatype"]) for tensor in signature["inputs"]] == [
            ("a", "FP64"),
            ("b", "INT64"),
        ]
        assert signature["outputs"][0] == {"name": "predict", "datatype": "BYTES", "shape": [-1]}


class TestPython:
    def test_an_object_of_the_users_own_class_needs_no_module_to_load(self, tmp_path):
        save_model(Doubler(), tmp_path, example=np.ones((2, 3), dtype=np.float32))
        code = f"import pickle; print(pickle.load(open({str(tmp_path / 'model.pkl')!r}, 'rb')).predict(21))"
        done = subprocess.run(
            [sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path
        )
        assert done.stdout == "42\n"
        assert described(tmp_path)["signature"]["outputs"] == [{"name": "output", "datatype": "FP32", "shape": [-1, 3]}]

    def test_a_function_with_named_inputs(self, tmp_path):
        def add(left, right):
            return {"sum": left + right}

        save_model(add, tmp_path, example={"left": [1, 2], "right": [3, 4]})
        signature = described(tmp_path)["signature"]
        assert [tensor["name"] for tensor in signature["inputs"]] == ["left", "right"]
        assert signature["outputs"] == [{"name": "sum", "datatype": "INT64", "shape": [-1]}]
        assert pickle.loads((tmp_path / "model.pkl").read_bytes())(1, 2) == {"sum": 3}

    def test_what_cannot_predict_is_refused(self, tmp_path):
        with pytest.raises(Invalid, match="no method 'predict'"):
            save_model(3, tmp_path)

    def test_a_model_must_take_its_own_example(self, tmp_path):
        def fails(_):
            raise ValueError("no")

        with pytest.raises(Invalid, match="own example: ValueError: no"):
            save_model(fails, tmp_path, example=[1])

    def test_an_unknown_flavour_names_the_known_ones(self, tmp_path):
        with pytest.raises(Invalid, match="python, sklearn"):
            save_model(Doubler(), tmp_path, flavour="fortran")


class TestRun:
    def test_a_model_is_an_output_of_its_run(self, fake, environ):
        with wardian.init(console=False, machine=None) as run:
            run.log_model("model", Doubler(), example=np.ones(3))
        kept = fake.run(run.id)
        assert {"model/model.json", "model/model.pkl"} <= set(kept["artifacts"])
        assert kept["artifacts"]["model/model.pkl"]["kind"] == "model"
        assert kept["outputs"] == [{"kind": "model", "name": "model"}]
