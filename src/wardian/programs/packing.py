"""From what a person names (a folder, a file, a git address) to the archive that is sent. Needs no database."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from wardian.kernel.errors import Invalid
from wardian.programs import archive, git

_ARCHIVES = (".tgz", ".tar.gz", ".tar")


@dataclass(frozen=True)
class Packed:
    archive: Path
    file: str | None = None
    """Which file of the folder describes the program, where the person named one."""
    source: dict[str, str] = field(default_factory=dict[str, str])
    """Where it came from: url, ref, commit, or a note that the folder had changes."""


@contextmanager
def packed(source: str) -> Generator[Packed]:
    """The archive of a program; it is gone when the block ends.

    `source` is a folder, a file in one (wardian.yaml, same.yaml, a notebook), a .tgz or GIT-URL[@REF].
    """
    with tempfile.TemporaryDirectory(prefix="wardian-") as temporary:
        yield _pack(source, Path(temporary))


def _pack(source: str, temporary: Path) -> Packed:
    into = temporary / "program.tgz"
    path = Path(source).expanduser()
    if path.is_dir():
        archive.pack(path, into)
        return Packed(into, source=_provenance(path))
    if path.is_file() and path.name.endswith(_ARCHIVES):
        return Packed(path)
    if path.is_file():
        archive.pack(path.parent, into)
        return Packed(into, path.name, _provenance(path.parent))
    if git.is_url(source):
        folder = temporary / "clone"
        commit = git.clone(source, folder)
        archive.pack(folder, into)
        known = {"url": commit.url, "ref": commit.ref, "commit": commit.commit}
        return Packed(into, source={key: value for key, value in known.items() if value})
    raise Invalid(f"{source} is no folder, no file and no git address such as https://host/repo.git@v1")


def _provenance(folder: Path) -> dict[str, str]:
    """The commit a folder stands on, if it is under git and git is there."""
    if shutil.which("git") is None:
        return {}
    try:
        known = {"commit": git.git("rev-parse", "HEAD", folder=folder)}
        if git.git("status", "--porcelain", "--", ".", folder=folder):
            known["changed"] = "true"
    except Invalid:
        return {}
    return known
