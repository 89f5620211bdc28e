"""What `run.log` costs the thread that trains, beside MLflow's client: one metric a call, no server in the way.

Ours records offline (the server is never in the caller's path anyway); MLflow's writes to its own SQLite file, both as
its default (synchronous) and with its asynchronous logging.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.peers import peer
from benchmarks.report import row, spread

ROUNDS = 3
CALLS = {"ours": 200_000, "mlflow": 200, "mlflow async": 2_000}
_OURS = """
import json, sys, time, wardian
run = wardian.init(project="bench", offline=True, console=False, machine=None)
calls = int(sys.argv[1])
for step in range(1000):
    run.log({"loss": 0.5}, step=step)
wall, cpu = time.perf_counter(), time.thread_time()
for step in range(calls):
    run.log({"loss": 0.5}, step=step)
print(json.dumps({"wall": (time.perf_counter() - wall) / calls * 1e6, "cpu": (time.thread_time() - cpu) / calls * 1e6}))
run.finish()
"""
_MLFLOW = """
import json, sys, time, mlflow
calls, later = int(sys.argv[1]), sys.argv[2] == "async"
mlflow.set_tracking_uri("sqlite:///" + sys.argv[3])
with mlflow.start_run():
    for step in range(5):
        mlflow.log_metric("loss", 0.5, step=step, synchronous=not later)
    wall, cpu = time.perf_counter(), time.thread_time()
    for step in range(calls):
        mlflow.log_metric("loss", 0.5, step=step, synchronous=not later)
    wall, cpu = time.perf_counter() - wall, time.thread_time() - cpu
print(json.dumps({"wall": wall / calls * 1e6, "cpu": cpu / calls * 1e6}))
"""
Figures = dict[str, dict[str, list[float]]]


def main() -> None:
    mlflow = peer("mlflow")
    figures: Figures = {name: {"wall": [], "cpu": []} for name in CALLS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            _note(figures, "ours", [sys.executable, "-c", _OURS, str(CALLS["ours"])], folder)
            for name in ("mlflow", "mlflow async") if mlflow else ():
                later = name.rpartition(" ")[2]
                store = str(Path(folder, "mlflow.db"))
                _note(figures, name, [str(mlflow / "python"), "-c", _MLFLOW, str(CALLS[name]), later, store], folder)
    for kind in ("wall", "cpu"):
        ours = figures["ours"][kind]
        told = {name: statistics.median(figures[name][kind]) for name in CALLS if name != "ours" and mlflow}
        row(f"log() on the caller's thread, {kind}", statistics.median(ours), "µs", target="under 10")
        print(f"    ours {spread(ours)}")
        for name, theirs in told.items():
            row(f"    beside {name}", statistics.median(ours), "µs", peer=(name, theirs))


def _note(figures: Figures, name: str, command: list[str], folder: str) -> None:
    quiet = {"WARDIAN_HOME": folder, "WARDIAN_QUIET": "1", "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
    done = subprocess.run(
        command, env={**os.environ, **quiet}, cwd=folder, check=True, stdout=subprocess.PIPE, text=True, timeout=600
    )
    for kind, figure in json.loads(done.stdout.splitlines()[-1]).items():
        figures[name][kind].append(figure)


if __name__ == "__main__":
    main()
