"""A home and its command line: real `wardian` processes on a folder, a port and variables of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.platform import wait_until
from wardian.sdk.client import Client
from wardian.sdk.nouns import ENDED
from wardian.sdk.sign_in import SignIn

WARDIAN = str(Path(sys.executable).with_name("wardian"))
DEADLINE_S = 120
PROJECT = "default"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def has_ended(pid: int) -> bool:
    """Gone, or a zombie that a container's first process never waits for."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


class Home:
    """One platform, always on the same port, so that what runs finds it again after a kill."""

    def __init__(self, folder: Path, *options: str, **variables: str) -> None:
        self.folder = folder
        self.options = options
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WARDIAN_")}
        cache = os.environ.get("UV_CACHE_DIR") or str(Path.home() / ".cache" / "uv")
        own = {
            "HOME": str(folder.parent),
            "WARDIAN_HOME": str(folder),
            "WARDIAN_PORT": str(self.port),
            "UV_OFFLINE": "1",
            "UV_CACHE_DIR": cache,
        }
        self.variables = kept | own | variables

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wardian(self, *words: str, expected: int = 0, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """One command line, carried out; it must end with the expected status."""
        done = subprocess.run(
            [WARDIAN, *words],
            env=self.variables,
            cwd=self.folder.parent,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
        assert done.returncode == expected, f"{words} ended with {done.returncode}: {done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def refusal(self, *words: str, expected: int) -> str:
        """Why a command line was refused: one sentence on standard error, and nothing else."""
        done = self.wardian(*words, expected=expected)
        assert done.stdout == ""
        assert done.stderr.startswith("wardian: ")
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr

    def json(self, *words: str, expected: int = 0) -> Any:
        return json.loads(self.wardian(*words, "--json", expected=expected).stdout)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A command line that goes on beside the test; use it in a `with`."""
        return subprocess.Popen(
            [WARDIAN, *words], env=self.variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def up(self) -> None:
        self.wardian("up", "--detach", *self.options)

    @property
    def pid(self) -> int:
        return json.loads((self.folder / "server.json").read_text())["pid"]

    def kill(self) -> None:
        """kill -9 of the server, as a crash does it."""
        pid = self.pid
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: has_ended(pid))

    def client(self) -> Client:
        kept = SignIn(self.folder).read()
        return Client(self.url, kept["access_key"], kept["secret_key"])

    def ended(self, run: str) -> dict[str, Any]:
        """The run once it has ended."""
        with self.client() as client:
            wait_until(lambda: client.runs.get(PROJECT, run)["status"] in ENDED, DEADLINE_S)
            return client.runs.get(PROJECT, run)

    def points(self, run: str, key: str) -> list[tuple[int, float]]:
        with self.client() as client:
            return [(step, value) for step, _, value in client.runs.points(PROJECT, run, key)]

    def log(self, run: str) -> str:
        return self.wardian("logs", run).stdout

    def books(self) -> tuple[int, ...]:
        """How many runs, workloads and events there are, once that stays: the trail is a moment behind."""
        before, now = (), self._counted()
        while before != now:
            time.sleep(0.3)
            before, now = now, self._counted()
        return now

    def _counted(self) -> tuple[int, ...]:
        with self.client() as client:
            nouns = (client.runs.list(PROJECT), client.workloads.list(), client.events.list())
            return tuple(len(list(noun)) for noun in nouns)


@contextmanager
def running(folder: Path, *options: str, **variables: str) -> Iterator[Home]:
    """A home whose server runs, started with these options of `up`; it is ended at the end, with what it runs."""
    home = Home(folder, *options, **variables)
    try:
        home.up()
        yield home
        home.up()  # a story may end with a dead server; where one runs this changes nothing
        end_workloads(home)
    finally:
        home.wardian("down")


def end_workloads(home: Home) -> None:
    """Ending the server leaves what it runs; a test must not."""
    with home.client() as client:
        for workload in client.workloads.list():
            if workload["status"] not in ENDED | {"stopping"}:
                client.workloads.stop(workload["project"], workload["id"])
        wait_until(lambda: all(each["status"] in ENDED for each in client.workloads.list()), DEADLINE_S)


def program(folder: Path, files: Mapping[str, str]) -> str:
    """Write a program into a folder, freed of the indent that its text has in a test; returns where it is."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(textwrap.dedent(text).lstrip("\n"))
    return str(folder)
