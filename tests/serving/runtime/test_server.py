"""A model server process, spoken to as clients do."""

import gzip
import json
import os
import pickle
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

INFER = "/v2/models/digits/infer"


def ask(x, **more):
    x = np.asarray(x)
    return {"inputs": [{"name": "pixels", "datatype": "FP64", "shape": list(x.shape), "data": x.tolist()}], **more}


class TestWhatItSaysOfItself:
    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("/v2/health/live", {"live": True}),
            ("/v2/health/ready", {"ready": True}),
            ("/v2/models/digits/ready", {"name": "digits", "ready": True}),
            ("/v2/models/digits/versions/3/ready", {"name": "digits", "ready": True}),
        ],
    )
    def test_health(self, model_server, path, expected):
        assert model_server.get(path).json() == expected

    def test_the_server(self, model_server):
        for path in ("/v2", "/v2/"):
            assert model_server.get(path).json()["name"] == "wardian"

    @pytest.mark.parametrize("path", ["/v2/models/digits", "/v2/models/digits/versions/3"])
    def test_the_model(self, model_server, path):
        assert model_server.get(path).json() == {
            "name": "digits",
            "versions": ["3"],
            "platform": "sklearn",
            "inputs": [{"name": "pixels", "datatype": "FP64", "shape": [-1, 64]}],
            "outputs": [{"name": "predict", "datatype": "INT64", "shape": [-1]}],
        }


class TestInfer:
    def test_it_reads_digits(self, model_server, digits):
        x, y = digits
        answer = model_server.post(INFER, json=ask(x[:300], id="mine")).json()
        assert (answer["model_name"], answer["model_version"], answer["id"]) == ("digits", "3", "mine")
        output = answer["outputs"][0]
        assert (output["name"], output["datatype"], output["shape"]) == ("predict", "INT64", [300])
        assert (np.array(output["data"]) == y[:300]).mean() > 0.95

    def test_flat_data_and_other_number_types_give_the_same(self, model_server, digits):
        x = digits[0][:4]
        nested = model_server.post(INFER, json=ask(x)).json()["outputs"]
        flat = {"name": "pixels", "datatype": "FP32", "shape": [4, 64], "data": x.ravel().tolist()}
        assert model_server.post(INFER, json={"inputs": [flat]}).json()["outputs"] == nested
        whole = {**flat, "datatype": "UINT8", "data": (x * 16).astype(int).ravel().tolist()}
        assert model_server.post(INFER, json={"inputs": [whole]}).status_code == 200

    def test_outputs_come_as_asked_and_in_that_order(self, model_server, digits):
        wanted = [{"name": name} for name in ("predict_proba", "predict", "decision_function")]
        outputs = model_server.post(INFER, json=ask(digits[0][:2], outputs=wanted)).json()["outputs"]
        assert [(o["name"], o["shape"]) for o in outputs] == [
            ("predict_proba", [2, 10]), ("predict", [2]), ("decision_function", [2, 10]),
        ]  # fmt: skip
        assert sum(outputs[0]["data"][:10]) == pytest.approx(1)

    @pytest.mark.parametrize(("encoding", "squeeze"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
    def test_compressed_bodies(self, model_server, digits, encoding, squeeze):
        body = squeeze(json.dumps(ask(digits[0][:2])).encode())
        assert model_server.post(INFER, content=body, headers={"content-encoding": encoding}).status_code == 200
        cut = model_server.post(INFER, content=body[:-9], headers={"content-encoding": encoding})
        assert cut.status_code == 400
        assert "ends too early" in cut.json()["error"]

    def test_many_at_once_each_get_their_own(self, model_server, digits):
        x = digits[0]
        alone = [model_server.post(INFER, json=ask(x[i : i + 1])).json()["outputs"][0]["data"] for i in range(60)]

        def one(i):
            answer = model_server.post(INFER, json=ask(x[i : i + 1], id=str(i))).json()
            return answer["id"], answer["outputs"][0]["data"]

        with ThreadPoolExecutor(12) as pool:
            assert list(pool.map(one, range(60))) == [(str(i), digit) for i, digit in enumerate(alone)]


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"shape": [2, 32]}, "the model takes"),
            ({"shape": [64]}, "the model takes"),
            ({"shape": [2, 64]}, "asks for 128 values"),
            ({"name": "pixel"}, "takes 'pixels'"),
            ({"datatype": "FP128"}, "FP128"),
            ({"datatype": "BYTES", "data": ["a"] * 64}, "takes FP64"),
            ({"data": ["a"] * 64}, "does not fit FP64"),
        ],
    )
    def test_inputs_that_do_not_fit(self, model_server, change, reason):
        tensor = {"name": "pixels", "datatype": "FP64", "shape": [1, 64], "data": [0.5] * 64}
        answer = model_server.post(INFER, json={"inputs": [{**tensor, **change}]})
        assert answer.status_code == 400
        assert reason in answer.json()["error"]

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/v2/models/letters", 404),
            ("GET", "/v2/models/digits/versions/2", 404),
            ("POST", "/v2/models/letters/infer", 404),
            ("GET", "/v2/models/digits/else", 404),
            ("GET", "/elsewhere", 404),
            ("GET", INFER, 405),
            ("POST", "/v2/models/digits", 405),
        ],
    )
    def test_paths_it_does_not_have(self, model_server, method, path, status):
        answer = model_server.request(method, path, content=b"{}")
        assert answer.status_code == status
        assert answer.json().keys() == {"error"}

    def test_an_output_the_model_does_not_have(self, model_server, digits):
        answer = model_server.post(INFER, json=ask(digits[0][:1], outputs=[{"name": "explain"}]))
        assert answer.status_code == 400
        assert "no output 'explain'" in answer.json()["error"]

    def test_a_bad_row_does_not_disturb_its_neighbours(self, model_server, digits):
        good, bad = ask(digits[0][:1]), ask(np.zeros((1, 64)))
        bad["inputs"][0]["data"][0][0] = None
        bodies = [good if i % 3 else bad for i in range(30)]
        with ThreadPoolExecutor(10) as pool:
            statuses = list(pool.map(lambda body: model_server.post(INFER, json=body).status_code, bodies))
        assert statuses == [200 if i % 3 else 400 for i in range(30)]


