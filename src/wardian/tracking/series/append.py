"""Take points in: statistics and one tail, in the transaction that acknowledges them.

Points in order cost what they are, whatever the series holds already. A step that is not beyond the last one may
repeat another, so the series is read again for its statistics: at once if it is short, later (`read.settle`) if it is
long; until then its count stands still and its extremes take in what came.
"""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from wardian.kernel.errors import TooMuch
from wardian.storage.sql import Tx
from wardian.tracking.series import read, seal
from wardian.tracking.series.codec import Tail, encode_tail
from wardian.tracking.series.stats import Stats, each
from wardian.tracking.series.wire import Batch
from wardian.tracking.tables import series as t
from wardian.tracking.tables import tails

MAX_SERIES = 20_000
"""Keys of one run."""
SETTLE_AT_ONCE = 4 * 4096
"""Points up to which a series is read again rather than left for later."""
_KEYS_IN_A_QUERY = 500
_STATS = list(Stats.__dataclass_fields__)


def append(tx: Tx, run: str, project: str, batch: Batch) -> None:
    """Make points durable. The caller holds the run's row, so nobody else appends to it meanwhile."""
    if not batch.keys:
        return
    known = _known(tx, run, batch.keys)
    arrived = dict(zip(batch.keys, each(batch.bounds, batch.points), strict=True))
    ids = _create(tx, run, project, {key: stats for key, stats in arrived.items() if key not in known})
    unsettled = _update(tx, known, {key: stats for key, stats in arrived.items() if key in known})
    ids |= {key: row.id for key, row in known.items()}
    _write_tail(tx, run, batch, [ids[key] for key in batch.keys])
    for row in unsettled:
        read.settle(tx, row)


def _known(tx: Tx, run: str, keys: list[str]) -> dict[str, sa.Row[Any]]:
    query = sa.select(t).where(t.c.run == run)
    if len(keys) <= _KEYS_IN_A_QUERY:
        query = query.where(t.c.key.in_(keys))
    return {row.key: row for row in tx.all(query)}


def _create(tx: Tx, run: str, project: str, arrived: dict[str, Stats]) -> dict[str, int]:
    if not arrived:
        return {}
    count = tx.scalar(sa.select(sa.func.count()).where(t.c.run == run)) + len(arrived)
    if count > MAX_SERIES:
        raise TooMuch(f"run {run} would have {count} metrics; at most {MAX_SERIES}, log fewer keys", limit=MAX_SERIES)
    rows = [{"run": run, "project": project, "key": key, **asdict(stats)} for key, stats in arrived.items()]
    made = tx.conn.execute(t.insert().returning(t.c.id, t.c.key), rows)
    return {row.key: row.id for row in made}


def _update(tx: Tx, known: dict[str, sa.Row[Any]], arrived: dict[str, Stats]) -> list[sa.Row[Any]]:
    """Bring statistics up to date; returns the short series that have to be read again."""
    changes: list[dict[str, Any]] = []
    again: list[sa.Row[Any]] = []
    for key, new in arrived.items():
        row = known[key]
        old = Stats.of_row(row)
        in_order = new.first_step > old.last_step
        is_short = old.points + new.points <= SETTLE_AT_ONCE
        if not in_order and is_short:
            again.append(row)
        change = asdict(old.followed_by(new) if in_order else old.mixed_with(new))
        changes.append({"row": row.id, **change, "unsettled": row.unsettled or not in_order})
    if changes:
        new_values: dict[str, Any] = {name: sa.bindparam(name) for name in (*_STATS, "unsettled")}
        tx.run(t.update().where(t.c.id == sa.bindparam("row")).values(new_values), changes)
    return again


def _write_tail(tx: Tx, run: str, batch: Batch, ids: list[int]) -> None:
    newest = sa.select(tails.c.n, tails.c.total).where(tails.c.run == run).order_by(tails.c.n.desc()).limit(1)
    last = tx.one_or_none(newest)
    n, total = (0, 0) if last is None else (last.n + 1, last.total)
    tail = Tail.of_series(ids, batch.bounds, batch.points)
    tx.insert(tails, run=run, n=n, total=total + len(batch.points), data=encode_tail(tail))
    if seal.is_due(n + 1, total + len(batch.points), len(ids)):
        seal.seal(tx, run)
