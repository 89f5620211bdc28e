"""How many predictions each deployment answered, how quickly, and how many went wrong.

Counted in memory, added to the database every few seconds; what a crash loses is only these counts.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from wardian.kernel.clock import utc_now
from wardian.serving.models import Route, Traffic, TrafficPoint
from wardian.serving.tables import deployments as d
from wardian.serving.tables import traffic as t
from wardian.storage.sql import Tx

BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Upper ends of the buckets, in seconds; the last bucket has none."""
KEPT = timedelta(days=7)
_SERVER_ERROR, _ERROR = 500, 400

_KEY = ["deployment", "revision", "minute", "bucket"]
Key = tuple[str, int, datetime, int]


@dataclass(slots=True)
class Tally:
    times: int = 0
    refused: int = 0
    failed: int = 0
    seconds: float = 0.0


class Counts:
    """What this process has counted and not yet added to the database."""

    def __init__(self) -> None:
        self._tallies: dict[Key, Tally] = defaultdict(Tally)

    def add(self, route: Route, seconds: float, status: int) -> None:
        minute = utc_now().replace(second=0, microsecond=0)
        tally = self._tallies[route.deployment, route.revision, minute, bisect_left(BOUNDS, seconds)]
        tally.times += 1
        tally.seconds += seconds
        tally.failed += status >= _SERVER_ERROR
        tally.refused += _ERROR <= status < _SERVER_ERROR

    def take(self) -> dict[Key, Tally]:
        taken, self._tallies = dict(self._tallies), defaultdict(Tally)
        return taken

    def put_back(self, taken: dict[Key, Tally]) -> None:
        """What could not be written is counted again later."""
        for key, tally in taken.items():
            now = self._tallies[key]
            now.times += tally.times
            now.refused += tally.refused
            now.failed += tally.failed
            now.seconds += tally.seconds


def add(tx: Tx, taken: dict[Key, Tally]) -> None:
    """Add what was counted, for deployments that are still there; forget what is old."""
    there = set(tx.scalars(sa.select(d.c.id).where(d.c.id.in_({key[0] for key in taken}))))
    known = {key: tally for key, tally in taken.items() if key[0] in there}
    tx.upsert(t, [dict(zip(_KEY, key, strict=True)) for key in known], key=_KEY, update=[])
    for key, tally in known.items():
        same = sa.and_(*(t.c[name] == value for name, value in zip(_KEY, key, strict=True)))
        more: dict[str, Any] = {
            name: t.c[name] + getattr(tally, name) for name in ("times", "refused", "failed", "seconds")
        }
        tx.run(t.update().where(same).values(**more))
    tx.run(t.delete().where(t.c.minute < tx.now - KEPT))


def summary(tx: Tx, deployment: str, minutes: int) -> Traffic:
    since = (tx.now - timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    rows = tx.all(sa.select(t).where(t.c.deployment == deployment, t.c.minute >= since).order_by(t.c.minute))
    by_minute: dict[datetime, list[sa.Row[Any]]] = defaultdict(list)
    for row in rows:
        by_minute[row.minute].append(row)
    count, buckets = _total(rows, "times"), _histogram(rows)
    return Traffic(
        minutes=minutes,
        count=count,
        refused=_total(rows, "refused"),
        failed=_total(rows, "failed"),
        per_second=count / (minutes * 60),
        mean_ms=1000 * sum(row.seconds for row in rows) / count if count else None,
        p50_ms=quantile_ms(buckets, 0.5),
        p95_ms=quantile_ms(buckets, 0.95),
        p99_ms=quantile_ms(buckets, 0.99),
        points=[_point(minute, here) for minute, here in by_minute.items()],
    )


def quantile_ms(buckets: Sequence[int], share: float) -> float | None:
    """The latency that `share` of the requests did not exceed, by straight lines within the buckets."""
    wanted, passed = share * sum(buckets), 0
    if not sum(buckets):
        return None
    for index, count in enumerate(buckets):
        if count and passed + count >= wanted:
            low = BOUNDS[index - 1] if index else 0.0
            high = BOUNDS[index] if index < len(BOUNDS) else low
            return 1000 * (low + (high - low) * (wanted - passed) / count)
        passed += count
    return 1000 * BOUNDS[-1]


def _point(minute: datetime, rows: Sequence[sa.Row[Any]]) -> TrafficPoint:
    buckets = _histogram(rows)
    return TrafficPoint(
        minute=minute,
        count=_total(rows, "times"),
        refused=_total(rows, "refused"),
        failed=_total(rows, "failed"),
        p50_ms=quantile_ms(buckets, 0.5),
        p95_ms=quantile_ms(buckets, 0.95),
    )


def _total(rows: Iterable[sa.Row[Any]], column: str) -> int:
    return sum(getattr(row, column) for row in rows)


def _histogram(rows: Iterable[sa.Row[Any]]) -> list[int]:
    buckets = [0] * (len(BOUNDS) + 1)
    for row in rows:
        buckets[row.bucket] += row.times
    return buckets
