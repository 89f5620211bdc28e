"""SQL of the registry: rows to nouns. Rights are the service's business."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from wardian.kernel.paging import Page, PageQuery, encode_cursor
from wardian.registry.models import ModelVersion, RegisteredModel, Servable
from wardian.registry.tables import aliases, files, models, versions
from wardian.storage.sql import Tx
from wardian.workloads.models import Environment


def model_row(tx: Tx, project: str, name: str) -> sa.Row[Any] | None:
    return tx.one_or_none(sa.select(models).where(models.c.project == project, models.c.name == name))


def find_model(tx: Tx, project: str, name: str) -> RegisteredModel | None:
    row = model_row(tx, project, name)
    return None if row is None else _models(tx, [row])[0]


def page_of_models(tx: Tx, project: str, page: PageQuery) -> Page[RegisteredModel]:
    """By name."""
    query = sa.select(models).where(models.c.project == project).order_by(models.c.name)
    if position := page.position(1):
        query = query.where(models.c.name > position[0])
    rows = tx.all(query.limit(page.limit + 1))
    items = _models(tx, rows[: page.limit])
    return Page(items=items, next=encode_cursor(items[-1].name) if len(rows) > page.limit else None)


def find_version(tx: Tx, model_id: str, name: str | None) -> ModelVersion | None:
    """By name; None asks for the one registered last."""
    query = _version_query().where(versions.c.model == model_id).order_by(versions.c.number.desc()).limit(1)
    row = tx.one_or_none(query if name is None else query.where(versions.c.name == name))
    return None if row is None else _versions(tx, [row])[0]


def version_by_alias(tx: Tx, model_id: str, alias: str) -> ModelVersion | None:
    query = _version_query().join(aliases, aliases.c.version == versions.c.id)
    row = tx.one_or_none(query.where(aliases.c.model == model_id, aliases.c.name == alias))
    return None if row is None else _versions(tx, [row])[0]


def page_of_versions(tx: Tx, model_id: str, page: PageQuery) -> Page[ModelVersion]:
    """The one registered last first."""
    query = _version_query().where(versions.c.model == model_id).order_by(versions.c.number.desc())
    if position := page.position(1):
        query = query.where(versions.c.number < position[0])
    rows = tx.all(query.limit(page.limit + 1))
    more = encode_cursor(rows[page.limit - 1].number) if len(rows) > page.limit else None
    return Page(items=_versions(tx, rows[: page.limit]), next=more)


def servable(tx: Tx, version_id: str) -> Servable | None:
    row = tx.one_or_none(_version_query().where(versions.c.id == version_id))
    if row is None:
        return None
    found = tx.all(sa.select(files.c.path, files.c.hash).where(files.c.version == version_id).order_by(files.c.path))
    return Servable(
        version=_versions(tx, [row])[0],
        files={file.path: file.hash for file in found},
        environment=Environment.model_validate(row.environment),
    )


def held(tx: Tx, which: sa.ColumnElement[bool]) -> dict[str, int]:
    """Object → how many files of the versions in question hold it."""
    query = sa.select(files.c.hash, sa.func.count().label("times")).group_by(files.c.hash)
    query = query.join(versions, versions.c.id == files.c.version).join(models, models.c.id == versions.c.model)
    return {row.hash: row.times for row in tx.all(query.where(which))}


def _version_query() -> sa.Select[Any]:
    named = sa.select(versions, models.c.name.label("model_name"), models.c.project)
    return named.join(models, models.c.id == versions.c.model)


def _models(tx: Tx, rows: Sequence[sa.Row[Any]]) -> list[RegisteredModel]:
    ids = [row.id for row in rows]
    pointed: dict[str, dict[str, str]] = defaultdict(dict)
    pointers = sa.select(aliases.c.model, aliases.c.name, versions.c.name.label("version"))
    pointers = pointers.join(versions, versions.c.id == aliases.c.version).where(aliases.c.model.in_(ids))
    for alias in tx.all(pointers.order_by(aliases.c.name)):
        pointed[alias.model][alias.name] = alias.version
    last = sa.select(versions.c.model, sa.func.max(versions.c.number).label("number"), sa.func.count().label("times"))
    last_of = last.where(versions.c.model.in_(ids)).group_by(versions.c.model).subquery()
    newest = sa.select(last_of.c.model, last_of.c.times, versions.c.name).join(
        versions, sa.and_(versions.c.model == last_of.c.model, versions.c.number == last_of.c.number)
    )
    newest_of = {row.model: row for row in tx.all(newest)}
    return [
        RegisteredModel(
            id=row.id,
            project=row.project,
            name=row.name,
            description=row.description,
            tags=row.tags,
            versions=newest_of[row.id].times if row.id in newest_of else 0,
            latest=newest_of[row.id].name if row.id in newest_of else None,
            aliases=pointed[row.id],
            created_by=row.created_by,
            created_at=row.created_at,
        )
        for row in rows
    ]


def _versions(tx: Tx, rows: Sequence[sa.Row[Any]]) -> list[ModelVersion]:
    pointing: dict[str, list[str]] = defaultdict(list)
    query = sa.select(aliases.c.version, aliases.c.name).where(aliases.c.version.in_([row.id for row in rows]))
    for alias in tx.all(query.order_by(aliases.c.name)):
        pointing[alias.version].append(alias.name)
    return [
        ModelVersion(
            id=row.id,
            project=row.project,
            model=row.model_name,
            version=row.name,
            run=row.run,
            path=row.path,
            flavour=row.flavour,
            signature=row.signature,
            example=row.example,
            environment=row.environment["kind"],
            metrics=row.metrics,
            size=row.size,
            notes=row.notes,
            aliases=pointing[row.id],
            created_by=row.created_by,
            created_at=row.created_at,
        )
        for row in rows
    ]
