"""HTTP face of programs."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import PlainTextResponse, StreamingResponse

from wardian.identity.http import BYTES_BODY, Config, Db, Store
from wardian.kernel.paging import Page, PageQuery
from wardian.programs import creation, exporting, importing, running, service, step_cache
from wardian.programs.models import Imported, Program, Report, Version
from wardian.programs.schemas import CachedStep, CacheEntry, ExportWish, NewProgramRun, Origin, StoredObject
from wardian.projects.http import Reads, Runs, Writes
from wardian.tracking.models import Run

router = APIRouter(prefix="/api/v1/projects/{project}/programs", tags=["programs"])


cache_router = APIRouter(prefix="/api/v1/projects/{project}/step-cache", tags=["programs"])
Within = Annotated[float, Query(gt=0, le=100 * 365 * 86400, allow_inf_nan=False)]
CacheKey = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@router.get("")
async def list_programs(db: Db, scope: Reads, page: Annotated[PageQuery, Query()]) -> Page[Program]:
    """By name."""
    return await db.read(service.listed, scope.actor, scope.project, page)


@router.post("", status_code=201, openapi_extra=BYTES_BODY, responses={200: {"model": Version}})
async def create_program(
    db: Db,
    cas: Store,
    config: Config,
    scope: Writes,
    request: Request,
    response: Response,
    origin: Annotated[Origin, Query()],
) -> Version:
    """A version from the .tar.gz of a program's folder. 200: it was here already with just this content."""
    made = await creation.create(
        db,
        cas,
        scope.actor,
        scope.project,
        request.stream(),
        spool=config.home / "spool",
        described_by=origin.file,
        source=origin.source,
    )
    response.status_code = 201 if made.is_new else 200
    return made.version


@router.post("/import", openapi_extra=BYTES_BODY)
async def import_program(db: Db, cas: Store, config: Config, scope: Writes, request: Request) -> Imported:
    """A program from an export file, with the history and data in it. Every checksum is verified first."""
    upload, limit = request.stream(), config.limits.upload_bytes
    return await importing.import_file(db, cas, scope.actor, scope.project, upload, home=config.home, limit=limit)


@router.get("/{program}")
async def show_program(db: Db, scope: Reads, program: str) -> Program:
    return await db.read(service.get, scope.actor, scope.project, program)


@router.delete("/{program}", status_code=204)
async def delete_program(db: Db, scope: Writes, program: str) -> None:
    """Delete a program with all its versions. Its runs stay."""
    await db.write(service.delete, scope.actor, scope.project, program)


@router.get("/{program}/versions/{version}")
async def show_program_version(db: Db, scope: Reads, program: str, version: str) -> Version:
    """`latest` stands for the version that was created last."""
    return await db.read(service.get_version, scope.actor, scope.project, program, version)


@router.delete("/{program}/versions/{version}", status_code=204)
async def delete_program_version(db: Db, scope: Writes, program: str, version: str) -> None:
    await db.write(service.delete_version, scope.actor, scope.project, program, version)


@router.get("/{program}/versions/{version}/readme", response_class=PlainTextResponse)
async def read_program_readme(db: Db, scope: Reads, program: str, version: str) -> str:
    """Text of the README, empty if there is none."""
    return await db.read(service.readme, scope.actor, scope.project, program, version)


@router.post("/{program}/versions/{version}/run", status_code=201)
async def run_program(db: Db, cas: Store, scope: Runs, program: str, version: str, body: NewProgramRun) -> Run:
    """Start a run; parameters that are not named keep their defaults."""
    return await running.start(db, cas, scope.actor, scope.project, (program, version), body)


@router.post("/{program}/versions/{version}/verify")
async def verify_program(db: Db, cas: Store, scope: Runs, program: str, version: str) -> Report:
    """Whether the version can run here: builds its environment, tries its imports, looks for its data and hardware."""
    return await running.verify(db, cas, scope.actor, scope.project, (program, version))


@router.get("/{program}/versions/{version}/export", response_class=StreamingResponse)
async def export_program(
    db: Db, cas: Store, config: Config, scope: Reads, program: str, version: str, wish: Annotated[ExportWish, Query()]
) -> StreamingResponse:
    """One .tgz with checksums: code, lock and description; history and data where asked for."""
    ref = (program, version)
    name, pieces = await exporting.export(db, cas, scope.actor, scope.project, ref, wish, config.home)
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(pieces, media_type="application/gzip", headers=named)


@cache_router.get("/{key}")
async def find_cached_step(db: Db, scope: Reads, key: CacheKey, within: Within) -> CachedStep:
    """What an equal step left behind not longer ago than `within` seconds."""
    return await db.read(step_cache.get, scope.actor, scope.project, key, within)


@cache_router.put("/{key}", status_code=204)
async def keep_cached_step(db: Db, scope: Runs, key: CacheKey, body: CacheEntry) -> None:
    await db.write(step_cache.put, scope.actor, scope.project, key, body)


@cache_router.post("/objects", status_code=201, openapi_extra=BYTES_BODY)
async def keep_cached_object(cas: Store, config: Config, scope: Runs, request: Request) -> StoredObject:
    """Bytes that a cached step will name within the hour."""
    stored = await cas.put(request.stream(), limit=config.limits.upload_bytes)
    return StoredObject(hash=stored.hash, size=stored.size)


@cache_router.get("/{key}/objects/{name}", response_class=StreamingResponse)
async def read_cached_object(db: Db, cas: Store, scope: Reads, key: CacheKey, name: str) -> StreamingResponse:
    """Bytes that this cached step holds."""
    found = await db.read(step_cache.need_object, scope.actor, scope.project, key, name)
    return StreamingResponse(cas.stream(found), media_type="application/octet-stream")
