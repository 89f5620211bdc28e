"""Which code a run was made by, and in what environment. Looked up by a thread of its own: git may be slow."""

import os
import platform
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from wardian.kernel.errors import WardianError

from .notice import say

GIT_SECONDS = 10.0
DIFF_CHARACTERS = 1 << 20
SECRET_WORDS = ("token", "password", "passwd", "secret", "key", "credential")


class Taken(NamedTuple):
    environment: dict[str, Any]
    source: dict[str, Any]
    diff: str


class Snapshot(threading.Thread):
    """Takes the snapshot once and hands it on."""

    def __init__(self, use: Callable[[Taken], None]) -> None:
        super().__init__(name="wardian-source", daemon=True)
        self._use = use
        self._entry = sys.argv[0] if sys.argv else ""

    def run(self) -> None:
        try:
            source, diff = code(Path.cwd(), self._entry)
            self._use(Taken(environment(), source, diff))
        except (OSError, WardianError) as error:
            say(f"code and environment were not recorded: {error}")


def environment() -> dict[str, Any]:
    """Python, machine and packages. Variables are not taken: they hold secrets."""
    packages = {found.metadata["Name"]: found.version for found in distributions() if found.metadata["Name"]}
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": platform.platform(),
        "host": platform.node(),
        "cpus": os.cpu_count(),
        "executable": sys.executable,
        "argv": hide_secrets(sys.argv),
        "folder": str(Path.cwd()),
        "packages": dict(sorted(packages.items(), key=lambda item: item[0].lower())),
    }


def code(folder: Path, entry: str) -> tuple[dict[str, Any], str]:
    """Commit, branch, remote and what is not committed yet; without git only the entry point."""
    found: dict[str, Any] = {"entry": entry}
    commit = _git(folder, "rev-parse", "HEAD")
    if commit is None:
        return found, ""
    diff = _git(folder, "diff", "--no-ext-diff", "--no-color", "HEAD") or ""
    remote = _git(folder, "config", "--get", "remote.origin.url")
    changed = _git(folder, "status", "--porcelain", "--untracked-files=normal")
    found |= {"commit": commit.strip(), "dirty": bool(changed), "branch": _branch(folder)}
    if remote:
        found["remote"] = without_password(remote.strip())
    if diff:
        found["diff"] = "code/uncommitted.diff"
    if len(diff) > DIFF_CHARACTERS:
        diff = diff[:DIFF_CHARACTERS] + "\n(cut here: the diff is longer)\n"
    return found, diff


def without_password(url: str) -> str:
    """A remote's address as everybody may see it."""
    parts = urlsplit(url)
    if not parts.hostname or "@" not in parts.netloc or parts.scheme == "ssh":
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def hide_secrets(arguments: list[str]) -> list[str]:
    """The command line with the values of secret-looking options left out."""
    shown: list[str] = []
    hide_next = False
    for argument in arguments:
        name, is_set, _ = argument.partition("=")
        secret = name.startswith("-") and any(word in name.lower() for word in SECRET_WORDS)
        if hide_next and not argument.startswith("-"):
            shown.append("***")
        else:
            shown.append(f"{name}=***" if secret and is_set else argument)
        hide_next = secret and not is_set
    return shown


def _branch(folder: Path) -> str | None:
    name = (_git(folder, "rev-parse", "--abbrev-ref", "HEAD") or "").strip()
    return None if name in {"", "HEAD"} else name


def _git(folder: Path, *arguments: str) -> str | None:
    """What git says, or None when there is no git, no repository, or no answer in time."""
    quiet = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(  # noqa: S603 - fixed words
            ["git", *arguments],  # noqa: S607 - the user's own git
            cwd=folder,
            env=quiet,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None
