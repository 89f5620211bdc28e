"""HTTP face of metric series. Points come as binary frames or JSON, and go as columns."""

import time
from typing import Annotated, Any

import msgspec
import numpy as np
from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from wardian.identity.http import BYTES, Db
from wardian.kernel.errors import Invalid, TooLarge
from wardian.kernel.paging import Page, PageQuery
from wardian.projects.http import Reads, Writes
from wardian.tracking import metrics
from wardian.tracking.metrics import Drawing
from wardian.tracking.models import SeriesSummary, check_key
from wardian.tracking.schemas import Applied, CurveQuery, DrawnSeries, PointsBody
from wardian.tracking.series import wire
from wardian.tracking.series.points import Floats, Points
from wardian.tracking.series.wire import Frame

router = APIRouter()


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without definitions of its own, which an API's document has no place for."""
    column = schema.pop("$defs")["Column"]
    schema["properties"]["points"]["additionalProperties"] = column
    return schema


_BODIES = {
    "required": True,
    "content": {
        "application/octet-stream": BYTES,
        "application/json": {"schema": _inlined(PointsBody.model_json_schema())},
    },
}


@router.post("/runs/{run_id}/points", openapi_extra={"requestBody": _BODIES})
async def add_points(request: Request, db: Db, scope: Writes, run_id: str) -> Applied:
    """Add points of any number of metrics. Acknowledged is durable; repeating a writer's sequence is harmless."""
    body = await body_of(request, wire.MAX_BYTES)
    is_json = request.headers.get("content-type", "").startswith("application/json")
    frame = _from_json(body) if is_json else wire.parse(body)
    applied = await db.write(metrics.add_points, scope.actor, scope.project, run_id, frame)
    return Applied(applied=applied, points=frame.count if applied else None)


@router.get("/runs/{run_id}/series")
async def list_series(db: Db, scope: Reads, run_id: str, query: Annotated[PageQuery, Query()]) -> Page[SeriesSummary]:
    """The metrics of a run, without their points."""
    return await db.read(metrics.list_series, scope.actor, scope.project, run_id, query)


@router.get("/runs/{run_id}/series/{key:path}", responses={200: {"model": DrawnSeries}})
async def read_series(db: Db, scope: Reads, run_id: str, key: str, query: Annotated[CurveQuery, Query()]) -> Response:
    """A curve: of each pixel its first, lowest, highest and last point. With `raw=1` every point, in pages."""
    if query.raw:
        found = await db.read(metrics.raw, scope.actor, scope.project, run_id, key, query)
        return columns(found, {"key": key, "count": found.count, "next": found.next})
    found = await db.read(metrics.draw, scope.actor, scope.project, run_id, key, query)
    shown = len(found.points)
    facts = {"key": key, "x": query.x, "count": found.count, "points": shown, "sampled": shown < found.count}
    return columns(found, facts)


async def body_of(request: Request, limit: int) -> bytes:
    """The whole body, TooLarge as soon as it is more than `limit` bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise TooLarge(f"more than {limit} bytes in one request; send several", limit=limit)
    return bytes(body)


def columns(found: Drawing, facts: dict[str, Any]) -> Response:
    points = found.points
    found_columns = {
        "step": points.steps.tolist(),
        "time": points.seconds.tolist(),
        "value": _to_wire(points.values),
    }
    return Response(msgspec.json.encode(facts | found_columns), media_type="application/json")


def _to_wire(values: Floats) -> list[float | str]:
    """Numbers, and names for those that JSON has not."""
    numbers: list[float | str] = values.tolist()
    for at in np.flatnonzero(~np.isfinite(values)).tolist():
        value = values[at]
        numbers[at] = "NaN" if np.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return numbers


def _from_json(body: bytes) -> Frame:
    try:
        given = PointsBody.model_validate_json(body)
    except ValidationError as error:
        first = error.errors()[0]
        raise Invalid(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
    keys, columns = list(given.points), list(given.points.values())
    for key, column in given.points.items():
        check_key(key, "metric")
        if len(column.value) != len(column.step) or len(column.time or column.step) != len(column.step):
            raise Invalid(f"metric {key!r}: step, value and time are not equally long", key=key)
    count = sum(len(column.step) for column in columns)
    wire.check_counts(len(keys), count)
    now = time.time()
    points = Points(
        np.array([step for column in columns for step in column.step], np.int64),
        wire.microseconds(np.array([at for c in columns for at in (c.time or [now] * len(c.step))], np.float64)),
        np.array([value for column in columns for value in column.value], np.float64),
    )
    index = np.repeat(np.arange(len(keys), dtype=np.uint32), [len(column.step) for column in columns])
    return Frame(given.writer, given.sequence, count, wire.grouped(keys, index, points))
