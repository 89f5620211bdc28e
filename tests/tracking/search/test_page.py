"""Finding runs, against the same question asked of plain Python."""

import math
import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.actors import Make
from tests.tracking.series.test_store import batch
from wardian.kernel.errors import Invalid
from wardian.storage.sql import Tx
from wardian.tracking import metrics, service
from wardian.tracking.models import Run
from wardian.tracking.schemas import NewRun, RunQuery
from wardian.tracking.series.wire import Frame


@pytest.fixture
def books(tx: Tx, make: Make) -> tuple[Any, str, list[Run]]:
    """An actor, a project and 40 runs of every kind: without metric, with NaN, parameters of mixed types."""
    project = make.project().id
    actor, rng = make.member(project), random.Random(5)
    for n in range(40):
        params = {"lr": rng.choice([0.1, 0.01, "auto", 3])} if n % 5 else {}
        tags = {"team": rng.choice("ab")} if n % 3 else {}
        run = service.create(
            tx, actor, project, NewRun(name=f"run {n % 7} {n}", params=params, tags=tags, experiment=f"e{n % 2}")
        )
        if n % 4:
            values = [rng.choice([math.nan, 0.5, 1.0, 2.0]), rng.choice([math.nan, 0.5, 0.7, 2.0])]
            points = [("loss", step, step, value) for step, value in enumerate(values)]
            metrics.add_points(tx, actor, project, run.id, Frame(None, 0, 2, batch(points)))
    found = service.listed(tx, actor, project, RunQuery(limit=100)).items
    assert len(found) == 40
    return actor, project, found


def loss(run: Run) -> float:
    return run.metrics["loss"].last if "loss" in run.metrics else math.nan


def lr(run: Run) -> Any:
    return run.params.get("lr")


class TestFilter:
    @pytest.mark.parametrize(
        ("text", "holds"),
        [
            ("metrics.loss < 1", lambda r: loss(r) < 1),
            ("metrics.loss.max >= 1", lambda r: "loss" in r.metrics and r.metrics["loss"].max >= 1),
            ("metrics.loss = nan", lambda r: "loss" in r.metrics and math.isnan(loss(r))),
            ("metrics.loss is null", lambda r: "loss" not in r.metrics),
            ("params.lr > 0.05", lambda r: isinstance(lr(r), (int, float)) and lr(r) > 0.05),
            ("params.lr = 'auto'", lambda r: lr(r) == "auto"),
            ("params.lr = 3", lambda r: lr(r) == 3),
            ("params.lr != 3", lambda r: isinstance(lr(r), float)),
            ("not params.lr = 3", lambda r: lr(r) != 3),
            ("params.lr in (0.1, 3)", lambda r: lr(r) in (0.1, 3)),
            ("tags.team = 'a' and metrics.loss < 2", lambda r: r.tags.get("team") == "a" and loss(r) < 2),
            ("tags.team = 'a' or metrics.loss < 1", lambda r: r.tags.get("team") == "a" or loss(r) < 1),
            ("name like 'run 3%'", lambda r: r.name.startswith("run 3")),
            ("name like 'RUN 3%'", lambda r: False),
            ("name ilike 'RUN 3%'", lambda r: r.name.startswith("run 3")),
            ("experiment = 'e1' and status = 'running'", lambda r: r.experiment == "e1"),
            ("created_at > '2020-01-01' and finished_at is null", lambda r: True),
            ("duration >= 0 and duration < 3600", lambda r: True),
        ],
    )
    def test_finds_what_python_finds(self, tx: Tx, books: Any, text: str, holds: Callable[[Run], bool]) -> None:
        actor, project, runs = books
        for order in ("", "metrics.loss"):
            found = service.listed(tx, actor, project, RunQuery(filter=text, order=order, limit=100)).items
            assert {run.id for run in found} == {run.id for run in runs if holds(run)}

    @pytest.mark.parametrize(
        "text", ["metrics.loss < 'a'", "created_at > 3", "created_at > 'soon'", "metrics.loss < nan"]
    )
    def test_values_that_do_not_fit(self, tx: Tx, books: Any, text: str) -> None:
        with pytest.raises(Invalid, match="at character 1"):
            service.listed(tx, books[0], books[1], RunQuery(filter=text))


class TestOrder:
    @pytest.mark.parametrize(
        "order",
        ["", "name", "-name", "metrics.loss", "metrics.loss desc", "metrics.loss.min desc, name", "params.lr",
         "-params.lr, name", "tags.team, metrics.loss desc", "status, metrics.loss, params.lr desc", "started_at desc",
         "experiment, -duration"],
    )  # fmt: skip
    def test_pages_give_each_run_once_in_order(self, tx: Tx, books: Any, order: str) -> None:
        actor, project, runs = books
        whole = [run.id for run in service.listed(tx, actor, project, RunQuery(order=order, limit=100)).items]
        assert set(whole) == {run.id for run in runs}
        for limit in (3, 7, 40):
            query, found = RunQuery(order=order, limit=limit), list[str]()
            while True:
                page = service.listed(tx, actor, project, query)
                found += [run.id for run in page.items]
                if page.next is None:
                    break
                query = query.model_copy(update={"cursor": page.next})
            assert found == whole

    def test_by_metric_those_without_come_last(self, tx: Tx, books: Any) -> None:
        actor, project, _ = books
        for order, sign in (("metrics.loss", 1), ("metrics.loss desc", -1)):
            values = [loss(run) for run in service.listed(tx, actor, project, RunQuery(order=order, limit=100)).items]
            real = [value for value in values if not math.isnan(value)]
            assert values[: len(real)] == sorted(real, key=lambda value: sign * value)

    @pytest.mark.parametrize("cursor", ["x", "WzAsWzEsMiwzLDQsNV1d", "W251bGwsW11d", "WzAsWyJhIiwiYiJdXQ"])
    def test_a_foreign_cursor_is_refused(self, tx: Tx, books: Any, cursor: str) -> None:
        with pytest.raises(Invalid, match="cursor"):
            service.listed(tx, books[0], books[1], RunQuery(order="metrics.loss", cursor=cursor))


class TestColumns:
    def test_only_the_chosen_ones_are_given(self, tx: Tx, books: Any) -> None:
        found = service.listed(tx, books[0], books[1], RunQuery(columns="metrics.loss", limit=100)).items
        assert any(run.metrics for run in found)
        assert not any(run.params or run.tags for run in found)

    def test_what_there_is(self, tx: Tx, books: Any) -> None:
        columns = service.columns(tx, books[0], books[1])
        assert (columns.params, columns.metrics, columns.tags) == (["lr"], ["loss"], ["team"])
