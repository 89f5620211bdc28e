"""Which server has this home: a lock that ends with its process, and a file that says where it answers."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import psutil

from wardian.kernel.errors import Conflict


@dataclass(frozen=True)
class Presence:
    """A running server, as `server.json` tells of it."""

    pid: int
    started: float
    """When the process began, in seconds since 1970: a process number alone may belong to somebody else by now."""
    url: str
    version: str

    @classmethod
    def here(cls, url: str, version: str) -> Self:
        return cls(os.getpid(), psutil.Process().create_time(), url, version)

    @classmethod
    def find(cls, home: Path) -> Self | None:
        """The server that runs on this home; what a dead one left behind does not count."""
        try:
            kept = cls(**json.loads((home / "server.json").read_text("utf-8")))
            process = psutil.Process(kept.pid)
            same = abs(process.create_time() - kept.started) < 1
            alive = same and process.status() != psutil.STATUS_ZOMBIE
        except (OSError, ValueError, TypeError, psutil.Error):
            return None
        return kept if alive else None

    def write(self, home: Path) -> None:
        fresh = home / f".server.json.{self.pid}"
        fresh.write_text(json.dumps(asdict(self), indent=2), "utf-8")
        fresh.replace(home / "server.json")

    def remove(self, home: Path) -> None:
        if Presence.find(home) == self:
            (home / "server.json").unlink(missing_ok=True)


class HomeLock:
    """Held by the one server of a home, and by the children that it becomes; the system frees it when they end."""

    def __init__(self, home: Path) -> None:
        self._file = (home / "server.lock").open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise Conflict(
                f"another server is starting or ending on {home}; look with `wardian status` and try again"
            ) from error

    def close(self) -> None:
        self._file.close()
