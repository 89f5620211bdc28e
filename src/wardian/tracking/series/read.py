"""Give points back, exactly as they were written, in order of step."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from wardian.storage.sql import Tx
from wardian.tracking.series import stats
from wardian.tracking.series.codec import Chunk, decode_tail
from wardian.tracking.series.points import Points, between, joined, settled
from wardian.tracking.tables import chunks as t
from wardian.tracking.tables import series, tails


def window(tx: Tx, row: sa.Row[Any], start: int | None = None, end: int | None = None) -> Points:
    """Points of a row of `series` whose step lies in `start…end`."""
    where = [t.c.series == row.id]
    if start is not None:
        where.append(t.c.last_step >= start)
    if end is not None:
        where.append(t.c.first_step <= end)
    blobs = tx.scalars(sa.select(t.c.data).where(*where).order_by(t.c.layer, t.c.first_step))
    return between(settled(joined([*(Chunk(blob).points for blob in blobs), unsealed(tx, row)])), start, end)


def page(tx: Tx, row: sa.Row[Any], start: int | None, limit: int) -> tuple[Points, int | None]:
    """Up to `limit` points from step `start` on, and the step at which the next page starts."""
    where = [t.c.series == row.id, t.c.layer == 0]
    if start is not None:
        where.append(t.c.last_step >= start)
    end, seen = None, 0
    for at, chunk in enumerate(
        tx.all(sa.select(t.c.last_step, t.c.points).where(*where).order_by(t.c.first_step).limit(limit + 2))
    ):
        seen += chunk.points if at else 0  # the first may begin before `start`
        if seen > limit:
            end = chunk.last_step
            break
    points = window(tx, row, start, end)
    following = int(points.steps[limit]) if len(points) > limit else None
    return points[:limit], following


def unsealed(tx: Tx, row: sa.Row[Any]) -> Points:
    """Points of a series that wait in the tails of its run, in the order in which they were written."""
    blobs = tx.scalars(sa.select(tails.c.data).where(tails.c.run == row.run).order_by(tails.c.n))
    parts = (decode_tail(blob).of(row.id) for blob in blobs)
    return joined([part for part in parts if part is not None])


def settle(tx: Tx, row: sa.Row[Any]) -> None:
    """Make the statistics of a series exact again by reading it. The caller holds the run's row."""
    exact = stats.of(window(tx, row))
    tx.run(series.update().where(series.c.id == row.id).values(**asdict(exact), unsettled=False))
