"""Predictions a second: the digits classifier, one row of 64 numbers as JSON; MLServer without worker processes beside.

Ours is measured twice: the model server itself, and through the platform's main port, where requests are signed in,
routed and counted.
"""

import json
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

from benchmarks.measure import free_port, started
from benchmarks.peers import peer
from benchmarks.report import row

CONNECTIONS = (1, 16)
TARGETS = {1: "at least 3×", 16: "at least 8×"}
SECONDS = 4
ROUNDS = 3

TRAIN = """
import pickle, sys
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
data = load_digits()
pickle.dump(LogisticRegression(max_iter=300).fit(data.data / 16, data.target), open(sys.argv[1], "wb"))
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        body = folder / "body.json"
        pixels = (load_digits().data[0] / 16).tolist()
        tensor = {"name": "input", "datatype": "FP64", "shape": [1, 64], "data": pixels}
        body.write_text(json.dumps({"inputs": [tensor]}))
        servers = {"model server": _model_server(folder / "ours"), "MLServer": _mlserver(folder / "theirs")}
        rates: dict[tuple[str, int], list[float]] = {}
        for turn in range(ROUNDS):
            for server in sorted(servers, reverse=bool(turn % 2)):
                for connections, rate in _measured(server, servers[server], body):
                    rates.setdefault((server, connections), []).append(rate)
        for connections in CONNECTIONS:
            theirs = max(rates.get(("MLServer", connections), [0.0]))
            row(
                f"model server, {connections} connection(s), best of {ROUNDS}",
                max(rates["model server", connections]),
                "predictions/s",
                peer=("MLServer", theirs) if theirs else None,
                target=TARGETS[connections],
            )
