"""Runs attempts as processes of this machine.

    HOME/workloads/place                    names this machine's folder in the database
    HOME/workloads/ID/ATTEMPT/work          working folder
                             /address.json  ports given
                             /environment.json   the environment to build, if any
                             /order.json, state.json, log, stop, lock     see `wardian.runner.shim`
    HOME/environments/KEY/                  see `environments`

The folder is the truth: it is read again at every look, so a new server goes on where the last one died.
"""

import asyncio
import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import sys
import time
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from uv import find_uv_bin

import wardian
from wardian.executors.local import environments, machine, variables
from wardian.executors.local.orphans import end_orphans
from wardian.executors.local.staging import stage
from wardian.kernel.errors import Unavailable
from wardian.kernel.ids import is_id, new_id
from wardian.kernel.settings import Settings
from wardian.runner import shim
from wardian.storage.cas import Cas
from wardian.workloads.executor import Order, Phase, Seen
from wardian.workloads.models import Capacity, Status, Workload

_PYTHON = frozenset({"python", "python3"})
_PROBE_S = 2.0
_STUCK_S = 30.0
"""A shim that has not ended its tree so long after the grace is killed, and the tree as its orphans."""


class LocalExecutor:
    """An `Executor` (`wardian.workloads.executor`) for one machine and one server."""

    kind = "local"
    is_sole = True

    def __init__(self, settings: Settings, cas: Cas) -> None:
        self._settings = settings.local
        self._cas = cas
        self._root = settings.home / "workloads"
        self._environments = settings.home / "environments"
        self._shims: dict[Path, int] = {}
        """Shims that we started, by attempt folder, until they end: somebody has to collect their exit."""

    @cached_property
    def place(self) -> str:
        """`local:HOST:…`, the same for as long as the folder exists, whatever the host is called later."""
        path = self._root / "place"
        with contextlib.suppress(FileNotFoundError):
            return path.read_text()
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"local:{socket.gethostname()[:64]}:{new_id()[-8:]}"
        shim.write_atomically(path, name.encode())
        return name

    async def capacity(self) -> Capacity:
        return await asyncio.to_thread(machine.capacity, self._settings)

    async def submit(self, order: Order) -> None:
        folder = self._folder(order.workload)
        try:
            if not (folder / "order.json").exists():
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                await stage(self._cas, order.workload.spec, folder / "work")
                await asyncio.to_thread(self._write_order, order, folder)
            await asyncio.to_thread(self._launch, folder)
        except OSError as error:
            words = error.strerror or str(error)
            raise Unavailable(f"this machine cannot start it now: {words}; see to its disk and processes") from error

    async def observe(self, workload: Workload) -> Seen | None:
        folder = self._folder(workload)
        if not (folder / "order.json").exists():
            return None
        self._collect()
        state = _read(folder / "state.json")
        if state is None:
            return await asyncio.to_thread(self._begun, folder)
        if state["phase"] != "finished" and shim.identity(state["shim"]) != state["shim_started"]:
            state = _read(folder / "state.json") or state  # it may have ended between the two looks
            if state["phase"] != "finished":
                return await asyncio.to_thread(_lost, workload, state)
        address: dict[str, str] = _read(folder / "address.json") or {}
        seen = _seen(state, address)
        if workload.status is Status.STARTING and seen.phase is Phase.RUNNING and workload.spec.ready_path:
            return await self._with_readiness(workload.spec.ready_path, seen)
        return seen

    async def stop(self, workload: Workload) -> None:
        stop = self._folder(workload) / "stop"
        asked = stop.exists()
        if not asked:
            stop.touch()  # also heard by a shim that has only just started
        elif time.time() - stop.stat().st_mtime < workload.spec.grace_s + _STUCK_S:
            return
        state = _read(stop.with_name("state.json"))
        if state is not None and shim.identity(state["shim"]) == state["shim_started"]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(state["shim"], signal.SIGKILL if asked else signal.SIGTERM)

    async def log(self, workload: Workload, start: int, limit: int) -> bytes:
        path = self._folder(workload) / "log"
        try:
            if path.stat().st_size <= start:
                return b""
            return await asyncio.to_thread(_read_part, path, start, limit)
        except FileNotFoundError:
            return b""

    async def kept(self) -> list[str]:
        try:
            return [name for name in os.listdir(self._root) if is_id(name)]
        except FileNotFoundError:
            return []

    async def forget(self, workload_id: str) -> None:
        await asyncio.to_thread(self._forget, self._root / workload_id)

    def _folder(self, workload: Workload) -> Path:
        return self._root / workload.id / str(workload.attempt)

    def _write_order(self, order: Order, folder: Path) -> None:
        """Last of all files: an attempt is submitted once this one is there."""
        workload, spec = order.workload, order.workload.spec
        address = _free_ports(spec.ports)
        ours = {"WARDIAN_WORKLOAD": workload.id, "WARDIAN_ATTEMPT": str(workload.attempt)}
        interpreter, prepare = self._interpreter(workload, folder)
        command = [str(interpreter) if spec.command[0] in _PYTHON else spec.command[0], *spec.command[1:]]
        shim_order = shim.Order(
            command=command,
            variables=variables.for_command(interpreter, workload.gpus, address) | order.variables | ours,
            folder=str(folder / "work"),
            prepare=prepare,
            prepare_variables=variables.for_building() | ours,
            header=f"[wardian] attempt {workload.attempt}, {datetime.now(UTC).isoformat(' ', 'seconds')}",
            memory=spec.resources.memory,
            deadline_s=spec.deadline_s,
            deadline=workload.deadline.timestamp() if workload.deadline else None,
            grace_s=spec.grace_s,
        )
        shim.write_atomically(folder / "address.json", json.dumps(address).encode())
        shim.write_atomically(folder / "order.json", json.dumps(vars(shim_order)).encode())

    def _interpreter(self, workload: Workload, folder: Path) -> tuple[Path, list[list[str]]]:
        """The Python of the attempt, and what to run first so that it is there."""
        wanted = workload.spec.environment
        if wanted.kind == "inherit":
            return Path(sys.executable), []
        package = str(Path(wardian.__file__).parent)
        request = environments.Request(
            root=str(self._environments),
            lock=wanted.lock or "",
            python=wanted.python or sys.executable,
            serving=wanted.serving,
            package=package,
            source=environments.fingerprint(package),
            uv=find_uv_bin(),
        )
        file = folder / "environment.json"
        file.write_text(request.to_json())
        return request.interpreter, [[sys.executable, "-I", environments.__file__, str(file)]]

    def _launch(self, folder: Path) -> None:
        """Start a shim; of several for one folder all but the first leave at once."""
        if folder in self._shims:
            return
        errors = os.open(folder / "shim.err", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        quiet = os.open(os.devnull, os.O_RDWR)
        try:
            self._shims[folder] = os.posix_spawn(
                sys.executable,
                [sys.executable, "-IS", shim.__file__, str(folder)],
                variables.inherited(),
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, quiet, 0),
                    (os.POSIX_SPAWN_DUP2, quiet, 1),
                    (os.POSIX_SPAWN_DUP2, errors, 2),
                ],
                setsid=True,
            )
        finally:
            os.close(errors)
            os.close(quiet)

    def _collect(self) -> None:
        """Take the exits of shims that we started and that have ended."""
        for folder, pid in list(self._shims.items()):
            if _has_ended(pid):
                self._shims.pop(folder, None)

    def _begun(self, folder: Path) -> Seen:
        """An order without a state: its shim is on its way, never came, or could not start."""
        if folder not in self._shims:
            if complaint := _last_line(folder / "shim.err"):
                return Seen(
                    phase=Phase.FINISHED, ended_by="error", reason=f"its supervisor could not start: {complaint}"
                )
            self._launch(folder)
        return Seen(phase=Phase.PREPARING)

    async def _with_readiness(self, path: str, seen: Seen) -> Seen:
        where = next(iter(seen.address.values()), "")
        ready = await asyncio.to_thread(_answers, where, path) if where else True
        return seen if ready else seen.model_copy(update={"ready": False, "reason": f"waits until {path} answers"})

    def _forget(self, folder: Path) -> None:
        for attempt in folder.iterdir() if folder.is_dir() else ():
            state = _read(attempt / "state.json")
            if state is not None and state["phase"] != "finished" and attempt.name.isdigit():
                (attempt / "stop").touch()
                if shim.identity(state["shim"]) == state["shim_started"]:
                    os.kill(state["shim"], signal.SIGKILL)
                end_orphans(folder.name, int(attempt.name), state["shim"])
            if (pid := self._shims.pop(attempt, None)) is not None:
                _has_ended(pid, wait=True)
        shutil.rmtree(folder, ignore_errors=True)


