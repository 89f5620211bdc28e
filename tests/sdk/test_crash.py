"""A server that is killed in the middle of a run, and comes back: the books are whole."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from wardian.sdk.client import Client
from wardian.sdk.connection import surroundings

pytestmark = pytest.mark.slow
STEPS = 3_000
TRAINING = f"""
import sys, time, wardian
run = wardian.init("demo", machine=None)
print("begins", flush=True)
for step in range({STEPS}):
    run.log({{"loss": 1 / (step + 1)}}, step=step)
    print(f"step {{step}}")
    if step % 100 == 0:
        run.log_text("note", f"at {{step}}", step=step)
    time.sleep(0.002)
assert run.finish()
"""


class Server:
    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self.process = None

    def start(self):
        command = [
            str(Path(sys.executable).with_name("wardian")),
            "up",
            "--home",
            str(self.home),
            "--port",
            str(self.port),
        ]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        deadline = time.monotonic() + 60
        while not self.healthy():
            assert self.process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def healthy(self):
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
            return answer.status == 200
        return False

    def end(self, how):
        os.kill(self.process.pid, how)
        self.process.wait(30)


@pytest.fixture
def platform(tmp_path):
    server = Server(tmp_path / "home")
    server.start()
    yield server
    if server.process.poll() is None:
        server.end(signal.SIGTERM)


def points(client, run):
    return sum(series["count"] for series in client.runs.metrics("demo", run) if series["key"] == "loss")


def test_no_point_is_lost_or_twice_when_the_server_dies_three_times(platform, tmp_path):
    known = surroundings({"WARDIAN_HOME": str(platform.home)}).connection()
    user = {
        "WARDIAN_HOME": str(tmp_path / "user"),
        "WARDIAN_URL": known.url,
        "WARDIAN_ACCESS_KEY": known.access_key,
        "WARDIAN_SECRET_KEY": known.secret_key,
    }
    training = subprocess.Popen(
        [sys.executable, "-c", TRAINING],
        env={**os.environ, **user},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert training.stdout.readline() == "begins\n"
    with Client(known.url, known.access_key, known.secret_key) as client:
        (run,) = [run["id"] for run in client.runs.list("demo")]
        for _ in range(3):
            before, deadline = points(client, run), time.monotonic() + 60
            while points(client, run) <= before and training.poll() is None:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            platform.end(signal.SIGKILL)
            time.sleep(0.3)
            platform.start()
        _, errors = training.communicate(timeout=120)
        assert training.returncode == 0, errors
        kept = client.runs.get("demo", run)
        assert kept["status"] == "succeeded"
        assert kept["metrics"]["loss"]["count"] == STEPS
        values = [(step, value) for step, _, value in client.runs.points("demo", run, "loss")]
        assert values == [(step, 1 / (step + 1)) for step in range(STEPS)]
        assert "".join(client.runs.log("demo", run)) == "begins\n" + "".join(f"step {n}\n" for n in range(STEPS))
        assert len(list(client.artifacts.list("demo", run, "media/"))) == STEPS // 100