class TestPythonModels:
    def test_a_module_with_several_inputs_and_outputs(self, serve, tmp_path, write_manifest):
        (tmp_path / "adder.py").write_text(
            "class Adder:\n    def predict(self, a, b):\n        return {'sum': a + b, 'text': ['gré'] * len(a)}\n"
        )
        write_manifest(tmp_path, flavour="python", file="adder.py", options={"object": "Adder"})
        inputs = [{"name": n, "datatype": "INT32", "shape": [2], "data": [1, 2]} for n in "ab"]
        with serve(tmp_path, name="adder") as client:
            outputs = client.post("/v2/models/adder/infer", json={"inputs": inputs}).json()["outputs"]
        assert outputs == [
            {"name": "sum", "shape": [2], "datatype": "INT32", "data": [2, 4]},
            {"name": "text", "shape": [2], "datatype": "BYTES", "data": ["gré", "gré"]},
        ]

    def test_a_pickled_callable(self, serve, tmp_path, write_manifest):
        (tmp_path / "model.pkl").write_bytes(pickle.dumps(np.sqrt))
        write_manifest(tmp_path, flavour="python", file="model.pkl")
        with serve(tmp_path, name="root") as client:
            body = {"inputs": [{"name": "x", "datatype": "FP64", "shape": [2, 1], "data": [4, 9]}]}
            output = client.post("/v2/models/root/infer", json=body).json()["outputs"][0]
        assert output == {"name": "output", "shape": [2, 1], "datatype": "FP64", "data": [2.0, 3.0]}


class TestModelsThatCannotBeServed:
    @pytest.mark.parametrize(
        ("manifest", "reason"),
        [
            ({"flavour": "prophecy", "file": "m.py"}, "flavour 'prophecy' is unknown here"),
            ({"flavour": "python", "file": "absent.pkl"}, "not in the model folder"),
            ({"flavour": "python", "file": "../m.py"}, "outside the model folder"),
            ({"flavour": "python", "file": "m.py", "options": {"object": "other"}}, "defines no 'other'"),
            ({"flavour": "python", "file": "m.py", "options": {"object": "number"}}, "no method 'predict'"),
            ({"flavour": "sklearn", "file": "m.py"}, "UnpicklingError"),
            ({"flavour": "python", "file": "m.py", "example": {"inputs": []}}, "its own example fails"),
            ({"file": "m.py"}, "not a model manifest"),
        ],
    )
    def test_the_process_ends_and_its_log_says_why(self, tmp_path, write_manifest, manifest, reason):
        (tmp_path / "m.py").write_text("number = 3\ndef model(x):\n    return x\n")
        write_manifest(tmp_path, **manifest)
        command = [sys.executable, "-m", "wardian.serving.runtime", "--model", tmp_path, "--name", "m"]
        ended = subprocess.run(
            [*command, "--version", "1", "--port", "1"], capture_output=True, text=True, timeout=60, check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        assert ended.returncode == 1
        assert reason in ended.stderr
