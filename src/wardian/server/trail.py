"""HTTP face of the audit trail, and the live stream. Here and not in `events/`, which lies below the actors."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import StreamingResponse

from wardian.events import service
from wardian.events.bus import Bus
from wardian.events.models import SealedEvent, Verdict
from wardian.events.schemas import EventFilter
from wardian.identity.http import AdminActor, CurrentActor, Db, Signals
from wardian.identity.models import Actor
from wardian.kernel.paging import Page, PageQuery
from wardian.projects import service as projects
from wardian.storage.sql import Database, Tx

router = APIRouter(prefix="/api/v1", tags=["trail"])

GATHER_S = 0.2
"""What happens within this time reaches a listener together: a busy run must not flood the page that shows it."""
BEAT_S = 15.0
"""A comment line so often keeps proxies from closing a quiet stream."""


class TrailQuery(PageQuery, EventFilter):
    """Filters and a page; `project` is an id or a name."""


@router.get("/events")
async def list_events(db: Db, actor: CurrentActor, query: Annotated[TrailQuery, Query()]) -> Page[SealedEvent]:
    """The audit trail, newest first, of the projects the caller may read."""
    return await db.read(_recent, actor, query)


@router.get("/events/verify")
async def verify_trail(db: Db, actor: AdminActor) -> Verdict:
    """Recompute the hash chain: has anybody tampered with the trail? For platform admins."""
    return await db.read(service.verify)


@router.get("/stream", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def stream(
    request: Request,
    db: Db,
    signals: Signals,
    actor: CurrentActor,
    project: str | None = None,
    topic: Annotated[list[str] | None, Query(description="hints wanted as well, such as `run.ID.metrics`")] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Server-sent events: what the caller may read of the trail (`id`: place; Last-Event-ID resumes), and hints."""
    where = EventFilter(project=await db.read(_project_id, actor, project) if project else None)
    seq = int(last_event_id) if last_event_id and last_event_id.isdigit() else await db.read(service.head)
    topics = tuple(t for t in topic or [] if t.startswith(("run.", "workload.", "deployment.")))
    follow = _follow(request, db, signals, actor, where, seq, topics)
    return StreamingResponse(
        follow, media_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )


async def _follow(
    request: Request, db: Database, bus: Bus, actor: Actor, where: EventFilter, seq: int, topics: tuple[str, ...]
) -> AsyncIterator[str]:
    with bus.listening(service.SEALED, *topics) as listener:
        yield "retry: 2000\n\n"
        while not await request.is_disconnected():
            fresh = await db.read(service.after, actor.sees(), where, seq)
            for event in fresh:
                seq = event.seq or seq
                yield f"id: {seq}\nevent: trail\ndata: {event.model_dump_json()}\n\n"
            hint = await listener.next(BEAT_S)
            if hint is None:
                yield ": still here\n\n"
                continue
            hints = dict([hint, *listener.drain()])
            for name, data in hints.items():
                if name != service.SEALED:
                    yield f"event: hint\ndata: {json.dumps({'topic': name, **data})}\n\n"
            await asyncio.sleep(GATHER_S)


def _recent(tx: Tx, actor: Actor, query: TrailQuery) -> Page[SealedEvent]:
    where = EventFilter(**query.model_dump(include=set(EventFilter.model_fields)))
    if where.project:
        where = where.model_copy(update={"project": projects.find(tx, actor, where.project).id})
    return service.recent(tx, actor.sees(), where, PageQuery(cursor=query.cursor, limit=query.limit))


def _project_id(tx: Tx, actor: Actor, ref: str) -> str:
    return projects.find(tx, actor, ref).id
