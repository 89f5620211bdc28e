"""Use-cases of artifacts: named bytes of a run. Every function runs inside one transaction."""

import mimetypes
from dataclasses import dataclass

import sqlalchemy as sa

from wardian.identity.models import Actor, Can
from wardian.kernel.errors import NotFound
from wardian.kernel.paging import Page, encode_cursor
from wardian.storage import references
from wardian.storage.sql import Tx
from wardian.tracking import service, store
from wardian.tracking.models import Artifact, check_path
from wardian.tracking.schemas import ArtifactQuery, MediaQuery, NewArtifact
from wardian.tracking.tables import artifacts as t

UNKNOWN = "application/octet-stream"


def media_type_of(path: str, given: str | None) -> str:
    """What the client says, or what the name says where it says nothing."""
    if given and given.split(";")[0].strip().lower() not in (UNKNOWN, "application/x-www-form-urlencoded"):
        return given[:200]
    return mimetypes.guess_type(path, strict=False)[0] or UNKNOWN


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes that were just stored, and what they are to be."""

    path: str
    hash: str
    media_type: str
    facts: NewArtifact


def keep(tx: Tx, actor: Actor, project: str, run: str, upload: Upload) -> Artifact:
    """Point at an upload. The same path again replaces what was there."""
    service.hear(tx, actor, project, run)
    path, facts = check_path(upload.path), upload.facts
    size = references.hold(tx, upload.hash)
    before = tx.scalar(sa.select(t.c.hash).where(t.c.run == run, t.c.path == path))
    if before is not None:
        references.release(tx, before)
    row = {
        "run": run,
        "path": path,
        "hash": upload.hash,
        "size": size,
        "kind": facts.kind,
        "key": facts.key or None,
        "step": facts.step,
        "caption": facts.caption,
        "media_type": upload.media_type,
        "created_at": tx.now,
    }
    tx.upsert(t, [row], key=["run", "path"], update=[name for name in row if name not in ("run", "path")])
    tx.publish(f"run.{run}.artifacts")
    return find(tx, actor, project, run, path)


def need_run(tx: Tx, actor: Actor, project: str, run: str) -> None:
    """Before an upload: refuse what could not be kept."""
    actor.need(Can.WRITE, project)
    store.find(tx, project, run)


def find(tx: Tx, actor: Actor, project: str, run: str, path: str) -> Artifact:
    actor.need(Can.READ, project)
    store.find(tx, project, run)
    row = tx.one_or_none(sa.select(t).where(t.c.run == run, t.c.path == path))
    if row is None:
        raise NotFound("artifact", path)
    return Artifact.model_validate(row)


def listed(tx: Tx, actor: Actor, project: str, run: str, query: ArtifactQuery) -> Page[Artifact]:
    """By path."""
    actor.need(Can.READ, project)
    store.find(tx, project, run)
    chosen = sa.select(t).where(t.c.run == run).order_by(t.c.path)
    if query.prefix:
        chosen = chosen.where(t.c.path.startswith(query.prefix, autoescape=True))
    if position := query.position(1):
        chosen = chosen.where(t.c.path > str(position[0]))
    rows = tx.all(chosen.limit(query.limit + 1))
    items = [Artifact.model_validate(row) for row in rows[: query.limit]]
    return Page(items=items, next=encode_cursor(items[-1].path) if len(rows) > query.limit else None)


def list_media(tx: Tx, actor: Actor, project: str, run: str, query: MediaQuery) -> Page[Artifact]:
    """Artifacts that were logged under a key, by key, step and path."""
    actor.need(Can.READ, project)
    store.find(tx, project, run)
    step = sa.func.coalesce(t.c.step, 0)
    chosen = sa.select(t).where(t.c.run == run, t.c.key.is_not(None)).order_by(t.c.key, step, t.c.path)
    if query.key is not None:
        chosen = chosen.where(t.c.key == query.key)
    if position := query.position(3):
        key, at, path = str(position[0]), position[1] if isinstance(position[1], int) else 0, str(position[2])
        values = (sa.literal(key), sa.literal(at, sa.BigInteger), sa.literal(path))
        chosen = chosen.where(sa.tuple_(t.c.key, step, t.c.path) > sa.tuple_(*values))
    rows = tx.all(chosen.limit(query.limit + 1))
    items = [Artifact.model_validate(row) for row in rows[: query.limit]]
    last = items[-1] if len(rows) > query.limit else None
    return Page(items=items, next=encode_cursor(last.key, last.step or 0, last.path) if last else None)


def delete(tx: Tx, actor: Actor, project: str, run: str, path: str) -> None:
    actor.need(Can.WRITE, project)
    store.find(tx, project, run, lock=True)
    found = find(tx, actor, project, run, path)
    references.release(tx, found.hash)
    tx.run(t.delete().where(t.c.run == run, t.c.path == path))
    tx.publish(f"run.{run}.artifacts")
