"""Sends what earlier programs could not: recorded offline, while the server was away, or cut short by a crash."""

import tempfile
import threading
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from wardian.kernel.errors import WardianError

from .connection import Connection, surroundings
from .shipping import deliver_all
from .spool import Spool, find
from .transport import Transport


@dataclass(frozen=True)
class Report:
    """What became of the spools that were found."""

    sent: dict[str, int] = field(default_factory=dict[str, int])
    """Run → frames that the server has now."""
    kept: dict[str, str] = field(default_factory=dict[str, str])
    """Folder → why it could not be sent; everything is still in it."""
    busy: list[str] = field(default_factory=list[str])
    """Folders that a living program is still writing and sending."""


def sync(path: str | Path | None = None, *, connection: Connection | None = None) -> Report:
    """Send all spools of this machine, or those below `path` (copied from anywhere), to the server.

    Runs that do not exist there yet are created. It does not matter how often this is done, or where it is cut short.
    """
    around = surroundings()
    return send(
        Path(path) if path else spool_root(around.home), connection or around.connection(), any_server=bool(path)
    )


def send(root: Path, to: Connection, *, any_server: bool = False) -> Report:
    """Send the spools below `root`; those meant for another server only when told so."""
    report = Report()
    for folder in find(root):
        try:
            spool = Spool.take(folder)
        except (WardianError, OSError) as error:
            if (folder / "spool.json").exists():  # else somebody else has just sent it
                report.kept[str(folder)] = str(error)
            continue
        if spool is None:
            report.busy.append(str(folder))
            continue
        with closing(spool), closing(Transport(to)) as transport:
            run, meant_for = spool.origin.run, spool.origin.url
            if meant_for not in (None, to.url) and not any_server:
                report.kept[str(folder)] = (
                    f"it belongs to {meant_for}: sign in there, or name its folder to send it here"
                )
                continue
            try:
                report.sent[run] = report.sent.get(run, 0) + deliver_all(spool, transport)
            except (WardianError, OSError) as error:
                report.kept[str(folder)] = str(error)
    return report


def sweep(root: Path, to: Connection) -> None:
    """Send in the background what other programs have left; without a word, since `sync` tells about it."""
    threading.Thread(target=send, args=(root, to), name="wardian-sweep", daemon=True).start()


def spool_root(home: Path) -> Path:
    """The folder of all spools; where the home cannot be written, one among the temporary files."""
    root = home / "spool"
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        root = Path(tempfile.gettempdir()) / f"wardian-{home.name.lstrip('.')}-spool"
        root.mkdir(exist_ok=True, mode=0o700)
    return root
