"""`wardian up` and what goes with it, as real processes."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

from tests.platform import wait_until
from wardian.cli import exits

pytestmark = pytest.mark.slow


class Machine:
    """A home and its command line."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WARDIAN_")}
        return subprocess.run(
            [sys.executable, "-m", "wardian", *words],
            env=kept | {"WARDIAN_HOME": str(self.home), "WARDIAN_PORT": "0"} | variables,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    def json(self, *words: str) -> Any:
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    @property
    def pid(self) -> int:
        return json.loads((self.home / "server.json").read_text())["pid"]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path / "home")
    yield machine
    machine.run("down")


def has_ended(pid: int) -> bool:
    """Gone, or a zombie that a container's first process never waits for."""
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_the_whole_life_of_a_server(machine: Machine):
    first = machine.run("up", "--detach")
    assert first.returncode == 0, first.stderr
    url = re.search(r"Web app +(\S+)", first.stdout)[1]  # type: ignore[index]
    assert re.search(r"Password +\S+ +\(shown this once\)", first.stdout)
    assert httpx2.get(f"{url}/readyz").status_code == 200
    assert stat.S_IMODE((machine.home / "cli.json").stat().st_mode) == 0o600

    again = machine.run("up", "--detach")
    assert (again.returncode, url in again.stdout, "runs already" in again.stdout) == (0, True, True)

    seen = machine.json("status")
    assert (seen["url"], seen["running"], "trouble" in seen) == (url, True, False)
    assert [each["name"] for each in machine.json("list", "projects")] == ["default"]

    ended = machine.run("down")
    assert ended.returncode == 0
    assert has_ended(seen["pid"])
    assert machine.run("status").returncode == exits.UNAVAILABLE
    assert machine.json("down")["ended"] is False

    second = machine.run("up", "--detach")
    assert "Password" not in second.stdout, "the password is shown once"
    assert machine.json("list", "projects"), "still signed in, on whatever port it has now"


def test_a_killed_server_leaves_a_home_that_starts_again(machine: Machine):
    assert machine.run("up", "--detach").returncode == 0
    pid = machine.pid
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: has_ended(pid))
    assert machine.run("status").returncode == exits.UNAVAILABLE
    assert machine.run("up", "--detach").returncode == 0
    assert machine.pid != pid


def test_in_the_foreground_it_serves_until_told_to_end(machine: Machine):
    environment = os.environ | {"WARDIAN_HOME": str(machine.home), "WARDIAN_PORT": "0"}
    with subprocess.Popen(
        [sys.executable, "-m", "wardian", "up"], env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        wait_until(lambda: "wardian down" in server.stdout.readline())
        assert machine.run("status").returncode == 0
        server.send_signal(signal.SIGINT)
        server.wait(20)
    assert not (machine.home / "server.json").exists()


def test_a_port_in_use_is_refused_before_anything_is_touched(machine: Machine):
    with socket.create_server(("127.0.0.1", 0)) as other:
        refused = machine.run("up", "--detach", "--port", str(other.getsockname()[1]))
    assert refused.returncode == exits.CONFLICT
    assert "is in use" in refused.stderr
    assert not machine.home.exists()


def test_a_server_that_dies_while_starting_shows_its_log(machine: Machine):
    """The schema cannot be made: a folder stands where the blobs' spool must be."""
    machine.home.mkdir()
    (machine.home / "cli.json").mkdir()
    failed = machine.run("up", "--detach")
    assert failed.returncode == exits.FAILED
    assert "cli.json" in failed.stderr
    assert "server.log" in failed.stderr


def test_the_admin_may_be_named_before(machine: Machine):
    done = machine.run("up", "--detach", WARDIAN_ADMIN_NAME="root", WARDIAN_ADMIN_PASSWORD="chosen-before")
    assert "chosen-before" not in done.stdout
    signed_in = httpx2.post(
        f"{machine.json('status')['url']}/api/v1/session", json={"name": "root", "password": "chosen-before"}
    )
    assert signed_in.status_code == 200


def test_a_command_line_signed_in_elsewhere_stays_so(machine: Machine):
    machine.home.mkdir()
    elsewhere = {"url": "https://elsewhere.example", "access_key": "a", "secret_key": "s"}
    (machine.home / "cli.json").write_text(json.dumps(elsewhere))
    assert "signed in at https://elsewhere.example" in machine.run("up", "--detach").stdout
    assert json.loads((machine.home / "cli.json").read_text()) == elsewhere
