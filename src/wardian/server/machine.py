"""`wardian down` and `wardian status`: the server of this home."""

import signal
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import psutil
from cyclopts import Parameter

from wardian import __version__
from wardian.kernel.errors import Conflict, WardianError
from wardian.sdk.client import Client
from wardian.sdk.sign_in import SignIn
from wardian.server.main import settings_of
from wardian.server.presence import Presence
from wardian.server.screen import as_json, rows, say

NOT_RUNNING = 7
"""The same exit status as for every command that finds nobody answering."""


def down(
    *, home: Path | None = None, timeout: float = 30, json: Annotated[bool, Parameter(negative=())] = False
) -> int:
    """End the server of this home and wait until it has ended. Workloads go on; the next `wardian up` finds them.

    Parameters
    ----------
    home
        Folder of the platform's state [WARDIAN_HOME, else ~/.wardian].
    timeout
        Seconds to wait.
    json
        Answer in JSON.
    """
    folder = settings_of(home=home).home
    running = Presence.find(folder)
    if running is not None:
        _end(running, folder, timeout)
    if json:
        as_json({"home": str(folder), "ended": running is not None})
    elif running is None:
        say(f"no server runs on {folder}")
    else:
        say(f"the server on {folder} has ended; what it ran goes on")
    return 0


def _end(running: Presence, folder: Path, timeout: float) -> None:
    process = psutil.Process(running.pid)
    process.send_signal(signal.SIGTERM)
    until = time.monotonic() + timeout
    while _alive(process):
        if time.monotonic() > until:
            raise Conflict(
                f"process {running.pid} has not ended after {timeout:.0f} s; "
                "wait longer with --timeout, or end it with kill -9"
            )
        time.sleep(0.05)


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def status(*, home: Path | None = None, json: Annotated[bool, Parameter(negative=())] = False) -> int:
    """What runs on this home, and how full it is. Ends with status 7 when no server runs.

    Parameters
    ----------
    home
        Folder of the platform's state [WARDIAN_HOME, else ~/.wardian].
    json
        Answer in JSON.
    """
    folder = settings_of(home=home).home
    running = Presence.find(folder)
    if running is None:
        if json:
            as_json({"home": str(folder), "running": False, "version": __version__})
        else:
            say(f"no server runs on {folder}. Next: wardian up")
        return NOT_RUNNING
    seen = _seen(folder, running)
    if json:
        as_json(seen)
        return 0
    say(
        rows(
            {
                "Server": f"{running.url}   (version {running.version}, process {running.pid})",
                "Up for": _span(seen["up_s"]),
                "Home": str(folder),
                "Memory": f"{seen['memory_bytes'] / 1024**2:.0f} MiB",
                "Signed in": seen.get("signed_in", ""),
                **{f"Slots {each['place']}": _slots(each) for each in seen.get("executors", [])},
                "Workloads": ", ".join(f"{count} {name}" for name, count in seen.get("workloads", {}).items()),
                "Trouble": seen.get("trouble", ""),
            }
        )
    )
    return 0


def _seen(folder: Path, running: Presence) -> dict[str, Any]:
    process = psutil.Process(running.pid)
    seen: dict[str, Any] = {
        "home": str(folder),
        "running": True,
        "url": running.url,
        "pid": running.pid,
        "version": running.version,
        "up_s": round(datetime.now(UTC).timestamp() - running.started, 1),
        "memory_bytes": process.memory_info().rss,
    }
    try:
        return seen | _asked(folder)
    except WardianError as error:
        return seen | {"trouble": error.message}


def _asked(folder: Path) -> dict[str, Any]:
    """What the server itself tells whoever is signed in here."""
    kept = SignIn(folder).read()
    if not kept.get("access_key"):
        return {"trouble": "the command line is not signed in; next: wardian login URL"}
    with Client(kept["url"], kept["access_key"], kept["secret_key"]) as client:
        who = client.session.get()
        active = ("queued", "starting", "running", "stopping")
        counts = {state: sum(1 for _ in client.workloads.list(status=state, limit=1000)) for state in active}
        executors = list(client.workloads.executors())
    return {
        "signed_in": f"{who['user']['name']} at {kept['url']}, project {kept.get('project', 'default')}",
        "workloads": {state: count for state, count in counts.items() if count},
        "executors": executors,
    }


def _slots(executor: dict[str, Any]) -> str:
    capacity: dict[str, Any] = executor["capacity"]
    used: dict[str, float] = executor["used"]
    gpus = len(capacity.get("gpus") or [])
    said = [f"{used['cpu']:g} of {capacity['cpu']:g} cpu"]
    said += [f"{used['memory'] / 1024**3:.1f} of {capacity['memory'] / 1024**3:.1f} GiB"]
    said += [f"{used['gpu']:g} of {gpus} gpu"] if gpus else []
    return ", ".join(said)


def _span(seconds: float) -> str:
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"
