"""What a step finds in the run's folder and what it leaves there."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from wardian.runner.plan import FOLDER

_NOT_CONTENT = (FOLDER, "__pycache__", ".ipynb_checkpoints", ".git")
Snapshot = dict[str, tuple[int, int, int]]
"""Path → size, modification time, mode."""


def files(folder: Path) -> list[str]:
    """Every file that belongs to the program or was written by a step, sorted."""
    found: list[str] = []
    for base, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _NOT_CONTENT]
        found += [(Path(base) / name).relative_to(folder).as_posix() for name in names]
    return sorted(path for path in found if (folder / path).is_file())


def snapshot(folder: Path) -> Snapshot:
    seen: Snapshot = {}
    for path in files(folder):
        status = (folder / path).stat()
        seen[path] = (status.st_size, status.st_mtime_ns, status.st_mode & 0o777)
    return seen


def changes(before: Snapshot, after: Snapshot) -> tuple[list[str], list[str]]:
    """Paths that were written, and paths that are gone."""
    return [path for path in after if after[path] != before.get(path)], [path for path in before if path not in after]


def fingerprint(folder: Path, inputs: Iterable[str], without: Iterable[str]) -> dict[str, str]:
    """Digest of every file a step may read: the inputs it names, or all files but those that describe the program."""
    wanted = list(inputs)
    left_out = set(without)
    paths = files(folder)
    if wanted:
        chosen = [path for path in paths if any(path == one or path.startswith(f"{one}/") for one in wanted)]
    else:
        chosen = [path for path in paths if path not in left_out and not path.lower().startswith("readme")]
    return {path: digest(folder / path) for path in chosen}


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
