"""Writing a program, with its history and data where asked for, to one file."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from wardian.identity.models import Actor
from wardian.kernel.clock import utc_now
from wardian.kernel.errors import Forbidden, Invalid
from wardian.kernel.paging import PageQuery
from wardian.programs import bundle, creation, service
from wardian.programs.bundle import Contents, DataFiles, Writer
from wardian.programs.models import Version
from wardian.programs.schemas import ExportWish
from wardian.storage.cas import Cas
from wardian.storage.sql import Database
from wardian.tracking import artifacts, console, metrics
from wardian.tracking import service as tracking
from wardian.tracking.models import Run
from wardian.tracking.schemas import ArtifactQuery, CurveQuery, RunQuery

_PAGE = 100
_POINTS = 100_000
_LOG_PIECE = 1 << 20


class Export:
    """One export, into a folder of its own."""

    def __init__(self, db: Database, cas: Cas, actor: Actor, project: str, folder: Path) -> None:
        self._db, self._cas, self._actor, self._project = db, cas, actor, project
        self._folder = folder
        self._writer = Writer(folder / "members")
        (folder / "members").mkdir()

    async def write(self, version: Version, wish: ExportWish, home: Path) -> Path:
        """The finished file."""
        described = version.manifest.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        self._writer.add(bundle.DESCRIPTION, yaml.safe_dump(described, sort_keys=False, allow_unicode=True))
        if version.lock is not None:
            self._writer.add(bundle.LOCK, version.lock)
        await self._writer.add_stream(bundle.CODE, self._cas.stream(version.code))
        data = await self._add_data(version, home) if wish.data else {}
        runs = await self._add_history(version) if wish.history else []
        contents = Contents(
            program=version.program,
            version=version.version,
            hash=version.hash,
            described_by=version.described_by,
            source=version.source,
            exported_at=utc_now().isoformat(),
            runs=runs,
            data=data,
            members=self._writer.members,
        )
        into = self._folder / "export.tgz"
        await asyncio.to_thread(self._writer.write, contents, into)
        return into

    async def _add_data(self, version: Version, home: Path) -> dict[str, DataFiles]:
        """Files behind pointers that lie on this machine; pointers into the program's folder need none."""
        found: dict[str, DataFiles] = {}
        for pointer in version.manifest.data:
            kept = version.data.get(pointer.name)
            if kept is not None:
                for name, object_hash in kept.files.items():
                    await self._writer.add_stream(f"data/{pointer.name}/{name}", self._cas.stream(object_hash))
                found[pointer.name] = DataFiles(is_folder=kept.is_folder, files=sorted(kept.files))
                continue
            parts = urlsplit(pointer.uri)
            if parts.scheme == "file" or (not parts.scheme and pointer.uri.startswith("/")):
                path = Path(parts.path if parts.scheme else pointer.uri)
                found[pointer.name] = await asyncio.to_thread(self._copy, pointer.name, path, home)
        return found

    def _copy(self, name: str, path: Path, home: Path) -> DataFiles:
        if path.resolve().is_relative_to(home.resolve()):
            raise Forbidden(f"data {name} lies in the platform's own folder, which is not exported: {path}")
        if not path.exists():
            raise Invalid(f"data {name} is not there: {path}; export without data, or put it back")
        files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        base = path if path.is_dir() else path.parent
        names = [one.relative_to(base).as_posix() for one in files]
        for file, inner in zip(files, names, strict=True):
            member = f"data/{name}/{inner}"
            shutil.copyfile(file, self._writer.place(member))
            self._writer.keep(member)
        return DataFiles(is_folder=path.is_dir(), files=names)

    async def _add_history(self, version: Version) -> list[str]:
        """Runs of this program's version that have ended."""
        where = f'program = "{version.program}"'
        found: list[str] = []
        cursor = None
        while True:
            query = RunQuery(filter=where, order="created_at", limit=_PAGE, cursor=cursor, columns="")
            page = await self._db.read(tracking.listed, self._actor, self._project, query)
            for run in page.items:
                is_ours = run.program is not None and run.program.version == version.version
                if is_ours and run.status.is_final:
                    await self._add_run(run.id)
                    found.append(run.id)
            cursor = page.next
            if cursor is None:
                return found

    async def _add_run(self, run_id: str) -> None:
        base = f"history/{run_id}"
        run = await self._db.read(tracking.get, self._actor, self._project, run_id)
        lineage = await self._db.read(tracking.lineage, self._actor, self._project, run_id)
        edges = [edge.model_dump(mode="json") for edge in (*lineage.inputs, *lineage.outputs)]
        self._writer.add(f"{base}/run.json", run.model_dump_json(indent=2))
        self._writer.add(f"{base}/edges.json", json.dumps(edges))
        await self._writer.add_stream(f"{base}/log.txt", self._log(run_id))
        await self._writer.add_stream(f"{base}/metrics.jsonl", self._points(run))
        await self._add_artifacts(base, run_id)

    async def _log(self, run_id: str) -> AsyncIterator[bytes]:
        start = 0
        while piece := await self._db.read(console.read_bytes, self._actor, self._project, run_id, start, _LOG_PIECE):
            yield piece
            start += len(piece)

    async def _points(self, run: Run) -> AsyncIterator[bytes]:
        """Raw points, exactly: times in microseconds, numbers that JSON has not by name (`NaN`, `Infinity`)."""
        for key in run.metrics:
            cursor = None
            while True:
                query = CurveQuery(raw=True, limit=_POINTS, cursor=cursor)
                part = await self._db.read(metrics.raw, self._actor, self._project, run.id, key, query)
                columns = {
                    "key": key,
                    "step": part.points.steps.tolist(),
                    "time": part.points.times.tolist(),
                    "value": part.points.values.tolist(),
                }
                yield json.dumps(columns).encode() + b"\n"
                cursor = part.next
                if cursor is None:
                    break

    async def _add_artifacts(self, base: str, run_id: str) -> None:
        kept: list[dict[str, object]] = []
        cursor = None
        while True:
            query = ArtifactQuery(cursor=cursor, limit=PageQuery().limit)
            page = await self._db.read(artifacts.listed, self._actor, self._project, run_id, query)
            for artifact in page.items:
                member = f"{base}/artifacts/{len(kept)}"
                await self._writer.add_stream(member, self._cas.stream(artifact.hash))
                kept.append(
                    {"member": member, **artifact.model_dump(mode="json", exclude={"hash", "created_at", "size"})}
                )
            cursor = page.next
            if cursor is None:
                break
        self._writer.add(f"{base}/artifacts.json", json.dumps(kept))


async def export(
    db: Database, cas: Cas, actor: Actor, project: str, version: tuple[str, str], wish: ExportWish, home: Path
) -> tuple[str, AsyncIterator[bytes]]:
    """The file's name and its bytes. The folder it is made in is gone after the last of them."""
    found = await db.read(service.get_version, actor, project, *version)
    shop = creation.workshop(home / "spool")
    folder = await shop.__aenter__()
    try:
        file = await Export(db, cas, actor, project, folder).write(found, wish, home)
    except BaseException:
        await shop.__aexit__(None, None, None)
        raise

    async def pieces() -> AsyncIterator[bytes]:
        try:
            async for piece in creation.pieces_of(file):
                yield piece
        finally:
            await shop.__aexit__(None, None, None)

    return f"{found.program}.{found.version}.tgz", pieces()
