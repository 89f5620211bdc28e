"""From a run's output to predictions and back: register, deploy, predict, a new version, roll back, stop."""

import json
import urllib.request
from pathlib import Path

import pytest

from tests.e2e.home import Home, program
from tests.e2e.scaler import SCALER, predicted
from tests.platform import wait_until
from wardian.cli import exits

pytestmark = pytest.mark.slow


def test_the_life_of_a_model(home: Home, tmp_path: Path):
    home.wardian("create", "program", "-f", program(tmp_path, SCALER))
    double, triple = (home.json("run", "program", "scaler", f"--factor={n}")["id"] for n in (2, 3))

    said = home.wardian("register", "model", double, "model", "-n", "scaler", "--alias", "champion").stdout
    assert "model scaler:1 registered" in said
    assert "model scaler:2 registered" in home.wardian("register", "model", triple, "model", "-n", "scaler").stdout
    assert home.json("show", "model", "scaler")["aliases"] == {"champion": "1"}

    said = home.wardian("deploy", "model", "scaler@champion").stdout
    assert f"deployment scaler is ready with scaler:1: {home.url}/v2/models/scaler/infer" in said
    assert predicted(home) == [2, 20]

    home.wardian("alias", "model", "scaler:2", "champion")
    assert predicted(home) == [2, 20], "what is served changes when it is deployed, not when an alias moves"
    assert home.json("deploy", "model", "scaler@champion")["status"] == "ready"
    assert predicted(home) == [3, 30]

    home.wardian("rollback", "deployment", "scaler")
    wait_until(lambda: predicted(home) == [2, 20])

    wrong = home.refusal("predict", "scaler", "-d", "[[1.0], [2.0, 3.0]]", expected=exits.INVALID)
    assert "different lengths" in wrong
    assert "not JSON" in home.refusal("predict", "scaler", "-d", "[[1.0]", expected=exits.INVALID)
    home.refusal("predict", "scaler", "-d", '[["a"]]', expected=exits.INVALID)

    assert _over_http(home) == [2, 20]

    assert "scaler is stop" in home.wardian("stop", "deployment", "scaler").stdout
    said = home.refusal("predict", "scaler", "-d", "[[1.0]]", expected=exits.CONFLICT)
    assert "start it with `wardian start deployment scaler`" in said
    home.wardian("start", "deployment", "scaler")
    wait_until(lambda: home.json("show", "deployment", "scaler")["status"] == "ready")
    assert predicted(home) == [2, 20]
    home.wardian("delete", "deployment", "scaler")
    assert home.json("list", "deployments") == []


def _over_http(home: Home) -> list[float]:
    """As any client of the Open Inference Protocol asks, with the variables that `wardian env` prints."""
    variables = home.json("env")["variables"]
    question = {"inputs": [{"name": "input", "datatype": "FP64", "shape": [2, 1], "data": [1, 10]}]}
    request = urllib.request.Request(
        f"{variables['WARDIAN_URL']}/v2/models/scaler/infer",
        json.dumps(question).encode(),
        {"Authorization": f"Bearer {variables['WARDIAN_ACCESS_KEY']}.{variables['WARDIAN_SECRET_KEY']}"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        (output,) = json.load(answer)["outputs"]
    return [round(value, 6) for value in output["data"]]
