"""From an uploaded archive to a version: unpacked, understood, locked, packed anew, then kept in one transaction."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from wardian.identity.models import Actor
from wardian.kernel.errors import Invalid, TooLarge
from wardian.programs import archive, contents, locking, planning, service
from wardian.programs.contents import Contents
from wardian.programs.models import Version
from wardian.programs.service import Prepared
from wardian.storage.cas import Cas
from wardian.storage.sql import Database

LARGEST_ARCHIVE = 2 * 1024**3
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class Created:
    version: Version
    is_new: bool


async def create(  # noqa: PLR0913 - what an upload consists of
    db: Database,
    cas: Cas,
    actor: Actor,
    project: str,
    upload: AsyncIterator[bytes],
    *,
    spool: Path,
    described_by: str | None = None,
    source: dict[str, str] | None = None,
) -> Created:
    """A version from an uploaded .tar.gz; the same content under the same version is that version."""
    async with workshop(spool) as folder:
        await receive(upload, folder / "upload.tgz")
        unpacked = await asyncio.to_thread(_unpack, folder)
        return await create_from(db, cas, actor, project, unpacked, described_by=described_by, source=source)


async def create_from(  # noqa: PLR0913 - what a folder consists of
    db: Database,
    cas: Cas,
    actor: Actor,
    project: str,
    folder: Path,
    *,
    described_by: str | None = None,
    source: dict[str, str] | None = None,
    lock: str | None = None,
) -> Created:
    """A version from a folder. `lock` is the lock it was made with elsewhere, to find the same packages here."""
    found = await asyncio.to_thread(contents.read, folder, described_by)
    prepared = await asyncio.to_thread(_prepared, folder, found, source or {})
    if (same := await db.read(service.same_content, actor, project, prepared)) is not None:
        return Created(same, is_new=False)
    prepared = await _locked(prepared, folder, found, lock)
    packed = folder.parent / "program.tgz"
    await asyncio.to_thread(archive.pack, folder, packed)
    stored = await cas.put(pieces_of(packed))
    version = await db.write(service.add_version, actor, project, prepared, stored.hash)
    return Created(version, is_new=True)


@asynccontextmanager
async def workshop(spool: Path) -> AsyncGenerator[Path]:
    """A folder on the server's own disk that is gone when the block ends."""
    await asyncio.to_thread(spool.mkdir, parents=True, exist_ok=True)
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=spool, prefix="program-"))
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def receive(upload: AsyncIterator[bytes], into: Path, limit: int = LARGEST_ARCHIVE) -> None:
    """Write an upload to disk. Raises TooLarge, and Invalid when nothing came."""
    size = 0
    with into.open("wb") as file:
        async for chunk in upload:
            size += len(chunk)
            if size > limit:
                raise TooLarge(f"the archive is larger than {limit} bytes, the limit here", limit=limit)
            await asyncio.to_thread(file.write, chunk)
    if not size:
        raise Invalid("the request has no body; send the .tar.gz of the program's folder")


async def pieces_of(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as source:
        while piece := await asyncio.to_thread(source.read, _PIECE):
            yield piece


def _unpack(folder: Path) -> Path:
    into = folder / "content"
    into.mkdir()
    archive.unpack(folder / "upload.tgz", into)
    return archive.top_folder(into)


def _prepared(folder: Path, found: Contents, source: dict[str, str]) -> Prepared:
    digests = archive.digests(folder)
    return Prepared(
        manifest=found.manifest,
        hash=archive.content_hash(digests),
        digests=digests,
        plan=planning.plan_of(found, locking.key_of(None, None)),
        readme=found.readme,
        source=source,
        described_by=found.described_by,
    )


async def _locked(prepared: Prepared, folder: Path, found: Contents, lock: str | None) -> Prepared:
    wanted = found.requirements
    if wanted is None:
        return prepared
    text = lock or await locking.lock(wanted, folder, has_notebooks=bool(found.splits))
    plan = replace(prepared.plan, environment_key=locking.key_of(text, wanted.python))
    return replace(prepared, lock=text, python=wanted.python, plan=plan)
