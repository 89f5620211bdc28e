"""The original kinds of `same.yaml` run unchanged: both forms, notebooks and scripts, also notebooks alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.home import Home, program
from wardian.cli import exits

pytestmark = pytest.mark.slow
FIXTURES = Path(__file__).parents[1] / "programs" / "fixtures"

OLDER_SCRIPT = {
    "same.yaml": """
        apiVersion: projectsame.io/v1alpha1
        version: 0.0.1
        metadata: {name: OlderScript, version: 0.0.2, labels: {team: research}}
        workflow: {type: kubeflow, parameters: {kubeflowVersion: 1.2}}
        resources: {provider: azure, cluster_profile: default}
        pipeline: {name: Pipeline, package: pipeline.py}
        dataSets: [{name: numbers, type: remote, url: numbers.csv, makeLocalCopy: true}]
        run: {name: first, parameters: {epochs: 2, layers: [4, 8], options: {a: {b: 1}}}}
    """,
    "pipeline.py": """
        print("got", epochs, layers, options["a"]["b"], open("numbers.csv").read().split())
    """,
    "numbers.csv": "1 2\n",
}


def cell(source: str, *tags: str) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "outputs": [], "metadata": {"tags": tags}, "source": source}


THREE_STEPS = [
    cell("import socket, threading\ngrid['seen'] = []\nmade = 'before any tag'"),
    cell("grid['seen'].append('one')\nline = socket.socket()\nmany = bytes(300_000)", "same_step_1", "cache=P1D"),
    cell("grid['seen'].append('two')\nfor each in names: print('name', each)", "same_step_2"),
    cell(
        "print('whole', grid, names, rate, made)\n"
        "for name in ('line', 'many'):\n"
        "    try:\n"
        "        len(globals()[name])\n"
        "    except Exception as reason:\n"
        "        print('exploded:', reason)",
        "same-step-3",
    ),
]
NOTEBOOK_CONFIG = """
    apiVersion: sameproject.io/v1alpha1
    metadata: {name: Three Steps, version: 0.0.53}
    notebook: {name: Three, path: three.ipynb}
    run:
      name: three
      parameters: {grid: {depths: [1, 2], deep: {x: null}}, names: [a, "b c", ü], rate: 0.25}
    runtime_options: {serialisation_memory_limit: 100000}
"""


def notebook(cells: list[dict[str, Any]], **metadata: object) -> str:
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4})


def create(home: Home, source: str | Path) -> None:
    home.wardian("create", "program", "-f", str(source))


def run(home: Home, name: str, *parameters: str) -> tuple[dict[str, Any], str]:
    """The run as it ended, and its log."""
    started = home.json("run", "program", name, *parameters, "--detach")
    ended, log = home.ended(started["id"]), home.log(started["id"])
    assert ended["status"] == "succeeded", log
    return ended, log


def test_the_newer_form_with_a_script(home: Home):
    create(home, FIXTURES / "newer")
    _, log = run(home, "sample-program", "--lr=0.5")
    assert "parameters 0.5 {'a': 1, 'b': [1, 2], 'c': 3} ['x', 'y'] True plain None" in log
    assert "weights [0.5, 0.5, 0.9] 3.0 from step 1 default" in log
    assert "exploded connection could not be handed on" in log
    assert "exploded large was not handed on: it takes 200,0" in log


def test_the_older_form_with_a_notebook(home: Home):
    create(home, FIXTURES / "older" / "same.yaml")
    _, log = run(home, "kubeflowpipeline", "--layers=[1, 2]")
    assert "total 4 two one 2 {'a': {'b': 1}}" in log
    assert "sorted by number (0, 3, 20)" in log


def test_the_older_form_with_a_script(home: Home, tmp_path: Path):
    create(home, program(tmp_path, OLDER_SCRIPT))
    ended, log = run(home, "olderscript", "--epochs=7")
    assert "got 7 [4, 8] 1 ['1', '2']" in log
    assert ended["params"] == {"epochs": 7, "layers": [4, 8], "options": {"a": {"b": 1}}}


def test_a_notebook_that_describes_itself(home: Home):
    create(home, FIXTURES / "metadata" / "lonely.ipynb")
    _, log = run(home, "from-metadata")
    assert "answer 42" in log


def test_three_tagged_steps(home: Home, tmp_path: Path):
    create(home, program(tmp_path, {"same.yaml": NOTEBOOK_CONFIG, "three.ipynb": notebook(THREE_STEPS)}))
    first, log = run(home, "three-steps")
    assert [step["name"] for step in first["summary"]["steps"]] == [f"same_step_00{n}" for n in range(4)]
    whole = (
        "whole {'depths': [1, 2], 'deep': {'x': None}, 'seen': ['one', 'two']} ['a', 'b c', 'ü'] 0.25 before any tag"
    )
    assert whole in log
    told = [line for line in log.splitlines() if line.startswith("exploded: ")]
    assert "line could not be handed on" in told[0]
    assert "many was not handed on: it takes 300,0" in told[1]

    second, log = run(home, "three-steps", "--names=[z]")
    assert f"step same_step_001: cached from run {first['id']}" in log
    assert "name z" in log
    assert [step.get("cached_from") for step in second["summary"]["steps"]] == [None, first["id"], None, None]

    _, log = run(home, "three-steps", "--grid={depths: []}")
    assert "cached from run" not in log
    assert "whole {'depths': [], 'seen': ['one', 'two']}" in log


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([cell("x = 1", "same_step_")], "cell 0"),
        ([cell("x = 1", "same_step_1", "environment=nowhere")], "nowhere"),
        ([cell("x = 1", "same_step_1", "cache=soon")], "soon"),
    ],
)
def test_a_tag_that_makes_no_sense_is_refused_by_its_cell(home: Home, tmp_path: Path, cells: Any, told: str):
    files = {"same.yaml": NOTEBOOK_CONFIG.replace("Three Steps", "Wrong"), "three.ipynb": notebook(cells)}
    before = home.books()
    assert told in home.refusal("create", "program", "-f", program(tmp_path, files), expected=exits.INVALID)
    assert home.books() == before
