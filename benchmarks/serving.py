"""Predictions a second: digits classifier, one row of 64 numbers as JSON; beside MLServer without worker processes."""

import json
import pickle
import subprocess
import sys
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

from benchmarks.measure import Started, free_port, started
from benchmarks.peers import peer
from benchmarks.report import row

CONNECTIONS = {1: "3 times MLServer", 16: "8 times MLServer"}
SECONDS = 4
ROUNDS = 3
_TRAIN = """
import joblib, sys
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
data = load_digits()
joblib.dump(LogisticRegression(max_iter=300).fit(data.data / 16, data.target), sys.argv[1])
"""
Figures = dict[int, list[dict[str, float]]]


def main() -> None:
    mlserver = peer("mlserver")
    ours: Figures = {connections: [] for connections in CONNECTIONS}
    theirs: Figures = {connections: [] for connections in CONNECTIONS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        body = folder / "body.json"
        pixels = (load_digits().data[0] / 16).tolist()
        tensor = {"name": "input", "datatype": "FP64", "shape": [1, 64], "data": pixels}
        body.write_text(json.dumps({"inputs": [tensor]}))
        for round_ in range(ROUNDS):
            turns = [(ours, _ours), (theirs, _mlserver)]
            for figures, start in turns if round_ % 2 else reversed(turns):
                if start is _mlserver and mlserver is None:
                    continue
                with start(folder, mlserver) as server:
                    _measure(figures, server, body)
    for connections, target in CONNECTIONS.items():
        rate, best = _best(ours, connections)
        peers = _best(theirs, connections) if theirs[connections] else None
        told = ("MLServer", peers[0]) if peers else None
        row(f"predictions, {connections} connection(s), best of {ROUNDS} rounds", rate, "/s", peer=told, target=target)
        cpu = min(seen["cpu_us"] for seen in ours[connections])
        told = ("MLServer", min(seen["cpu_us"] for seen in theirs[connections])) if peers else None
        row(f"server CPU a prediction, {connections} connection(s)", cpu, "us", peer=told)
        print(f"    ours p50 {best['p50_ms']:.2f} ms, p99 {best['p99_ms']:.2f} ms", end="")
        print(f"; MLServer p50 {peers[1]['p50_ms']:.2f} ms, p99 {peers[1]['p99_ms']:.2f} ms" if peers else "")


def _measure(figures: Figures, server: Started, body: Path) -> None:
    url = f"{server.url.removesuffix('/v2/health/ready')}/v2/models/digits/infer"
    for connections in CONNECTIONS:
        before = server.cpu_s()
        command = [sys.executable, "-m", "benchmarks.load", url, str(connections), str(SECONDS), str(body)]
        answer = subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS + 60)
        seen = json.loads(answer.stdout)
        seen["cpu_us"] = 1e6 * (server.cpu_s() - before) / seen["sent"]
        if seen["failures"]:
            raise RuntimeError(f"{seen['failures']} predictions failed at {url}")
        figures[connections].append(seen)


def _best(figures: Figures, connections: int) -> tuple[float, dict[str, float]]:
    best = max(figures[connections], key=lambda seen: seen["per_second"])
    return best["per_second"], best


def _ours(folder: Path, _: Path | None) -> AbstractContextManager[Started]:
    model = folder / "ours"
    if not model.exists():
        model.mkdir()
        data = load_digits()
        classifier = LogisticRegression(max_iter=300).fit(data.data / 16, data.target)
        (model / "model.pkl").write_bytes(pickle.dumps(classifier))
        tensors = {"inputs": [{"name": "input", "datatype": "FP64", "shape": [-1, 64]}]}
        manifest = {"flavour": "sklearn", "file": "model.pkl", "signature": tensors}
        (model / "model.json").write_text(json.dumps(manifest))
    port = free_port()
    command = [sys.executable, "-m", "wardian.serving.runtime", "--model", str(model), "--name", "digits"]
    return started([*command, "--version", "1", "--port", str(port)], f"http://127.0.0.1:{port}/v2/health/ready")


def _mlserver(folder: Path, binaries: Path | None) -> AbstractContextManager[Started]:
    assert binaries is not None
    model = folder / "theirs"
    if not model.exists():
        model.mkdir()
        subprocess.run([str(binaries / "python"), "-c", _TRAIN, str(model / "model.joblib")], check=True, timeout=120)
        implementation = {"implementation": "mlserver_sklearn.SKLearnModel", "parameters": {"uri": "./model.joblib"}}
        (model / "model-settings.json").write_text(json.dumps({"name": "digits", **implementation}))
    ports = {"http_port": free_port(), "grpc_port": free_port(), "metrics_port": free_port()}
    settings = {"host": "127.0.0.1", "parallel_workers": 0, "debug": False, **ports}
    (model / "settings.json").write_text(json.dumps(settings))
    url = f"http://127.0.0.1:{ports['http_port']}/v2/health/ready"
    return started([str(binaries / "mlserver"), "start", str(model)], url)


if __name__ == "__main__":
    main()
