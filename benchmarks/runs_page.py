"""The first page of 100,000 runs, filtered and sorted by a metric, in the server; and a page deep in the list."""

import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.books import asked, project_with_run
from wardian.kernel.ids import new_id
from wardian.kernel.paging import Page
from wardian.storage.sql import Database, Tx
from wardian.tracking import service
from wardian.tracking.models import Run
from wardian.tracking.schemas import RunQuery
from wardian.tracking.tables import experiments, params, runs, series, tags

RUNS = 100_000
BATCH = 5_000
QUESTIONS = {
    "newest first": ("", ""),
    "sorted by a metric": ("", "metrics.loss"),
    "filtered by two, sorted by a metric": ("metrics.acc > 0.5 and params.lr > 1e-4", "metrics.loss"),
    "status and tag, sorted by a metric's minimum": (
        "status = 'succeeded' and tags.team = 'a'",
        "metrics.loss.min desc",
    ),
    "one in a thousand, sorted by a metric": ("params.seed = 7", "metrics.loss"),
    "by name": ("name like '%99%'", "name"),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        db, actor, project, _ = project_with_run(Path(name))
        began = time.perf_counter()
        experiment = db.write_now(_experiment, project)
        for at in range(0, RUNS, BATCH):
            db.write_now(_fill, project, experiment, range(at, at + BATCH))
        print(
            f"    {RUNS:,} runs with 4 parameters, 3 metrics, 1 tag made in {time.perf_counter() - began:.0f} s",
            flush=True,
        )
        for title, (filter_, order) in QUESTIONS.items():
            query = RunQuery(filter=filter_, order=order, limit=100)
            cost, found = asked(lambda query=query: _page(db, actor, project, query))
            cost.tell(f"{title} ({len(found.items)} runs)", target="< 50 ms")
        query = RunQuery(order="metrics.loss", limit=1_000)
        for _ in range(90):
            query = query.model_copy(update={"cursor": db.read_now(service.listed, actor, project, query).next})
        cost, found = asked(lambda: _page(db, actor, project, query.model_copy(update={"limit": 100})))
        cost.tell(f"90,000 runs deep ({len(found.items)} runs)", target="< 50 ms")
        asked(lambda: db.read_now(service.columns, actor, project))[0].tell("which columns there are")
        db.close()


def _page(db: Database, actor: Any, project: str, query: RunQuery) -> Page[Run]:
    found = db.read_now(service.listed, actor, project, query)
    found.model_dump_json()
    return found


def _experiment(tx: Tx, project: str) -> str:
    experiment = new_id()
    tx.insert(experiments, id=experiment, project=project, name="bench", created_at=tx.now)
    return experiment


def _fill(tx: Tx, project: str, experiment: str, numbers: Sequence[int]) -> None:
    rng = random.Random(numbers[0])
    ids = [new_id() for _ in numbers]
    plain = {"kind": "native", "summary": {}, "environment": {}, "created_by": "bench", "experiment": experiment}
    times = {"created_at": tx.now, "started_at": tx.now, "heard_at": tx.now}
    made = [
        {
            "id": run,
            "project": project,
            "name": f"run-{n}",
            "status": rng.choice(["succeeded", "failed"]),
            **plain,
            **times,
        }
        for run, n in zip(ids, numbers, strict=True)
    ]
    tx.run(runs.insert(), made)
    tx.run(
        params.insert(), [param for run, n in zip(ids, numbers, strict=True) for param in _params(rng, run, project, n)]
    )
    tx.run(
        tags.insert(),
        [
            {"run": run, "project": project, "key": "team", "text": t, "value": t}
            for run in ids
            for t in rng.choice("abc")
        ],
    )
    tx.run(series.insert(), [one for run in ids for one in _series(rng, run, project)])


def _params(rng: random.Random, run: str, project: str, number: int) -> list[dict[str, Any]]:
    values = {
        "lr": 10 ** rng.uniform(-5, -1),
        "layers": rng.randint(1, 12),
        "seed": number % 1_000,
        "depth": rng.randint(1, 4),
    }
    return [
        {"run": run, "project": project, "key": key, "text": str(value), "number": value, "value": value}
        for key, value in values.items()
    ]


def _series(rng: random.Random, run: str, project: str) -> list[dict[str, Any]]:
    steps = {"first_step": 0, "last_step": 99, "min_step": 99, "max_step": 0, "first_time": 0, "last_time": 99}
    rows: list[dict[str, Any]] = []
    for key in ("loss", "acc", "f1"):
        value = rng.random()
        rows.append(
            {
                "run": run,
                "project": project,
                "key": key,
                "points": 100,
                "first": 1.0,
                "last": value,
                "min": value,
                "max": 1.0,
                **steps,
            }
        )
    return rows


if __name__ == "__main__":
    main()
