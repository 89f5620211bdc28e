"""Fetching a program with the git program: one commit, within a time limit, without asking anybody anything."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from wardian.kernel.errors import Invalid, Unavailable

_URL = re.compile(r"(?:[a-z][a-z0-9+]*://|[\w.-]+@[\w.-]+:)\S+")
_WITH_REF = re.compile(r"(?P<url>(?:[a-z][a-z0-9+]*://[^/]*/?|[\w.-]+@[\w.-]+:)[^@]*)(?:@(?P<ref>.+))?")
_ALLOWED = "https:http:ssh:git:file"


@dataclass(frozen=True)
class Commit:
    url: str
    ref: str | None
    commit: str


def is_url(source: str) -> bool:
    return bool(_URL.fullmatch(source))


def parse(source: str) -> tuple[str, str | None]:
    """`https://host/repo.git@v1` → the address and the branch, tag or commit."""
    found = _WITH_REF.fullmatch(source)
    if found is None or source.startswith("-"):
        raise Invalid(f"{source!r} is not a git address such as https://host/repo.git@v1")
    ref = found["ref"]
    if ref is not None and (ref.startswith("-") or not re.fullmatch(r"[\w./+-]+", ref)):
        raise Invalid(f"{ref!r} is not the name of a branch, tag or commit")
    return found["url"], ref


def clone(source: str, into: Path, seconds: float = 300) -> Commit:
    """Check one commit out into a new folder. Raises Invalid, Unavailable."""
    url, ref = parse(source)
    git("init", "--quiet", str(into), seconds=seconds)
    git("remote", "add", "origin", url, folder=into, seconds=seconds)
    try:
        git("fetch", "--quiet", "--depth=1", "origin", ref or "HEAD", folder=into, seconds=seconds)
        target = "FETCH_HEAD"
    except Invalid:
        if ref is None:
            raise
        # Some servers hand out no single commit by its hash: take all branches and look there.
        git("fetch", "--quiet", "--tags", "origin", "+refs/heads/*:refs/heads/*", folder=into, seconds=seconds)
        target = ref
    git("checkout", "--quiet", "--detach", target, folder=into, seconds=seconds)
    return Commit(url, ref, git("rev-parse", "HEAD", folder=into, seconds=seconds))


def git(*words: str, folder: Path | None = None, seconds: float = 30) -> str:
    """The output of one git command."""
    environment = os.environ | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
        "GIT_ALLOW_PROTOCOL": _ALLOWED,
        "GIT_LFS_SKIP_SMUDGE": "1",
    }
    command = ["git", *(["-C", str(folder)] if folder else []), *words]
    try:
        done = subprocess.run(  # noqa: S603 - git itself; no word from outside starts with a dash
            command, env=environment, capture_output=True, timeout=seconds, check=False, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError:
        raise Unavailable("the git program is not installed here; install it, or give a folder or a .tgz") from None
    except subprocess.TimeoutExpired:
        raise Unavailable(f"git {words[0]} took longer than {seconds:g} s and was ended") from None
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        raise Invalid(f"git {words[0]} failed: {reason[-1] if reason else f'exit status {done.returncode}'}")
    return done.stdout.decode(errors="replace").strip()
