"""Rows of workloads and executors ⇄ nouns."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from wardian.kernel.paging import Page, encode_cursor
from wardian.storage.sql import Tx
from wardian.workloads.models import PLACED, Capacity, ExecutorInfo, Resources, Status, Workload
from wardian.workloads.placement import used
from wardian.workloads.schemas import WorkloadQuery
from wardian.workloads.tables import executors, workloads

_NOUN = [workloads.c[name] for name in Workload.model_fields]


def insert(tx: Tx, workload: Workload) -> None:
    tx.insert(workloads, **workload.model_dump(), look_at=tx.now)


def find(tx: Tx, workload_id: str, *, for_update: bool = False) -> Workload | None:
    query = sa.select(*_NOUN).where(workloads.c.id == workload_id)
    row = tx.one_or_none(query.with_for_update() if for_update else query)
    return None if row is None else _workload(row)


def update(tx: Tx, before: Workload, after: Workload, **columns: Any) -> None:
    """Write what differs, and further columns."""
    new, old = after.model_dump(), before.model_dump()
    values = {name: value for name, value in new.items() if value != old[name]} | columns
    if values:
        tx.run(workloads.update().where(workloads.c.id == after.id).values(**values))


def delete(tx: Tx, workload_id: str) -> None:
    tx.run(workloads.delete().where(workloads.c.id == workload_id))


def page(tx: Tx, where: WorkloadQuery, *conditions: sa.ColumnElement[bool]) -> Page[Workload]:
    """Newest first."""
    query = sa.select(*_NOUN).where(*conditions).order_by(workloads.c.id.desc())
    if where.status:
        query = query.where(workloads.c.status.in_(where.status))
    if where.kind is not None:
        query = query.where(workloads.c.kind == where.kind)
    if where.text:
        query = query.where(workloads.c.name.icontains(where.text, autoescape=True))
    if position := where.position(1):
        query = query.where(workloads.c.id < str(position[0]))
    rows = tx.all(query.limit(where.limit + 1))
    items = [_workload(row) for row in rows[: where.limit]]
    return Page(items=items, next=encode_cursor(items[-1].id) if len(rows) > where.limit else None)


def in_projects(sees: frozenset[str] | None) -> list[sa.ColumnElement[bool]]:
    return [] if sees is None else [workloads.c.project.in_(sees)]


def of_project(tx: Tx, project: str) -> list[Workload]:
    return [_workload(row) for row in tx.all(sa.select(*_NOUN).where(workloads.c.project == project))]


def queue(tx: Tx, limit: int) -> list[Workload]:
    """Those that want to be placed now, longest waiting first."""
    due = sa.or_(workloads.c.waits_until.is_(None), workloads.c.waits_until <= tx.now)
    query = sa.select(*_NOUN).where(workloads.c.status == Status.QUEUED, due).order_by(workloads.c.id).limit(limit)
    return [_workload(row) for row in tx.all(query)]


def placed(tx: Tx, place: str) -> list[Workload]:
    query = sa.select(*_NOUN).where(workloads.c.place == place, workloads.c.status.in_(PLACED))
    return [_workload(row) for row in tx.all(query)]


def existing(tx: Tx, ids: list[str]) -> set[str]:
    return set(tx.scalars(sa.select(workloads.c.id).where(workloads.c.id.in_(ids)))) if ids else set()


def put_executor(tx: Tx, place: str, kind: str, capacity: Capacity) -> None:
    row = {"place": place, "kind": kind, **capacity.model_dump(), "seen_at": tx.now}
    tx.upsert(executors, [row], key=["place"], update=[name for name in row if name != "place"])


def elsewhere(tx: Tx, place: str, within: timedelta) -> list[Capacity]:
    """What other places have to give that were heard of lately."""
    alive = sa.and_(executors.c.place != place, executors.c.seen_at >= tx.now - within)
    return [_capacity(row) for row in tx.all(sa.select(executors).where(alive))]


def touch_executor(tx: Tx, place: str) -> None:
    tx.run(executors.update().where(executors.c.place == place).values(seen_at=tx.now))


def lock_executor(tx: Tx, place: str) -> Capacity | None:
    """What the place has to give; until the transaction ends nobody else places there."""
    row = tx.one_or_none(sa.select(executors).where(executors.c.place == place).with_for_update())
    return None if row is None else _capacity(row)


def list_executors(tx: Tx) -> list[ExecutorInfo]:
    found: list[ExecutorInfo] = []
    for row in tx.all(sa.select(executors).order_by(executors.c.place)):
        here = placed(tx, row.place)
        info: dict[str, Any] = {
            "place": row.place,
            "kind": row.kind,
            "capacity": _capacity(row),
            "seen_at": row.seen_at,
        }
        found.append(ExecutorInfo(**info, used=Resources.model_construct(**dict(used(here))), workloads=len(here)))
    return found


def _capacity(row: sa.Row[Any]) -> Capacity:
    return Capacity.model_validate({name: getattr(row, name) for name in Capacity.model_fields})


def _workload(row: sa.Row[Any]) -> Workload:
    return Workload.model_validate({name: getattr(row, name) for name in Workload.model_fields})