def _seen(state: dict[str, Any], address: dict[str, str]) -> Seen:
    phase = {"preparing": Phase.PREPARING, "finished": Phase.FINISHED}.get(state["phase"], Phase.RUNNING)
    if phase is not Phase.FINISHED:
        reason = "its environment is made ready" if phase is Phase.PREPARING and state["child"] else ""
        return Seen(phase=phase, started_at=_moment(state["started"]), reason=reason, address=address)
    return Seen(
        phase=phase,
        started_at=_moment(state["started"]),
        finished_at=_moment(state["finished"]),
        exit_code=state["exit_code"],
        ended_by=state["ended_by"],
        reason=f"the environment cannot be made: {state['reason']}"
        if state["ended_by"] == "prepare"
        else state["reason"],
    )


def _lost(workload: Workload, state: dict[str, Any]) -> Seen:
    end_orphans(workload.id, workload.attempt, state["shim"])
    same_boot = state["shim_started"].partition("/")[0] == (shim.identity(os.getpid()) or "").partition("/")[0]
    reason = "its supervisor process was killed" if same_boot else "the machine was restarted while it ran"
    return Seen(phase=Phase.LOST, started_at=_moment(state["started"]), reason=reason)


def _has_ended(pid: int, *, wait: bool = False) -> bool:
    try:
        return os.waitpid(pid, 0 if wait else os.WNOHANG)[0] != 0
    except ChildProcessError:
        return True


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None


def _read_part(path: Path, start: int, limit: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(limit)


def _last_line(path: Path) -> str:
    try:
        lines = path.read_text(errors="replace").strip().splitlines()
    except FileNotFoundError:
        return ""
    return lines[-1][:500] if lines else ""


def _free_ports(names: list[str]) -> dict[str, str]:
    """Free at this moment; all are held until all are known, so that none is given twice."""
    with contextlib.ExitStack() as held:
        found: dict[str, str] = {}
        for name in names:
            listener = held.enter_context(socket.socket())
            listener.bind(("127.0.0.1", 0))
            found[name] = f"127.0.0.1:{listener.getsockname()[1]}"
        return found


def _answers(where: str, path: str) -> bool:
    connection = http.client.HTTPConnection(where, timeout=_PROBE_S)
    try:
        connection.request("GET", path)
        return 200 <= connection.getresponse().status < 300
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
