"""One thing of every kind in the project `demo`, so that every route has something to show."""

import io
import json
import tarfile
from collections.abc import Mapping

import httpx2

from tests.platform import Platform, wait_until

VERSION = "1.0.0"
CACHE_KEY = "0" * 64
MANIFEST = {
    "flavour": "python",
    "file": "model.pkl",
    "environment": "inherit",
    "signature": {
        "inputs": [{"name": "x", "datatype": "FP64", "shape": [-1, 2]}],
        "outputs": [{"name": "y", "datatype": "FP64", "shape": [-1]}],
    },
}
PROGRAM = {
    "wardian.yaml": b"name: seed\nversion: 1.0.0\nsteps:\n  - {name: only, command: python main.py}\n",
    "main.py": b"print('seed')\n",
    "README.md": b"# Seed\n",
}


def seeded(server: Platform) -> dict[str, str]:
    """Values for the path parameters of the OpenAPI document, all of things that exist."""
    with server.client() as admin:
        demo = "/api/v1/projects/demo"
        me = admin.get("/api/v1/session").json()["user"]
        key = _made(admin.post("/api/v1/keys", json={"name": "seed"}))["key"]
        run = _made(admin.post(f"{demo}/runs", json={"name": "seed"}))["id"]
        here = f"{demo}/runs/{run}"
        points = {"points": {"loss": {"step": [1, 2], "value": [0.5, 0.25]}}}
        assert admin.post(f"{here}/points", json=points).status_code == 200
        for name, data in {"model.json": json.dumps(MANIFEST).encode(), "model.pkl": b"never loaded here"}.items():
            _made(admin.put(f"{here}/artifacts/model/{name}", content=data))
        _made(admin.post(f"{demo}/models", json={"name": "seed"}))
        _made(admin.post(f"{demo}/models/seed/versions", json={"run": run, "path": "model", "version": VERSION}))
        assert admin.put(f"{demo}/models/seed/aliases/champion", json={"version": VERSION}).status_code == 200
        _made(admin.post(f"{demo}/programs", content=_packed(PROGRAM), headers={"Content-Type": "application/gzip"}))
        job = {"name": "seed", "spec": {"command": ["true"]}}
        workload = _made(admin.post(f"{demo}/workloads", json=job))["id"]
        _made(admin.post(f"{demo}/deployments", json={"name": "seed", "model": "seed"}))
        kept = _made(admin.post(f"{demo}/step-cache/objects", content=b"kept"))["hash"]
        entry = {"run": run, "step": "only", "valid_s": 3600, "objects": [kept], "content": {}}
        assert admin.put(f"{demo}/step-cache/{CACHE_KEY}", json=entry).status_code == 204
        wait_until(lambda: admin.get(f"{demo}/workloads/{workload}").json()["status"] == "succeeded")
    return {
        "project": "demo", "user": me["id"], "key_id": key["id"], "run_id": run, "key": "loss",
        "path": "model/model.json", "model": "seed", "program": "seed", "deployment": "seed",
        "version": VERSION, "alias": "champion",
        "workload_id": workload, "name": kept,
    }  # fmt: skip


def filled(path: str, seeds: Mapping[str, str]) -> str:
    """The path with its parameters; one without a seed is a defect of the test."""
    known = dict(seeds) | ({"key": CACHE_KEY} if "/step-cache/" in path else {})
    return path.format_map(known)


def _made(answer: httpx2.Response) -> dict[str, object]:
    assert answer.status_code == 201, answer.text
    return answer.json()


def _packed(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for path, data in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()
