"""Folders as archives: unpacked with suspicion, packed so that equal content gives equal bytes."""

import gzip
import hashlib
import os
import posixpath
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import IO

from wardian.kernel.errors import Invalid, TooLarge

LEFT_OUT = (
    *(".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", "*.pyc", ".ipynb_checkpoints"),
    *(".wardian", ".DS_Store", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox", ".eggs", "*.egg-info"),
)
"""Never part of a program: what tools leave behind."""
IGNORE_FILE = ".wardianignore"
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What an archive may hold once unpacked."""

    files: int = 20_000
    bytes: int = 4 * 1024**3
    path: int = 1024


def unpack(archive: Path, into: Path, limits: Limits | None = None) -> None:
    """Unpack a .tar.gz. Absolute paths, `..`, links that lead out, devices and bombs are refused by name.

    Raises Invalid, TooLarge.
    """
    limits = limits or Limits()
    try:
        with tarfile.open(archive, "r|*") as tar:
            _unpack_members(tar, into, limits)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, UnicodeError) as fault:
        raise Invalid(f"the archive is damaged or no .tar.gz: {fault}") from None


def _unpack_members(tar: tarfile.TarFile, into: Path, limits: Limits) -> None:
    links: dict[str, str] = {}
    size = 0
    for count, member in enumerate(tar, start=1):
        size += max(member.size, 0)
        if count > limits.files:
            raise TooLarge(f"the archive holds more than {limits.files} files", limit=limits.files)
        if size > limits.bytes:
            raise TooLarge(f"the archive unpacks to more than {limits.bytes} bytes", limit=limits.bytes)
        path = safe_path(member.name, limits.path)
        target = into / path
        if member.isdir():
            target.mkdir(parents=True, exist_ok=True)
        elif member.issym():
            links[path] = _safe_link(path, member.linkname)
        elif member.isfile():
            source = tar.extractfile(member)
            if source is not None and path != ".":
                _write(source, target, executable=bool(member.mode & 0o100))
        else:
            raise Invalid(f"the archive holds {path}, which is a link or a device; only files and folders can be kept")
    for path, destination in links.items():
        target = into / path
        if target.exists() or target.is_symlink():
            raise Invalid(f"the archive holds {path} twice")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(destination)
    _refuse_escapes(into, links)


def safe_path(name: str, longest: int = 1024) -> str:
    """The name of a member, which must stay inside the folder it is unpacked to."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\x00" in name or len(name) > longest:
        raise Invalid(f"the archive holds {name[:200]!r}, which does not stay inside its folder")
    return str(path)


def _safe_link(path: str, destination: str) -> str:
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), destination))
    if posixpath.isabs(destination) or joined.startswith("..") or not destination:
        raise Invalid(f"the archive holds the link {path}, which leads out of its folder")
    return destination


def _refuse_escapes(root: Path, links: dict[str, str]) -> None:
    """A chain of links, each harmless, may still lead out: look where each really ends."""
    real_root = root.resolve()
    for path in links:
        try:
            real = (root / path).resolve()
        except (OSError, RuntimeError):
            raise Invalid(f"the archive holds the link {path}, which leads nowhere") from None
        if not real.is_relative_to(real_root):
            raise Invalid(f"the archive holds the link {path}, which leads out of its folder")


def _write(source: IO[bytes], target: Path, *, executable: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists() and not target.is_file():
        raise Invalid(f"the archive holds {target.name} both as a file and as a folder")
    with target.open("wb") as file:
        shutil.copyfileobj(source, file, _PIECE)
    target.chmod(0o755 if executable else 0o644)


def top_folder(folder: Path) -> Path:
    """The folder itself, or the only folder in it: archives made from outside hold one."""
    entries = [entry for entry in folder.iterdir() if not _is_left_out(entry.name, LEFT_OUT)]
    return entries[0] if len(entries) == 1 and entries[0].is_dir() and not entries[0].is_symlink() else folder


def members(folder: Path) -> Iterator[str]:
    """Every file and link of a program, sorted, as paths with forward slashes."""
    ignored = (*LEFT_OUT, *_own_patterns(folder))
    found: list[str] = []
    for base, folders, files in os.walk(folder):
        inner = Path(base).relative_to(folder)
        linked = [name for name in folders if (Path(base) / name).is_symlink()]
        folders[:] = [name for name in folders if name not in linked and not _ignored(inner / name, ignored)]
        found += [(inner / name).as_posix() for name in (*files, *linked) if not _ignored(inner / name, ignored)]
    yield from sorted(found)


def digests(folder: Path) -> dict[str, str]:
    """What each file of a program is: equal digests mean equal content and equal right to execute."""
    return {path: _digest(folder / path) for path in members(folder)}


def content_hash(files: dict[str, str]) -> str:
    """One name for the content of a folder, whatever archive, clock or machine it went through."""
    whole = hashlib.sha256()
    for path, digest in sorted(files.items()):
        whole.update(f"{path}\0{digest}\n".encode())
    return whole.hexdigest()


def difference(before: dict[str, str], after: dict[str, str], most: int = 10) -> str:
    """`train.py changed, data.csv added` between two folders."""
    changes = [f"{path} changed" for path in sorted(before.keys() & after.keys()) if before[path] != after[path]]
    changes += [f"{path} added" for path in sorted(after.keys() - before.keys())]
    changes += [f"{path} removed" for path in sorted(before.keys() - after.keys())]
    more = f", and {len(changes) - most} more" if len(changes) > most else ""
    return ", ".join(changes[:most]) + more


def pack(folder: Path, into: Path) -> None:
    """Write a .tar.gz whose bytes depend on the content alone."""
    with (
        into.open("wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in members(folder):
            _add(tar, folder / path, path)


def _add(tar: tarfile.TarFile, source: Path, path: str) -> None:
    entry = tarfile.TarInfo(path)
    if source.is_symlink():
        entry.type, entry.linkname = tarfile.SYMTYPE, os.readlink(source)
        tar.addfile(entry)
        return
    entry.size, entry.mode = source.stat().st_size, 0o755 if os.access(source, os.X_OK) else 0o644
    with source.open("rb") as file:
        tar.addfile(entry, file)


def _digest(path: Path) -> str:
    if path.is_symlink():
        return f"link:{os.readlink(path)}"
    if not path.is_file():
        raise Invalid(f"{path.name} is neither a file nor a link to one; a program cannot hold it")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return f"x:{digest}" if os.access(path, os.X_OK) else digest


def _own_patterns(folder: Path) -> tuple[str, ...]:
    file = folder / IGNORE_FILE
    lines = file.read_text("utf-8", errors="replace").splitlines() if file.is_file() else []
    return tuple(line.strip().rstrip("/") for line in lines if line.strip() and not line.startswith("#"))


def _ignored(path: Path, patterns: tuple[str, ...]) -> bool:
    return _is_left_out(path.name, patterns) or any(fnmatch(path.as_posix(), pattern) for pattern in patterns)


def _is_left_out(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)
