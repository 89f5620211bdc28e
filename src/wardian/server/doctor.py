"""`wardian doctor`: look at each part, say which fails and what to do. Leaves nothing behind."""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from wardian import __version__
from wardian.kernel.errors import Invalid, Unavailable, WardianError
from wardian.kernel.ids import new_id
from wardian.kernel.settings import Settings
from wardian.sdk.client import Client
from wardian.sdk.sign_in import SignIn
from wardian.server import startup
from wardian.server.main import settings_of
from wardian.server.presence import Presence
from wardian.server.screen import as_json, say
from wardian.storage import migrations
from wardian.storage.blobs import open_blobs
from wardian.storage.sql import Database

GROUPS = (
    "wardian.executors",
    "wardian.flavours",
    "wardian.gateways",
    "wardian.searchers",
    "wardian.apps",
    "wardian.web",
)
STATIC = Path(__file__).parent / "static"
PATIENCE_S = 60
_MARK = {"ok": "✓", "warning": "!", "failed": "✗"}


class Warned(Exception):
    """The part is not needed by everybody, or not yet: worth saying, no reason to fail."""


@dataclass(frozen=True)
class Finding:
    part: str
    state: Literal["ok", "warning", "failed"]
    said: str


def doctor(*, home: Path | None = None, json: Annotated[bool, Parameter(negative=())] = False) -> int:
    """Check each part and say what to do. Ends with status 1 when one fails.

    Parameters
    ----------
    home
        Folder of the platform's state [WARDIAN_HOME, else ~/.wardian].
    json
        Answer in JSON.
    """
    findings = [_finding("settings", lambda _: "readable", home)]
    if findings[0].state == "ok":
        findings += [_finding(part, probe, home) for part, probe in PROBES.items()]
    failed = [finding.part for finding in findings if finding.state == "failed"]
    if json:
        as_json({"version": __version__, "ok": not failed, "findings": [asdict(finding) for finding in findings]})
    else:
        width = max(len(finding.part) for finding in findings)
        for finding in findings:
            say(f"{_MARK[finding.state]} {finding.part:<{width}}  {finding.said}")
        say(f"\n{len(failed)} of {len(findings)} parts fail: {', '.join(failed)}" if failed else "\neverything works")
    return 1 if failed else 0


def _finding(part: str, probe: Callable[[Settings], str], home: Path | None) -> Finding:
    try:
        return Finding(part, "ok", probe(settings_of(home=home)))
    except Warned as warning:
        return Finding(part, "warning", str(warning))
    except WardianError as error:
        return Finding(part, "failed", error.message)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this part's finding
        return Finding(part, "failed", f"{type(error).__name__}: {error}")


def _python(_: Settings) -> str:
    if sys.version_info < (3, 11):  # noqa: UP036 - a doctor asks all the same
        raise Invalid(f"Python {sys.version.split()[0]} is too old; install 3.11 or newer")
    return f"{sys.version.split()[0]} at {sys.executable}"


def _uv(_: Settings) -> str:
    return _output([_uv_program(), "--version"])


def _uv_program() -> str:
    from uv import find_uv_bin  # noqa: PLC0415 - only where it is asked for

    try:
        return find_uv_bin()
    except FileNotFoundError as error:
        raise Unavailable(f"{error}; install it again with `pip install uv`") from error


def _git(_: Settings) -> str:
    if shutil.which("git") is None:
        raise Warned("not installed, so programs cannot come from git addresses; `apt-get install git`")
    return _output(["git", "--version"])


def _disk(settings: Settings) -> str:
    startup.check_folder(settings.home, settings.limits.free_disk_bytes)
    there = next(place for place in (settings.home, *settings.home.parents) if place.exists())
    return f"{shutil.disk_usage(there).free / 1024**3:.1f} GiB left for {settings.home}"


def _database(settings: Settings) -> str:
    startup.check_database(settings.database_url)
    return startup.safe(settings.database_url)


