"""From the command to the first healthy answer, with its CPU and memory; beside `mlflow server`, alternating."""

import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Started, free_port, started
from benchmarks.peers import peer
from benchmarks.report import row, spread

ROUNDS = 3
Figures = dict[str, list[float]]


def main() -> None:
    mlflow = peer("mlflow")
    ours: Figures = {"wall": [], "cpu": [], "memory": []}
    theirs: Figures = {"wall": [], "cpu": [], "memory": []}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for round_ in range(ROUNDS + 1):  # the first warms the disk and makes the databases
            for figures, start in ((ours, _wardian), (theirs, _mlflow)):
                if start is _mlflow and mlflow is None:
                    continue
                with start(home, mlflow) as server:
                    if round_:
                        _note(figures, server)
    for name, unit, target in (("wall", "s", "5x mlflow"), ("cpu", "s", "under 2"), ("memory", "MB", "under 150")):
        told = ("mlflow", statistics.median(theirs[name])) if theirs[name] else None
        row(f"start to healthy, {name}", statistics.median(ours[name]), unit, peer=told, target=target)
        print(f"    ours {spread(ours[name])}" + (f"; mlflow {spread(theirs[name])}" if theirs[name] else ""))


def _wardian(home: Path, _: Path | None):
    port = free_port()
    wardian = str(Path(sys.executable).with_name("wardian"))
    command = [wardian, "up", "--home", str(home / "wardian"), "--port", str(port)]
    return started(command, f"http://127.0.0.1:{port}/healthz")


def _mlflow(home: Path, binaries: Path | None):
    assert binaries is not None
    port = free_port()
    store = ["--backend-store-uri", f"sqlite:///{home / 'mlflow.db'}"]
    files = ["--artifacts-destination", str(home / "artifacts")]
    command = [str(binaries / "mlflow"), "server", "--host", "127.0.0.1", "--port", str(port), *store, *files]
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "PATH": f"{binaries}:/usr/bin:/bin"}
    return started(command, f"http://127.0.0.1:{port}/health", env=quiet)


def _note(figures: Figures, server: Started) -> None:
    figures["wall"].append(server.wall_s)
    figures["cpu"].append(server.cpu_s())
    figures["memory"].append(server.memory_mb())


if __name__ == "__main__":
    main()
