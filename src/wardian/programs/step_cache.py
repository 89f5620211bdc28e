"""Results of steps, kept for equal steps of later runs. Every function runs inside one transaction."""

from datetime import timedelta

import sqlalchemy as sa

from wardian.identity.models import Actor, Can
from wardian.kernel.errors import NotFound
from wardian.programs.schemas import CachedStep, CacheEntry
from wardian.programs.tables import step_cache as t
from wardian.storage import references
from wardian.storage.sql import Tx


def get(tx: Tx, actor: Actor, project: str, key: str, within: float) -> CachedStep:
    """What an equal step left not longer ago than `within` seconds. NotFound where there is none."""
    actor.need(Can.READ, project)
    row = tx.one_or_none(sa.select(t).where(t.c.project == project, t.c.key == key))
    if row is None or row.created_at + timedelta(seconds=within) < tx.now or row.valid_until < tx.now:
        raise NotFound("cached step", key)
    return CachedStep(run=row.run, step=row.step, content=row.content)


def put(tx: Tx, actor: Actor, project: str, key: str, entry: CacheEntry) -> None:
    """Keep a result in place of what was there. What has run out in this project goes."""
    actor.need(Can.RUN, project)
    _drop(tx, sa.and_(t.c.project == project, sa.or_(t.c.key == key, t.c.valid_until < tx.now)))
    objects = sorted(set(entry.objects))
    for name in objects:
        references.hold(tx, name)
    tx.insert(
        t,
        project=project,
        key=key,
        created_at=tx.now,
        valid_until=tx.now + timedelta(seconds=entry.valid_s),
        **entry.model_dump() | {"objects": objects},
    )


def need_object(tx: Tx, actor: Actor, project: str, key: str, name: str) -> str:
    """The name of an object if that entry holds it: nothing else can be fetched here."""
    actor.need(Can.READ, project)
    objects = tx.scalar(sa.select(t.c.objects).where(t.c.project == project, t.c.key == key))
    if name not in (objects or []):
        raise NotFound("object", name)
    return name


def clear_project(tx: Tx, project: str) -> None:
    _drop(tx, t.c.project == project)


def _drop(tx: Tx, where: sa.ColumnElement[bool]) -> None:
    for row in tx.all(sa.select(t.c.objects).where(where)):
        for name in row.objects:
            references.release(tx, name)
    tx.run(t.delete().where(where))
