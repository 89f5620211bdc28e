"""Programs, models and workloads to look at, made through the API."""

import io
import json
import tarfile
from pathlib import Path

import httpx2

from tests.web import runs

PROJECT = "/api/v1/projects/demo"

GARDEN = {
    "wardian.yaml": """
name: garden
version: "1.0"
description: Grows a plant and reports its height.
parameters:
  days: {type: int, default: 3, minimum: 1, maximum: 50, help: How long it grows.}
  soil: {choices: [loam, sand], default: loam}
  rates: [1, 2]
steps:
  - {name: grow, script: grow.py}
  - {name: report, script: report.py, needs: [grow]}
""",
    "grow.py": """
import argparse
import wardian

options = argparse.ArgumentParser()
options.add_argument("--days", type=int, default=3)
days = options.parse_known_args()[0].days
with wardian.init() as run:
    for day in range(days):
        run.log({"height": day * day}, step=day)
""",
    "report.py": "print('grown')\n",
    "README.md": "# Garden\n\nA **plant** in a case.\n",
}

SERVED = """
class model:
    def predict(self, pixels):
        return (pixels.sum(axis=1) > 0).astype("int64")
"""
"""Says whether anything was drawn."""


def files_of_garden(folder: Path) -> list[Path]:
    for name, text in GARDEN.items():
        (folder / name).write_text(text)
    return [folder / name for name in GARDEN]


def create_garden(api: httpx2.Client) -> None:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        for name, text in GARDEN.items():
            member = tarfile.TarInfo(name)
            member.size = len(data := text.encode())
            tar.addfile(member, io.BytesIO(data))
    headers = {"Content-Type": "application/gzip"}
    api.post(f"{PROJECT}/programs", content=archive.getvalue(), headers=headers).raise_for_status()


def run_with_model(api: httpx2.Client, name: str) -> str:
    """A finished run that put out a model of 8 by 8 pixels under `model`."""
    run = runs.create(api, name)
    runs.log(api, run, 0, 3)
    manifest = {
        "flavour": "python",
        "file": "drawn.py",
        "environment": "inherit",
        "signature": {
            "inputs": [{"name": "pixels", "datatype": "FP64", "shape": [-1, 64]}],
            "outputs": [{"name": "drawn", "datatype": "INT64", "shape": [-1]}],
        },
        "example": {"inputs": [{"name": "pixels", "datatype": "FP64", "shape": [1, 64], "data": [0] * 63 + [16]}]},
    }
    runs.keep(api, run, "model/model.json", json.dumps(manifest).encode(), "application/json", kind="model")
    runs.keep(api, run, "model/drawn.py", SERVED.encode(), "text/x-python", kind="model")
    runs.finish(api, run)
    return run


def register(api: httpx2.Client, run: str, model: str) -> None:
    body = {"run": run, "path": "model", "notes": "Grown *well*."}
    api.post(f"{PROJECT}/models/{model}/versions", json=body).raise_for_status()
    api.put(f"{PROJECT}/models/{model}/aliases/champion", json={"version": "1"}).raise_for_status()


def sleeping_workload(api: httpx2.Client, name: str) -> str:
    spec = {"command": ["python", "-c", "import time; print('asleep', flush=True); time.sleep(600)"], "grace_s": 0}
    answer = api.post(f"{PROJECT}/workloads", json={"name": name, "spec": spec})
    answer.raise_for_status()
    return answer.json()["id"]
