"""Pack the tails of a run into chunks of its series.

Layer 0 holds a series in order. Its last chunks may be short: a new one takes in those before it that are not much
longer than itself, until it is full, so a point is rewritten at most log2(4096) times and a series has at most as many
short chunks (the logarithmic method: Bentley, Saxe, Decomposable searching problems, 1980). Points that came late go to
a layer above, by the same rule, and are merged down once they weigh an eighth of what they overlap.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from wardian.storage.sql import Tx
from wardian.tracking.series.codec import CHUNK_POINTS, Chunk, Tail, decode_tail, encode_chunk, encode_rollup
from wardian.tracking.series.m4 import rollup
from wardian.tracking.series.points import Points, joined, settled
from wardian.tracking.tables import chunks as t
from wardian.tracking.tables import tails

TAIL_POINTS = 16_384
TAIL_FLUSHES = 1_024
POINTS_OF_A_SERIES = 1_024
"""Tails grow until each series has about so many points in them, so that chunks are worth their rows,"""
MOST_TAIL_POINTS = 262_144
"""but no further than this: whoever reads one series reads all tails of its run."""
LATE_SHARE = 8


def is_due(flushes: int, points: int, series: int) -> bool:
    enough = min(MOST_TAIL_POINTS, max(TAIL_POINTS, POINTS_OF_A_SERIES * series))
    return flushes >= TAIL_FLUSHES or points >= enough


def seal(tx: Tx, run: str) -> None:
    """Empty the tails of a run into chunks. The caller holds the run's row."""
    blobs = tx.scalars(sa.select(tails.c.data).where(tails.c.run == run).order_by(tails.c.n))
    rows: list[dict[str, Any]] = []
    for series, points in by_series([decode_tail(blob) for blob in blobs]):
        rows += _store(tx, series, settled(points))
    _insert(tx, rows)
    tx.run(tails.delete().where(tails.c.run == run))


def by_series(written: Sequence[Tail]) -> Iterator[tuple[int, Points]]:
    """The points of each series in the order in which they were written."""
    if not written:
        return
    ids = np.concatenate([np.repeat(tail.ids, np.diff(tail.bounds)) for tail in written])
    order = np.argsort(ids, kind="stable")
    ids, points = ids[order], joined([tail.points for tail in written])[order]
    starts = np.flatnonzero(np.append(True, ids[1:] != ids[:-1]))
    for start, end in zip(starts, np.append(starts[1:], len(ids)), strict=True):
        yield int(ids[start]), points[start:end]


def _store(tx: Tx, series: int, points: Points) -> list[dict[str, Any]]:
    """Rows still to be inserted."""
    newest = sa.select(t.c.first_step, t.c.last_step, t.c.points).where(t.c.series == series, t.c.layer == 0)
    ends = tx.all(newest.order_by(t.c.first_step.desc()).limit(CHUNK_POINTS.bit_length()))
    known = int(np.searchsorted(points.steps, int(ends[0].last_step), side="right")) if ends else 0
    late, fresh = points[:known], points[known:]
    rows = _appended(tx, series, fresh, ends) if len(fresh) else []
    if not len(late):
        return rows
    _insert(tx, rows)
    return _added_late(tx, series, late)


def _appended(tx: Tx, series: int, points: Points, ends: Sequence[sa.Row[Any]]) -> list[dict[str, Any]]:
    """Behind layer 0, together with the short chunks at its end that are not much longer."""
    weight, since = len(points), None
    for row in ends:
        if row.points >= CHUNK_POINTS or row.points > 2 * weight:
            break
        weight, since = weight + row.points, row.first_step
    if since is not None:
        points = joined([_taken(tx, t.c.series == series, t.c.layer == 0, t.c.first_step >= since), points])
    return _rows(series, 0, points)


def _added_late(tx: Tx, series: int, late: Points) -> list[dict[str, Any]]:
    """Into the layers above: take in the newest ones that are not much larger; merge down what has become heavy."""
    above = sa.select(t.c.layer, sa.func.sum(t.c.points).label("points")).where(t.c.series == series, t.c.layer > 0)
    layers = tx.all(above.group_by(t.c.layer).order_by(t.c.layer.desc()))
    top = layers[0].layer + 1 if layers else 1
    for row in layers:
        if row.points > 2 * len(late):
            break
        late, top = settled(joined([_taken(tx, t.c.series == series, t.c.layer == row.layer), late])), row.layer
    is_overlapped = sa.and_(
        t.c.series == series, t.c.layer == 0, t.c.first_step <= int(late.steps[-1]), t.c.last_step >= int(late.steps[0])
    )
    overlapped = tx.scalar(sa.select(sa.func.sum(t.c.points)).where(is_overlapped)) or 0
    if top == 1 and LATE_SHARE * len(late) >= overlapped:
        return _rows(series, 0, settled(joined([_taken(tx, is_overlapped), late])))
    return _rows(series, top, late)


def _taken(tx: Tx, *where: sa.ColumnElement[bool]) -> Points:
    """Remove chunks of one layer and return their points."""
    blobs = tx.scalars(sa.select(t.c.data).where(*where).order_by(t.c.first_step))
    tx.run(t.delete().where(*where))
    return joined([Chunk(blob).points for blob in blobs])


def _insert(tx: Tx, rows: list[dict[str, Any]]) -> None:
    if rows:
        tx.run(t.insert(), rows)


def _rows(series: int, layer: int, points: Points) -> list[dict[str, Any]]:
    return [_row(series, layer, points[at : at + CHUNK_POINTS]) for at in range(0, len(points), CHUNK_POINTS)]


def _row(series: int, layer: int, points: Points) -> dict[str, Any]:
    return {
        "series": series,
        "layer": layer,
        "first_step": int(points.steps[0]),
        "last_step": int(points.steps[-1]),
        "points": len(points),
        "time_rises": bool((points.times[1:] >= points.times[:-1]).all()),
        "rollup": encode_rollup(rollup(points.steps, points.times, points.values)),
        "data": encode_chunk(points),
    }
