"""The shim, as the executor starts it: a process of its own, spoken to through files and signals only."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wardian.runner import shim

_SHIM = Path(shim.__file__)
_ENDED_IN_S = 30


def until(what: Callable[[], Any], within_s: float = _ENDED_IN_S) -> Any:
    """Wait for a condition; what it returned."""
    deadline = time.monotonic() + within_s
    while not (seen := what()):
        assert time.monotonic() < deadline, f"waited {within_s} s in vain"
        time.sleep(0.02)
    return seen


def alive(pid: int) -> bool:
    return shim.identity(pid) is not None


class Attempt:
    """One folder and the shims started for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str, inherited: tuple[int, ...] = (), **order: Any) -> "Attempt":
        fields = {
            "command": list(command),
            "variables": dict(os.environ),
            "folder": str(self.folder),
            "grace_s": 5.0,
        } | order
        (self.folder / "order.json").write_text(json.dumps(fields))
        return self.launch(*inherited)

    def python(self, code: str, **order: Any) -> "Attempt":
        return self.start(sys.executable, "-c", code, **order)

    def launch(self, *inherited: int) -> "Attempt":
        command = [sys.executable, "-IS", _SHIM, self.folder]
        self.started.append(subprocess.Popen(command, start_new_session=True, pass_fds=inherited))
        return self

    @property
    def state(self) -> dict[str, Any]:
        try:
            return json.loads((self.folder / "state.json").read_text())
        except FileNotFoundError:
            return {}

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def ended(self) -> dict[str, Any]:
        return until(lambda: self.state.get("phase") == "finished" and self.state)

    def said(self, text: str) -> str:
        """Wait until the log holds this."""
        return until(lambda: (self.folder / "log").exists() and text in self.log and self.log)


