"""Rows of runs and what belongs to them, as nouns."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from wardian.kernel.errors import NotFound, TooMuch
from wardian.kernel.ids import new_id
from wardian.storage.sql import Tx
from wardian.tracking.models import (
    Edge,
    Experiment,
    MetricSummary,
    ProgramRef,
    Run,
    SeriesSummary,
    Source,
    as_number,
)
from wardian.tracking.schemas import Thing
from wardian.tracking.series.points import MICROSECONDS
from wardian.tracking.tables import HEAD, artifacts, edges, experiments, params, runs, series, tags, writers

MAX_PARAMS = 2_000
MAX_TAGS = 500
NAN = math.nan


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which keys of the parameters, metrics and tags of a run to give; None means all."""

    params: frozenset[str] | None = None
    metrics: frozenset[str] | None = None
    tags: frozenset[str] | None = None


def find(tx: Tx, project: str, run: str, *, lock: bool = False) -> sa.Row[Any]:
    """The row of a run of a project. `lock`: nobody else writes to this run until the transaction ends."""
    query = sa.select(runs).where(runs.c.id == run, runs.c.project == project)
    row = tx.one_or_none(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound("run", run)
    return row


def load(tx: Tx, ids: Sequence[str], chosen: Chosen, *, whole: bool) -> list[Run]:
    """Runs in this order. Not `whole`: without environment and summary, which may be large."""
    if not ids:
        return []
    left_out = set[str]() if whole else {"environment", "summary"}
    columns = [column for column in runs.c if column.name not in {*left_out, "experiment"}]
    query = sa.select(*columns, experiments.c.name.label("experiment")).join(experiments).where(runs.c.id.in_(ids))
    found = {row.id: row for row in tx.all(query)}
    keyed_params = _by_run(tx, params, ids, chosen.params)
    keyed_tags = _by_run(tx, tags, ids, chosen.tags)
    keyed_metrics = _by_run(tx, series, ids, chosen.metrics)
    return [
        _run(
            found[run],
            whole=whole,
            params={row.key: row.value for row in keyed_params.get(run, [])},
            tags={row.key: row.value for row in keyed_tags.get(run, [])},
            metrics={row.key: _metric(row) for row in keyed_metrics.get(run, [])},
        )
        for run in ids
        if run in found
    ]


def experiment_id(tx: Tx, project: str, name: str) -> str:
    """Of the experiment with this name, made if there is none."""
    tx.upsert(
        experiments,
        [{"id": new_id(), "project": project, "name": name, "created_at": tx.now}],
        key=["project", "name"],
        update=[],
    )
    here = sa.and_(experiments.c.project == project, experiments.c.name == name)
    return str(tx.scalar(sa.select(experiments.c.id).where(here)))


def list_experiments(tx: Tx, project: str) -> list[Experiment]:
    count = sa.select(sa.func.count()).where(runs.c.experiment == experiments.c.id).scalar_subquery().label("runs")
    rows = tx.all(sa.select(experiments, count).where(experiments.c.project == project).order_by(experiments.c.name))
    return [Experiment.model_validate(row) for row in rows]


def put_params(tx: Tx, run: sa.Row[Any], values: Mapping[str, Any]) -> None:
    rows = [
        {
            "run": run.id,
            "project": run.project,
            "key": key,
            "text": _text(value),
            "number": as_number(value),
            "value": value,
        }
        for key, value in values.items()
    ]
    # JSON null is a value of a parameter, SQL NULL is none
    for row in rows:
        row["value"] = sa.JSON.NULL if row["value"] is None else row["value"]
    tx.upsert(params, rows, key=["run", "key"], update=["text", "number", "value"])
    _need_room(tx, params, run.id, MAX_PARAMS, "parameters")


def put_tags(tx: Tx, run: sa.Row[Any], values: Mapping[str, str | None]) -> None:
    """None removes."""
    gone = [key for key, value in values.items() if value is None]
    if gone:
        tx.run(tags.delete().where(tags.c.run == run.id, tags.c.key.in_(gone)))
    rows = [
        {"run": run.id, "project": run.project, "key": key, "text": value[:HEAD], "value": value}
        for key, value in values.items()
        if value is not None
    ]
    tx.upsert(tags, rows, key=["run", "key"], update=["text", "value"])
    _need_room(tx, tags, run.id, MAX_TAGS, "tags")


def advance(tx: Tx, run: str, writer: str | None, sequence: int) -> bool:
    """Remember what a writer sent; False when this sequence, or a later one, was applied before."""
    if writer is None:
        return True
    known = tx.scalar(sa.select(writers.c.sequence).where(writers.c.run == run, writers.c.writer == writer))
    if known is not None and sequence <= known:
        return False
    row = {"run": run, "writer": writer, "sequence": sequence}
    tx.upsert(writers, [row], key=["run", "writer"], update=["sequence"])
    return True


def add_edges(tx: Tx, run: str, direction: Literal["input", "output"], things: Iterable[Thing]) -> None:
    rows = [
        {
            **thing.model_dump(),
            "id": new_id(),
            "run": run,
            "direction": direction,
            "version": thing.version or "",
            "created_at": tx.now,
        }
        for thing in things
    ]
    key = ["run", "direction", "kind", "name", "version"]
    tx.upsert(edges, rows, key=key, update=["uri", "hash"])


def list_edges(tx: Tx, run: str) -> list[Edge]:
    rows = tx.all(sa.select(edges).where(edges.c.run == run).order_by(edges.c.created_at, edges.c.id))
    return [Edge.model_validate(row) for row in rows]


def keys_of(tx: Tx, table: sa.Table, project: str, limit: int) -> list[str]:
    """Different keys in a project, by seeks: quick however many runs there are (a loose index scan)."""
    first = (
        sa.select(sa.func.min(table.c.key).label("key")).where(table.c.project == project).cte("keys", recursive=True)
    )
    following = sa.select(sa.func.min(table.c.key)).where(table.c.project == project, table.c.key > first.c.key)
    found = first.union_all(sa.select(following.scalar_subquery()).where(first.c.key.is_not(None)))
    return list(tx.scalars(sa.select(found.c.key).where(found.c.key.is_not(None)).limit(limit)))


def list_hashes(tx: Tx, where: sa.ColumnElement[bool]) -> Sequence[sa.Row[Any]]:
    """Objects that artifacts hold, and how often."""
    return tx.all(sa.select(artifacts.c.hash, sa.func.count().label("held")).where(where).group_by(artifacts.c.hash))


def series_summary(row: sa.Row[Any]) -> SeriesSummary:
    return SeriesSummary(
        key=row.key,
        count=row.points,
        first=_number(row.first),
        first_step=row.first_step,
        first_time=row.first_time / MICROSECONDS,
        last=_number(row.last),
        last_step=row.last_step,
        last_time=row.last_time / MICROSECONDS,
        min=_number(row.min),
        min_step=row.min_step,
        max=_number(row.max),
        max_step=row.max_step,
    )


def _by_run(tx: Tx, table: sa.Table, ids: Sequence[str], keys: frozenset[str] | None) -> dict[str, list[sa.Row[Any]]]:
    if keys is not None and not keys:
        return {}
    query = sa.select(table).where(table.c.run.in_(ids)).order_by(table.c.run, table.c.key)
    if keys is not None:
        query = query.where(table.c.key.in_(keys))
    found: dict[str, list[sa.Row[Any]]] = {}
    for row in tx.all(query):
        found.setdefault(row.run, []).append(row)
    return found


def _run(row: sa.Row[Any], *, whole: bool, **keyed: Any) -> Run:
    return Run(
        **{name: getattr(row, name) for name in _PLAIN_FIELDS},
        **keyed,
        program=ProgramRef(name=row.program, version=row.program_version or "") if row.program else None,
        summary=row.summary if whole else {},
        environment=row.environment if whole else {},
        source=Source(**row.source) if row.source else None,
    )


_PLAIN_FIELDS = [
    name
    for name in Run.model_fields
    if name not in {"params", "tags", "metrics", "program", "summary", "environment", "source"}
]


def _metric(row: sa.Row[Any]) -> MetricSummary:
    return MetricSummary(
        last=_number(row.last), min=_number(row.min), max=_number(row.max), count=row.points, last_step=row.last_step
    )


def _number(value: float | None) -> float:
    return NAN if value is None else value


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text[:HEAD]


def _need_room(tx: Tx, table: sa.Table, run: str, limit: int, what: str) -> None:
    if tx.scalar(sa.select(sa.func.count()).select_from(table).where(table.c.run == run)) > limit:
        raise TooMuch(
            f"run {run} would have more than {limit} {what}; put them together in one, or in an artifact", limit=limit
        )
