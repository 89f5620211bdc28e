"""Use-cases of metric series. Every function runs inside one transaction."""

import math
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from wardian.identity.models import Actor, Can
from wardian.kernel.errors import Invalid, NotFound
from wardian.kernel.paging import Page, PageQuery, decode_cursor, encode_cursor
from wardian.storage.sql import Tx
from wardian.tracking import service, store
from wardian.tracking.models import SeriesSummary
from wardian.tracking.schemas import CurveQuery
from wardian.tracking.series import read
from wardian.tracking.series.append import append
from wardian.tracking.series.curve import curve
from wardian.tracking.series.points import MICROSECONDS, Points
from wardian.tracking.series.wire import Frame
from wardian.tracking.tables import runs, series

_LOWEST, _HIGHEST = -(1 << 63), (1 << 63) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A part of a series, to be sent as columns."""

    key: str
    count: int
    """Points in the window, or in the whole series where raw points were asked for."""
    points: Points
    next: str | None = None


def add_points(tx: Tx, actor: Actor, project: str, run: str, frame: Frame) -> bool:
    """Keep points; False when this writer sent them before. Durable once the transaction is."""
    service.hear(tx, actor, project, run)
    if not store.advance(tx, run, frame.writer, frame.sequence):
        return False
    append(tx, run, project, frame.batch)
    tx.publish(f"run.{run}.metrics")
    return True


def list_series(tx: Tx, actor: Actor, project: str, run: str, query: PageQuery) -> Page[SeriesSummary]:
    actor.need(Can.READ, project)
    store.find(tx, project, run)
    chosen = sa.select(series).where(series.c.run == run).order_by(series.c.key)
    if position := query.position(1):
        chosen = chosen.where(series.c.key > str(position[0]))
    rows = tx.all(chosen.limit(query.limit + 1))
    items = [store.series_summary(row) for row in rows[: query.limit]]
    return Page(items=items, next=encode_cursor(items[-1].key) if len(rows) > query.limit else None)


def draw(tx: Tx, actor: Actor, project: str, run: str, key: str, query: CurveQuery) -> Drawing:
    """For each pixel the first, lowest, highest and last point of a window."""
    row = _row(tx, actor, project, run, key)
    scale = 1 if query.x == "step" else MICROSECONDS
    start = None if query.start is None else _bounded(math.ceil(query.start * scale))
    end = None if query.end is None else _bounded(math.floor(query.end * scale))
    if start is not None and end is not None and end < start:
        raise Invalid(f"the window ends ({query.end}) before it starts ({query.start})")
    drawn = curve(tx, row, query.x, start, end, query.pixels)
    return Drawing(key, drawn.count, drawn.points)


def raw(tx: Tx, actor: Actor, project: str, run: str, key: str, query: CurveQuery) -> Drawing:
    """Points as they were logged, in pages, in order of step."""
    row = _row(tx, actor, project, run, key)
    start = None if query.start is None else _bounded(math.ceil(query.start))
    if query.cursor is not None:
        start = _bounded(_step(decode_cursor(query.cursor, 1)[0]))
    points, following = read.page(tx, row, start, query.limit)
    return Drawing(key, row.points, points, None if following is None else encode_cursor(following))


def settle(tx: Tx, limit: int = 20) -> int:
    """Make statistics exact again where points came late; returns how many series there were."""
    waiting = tx.all(sa.select(series.c.id, series.c.run).where(series.c.unsettled).limit(limit))
    for found in waiting:
        tx.one_or_none(sa.select(runs.c.id).where(runs.c.id == found.run).with_for_update())
        row = tx.one_or_none(sa.select(series).where(series.c.id == found.id))
        if row is not None and row.unsettled:
            read.settle(tx, row)
    return len(waiting)


def _row(tx: Tx, actor: Actor, project: str, run: str, key: str) -> sa.Row[Any]:
    actor.need(Can.READ, project)
    store.find(tx, project, run)
    row = tx.one_or_none(sa.select(series).where(series.c.run == run, series.c.key == key))
    if row is None:
        raise NotFound("metric", key)
    return row


def _bounded(number: int) -> int:
    return max(_LOWEST, min(_HIGHEST, number))


def _step(value: object) -> int:
    if not isinstance(value, int):
        raise Invalid("this cursor does not belong to this series; start again without one")
    return value
