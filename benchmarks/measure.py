"""What a process tree costs, and servers started for a measurement."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Started:
    process: psutil.Process
    url: str
    wall_s: float
    """From the start of the command to the first healthy answer."""

    def cpu_s(self) -> float:
        """User and system time of the whole tree, children that ended included."""
        total = 0.0
        for process in self._tree():
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
        return total

    def memory_mb(self) -> float:
        """Proportional set size of the tree: shared pages count once."""
        return sum(process.memory_full_info().pss for process in self._tree()) / 1e6

    def _tree(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def started(
    command: Sequence[str], url: str, *, env: dict[str, str] | None = None, limit_s: float = 240
) -> Generator[Started]:
    """The command, running and healthy at `url`; its whole session is ended afterwards."""
    began = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env={**os.environ, **(env or {})}, start_new_session=True, **quiet)
    try:
        while not _healthy(url):
            if process.poll() is not None or time.perf_counter() - began > limit_s:
                raise RuntimeError(f"{command[0]} did not become healthy")
            time.sleep(0.01)
        yield Started(psutil.Process(process.pid), url, time.perf_counter() - began)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