def _migrations(settings: Settings) -> str:
    file = Path(settings.database_url.removeprefix(startup.SQLITE))
    if settings.database_url.startswith(startup.SQLITE) and not file.exists():
        raise Warned("no database yet; `wardian up` makes it")
    database = Database(settings.database_url)
    try:
        revision = migrations.check(database)
    finally:
        database.close()
    newest = migrations.known()[-1]
    if revision != newest:
        raise Warned(f"the schema is {revision or 'not there yet'}; the next `wardian up` brings it to {newest}")
    return f"schema {revision}, the newest"


def _blobs(settings: Settings) -> str:
    if not settings.blobs_url.startswith("s3://") and not settings.home.exists():
        raise Warned(f"no home yet; `wardian up` makes {settings.blobs_url}")
    return asyncio.run(_round_trip(settings))


async def _round_trip(settings: Settings) -> str:
    await startup.check_blobs(settings)
    store, key, wanted = open_blobs(settings), f"doctor/{new_id()}", b"wardian"
    await store.put(key, wanted)
    found = b"".join([chunk async for chunk in store.stream(key)])
    await store.delete(key)
    if found != wanted:
        raise Unavailable(f"{settings.blobs_url} gave back other bytes than were written; check that disk or store")
    return f"written, read and removed at {settings.blobs_url}"


def _executors(_: Settings) -> str:
    names = [point.name for point in entry_points(group="wardian.executors") if point.load()]
    if not names:
        raise Unavailable("no executor is installed, so nothing can run; install wardian again")
    return ", ".join(names)


def _environments(settings: Settings) -> str:
    """An empty one is made for real: that needs uv, Python and a disk that can be written."""
    with tempfile.TemporaryDirectory(prefix="wardian-doctor-") as folder:
        _output([_uv_program(), "venv", "--quiet", "--python", sys.executable, f"{folder}/venv"])
    built = [each for each in (settings.home / "environments").glob("*") if each.is_dir()]
    return f"can be built; {len(built)} built on this home"


def _web(_: Settings) -> str:
    if not (STATIC / "index.html").is_file():
        raise Unavailable("the web app is not built into this installation; in a checkout: make web")
    return "built in"


def _plugins(_: Settings) -> str:
    """Each entry point is loaded; one that fails harms nothing else, so it is only told."""
    loaded, broken = 0, list[str]()
    for group in GROUPS:
        for point in entry_points(group=group):
            try:
                point.load()
                loaded += 1
            except Exception as error:  # noqa: BLE001 - foreign code may raise anything
                broken.append(f"{point.name} ({point.value}): {type(error).__name__}: {error}")
    if broken:
        raise Unavailable(f"{'; '.join(broken)}: install what is missing, or remove the plugin")
    return f"{loaded} loaded"


def _server(settings: Settings) -> str:
    running = Presence.find(settings.home)
    if running is None:
        startup.listen(settings.host, settings.port).close()
        raise Warned(f"none runs on {settings.home}, and its port is free; `wardian up`")
    kept = SignIn(settings.home).read()
    with Client(running.url, kept.get("access_key", "-"), kept.get("secret_key", "-")) as client:
        parts = client.request("GET", "/readyz")["parts"]
    return f"{running.url} is ready ({', '.join(f'{name} {state}' for name, state in parts.items())})"


def _sign_in(settings: Settings) -> str:
    kept = SignIn(settings.home).read()
    if not kept.get("access_key"):
        raise Warned("nobody is signed in; `wardian up` signs in here, `wardian login URL` elsewhere")
    if kept.get("local") and Presence.find(settings.home) is None:
        raise Warned(f"kept for {kept['url']}, where no server runs now")
    with Client(kept["url"], kept["access_key"], kept["secret_key"]) as client:
        return f"{client.session.get()['user']['name']} at {kept['url']}"


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)  # noqa: S603 - ours
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{command[0]} does not work: {error}") from error
    if done.returncode:
        raise Unavailable(f"{' '.join(command)} failed: {done.stderr.strip() or done.returncode}")
    return done.stdout.strip()


PROBES: dict[str, Callable[[Settings], str]] = {
    "python": _python,
    "uv": _uv,
    "git": _git,
    "disk": _disk,
    "database": _database,
    "migrations": _migrations,
    "blobs": _blobs,
    "executors": _executors,
    "environments": _environments,
    "web app": _web,
    "plugins": _plugins,
    "server": _server,
    "sign-in": _sign_in,
}