@pytest.fixture
def attempt(tmp_path: Path) -> Iterator[Attempt]:
    one = Attempt(tmp_path)
    yield one
    for process in one.started:
        for pid in shim.descendants(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.kill()
        process.wait(10)


class TestAnEnd:
    def test_success_leaves_status_and_log(self, attempt: Attempt) -> None:
        state = attempt.python(
            "print('hello'); import sys; print('there', file=sys.stderr)", header="-- attempt 0"
        ).ended()
        assert (state["exit_code"], state["ended_by"], state["reason"]) == (0, "exit", "")
        assert attempt.log == "-- attempt 0\nhello\nthere\n"
        assert state["started"] <= state["finished"]

    def test_a_failure_has_its_status(self, attempt: Attempt) -> None:
        state = attempt.python("raise SystemExit(3)").ended()
        assert (state["exit_code"], state["reason"]) == (3, "ended with exit status 3")

    def test_a_signal_has_its_name(self, attempt: Attempt) -> None:
        state = attempt.python("import os; os.kill(os.getpid(), 11)").ended()
        assert (state["exit_code"], state["signal"], state["reason"]) == (None, 11, "ended by signal SIGSEGV")

    def test_a_command_that_is_not_there_says_so(self, attempt: Attempt) -> None:
        state = attempt.start("no-such-program").ended()
        assert (state["ended_by"], state["exit_code"]) == ("start", None)
        assert state["reason"] == "cannot start 'no-such-program': No such file or directory"

    def test_bytes_arrive_as_they_were(self, attempt: Attempt) -> None:
        attempt.python(r"import sys; sys.stdout.buffer.write(b'\xff\x00\r\n' * 100_000)").ended()
        assert (attempt.folder / "log").read_bytes() == b"\xff\x00\r\n" * 100_000

    def test_the_log_has_a_limit_and_says_so(self, attempt: Attempt) -> None:
        attempt.python("print('x' * 99); " * 100, log_limit=1024).ended()
        assert attempt.log.endswith("[wardian] the log reached 1 KiB; what follows is not kept\n")
        assert len(attempt.log) < 1200


class TestPreparing:
    def test_comes_first_with_variables_of_its_own(self, attempt: Attempt) -> None:
        code = "import os; print(sorted(k for k in os.environ if k in 'AB'))"
        step = [sys.executable, "-c", code]
        state = attempt.start(*step, prepare=[step], prepare_variables={"A": "1"}, variables={"B": "1"}).ended()
        assert state["exit_code"] == 0
        assert attempt.log == "['A']\n['B']\n"

    def test_a_failure_ends_the_attempt_with_its_last_words(self, attempt: Attempt) -> None:
        code = "print('looking', flush=True); raise SystemExit('no such package')"
        state = attempt.python("print('never')", prepare=[[sys.executable, "-c", code]]).ended()
        assert (state["ended_by"], state["exit_code"], state["started"]) == ("prepare", None, None)
        assert state["reason"].endswith("no such package")
        assert "never" not in attempt.log


_FAMILY = """
import os, signal, sys, time
if os.fork() == 0:                      # a child that daemonises: new session, parent gone
    os.setsid()
    if os.fork():
        os._exit(0)
    {daemon}
    print('daemon', os.getpid(), flush=True)
    while True: time.sleep(60)
print('main', os.getpid(), flush=True)
{main}
"""


def pids(log: str) -> list[int]:
    return [int(line.split()[1]) for line in log.splitlines() if line.startswith(("daemon ", "main "))]


class TestTheTree:
    def test_a_stop_reaches_a_daemonised_grandchild(self, attempt: Attempt) -> None:
        attempt.python(_FAMILY.format(daemon="", main="time.sleep(600)"))
        family = until(lambda: (attempt.folder / "log").exists() and len(found := pids(attempt.log)) == 2 and found)
        assert all(map(alive, family))
        os.kill(attempt.state["shim"], signal.SIGTERM)
        state = attempt.ended()
        assert (state["ended_by"], state["reason"], state["signal"]) == ("stop", "stopped", 15)
        assert not any(map(alive, family))

    def test_one_that_ignores_the_signal_is_killed_after_the_grace(self, attempt: Attempt) -> None:
        deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
        main = f"{deaf}; print('deaf', flush=True)\nwhile True: time.sleep(60)"
        attempt.python(_FAMILY.format(daemon=deaf, main=main), grace_s=0.5)
        attempt.said("deaf")
        family = until(lambda: len(found := pids(attempt.log)) == 2 and found)
        (attempt.folder / "stop").touch()
        assert attempt.ended()["ended_by"] == "stop"
        assert not any(map(alive, family))

    def test_what_outlives_its_command_is_ended_and_the_status_kept(self, attempt: Attempt) -> None:
        main = "while not os.path.exists('up'): time.sleep(0.01)\nraise SystemExit(4)"
        attempt.python(_FAMILY.format(daemon="open('up', 'w').close()", main=main))
        state = attempt.ended()
        assert (state["ended_by"], state["exit_code"]) == ("exit", 4)
        assert not any(map(alive, pids(attempt.log)))

    def test_a_program_may_end_itself_cleanly_when_stopped(self, attempt: Attempt) -> None:
        code = "import signal, time, sys\nsignal.signal(15, lambda *_: (print('saved'), sys.exit(0)))\n"
        code += "print('up', flush=True)\ntime.sleep(600)"
        attempt.python(code).said("up")
        (attempt.folder / "stop").touch()
        state = attempt.ended()
        assert (state["ended_by"], state["exit_code"]) == ("stop", 0)
        assert "saved" in attempt.log


class TestLimits:
    def test_a_deadline_ends_it(self, attempt: Attempt) -> None:
        state = attempt.python("import time; time.sleep(600)", deadline_s=0.5).ended()
        assert (state["ended_by"], state["reason"]) == ("deadline", "deadline: it ran longer than 0.5 s")

    def test_a_deadline_in_the_past_starts_nothing(self, attempt: Attempt) -> None:
        state = attempt.python("print('never')", deadline=time.time() - 1, deadline_s=5).ended()
        assert (state["ended_by"], state["started"]) == ("deadline", None)
        assert "never" not in attempt.log

    def test_memory_counts_the_whole_tree(self, attempt: Attempt) -> None:
        hold = "x = bytearray(80 << 20); import time; time.sleep(600)"
        code = f"import subprocess, sys\nfor _ in range(2): subprocess.Popen([sys.executable, '-c', {hold!r}])\n{hold}"
        state = attempt.python(code, memory=128 << 20).ended()
        assert (state["ended_by"], state["reason"]) == ("memory", "killed: out of memory at 128 MiB")

    def test_memory_that_is_shared_counts_once(self, attempt: Attempt) -> None:
        code = "import os, time\nx = bytearray(b'1' * (60 << 20))\nfor _ in range(3):\n"
        code += "    if os.fork() == 0: time.sleep(1); os._exit(0)\nfor _ in range(3): os.wait()"
        assert attempt.python(code, memory=128 << 20).ended()["ended_by"] == "exit"


class TestOnlyOnce:
    def test_a_second_shim_leaves_the_attempt_alone(self, attempt: Attempt) -> None:
        attempt.python("print('once', flush=True); import time; time.sleep(600)").said("once")
        attempt.launch().started[-1].wait(10)
        os.kill(attempt.started[0].pid, signal.SIGTERM)
        attempt.ended()
        attempt.launch().started[-1].wait(10)
        assert attempt.log.count("once") == 1

    def test_nothing_that_the_server_had_open_lives_on(self, attempt: Attempt) -> None:
        read, write = os.pipe()
        attempt.python("print('up', flush=True); import time; time.sleep(600)", inherited=(write,)).said("up")
        os.close(write)
        assert select.select([read], [], [], _ENDED_IN_S)[0]
        assert os.read(read, 1) == b""
        os.close(read)

    def test_a_pid_is_known_by_its_start(self) -> None:
        mine = shim.identity(os.getpid())
        assert mine is not None
        assert mine == shim.identity(os.getpid())
        assert mine != shim.identity(1)

    def test_an_ended_process_has_no_identity(self) -> None:
        child = subprocess.Popen([sys.executable, "-IS", "-c", ""])
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # a zombie now
        assert shim.identity(child.pid) is None
        child.wait(10)
        assert shim.identity(child.pid) is None
