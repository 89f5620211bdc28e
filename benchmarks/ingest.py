"""Points a second from the SDK in one process to a server on disk, the last acknowledged, so durable; beside MLflow."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Started, free_port, started
from benchmarks.peers import peer
from benchmarks.report import row, spread

ROUNDS = 3
OURS, MLFLOW = 1_000_000, 20_000
KEYS = 10
_OURS = """
import json, sys, time, wardian
count, keys = int(sys.argv[1]), int(sys.argv[2])
metrics = {f"metric{n}": n / 7 for n in range(keys)}
run = wardian.init(project="bench", console=False, machine=None)
began = time.perf_counter()
for step in range(count // keys):
    run.log(metrics, step=step)
assert run.finish()
wall = time.perf_counter() - began
with wardian.Client() as client:
    held = sum(series["count"] for series in client.runs.metrics("bench", run.id))
assert held == count, held
print(json.dumps(count / wall))
"""
_MLFLOW = """
import json, sys, time
from mlflow import MlflowClient
from mlflow.entities import Metric
count, keys, client = int(sys.argv[1]), int(sys.argv[2]), MlflowClient(sys.argv[3])
run = client.create_run("0").info.run_id
points = [Metric(f"metric{n}", n / 7, 0, step) for step in range(count // keys) for n in range(keys)]
began = time.perf_counter()
for start in range(0, count, 1000):
    client.log_batch(run, metrics=points[start : start + 1000])
print(json.dumps(count / (time.perf_counter() - began)))
"""


def main() -> None:
    mlflow = peer("mlflow")
    rates: dict[str, list[float]] = {"ours": [], "mlflow": []}
    cpu: dict[str, list[float]] = {"ours": [], "mlflow": []}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for _ in range(ROUNDS):
            with _wardian(home) as server:
                _note(rates, cpu, "ours", server, [sys.executable, "-c", _OURS, str(OURS), str(KEYS)], home, OURS)
            if mlflow:
                with _mlflow(home, mlflow) as server:
                    url = server.url.removesuffix("/health")
                    command = [str(mlflow / "python"), "-c", _MLFLOW, str(MLFLOW), str(KEYS), url]
                    _note(rates, cpu, "mlflow", server, command, home, MLFLOW)
    for figures, what, target in (
        (rates, "ingest over HTTP", "100,000"),
        (cpu, "points a CPU second of the server", ""),
    ):
        told = ("mlflow", statistics.median(figures["mlflow"])) if figures["mlflow"] else None
        row(what, statistics.median(figures["ours"]), "points/s", peer=told, target=target)
        print(f"    ours {spread(figures['ours'])}")


def _note(
    rates: dict[str, list[float]],
    cpu: dict[str, list[float]],
    name: str,
    server: Started,
    command: list[str],
    home: Path,
    count: int,
) -> None:
    quiet = {
        "WARDIAN_HOME": str(home),
        "WARDIAN_QUIET": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
    }
    before = server.cpu_s()
    done = subprocess.run(
        command, env={**os.environ, **quiet}, cwd=home, check=True, stdout=subprocess.PIPE, text=True, timeout=600
    )
    rates[name].append(json.loads(done.stdout.splitlines()[-1]))
    cpu[name].append(count / max(server.cpu_s() - before, 0.01))


def _wardian(home: Path):
    port = free_port()
    command = [str(Path(sys.executable).with_name("wardian")), "up", "--home", str(home), "--port", str(port)]
    return started(command, f"http://127.0.0.1:{port}/healthz")


def _mlflow(home: Path, binaries: Path):
    port = free_port()
    store = [
        "--backend-store-uri",
        f"sqlite:///{home / 'mlflow.db'}",
        "--artifacts-destination",
        str(home / "artifacts"),
    ]
    command = [str(binaries / "mlflow"), "server", "--host", "127.0.0.1", "--port", str(port), *store]
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "PATH": f"{binaries}:/usr/bin:/bin"}
    return started(command, f"http://127.0.0.1:{port}/health", env=quiet)


if __name__ == "__main__":
    main()
