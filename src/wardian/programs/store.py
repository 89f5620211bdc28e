"""SQL of programs."""

from typing import Any

import sqlalchemy as sa

from wardian.kernel.errors import NotFound
from wardian.kernel.paging import Page, PageQuery, encode_cursor
from wardian.programs.manifest import Manifest
from wardian.programs.models import Program, StepInfo, Version, VersionSummary
from wardian.programs.tables import programs as p
from wardian.programs.tables import versions as v
from wardian.runner.plan import Plan
from wardian.storage.sql import Tx, record

LATEST = "latest"
"""In place of a version: the one created last."""
_FULL = sa.select(v, p.c.name.label("name"), p.c.project.label("project")).join(p, p.c.id == v.c.program)


def page(tx: Tx, project: str, query: PageQuery) -> Page[Program]:
    """By name."""
    rows_wanted = sa.select(p).where(p.c.project == project).order_by(p.c.name)
    if position := query.position(1):
        rows_wanted = rows_wanted.where(p.c.name > position[0])
    rows = tx.all(rows_wanted.limit(query.limit + 1))
    items = _programs(tx, [record(row) for row in rows[: query.limit]])
    return Page(items=items, next=encode_cursor(items[-1].name) if len(rows) > query.limit else None)


def program(tx: Tx, project: str, name: str) -> Program:
    row = tx.one_or_none(sa.select(p).where(p.c.project == project, sa.or_(p.c.name == name, p.c.id == name)))
    if row is None:
        raise NotFound("program", name)
    return _programs(tx, [record(row)])[0]


def version_row(tx: Tx, project: str, name: str, version: str) -> sa.Row[Any] | None:
    """The row of one version, by its name or as `latest`."""
    here = _FULL.where(p.c.project == project, sa.or_(p.c.name == name, p.c.id == name))
    found = tx.one_or_none(here.where(v.c.version == version))
    if found is None and version == LATEST:
        newest = here.order_by(v.c.created_at.desc(), v.c.id.desc()).limit(1)
        return tx.one_or_none(newest)
    return found


def need_version(tx: Tx, project: str, name: str, version: str) -> sa.Row[Any]:
    row = version_row(tx, project, name, version)
    if row is None:
        raise NotFound("program", f"{name}:{version}")
    return row


def version_of(row: sa.Row[Any]) -> Version:
    plan = plan_of(row)
    same = ("id", "project", "version", "hash", "code", "size", "lock", "source", "described_by", "data")
    kept = {name: getattr(row, name) for name in same}
    return Version(
        program=row.name,
        files=len(row.digests),
        manifest=Manifest.model_validate(row.manifest),
        steps=[StepInfo(name=s.name, kind=s.kind, cache_s=s.cache_s, environment=s.environment) for s in plan.steps],
        warnings=plan.warnings,
        created_by=row.created_by,
        created_at=row.created_at,
        **kept,
    )


def plan_of(row: sa.Row[Any]) -> Plan:
    return Plan.from_data(row.plan)


def program_id(tx: Tx, project: str, name: str) -> str:
    return str(tx.scalar(sa.select(p.c.id).where(p.c.project == project, p.c.name == name)))


def has_versions(tx: Tx, project: str, name: str) -> bool:
    return tx.one_or_none(_FULL.where(p.c.project == project, p.c.name == name).limit(1)) is not None


def objects_of(row: sa.Row[Any]) -> list[str]:
    """What a version holds, one entry for each time."""
    return [row.code, *(name for one in row.data.values() for name in one["files"].values())]


def objects_of_project(tx: Tx, project: str) -> list[str]:
    rows = tx.all(sa.select(v.c.code, v.c.data).join(p, p.c.id == v.c.program).where(p.c.project == project))
    return [name for row in rows for name in objects_of(row)]


def _programs(tx: Tx, rows: list[dict[str, Any]]) -> list[Program]:
    ids = [row["id"] for row in rows]
    summary = sa.select(v.c.program, v.c.version, v.c.hash, v.c.created_by, v.c.created_at)
    found = tx.all(summary.where(v.c.program.in_(ids)).order_by(v.c.created_at.desc(), v.c.id.desc()))
    versions: dict[str, list[VersionSummary]] = {id: [] for id in ids}
    for row in found:
        fields = {key: value for key, value in record(row).items() if key != "program"}
        versions[row.program].append(VersionSummary(**fields))
    said = _descriptions(tx, ids)
    return [
        Program(**row, versions=versions[row["id"]], latest=versions[row["id"]][0].version, description=said[row["id"]])
        for row in rows
    ]


def _descriptions(tx: Tx, ids: list[str]) -> dict[str, str]:
    """Of the latest version of each program."""
    order = sa.func.row_number().over(partition_by=v.c.program, order_by=(v.c.created_at.desc(), v.c.id.desc()))
    ranked = sa.select(v.c.program, v.c.manifest, order.label("place")).where(v.c.program.in_(ids)).subquery()
    rows = tx.all(sa.select(ranked.c.program, ranked.c.manifest).where(ranked.c.place == 1))
    return {row.program: str(row.manifest.get("description", "")) for row in rows}
