"""Puts into a working folder what a spec names: the code snapshot and the input files."""

import asyncio
import gzip
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from blake3 import blake3

from wardian.kernel.errors import Invalid, NotFound
from wardian.storage.cas import Cas
from wardian.workloads.models import Spec

UNPACKED_LIMIT = 64 << 30
_MEMBERS_LIMIT = 1_000_000


async def stage(cas: Cas, spec: Spec, folder: Path) -> None:
    """Fill `folder`, which is made anew: what an interrupted staging left is gone."""
    await asyncio.to_thread(_renew, folder)
    with TemporaryDirectory(dir=folder.parent, prefix="staging-") as aside:
        if spec.code is not None:
            archive = Path(aside, "code.tar.gz")
            await _fetch(cas, spec.code, archive)
            await asyncio.to_thread(unpack, archive, folder)
        for name, object_hash in spec.files.items():
            target = await asyncio.to_thread(_place_for, name, folder)
            await _fetch(cas, object_hash, target)


def unpack(archive: Path, folder: Path, limit: int = UNPACKED_LIMIT) -> None:
    """Unpack a .tar.gz of plain files, folders and links that stay inside; anything else is refused by name.

    Ours instead of `tarfile`'s data filter, which the first releases of Python 3.11 do not have.
    """
    size = count = 0
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                size, count = size + member.size, count + 1
                if size > limit or count > _MEMBERS_LIMIT:
                    raise Invalid(f"the code snapshot is larger than {limit} bytes or {_MEMBERS_LIMIT} files unpacked")
                _unpack_one(tar, member, folder)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError) as error:
        raise Invalid(f"the code snapshot is no whole .tar.gz: {error}") from error


def _unpack_one(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    target = _inside(folder, folder / member.name, member.name)
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if member.issym():
        _inside(folder, target.parent / member.linkname, member.name)
        target.symlink_to(member.linkname)
    elif member.isreg() and (source := tar.extractfile(member)) is not None:
        with source, target.open("wb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
        target.chmod(0o755 if member.mode & 0o100 else 0o644)
    else:
        raise Invalid(f"the code snapshot holds {member.name!r}, which is neither a file, a folder nor a symbolic link")


def _inside(folder: Path, target: Path, name: str) -> Path:
    """The path, once links on the way to it are followed, must not leave the folder."""
    if PurePosixPath(name).is_absolute() or not target.resolve().is_relative_to(folder.resolve()):
        raise Invalid(f"the code snapshot holds {name!r}, which leads outside the working folder")
    return target


def _place_for(name: str, folder: Path) -> Path:
    target = folder / name
    if not target.resolve().is_relative_to(folder.resolve()):  # by a link in the code snapshot
        raise Invalid(f"input {name!r} would lie outside the working folder; choose another path")
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


async def _fetch(cas: Cas, object_hash: str, target: Path) -> None:
    content = blake3()
    try:
        with target.open("wb") as file:
            async for chunk in cas.stream(object_hash):
                content.update(chunk)
                await asyncio.to_thread(file.write, chunk)
    except NotFound as error:
        raise Invalid(f"object {object_hash} is not in the store any more; create the workload again") from error
    if content.hexdigest() != object_hash:
        raise Invalid(f"object {object_hash} is damaged in the store; upload it again")


def _renew(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
