"""HTTP face of a run's files: artifacts, media, log."""

import base64
import binascii
import hashlib
import re
from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from wardian.identity.http import BYTES_BODY, Db, Store
from wardian.kernel.errors import Invalid
from wardian.kernel.paging import Page
from wardian.projects.http import Reads, Writes
from wardian.tracking import artifacts, console
from wardian.tracking.api_metrics import body_of
from wardian.tracking.models import Artifact, check_path
from wardian.tracking.schemas import ArtifactQuery, LogEnd, MediaQuery, NewArtifact
from wardian.workloads.models import LogText
from wardian.workloads.schemas import LogQuery

router = APIRouter()
_PIECE = 1 << 20
_SHOWN = ("image/", "audio/", "video/", "text/", "application/json", "application/pdf")
"""What a browser shows in its window; the rest it saves."""
_PASSIVE = ("image/", "audio/", "video/", "application/pdf")
"""Kinds that cannot act, SVG excepted."""
_SANDBOX = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)
"""A page that users made has an origin of its own, so no session of ours, and reaches no network."""
_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")


@router.get("/runs/{run_id}/artifacts")
async def list_artifacts(db: Db, scope: Reads, run_id: str, query: Annotated[ArtifactQuery, Query()]) -> Page[Artifact]:
    return await db.read(artifacts.listed, scope.actor, scope.project, run_id, query)


@router.get("/runs/{run_id}/media")
async def list_media(db: Db, scope: Reads, run_id: str, query: Annotated[MediaQuery, Query()]) -> Page[Artifact]:
    """Images, tables, figures and texts that were logged under a key, by step."""
    return await db.read(artifacts.list_media, scope.actor, scope.project, run_id, query)


@router.put("/runs/{run_id}/artifacts/{path:path}", status_code=201, openapi_extra=BYTES_BODY)
async def keep_artifact(
    request: Request,
    db: Db,
    store: Store,
    scope: Writes,
    run_id: str,
    path: str,
    facts: Annotated[NewArtifact, Query()],
) -> Artifact:
    """Keep the body under a path of the run; what was there before is replaced. Streamed, of any size."""
    check_path(path)
    expected = _digest(request.headers.get("content-digest"))
    await db.read(artifacts.need_run, scope.actor, scope.project, run_id)
    hasher = hashlib.sha256() if expected is not None else None

    async def pieces() -> AsyncIterator[bytes]:
        async for piece in request.stream():
            if hasher is not None:
                hasher.update(piece)
            yield piece

    stored = await store.put(pieces())
    if hasher is not None and hasher.digest() != expected:
        raise Invalid("the body is not what Content-Digest says; it was damaged on the way, send it again")
    media_type = artifacts.media_type_of(path, request.headers.get("content-type"))
    upload = artifacts.Upload(path, stored.hash, media_type, facts)
    return await db.write(artifacts.keep, scope.actor, scope.project, run_id, upload)


@router.get("/runs/{run_id}/artifacts/{path:path}", response_class=StreamingResponse)
async def read_artifact(
    request: Request, db: Db, store: Store, scope: Reads, run_id: str, path: str, download: bool = False
) -> Response:
    """The bytes, whole or a range. Pages that users made are shown in a sandbox, without session and network."""
    found = await db.read(artifacts.find, scope.actor, scope.project, run_id, path)
    headers = _headers(found, download=download)
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    wanted = _range(request.headers.get("range"), found.size)
    if wanted is None:
        headers["Content-Length"] = str(found.size)
        return StreamingResponse(store.stream(found.hash), headers=headers, media_type=found.media_type)
    start, end = wanted
    if start >= end:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{found.size}"})
    headers |= {"Content-Range": f"bytes {start}-{end - 1}/{found.size}", "Content-Length": str(end - start)}
    return StreamingResponse(store.stream(found.hash, start, end), 206, headers, media_type=found.media_type)


@router.delete("/runs/{run_id}/artifacts/{path:path}", status_code=204)
async def delete_artifact(db: Db, scope: Writes, run_id: str, path: str) -> None:
    await db.write(artifacts.delete, scope.actor, scope.project, run_id, path)


@router.get("/runs/{run_id}/log")
async def read_log(db: Db, scope: Reads, run_id: str, query: Annotated[LogQuery, Query()]) -> LogText:
    """A part of the log: the run's own, or that of its workload."""
    return await db.read(console.show, scope.actor, scope.project, run_id, query)


@router.post("/runs/{run_id}/log", openapi_extra=BYTES_BODY)
async def append_log(
    request: Request, db: Db, scope: Writes, run_id: str, start: Annotated[int, Query(ge=0, le=1 << 50)]
) -> LogEnd:
    """Add bytes that begin at offset `start`. Bytes before the known end are ignored; a gap is refused with the end."""
    data = await body_of(request, console.MAX_BYTES)
    return LogEnd(end=await db.write(console.add, scope.actor, scope.project, run_id, start, data))


@router.get("/runs/{run_id}/log/download", response_class=StreamingResponse)
async def download_log(db: Db, scope: Reads, run_id: str) -> StreamingResponse:
    """The whole log, as it was written."""
    first = await db.read(console.read_bytes, scope.actor, scope.project, run_id, 0, _PIECE)

    async def pieces() -> AsyncIterator[bytes]:
        data, start = first, 0
        while data:
            yield data
            start += len(data)
            data = await db.read(console.read_bytes, scope.actor, scope.project, run_id, start, _PIECE)

    named = {"Content-Disposition": f'attachment; filename="{run_id}.log"'}
    return StreamingResponse(pieces(), media_type="text/plain; charset=utf-8", headers=named)


def _headers(found: Artifact, *, download: bool) -> dict[str, str]:
    shown = not download and found.media_type.lower().startswith(_SHOWN)
    name = found.path.rsplit("/", 1)[-1]
    is_passive = found.media_type.lower().startswith(_PASSIVE) and "svg" not in found.media_type.lower()
    return {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}",
        "ETag": f'"{found.hash}"',
    } | ({} if is_passive else {"Content-Security-Policy": _SANDBOX})


def _range(header: str | None, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last; None where the whole is wanted. Several ranges count as the whole."""
    match = _RANGE.match(header or "")
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size


def _digest(header: str | None) -> bytes | None:
    """SHA-256 of `Content-Digest: sha-256=:BASE64:` (RFC 9530), None where the client sends none."""
    if header is None:
        return None
    match = re.search(r"sha-256=:([A-Za-z0-9+/=]+):", header)
    try:
        return base64.b64decode(match.group(1), validate=True) if match else None
    except binascii.Error as error:
        raise Invalid("Content-Digest holds no base64") from error
