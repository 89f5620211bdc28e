"""The one file in which a program travels: a .tgz whose manifest.json, its first member, has a checksum of every other.

manifest.json      format, what the program is, and {size, blake3} of each member
wardian.yaml       what describes the program, in our own words, for people
lock.txt           what it needs installed, if it is not the platform's own interpreter
code.tar.gz        its folder
data/NAME/…        files behind data pointers, where asked for
history/RUN/…      run.json edges.json log.txt metrics.jsonl artifacts.json artifacts/NUMBER, where asked for
"""

import gzip
import json
import tarfile
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Literal

from blake3 import blake3
from pydantic import Field, ValidationError

from wardian.kernel.errors import Invalid, WardianError
from wardian.kernel.models import Model
from wardian.programs import archive

MANIFEST = "manifest.json"
CODE, LOCK, DESCRIPTION = "code.tar.gz", "lock.txt", "wardian.yaml"
FORMAT = 1
LIMITS = archive.Limits(files=1_000_000, bytes=1024**4)
_PIECE = 1024 * 1024


class Member(Model):
    size: int
    blake3: str


class DataFiles(Model):
    """The files behind one data pointer."""

    is_folder: bool
    files: list[str]
    """Paths below `data/NAME/`."""


class Contents(Model):
    """manifest.json."""

    format: Literal["wardian-program"] = "wardian-program"
    format_version: Annotated[int, Field(ge=1)] = FORMAT
    program: str
    version: str
    hash: str
    described_by: str | None = None
    source: dict[str, str] = Field(default_factory=dict)
    exported_at: str
    runs: list[str] = Field(default_factory=list[str])
    data: dict[str, DataFiles] = Field(default_factory=dict)
    members: dict[str, Member]


class Writer:
    """Gathers members in a folder, then writes the file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.members: dict[str, Member] = {}

    def add(self, path: str, data: bytes | str) -> None:
        content = data.encode() if isinstance(data, str) else data
        self.place(path).write_bytes(content)
        self.members[path] = Member(size=len(content), blake3=blake3(content).hexdigest())

    async def add_stream(self, path: str, data: AsyncIterator[bytes]) -> None:
        with self.place(path).open("wb") as file:
            async for piece in data:
                file.write(piece)
        self.keep(path)

    def place(self, path: str) -> Path:
        """Where a member's bytes are to be written; `keep` afterwards."""
        target = self._folder / archive.safe_path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def keep(self, path: str) -> None:
        file = self._folder / path
        self.members[path] = Member(size=file.stat().st_size, blake3=_digest(file))

    def write(self, contents: Contents, into: Path) -> None:
        with (
            into.open("wb") as raw,
            gzip.GzipFile("", "wb", 6, raw, mtime=0) as zipped,
            tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
        ):
            (self._folder / MANIFEST).write_text(contents.model_dump_json(indent=2) + "\n", "utf-8")
            for path in (MANIFEST, *contents.members):
                entry = tarfile.TarInfo(path)
                entry.size, entry.mode = (self._folder / path).stat().st_size, 0o644
                with (self._folder / path).open("rb") as file:
                    tar.addfile(entry, file)


def unpack(file: Path, into: Path) -> Contents:
    """Unpack a file and check every member. Raises Invalid naming the first that is damaged, missing or unexpected."""
    into.mkdir(parents=True, exist_ok=True)
    damage = _damage_of_stream(file)
    try:
        archive.unpack(file, into, LIMITS)
    except Invalid as fault:
        damage = damage or f" ({fault.message})"  # the checksums say which member it is
    contents = _read_manifest(into, damage)
    for path, member in contents.members.items():
        unpacked = into / archive.safe_path(path)
        if not unpacked.is_file() or unpacked.is_symlink():
            raise _damaged(path, f"is missing{damage}")
        if unpacked.stat().st_size != member.size or _digest(unpacked) != member.blake3:
            raise Invalid(
                f"the file is damaged: {path} has another checksum{damage}; export the program again", member=path
            )
    if damage:
        raise Invalid(f"the file is damaged between its members{damage}; export the program again")
    found = {path.relative_to(into).as_posix() for path in into.rglob("*") if not path.is_dir() or path.is_symlink()}
    if extra := sorted(found - contents.members.keys() - {MANIFEST}):
        raise Invalid(f"the file holds {extra[0]}, which its manifest does not name", member=extra[0])
    return contents


def _damage_of_stream(file: Path) -> str:
    """What gzip's own checksum says: it also covers what lies between the members."""
    try:
        with gzip.open(file) as stream:
            while stream.read(_PIECE):
                pass
    except (OSError, EOFError, zlib.error) as fault:
        return f" ({fault})"
    return ""


def _damaged(member: str, what: str) -> Invalid:
    return Invalid(f"the file is damaged: {member} {what}; export the program again", member=member)


def _read_manifest(folder: Path, damage: str) -> Contents:
    file = folder / MANIFEST
    if not file.is_file() or file.is_symlink():
        raise Invalid(f"this file is damaged or no exported program: it has no {MANIFEST}{damage}", member=MANIFEST)
    try:
        version = json.loads(file.read_bytes()).get("format_version", 0)
        if version > FORMAT:
            raise Invalid(
                f"the file has format {version} and this release knows {FORMAT}: import it with a newer release"
            )
        return Contents.model_validate_json(file.read_bytes())
    except (ValidationError, ValueError, AttributeError, TypeError) as fault:
        raise Invalid(f"the file is damaged: {MANIFEST} cannot be read{damage}: {_first_line(fault)}") from None


def _first_line(fault: Exception) -> str:
    return fault.message if isinstance(fault, WardianError) else str(fault).splitlines()[0]


def _digest(file: Path) -> str:
    hasher = blake3()
    with file.open("rb") as source:
        while piece := source.read(_PIECE):
            hasher.update(piece)
    return hasher.hexdigest()
