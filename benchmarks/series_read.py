"""A curve of 1,000,000 points at 1,000 pixels, in the server: from the question to the bytes of the answer."""

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from benchmarks.books import asked, project_with_run
from benchmarks.report import row
from wardian.storage.sql import Database
from wardian.tracking import api_metrics, metrics
from wardian.tracking.schemas import CurveQuery
from wardian.tracking.series.append import append
from wardian.tracking.series.points import Points
from wardian.tracking.series.wire import Batch
from wardian.tracking.tables import chunks, tails

POINTS = 1_000_000
FLUSH = 20_000
PIXELS = 1_000
WINDOWS = {"whole": (None, None), "a tenth": (450_000, 550_000), "a thousandth": (500_000, 501_000)}


def main() -> None:
    rng = np.random.default_rng(0)
    values = np.exp(-np.arange(POINTS) / 300_000) + rng.normal(scale=0.05, size=POINTS)
    times = 1_750_000_000_000_000 + np.cumsum(rng.integers(9_000, 11_000, POINTS))
    with tempfile.TemporaryDirectory() as name:
        db, actor, project, run = project_with_run(Path(name))
        began = time.perf_counter()
        for at in range(0, POINTS, FLUSH):
            part = slice(at, at + FLUSH)
            points = Points(np.arange(at, at + FLUSH), times[part], values[part])
            db.write_now(append, run, project, Batch(["loss"], np.array([0, FLUSH]), points))
        filled = time.perf_counter() - began
        row("fill, in process, durable flushes of 20,000", POINTS / filled, " points/s")
        row("stored", db.read_now(_bytes) / POINTS, " B a point", target="< 20")
        for axis in ("step", "time"):
            for title, (start, end) in WINDOWS.items():
                scale = (
                    (lambda at: at) if axis == "step" else (lambda at: None if at is None else float(times[at]) / 1e6)
                )
                query = CurveQuery(pixels=PIXELS, x=axis, start=scale(start), end=scale(end))
                drawn = db.read_now(metrics.draw, actor, project, run, "loss", query)
                low, high = (0 if start is None else start), (POINTS if end is None else end + 1)
                shown, all_ = drawn.points.values, values[low:high]
                assert (shown.min(), shown.max(), drawn.count) == (all_.min(), all_.max(), high - low), (axis, title)
                cost, _ = asked(lambda query=query: _answer(db, actor, project, run, query))
                cost.tell(f"{title} by {axis}, {len(drawn.points)} points given", target="< 25 ms")
        query = CurveQuery(raw=True, limit=100_000)
        asked(lambda: db.read_now(metrics.raw, actor, project, run, "loss", query))[0].tell("100,000 raw points")
        db.close()


def _answer(db: Database, actor: Any, project: str, run: str, query: CurveQuery) -> None:
    api_metrics.columns(db.read_now(metrics.draw, actor, project, run, "loss", query), {})


def _bytes(tx: Any) -> int:
    packed = tx.scalar(sa.select(sa.func.sum(sa.func.length(chunks.c.data) + sa.func.length(chunks.c.rollup))))
    return int(packed + (tx.scalar(sa.select(sa.func.sum(sa.func.length(tails.c.data)))) or 0))


if __name__ == "__main__":
    main()
