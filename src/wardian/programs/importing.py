"""Bringing an exported program here: every checksum first, then the program, its data and its history."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

from wardian.identity.models import Actor
from wardian.kernel.errors import Invalid
from wardian.programs import archive, bundle, creation, service
from wardian.programs.models import AttachedData, Imported, Version
from wardian.storage.cas import Cas
from wardian.storage.sql import Database
from wardian.tracking import artifacts, console, restoring
from wardian.tracking.artifacts import Upload
from wardian.tracking.models import Edge, Run
from wardian.tracking.restoring import Piece
from wardian.tracking.schemas import NewArtifact

_LOG_PIECE = 1 << 20


async def import_file(
    db: Database, cas: Cas, actor: Actor, project: str, upload: AsyncIterator[bytes], *, home: Path, limit: int
) -> Imported:
    """Nothing is written unless the whole file is undamaged. Importing twice is harmless."""
    async with creation.workshop(home / "spool") as folder:
        await creation.receive(upload, folder / "import.tgz", limit)
        members = folder / "members"
        contents = await asyncio.to_thread(bundle.unpack, folder / "import.tgz", members)
        created = await _program(db, cas, actor, project, folder, contents)
        files = await _data(db, cas, actor, project, created.version, members, contents)
        added = 0
        for run_id in contents.runs:
            added += await _Restoring(db, cas, actor, project, members).run(run_id, contents.exported_at)
        return Imported(
            program=contents.program,
            version=contents.version,
            created=created.is_new,
            runs=added,
            runs_skipped=len(contents.runs) - added,
            data_files=files,
        )


async def _program(
    db: Database, cas: Cas, actor: Actor, project: str, folder: Path, contents: bundle.Contents
) -> creation.Created:
    code = folder / "code"
    code.mkdir()
    members = folder / "members"
    await asyncio.to_thread(archive.unpack, members / bundle.CODE, code)
    found = archive.content_hash(await asyncio.to_thread(archive.digests, code))
    if found != contents.hash:
        raise Invalid(
            f"the file is damaged: {bundle.CODE} holds other files than its manifest says", member=bundle.CODE
        )
    lock = (members / bundle.LOCK).read_text("utf-8") if (members / bundle.LOCK).exists() else None
    return await creation.create_from(
        db, cas, actor, project, code, described_by=contents.described_by, source=contents.source, lock=lock
    )


async def _data(
    db: Database, cas: Cas, actor: Actor, project: str, version: Version, members: Path, contents: bundle.Contents
) -> int:
    attached: dict[str, AttachedData] = {}
    for name, data in contents.data.items():
        kept = {
            inner: (await cas.put(creation.pieces_of(members / "data" / name / archive.safe_path(inner)))).hash
            for inner in data.files
        }
        attached[name] = AttachedData(is_folder=data.is_folder, files=kept)
    if attached:
        await db.write(service.attach_data, actor, project, version, attached)
    return sum(len(one.files) for one in attached.values())


class _Restoring:
    """Runs of the file's history, one after the other."""

    def __init__(self, db: Database, cas: Cas, actor: Actor, project: str, members: Path) -> None:
        self._db, self._cas, self._actor, self._project = db, cas, actor, project
        self._members = members

    async def run(self, run_id: str, exported_at: str) -> bool:
        """Bring one run back; False if it is here already."""
        base = self._members / "history" / archive.safe_path(run_id)
        run = Run.model_validate_json((base / "run.json").read_bytes())
        if run.id != run_id:
            raise Invalid(f"history/{run_id}/run.json is of another run: {run.id}")
        if not await self._db.write(restoring.begin, self._actor, self._project, run):
            return False
        await self._points(run_id, base)
        await self._log(run_id, base)
        await self._artifacts(run_id, base)
        edges = [Edge.model_validate(edge) for edge in json.loads((base / "edges.json").read_bytes())]
        await self._db.write(restoring.complete, self._actor, self._project, run, edges, exported_at)
        return True

    async def _points(self, run_id: str, base: Path) -> None:
        with (base / "metrics.jsonl").open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                piece = Piece.of(number, **json.loads(line))
                await self._db.write(restoring.add_points, self._actor, self._project, run_id, piece)

    async def _log(self, run_id: str, base: Path) -> None:
        start = 0
        with (base / "log.txt").open("rb") as log:
            while piece := log.read(_LOG_PIECE):
                await self._db.write(console.add, self._actor, self._project, run_id, start, piece)
                start += len(piece)

    async def _artifacts(self, run_id: str, base: Path) -> None:
        for one in json.loads((base / "artifacts.json").read_bytes()):
            stored = await self._cas.put(creation.pieces_of(self._members / archive.safe_path(one["member"])))
            facts = NewArtifact(kind=one["kind"], key=one["key"], step=one["step"], caption=one["caption"])
            upload = Upload(one["path"], stored.hash, one["media_type"], facts)
            await self._db.write(artifacts.keep, self._actor, self._project, run_id, upload)
