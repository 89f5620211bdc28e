"""SQL of deployments: rows to nouns. Rights are the service's business."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from wardian.identity.models import SYSTEM
from wardian.kernel.errors import NotFound
from wardian.kernel.paging import Page, PageQuery, encode_cursor
from wardian.projects import service as projects
from wardian.serving.models import Deployment, Revision, RevisionStatus, Route, status_of
from wardian.serving.tables import deployments as d
from wardian.serving.tables import revisions as r
from wardian.storage.sql import Tx
from wardian.workloads import service as workloads
from wardian.workloads.models import Status as WorkloadStatus
from wardian.workloads.models import Workload


def deployment_row(tx: Tx, project: str, ref: str) -> sa.Row[Any] | None:
    """By id or name."""
    return tx.one_or_none(sa.select(d).where(d.c.project == project, sa.or_(d.c.id == ref, d.c.name == ref)))


def page_of_deployments(tx: Tx, project: str, page: PageQuery) -> Page[Deployment]:
    """By name."""
    query = sa.select(d).where(d.c.project == project).order_by(d.c.name)
    if position := page.position(1):
        query = query.where(d.c.name > position[0])
    rows = tx.all(query.limit(page.limit + 1))
    items = [deployment(tx, row) for row in rows[: page.limit]]
    return Page(items=items, next=encode_cursor(items[-1].name) if len(rows) > page.limit else None)


def page_of_revisions(tx: Tx, deployment_id: str, page: PageQuery) -> Page[Revision]:
    """The newest first."""
    query = sa.select(r).where(r.c.deployment == deployment_id).order_by(r.c.number.desc())
    if position := page.position(1):
        query = query.where(r.c.number < position[0])
    items = [revision(row) for row in tx.all(query.limit(page.limit + 1))]
    more = encode_cursor(items[page.limit - 1].number) if len(items) > page.limit else None
    return Page(items=items[: page.limit], next=more)


def revision_row(tx: Tx, deployment_id: str, number: int | None) -> sa.Row[Any] | None:
    return tx.one_or_none(sa.select(r).where(r.c.deployment == deployment_id, r.c.number == number))


def newest_row(tx: Tx, deployment_id: str, *conditions: sa.ColumnElement[bool]) -> sa.Row[Any] | None:
    """The revision with the highest number that meets the conditions."""
    query = sa.select(r).where(r.c.deployment == deployment_id, *conditions)
    return tx.one_or_none(query.order_by(r.c.number.desc()).limit(1))


def row_by_workload(tx: Tx, workload_id: str) -> sa.Row[Any] | None:
    return tx.one_or_none(sa.select(r).where(r.c.workload == workload_id))


def change_revision(tx: Tx, row: sa.Row[Any], **values: Any) -> None:
    tx.run(r.update().where(r.c.deployment == row.deployment, r.c.number == row.number).values(**values))


def change_deployment(tx: Tx, deployment_id: str, **values: Any) -> None:
    tx.run(d.update().where(d.c.id == deployment_id).values(**values))


def drained(tx: Tx) -> Sequence[sa.Row[Any]]:
    """Revisions that no request goes to any more."""
    return tx.all(sa.select(r).where(r.c.status == RevisionStatus.DRAINING, r.c.drained_at <= tx.now))


def starting(tx: Tx) -> Sequence[sa.Row[Any]]:
    return tx.all(sa.select(r).where(r.c.status == RevisionStatus.STARTING))


def serving(tx: Tx, project: str, *conditions: sa.ColumnElement[bool]) -> list[str]:
    """Names of the project's deployments that serve, or are about to, a revision that meets the conditions."""
    now = sa.or_(r.c.number == d.c.live, r.c.number == d.c.target)
    query = sa.select(d.c.name).join(r, sa.and_(r.c.deployment == d.c.id, now)).distinct().order_by(d.c.name)
    return list(tx.scalars(query.where(d.c.project == project, d.c.wanted, *conditions)))


def workload_of(tx: Tx, row: sa.Row[Any] | None) -> Workload | None:
    """The workload behind a revision; None when there is none (any more)."""
    if row is None:
        return None
    try:
        return workloads.get(tx, SYSTEM, row.workload)
    except NotFound:
        return None


def deployment(tx: Tx, row: sa.Row[Any]) -> Deployment:
    live, target = revision_row(tx, row.id, row.live), revision_row(tx, row.id, row.target)
    live_workload, target_workload = workload_of(tx, live), workload_of(tx, target)
    shown = live or target or newest_row(tx, row.id)
    return Deployment(
        id=row.id,
        project=row.project,
        name=row.name,
        status=status_of(
            wanted=row.wanted,
            live=live_workload.status if live_workload else None,
            target=target_workload.status if target_workload else None,
        ),
        reason=row.reason or _waits_for(target_workload),
        model=f"{shown.model}:{shown.version}" if shown else "",
        live=row.live,
        target=row.target,
        workload=shown.workload if shown else None,
        created_by=row.created_by,
        created_at=row.created_at,
    )


def revision(row: sa.Row[Any]) -> Revision:
    return Revision(
        deployment=row.deployment,
        number=row.number,
        model=f"{row.model}:{row.version}",
        model_version=row.model_version,
        resources=row.resources,
        status=row.status,
        reason=row.reason,
        workload=row.workload,
        created_by=row.created_by,
        created_at=row.created_at,
        ready_at=row.ready_at,
    )


def routes_named(tx: Tx, name: str) -> list[Route]:
    """Where requests for deployments of this name go, in every project."""
    rows = tx.all(sa.select(d).where(d.c.name == name).order_by(d.c.id))
    names = projects.names(tx, {row.project for row in rows})
    return [_route(tx, row, names[row.project]) for row in rows]


def _route(tx: Tx, row: sa.Row[Any], project_name: str) -> Route:
    live = revision_row(tx, row.id, row.live)
    workload = workload_of(tx, live)
    answers = row.wanted and workload is not None and workload.status is WorkloadStatus.RUNNING
    seen = deployment(tx, row)
    return Route(
        deployment=row.id,
        project=row.project,
        project_name=project_name,
        name=row.name,
        status=seen.status,
        reason=seen.reason,
        revision=live.number if live else 0,
        model=live.model if live else "",
        model_version=live.version if live else "",
        address=workload.address.get("http") if workload and answers else None,
    )


def _waits_for(workload: Workload | None) -> str:
    return workload.reason if workload else ""
