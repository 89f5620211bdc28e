"""Use-cases of projects. Every function runs inside one transaction."""

from typing import Any

import sqlalchemy as sa

from wardian.events import service as events
from wardian.identity import service as identity
from wardian.identity.models import SYSTEM, Actor, Can, Role
from wardian.kernel.errors import Conflict, Forbidden, NotFound
from wardian.kernel.ids import new_id
from wardian.kernel.paging import Page, PageQuery, encode_cursor
from wardian.projects.models import Project
from wardian.projects.schemas import NewProject, ProjectChange
from wardian.projects.tables import projects as t
from wardian.storage.sql import Tx, record


def create(tx: Tx, actor: Actor, body: NewProject) -> Project:
    """Make a project; whoever makes it owns it."""
    need_creator(actor)
    _need_free_name(tx, body.name)
    owned = actor.id != SYSTEM.id
    role = Role.OWNER if owned else None
    project = Project(id=new_id(), name=body.name, description=body.description, created_at=tx.now, role=role)
    tx.insert(t, id=project.id, created_at=tx.now, **dict(body))
    if owned:
        identity.add_first_owner(tx, project.id, actor.id)
    events.emit(tx, actor, "project.created", noun="project", id=project.id, project=project.id, name=project.name)
    return project


def need_creator(actor: Actor) -> None:
    if not actor.may_create_projects():
        raise Forbidden("guests may not create projects; ask an admin, or a project's owner for a higher role")


def find(tx: Tx, actor: Actor, ref: str, can: Can = Can.READ) -> Project:
    """By id or name; hidden and missing look alike."""
    row = tx.one_or_none(sa.select(t).where(sa.or_(t.c.id == ref, t.c.name == ref)))
    if row is None or not actor.may(Can.READ, row.id):
        raise NotFound("project", ref)
    actor.need(can, row.id)
    return _project(row, actor)


def listed(tx: Tx, actor: Actor, page: PageQuery) -> Page[Project]:
    """By name, those the actor may read."""
    query = sa.select(t).order_by(t.c.name)
    if (sees := actor.sees()) is not None:
        query = query.where(t.c.id.in_(sees))
    if position := page.position(1):
        query = query.where(t.c.name > position[0])
    rows = tx.all(query.limit(page.limit + 1))
    items = [_project(row, actor) for row in rows[: page.limit]]
    return Page(items=items, next=encode_cursor(items[-1].name) if len(rows) > page.limit else None)


def change(tx: Tx, actor: Actor, project: str, body: ProjectChange) -> Project:
    before = find(tx, actor, project, Can.MANAGE)
    after = before.model_copy(update=body.model_dump(exclude_none=True))
    if after.name != before.name:
        _need_free_name(tx, after.name)
    tx.run(t.update().where(t.c.id == before.id).values(name=after.name, description=after.description))
    events.emit(
        tx,
        actor,
        "project.changed",
        noun="project",
        id=after.id,
        project=after.id,
        name=after.name,
        changes=body.model_dump(exclude_none=True),
    )
    return after


def delete(tx: Tx, actor: Actor, project: str) -> None:
    """With all that is in it. Features clear up, or object, when `project.deleted` is emitted, before the row goes."""
    before = find(tx, actor, project, Can.MANAGE)
    events.emit(tx, actor, "project.deleted", noun="project", id=before.id, project=before.id, name=before.name)
    tx.run(t.delete().where(t.c.id == before.id))


def names(tx: Tx, ids: set[str]) -> dict[str, str]:
    """Names by id, for lists across projects whose rows the caller may read already."""
    return {row.id: row.name for row in tx.all(sa.select(t.c.id, t.c.name).where(t.c.id.in_(ids)))} if ids else {}


def _need_free_name(tx: Tx, name: str) -> None:
    if tx.one_or_none(sa.select(t.c.id).where(t.c.name == name)):
        raise Conflict(f"a project {name!r} exists already; choose another name", name=name)


def _project(row: sa.Row[Any], actor: Actor) -> Project:
    return Project(**record(row), role=actor.roles.get(row.id))
