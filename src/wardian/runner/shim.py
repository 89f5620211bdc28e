"""Keeps one attempt of a workload alive, logged and ended, whatever becomes of the server that ordered it.

    python -I shim.py FOLDER

Only the standard library, so that it starts quickly and never needs an environment. What passes through FOLDER:

    order.json   in    what to run (`Order`)
    stop         in    exists: end the attempt
    log          out   stdout and stderr of everything in the tree, as it came
    state.json   out   who runs (pid and start time) and, at last, how it ended; replaced atomically
    lock         own   held while the shim lives: a second shim for the same folder leaves at once

An attempt is begun at most once: a shim that finds a state.json leaves it alone.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

_PR_SET_CHILD_SUBREAPER = 36
_LOOK_S = 0.25
"""How often the stop file, the deadline and the memory are looked at; signals and output wake at once."""
_LEFTOVER_GRACE_S = 2.0
"""What processes get that outlive the command they belong to."""
_DRAIN_S = 2.0
"""How long a pipe is read on when somebody outside the tree keeps it open."""
_TAIL = 2000


@dataclass
class Order:
    """What the server asks for. Unknown keys are refused: server and shim are of one version."""

    command: list[str]
    variables: dict[str, str]
    """The whole environment of the command, not additions to ours."""
    folder: str
    prepare: list[list[str]] = field(default_factory=list[list[str]])
    """Run first, in order; one that fails ends the attempt with its last words as the reason."""
    prepare_variables: dict[str, str] = field(default_factory=dict[str, str])
    header: str = ""
    """First line of the log."""
    memory: int = 0
    """Bytes the tree may hold; 0 is no limit."""
    deadline_s: float | None = None
    """How long the command may run."""
    deadline: float | None = None
    """When that is over, in seconds since the epoch; None until the first attempt starts its command."""
    grace_s: float = 10.0
    log_limit: int = 256 << 20


@dataclass
class State:
    """What state.json holds. Times are seconds since the epoch."""

    shim: int
    shim_started: str
    """With `shim` it names one process for ever, as `identity` gives it."""
    phase: str = "preparing"
    """preparing, running, stopping, finished."""
    child: int | None = None
    started: float | None = None
    finished: float | None = None
    exit_code: int | None = None
    signal: int | None = None
    ended_by: str | None = None
    """exit, stop, deadline, memory, prepare, start (the command could not be started), error (the shim failed)."""
    reason: str = ""


def identity(pid: int) -> str | None:
    """When this process started, in words that no later process with the same pid shares; None if it is gone."""
    if sys.platform == "linux":
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
            boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        except OSError:
            return None
        fields = stat[stat.rindex(")") + 2 :].split()
        return None if fields[0] in "ZX" else f"{boot}/{fields[19]}"
    line = _ps(["-o", "stat=,lstart=", "-p", str(pid)]).strip()
    return None if not line or line.startswith("Z") else line.split(maxsplit=1)[1]


def descendants(pid: int) -> list[int]:
    """Every process below this one."""
    table: dict[int, tuple[int, int]] = {} if sys.platform == "linux" else _table()
    found: list[int] = []
    todo = [pid]
    while todo:
        parent = todo.pop()
        children = _children(parent) or [child for child, (above, _) in table.items() if above == parent]
        found += children
        todo += children
    return found


def memory_of(pids: list[int]) -> int:
    """Bytes these processes hold together, pages they share counted for each."""
    if sys.platform != "linux":
        table = _table()
        return sum(table[pid][1] for pid in pids if pid in table)
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError, IndexError):
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return total


def exact_memory_of(pids: list[int]) -> int:
    """As `memory_of`, with shared pages divided among those that share them; dearer, so asked only near a limit."""
    if sys.platform != "linux":
        return memory_of(pids)
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
        except (OSError, StopIteration):
            total += memory_of([pid])
    return total


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError):
                found += map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split())
    return found


def _ps(arguments: list[str]) -> str:
    try:
        done = subprocess.run(["ps", *arguments], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603, S607
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def _table() -> dict[int, tuple[int, int]]:
    """Where there is no /proc: pid → parent, bytes."""
    rows = (map(int, line.split()) for line in _ps(["-A", "-o", "pid=,ppid=,rss="]).splitlines())
    return {pid: (parent, kibibytes * 1024) for pid, parent, kibibytes in rows}


def human_bytes(size: int) -> str:
    for unit, factor in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size >= factor:
            return f"{size / factor:.4g} {unit}"
    return f"{size} bytes"


class Log:
    """Appends raw bytes up to a limit. A full disk loses output, never the attempt."""

    def __init__(self, path: Path, limit: int) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._left = limit - os.fstat(self._file).st_size
        self._limit = limit
        self.tail = b""
        """The last bytes written, for a reason."""

    def write(self, data: bytes) -> None:
        self.tail = (self.tail + data)[-_TAIL:]
        if self._left <= 0:
            return
        kept = data[: self._left]
        self._left -= len(data)
        if self._left <= 0:
            kept += f"\n[wardian] the log reached {human_bytes(self._limit)}; what follows is not kept\n".encode()
        with contextlib.suppress(OSError):
            while kept:
                kept = kept[os.write(self._file, kept) :]

    def last_words(self) -> str:
        lines = [line.strip() for line in self.tail.decode(errors="replace").splitlines() if line.strip()]
        return "\n".join(lines[-6:])

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.fsync(self._file)
        os.close(self._file)


class Shim:
    """One attempt from order to end."""

    def __init__(self, folder: Path, order: Order) -> None:
        self._folder = folder
        self._order = order
        self._log = Log(folder / "log", order.log_limit)
        self._state = State(shim=os.getpid(), shim_started=identity(os.getpid()) or "")
        self._stop_asked = False
        self._ending: tuple[str, str] | None = None
        """Why we end the tree: `ended_by` and the reason; None while nobody asked."""
        self._kill_at = float("inf")
        self._woken, wake = os.pipe()
        for end in (self._woken, wake):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGCHLD, _wake_only)

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_asked = True

    def run(self) -> None:
        order = self._order
        self._save()
        if order.header:
            self._log.write(order.header.encode() + b"\n")
        try:
            for command in order.prepare:
                if not self._execute(command, order.prepare_variables, phase="preparing"):
                    break
            else:
                self._execute(order.command, order.variables, phase="running")
        except Exception as error:  # noqa: BLE001  whatever fails here, the attempt must not be left without an end
            for pid in descendants(os.getpid()):
                _send(pid, signal.SIGKILL)
            self._state.ended_by, self._state.reason = "error", f"its supervisor failed: {error!r}"
        self._log.close()
        self._state.phase, self._state.finished = "finished", time.time()
        self._save()

    def _save(self) -> None:
        """Retries for a minute: an end that cannot be written down would be an attempt that is lost."""
        for _ in range(60):
            try:
                write_atomically(self._folder / "state.json", json.dumps(vars(self._state)).encode())
            except OSError:
                time.sleep(1)
            else:
                return

    def _execute(self, command: list[str], variables: dict[str, str], phase: str) -> bool:
        """Run one command until nothing of its tree is left; True if it succeeded and nobody asked to end."""
        state = self._state
        self._look()
        if self._ending is not None:
            state.ended_by, state.reason = self._ending
            return False
        out, into = os.pipe()
        try:
            child = subprocess.Popen(  # noqa: S603  running what the order says is what a shim is for
                command,
                cwd=self._order.folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=into,
                stderr=into,
                process_group=0,
            )
        except (OSError, ValueError) as error:
            os.close(out)
            why = error.strerror if isinstance(error, OSError) else str(error)
            state.ended_by, state.reason = "start", f"cannot start {command[0]!r}: {why}"
            self._log.write(f"[wardian] {state.reason}\n".encode())
            return False
        finally:
            os.close(into)
        state.phase, state.child = phase, child.pid
        if phase == "running":
            state.started = time.time()
            if self._order.deadline is None and self._order.deadline_s is not None:
                self._order.deadline = state.started + self._order.deadline_s
        self._save()
        status = self._follow(child.pid, out)
        child.returncode = status  # reaped here, not by Popen
        os.close(out)
        return self._conclude(status, phase)

    def _follow(self, child: int, out: int) -> int:
        """Copy output and keep the limits until the whole tree has ended; the command's exit status."""
        status: int | None = None
        still_open = True
        next_look = 0.0
        drain_until = float("inf")
        while True:
            still_open = self._copy(out, still_open)
            ended, empty = _reap(child)
            if ended is not None:
                status = ended
                if self._ending is None:
                    self._end_tree(min(_LEFTOVER_GRACE_S, self._order.grace_s))
            now = time.monotonic()
            if empty and status is not None:
                drain_until = min(drain_until, now + _DRAIN_S)
                if not still_open or now >= drain_until:
                    return status
            if now >= next_look or self._stop_asked:
                next_look = now + _LOOK_S
                self._enforce(alive=status is None)

    def _copy(self, out: int, still_open: bool) -> bool:
        """Wait for output, a signal or a little time, and log what came; False once nobody can write any more."""
        ready, _, _ = select.select([out, self._woken] if still_open else [self._woken], [], [], _LOOK_S)
        if self._woken in ready:
            os.read(self._woken, 4096)
        if out not in ready:
            return still_open
        data = os.read(out, 1 << 16)
        self._log.write(data)
        return bool(data)

    def _enforce(self, alive: bool) -> None:
        if alive:
            self._look()
        if time.monotonic() >= self._kill_at:
            for pid in descendants(os.getpid()):
                _send(pid, signal.SIGKILL)

    def _look(self) -> None:
        """Ask the tree to end when somebody or a limit wants it."""
        if self._ending is not None:
            return
        order = self._order
        if self._stop_asked or (self._folder / "stop").exists():
            self._end("stop", "stopped")
        elif order.deadline is not None and time.time() >= order.deadline:
            self._end("deadline", f"deadline: it ran longer than {order.deadline_s or 0:g} s")
        elif order.memory:
            tree = descendants(os.getpid())
            if memory_of(tree) > order.memory and exact_memory_of(tree) > order.memory:
                self._end("memory", f"killed: out of memory at {human_bytes(order.memory)}", grace_s=0)

    def _end(self, ended_by: str, reason: str, grace_s: float | None = None) -> None:
        self._ending = (ended_by, reason)
        self._log.write(f"[wardian] {reason}\n".encode())
        if self._state.child is not None:
            self._state.phase = "stopping"
            self._save()
        self._end_tree(self._order.grace_s if grace_s is None else grace_s)

    def _end_tree(self, grace_s: float) -> None:
        first = signal.SIGTERM if grace_s > 0 else signal.SIGKILL
        for pid in descendants(os.getpid()):
            _send(pid, first)
        self._kill_at = time.monotonic() + grace_s

    def _conclude(self, status: int, phase: str) -> bool:
        state = self._state
        self._kill_at = float("inf")
        if self._ending is not None:
            state.ended_by, state.reason = self._ending
        elif phase == "preparing":
            if status == 0:
                return True
            state.ended_by, state.reason = "prepare", self._log.last_words()
        elif status < 0:
            name = signal.Signals(-status).name if -status in set(signal.Signals) else str(-status)
            hint = "; the machine may have run out of memory" if name == "SIGKILL" else ""
            state.ended_by, state.reason = "exit", f"ended by signal {name}{hint}"
        else:
            state.ended_by, state.reason = "exit", f"ended with exit status {status}" if status else ""
        if phase == "running":
            state.exit_code, state.signal = (status, None) if status >= 0 else (None, -status)
        return state.ended_by == "exit" and status == 0


def _wake_only(_number: int, _frame: FrameType | None) -> None:
    """A signal with a handler reaches the wake-up pipe; one that is ignored would not."""


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _reap(child: int) -> tuple[int | None, bool]:
    """Collect what has ended: the exit status of `child` if it is among them, and whether nothing is left."""
    status = None
    while True:
        try:
            pid, code = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return status, True
        if pid == 0:
            return status, False
        if pid == child:
            status = os.waitstatus_to_exitcode(code)


def write_atomically(path: Path, data: bytes) -> None:
    """All of it or nothing, also after a power cut. Only the owner may read it."""
    part = path.with_name(path.name + ".part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def main(folder: Path) -> None:
    # nothing that the server had open may live on here: its listening socket would keep the port from the next one
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    with contextlib.suppress(PermissionError):  # already the leader of a session
        os.setsid()
    if sys.platform == "linux":
        # processes that daemonise become our children instead of init's, so that the tree stays whole
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    if (folder / "state.json").exists():
        return
    fields: dict[str, Any] = json.loads((folder / "order.json").read_bytes())
    Shim(folder, Order(**fields)).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
