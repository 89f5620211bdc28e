"""Points in, points out: the store against a plain dict."""

import math
import struct
from unittest import mock

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tracking.conftest import BareRun, MakeRuns
from wardian.storage.sql import Tx
from wardian.tracking.series import read, seal
from wardian.tracking.series.append import append
from wardian.tracking.series.curve import curve
from wardian.tracking.series.points import Points
from wardian.tracking.series.wire import Batch, grouped
from wardian.tracking.tables import chunks, series, tails

Written = list[tuple[str, int, int, float]]
"""key, step, time in microseconds, value"""


def batch(written: Written) -> Batch:
    keys = sorted({key for key, *_ in written})
    index = np.array([keys.index(key) for key, *_ in written], np.uint32)
    points = Points(
        np.array([step for _, step, _, _ in written], np.int64),
        np.array([time for _, _, time, _ in written], np.int64),
        np.array([value for *_, value in written], np.float64),
    )
    return grouped(keys, index, points)


def row_of(tx: Tx, run: BareRun, key: str) -> sa.Row:
    return tx.one(sa.select(series).where(series.c.run == run.id, series.c.key == key))


def bits(values: np.ndarray | list[float]) -> list[bytes]:
    return [struct.pack("<d", value) for value in values]


def assert_holds(tx: Tx, run: BareRun, model: dict[str, dict[int, tuple[int, float]]]) -> None:
    for key, expected in model.items():
        row = row_of(tx, run, key)
        steps = sorted(expected)
        points = read.window(tx, row)
        assert points.steps.tolist() == steps
        assert points.times.tolist() == [expected[step][0] for step in steps]
        assert bits(points.values) == bits([expected[step][1] for step in steps])
        values = [expected[step][1] for step in steps if not math.isnan(expected[step][1])]
        if row.unsettled:
            read.settle(tx, row)
            row = row_of(tx, run, key)
        assert row.points == len(steps)
        assert (row.first_step, row.last_step) == (steps[0], steps[-1])
        assert row.min == (min(values) if values else None)
        assert row.max == (max(values) if values else None)
        last = expected[steps[-1]][1]
        assert row.last == (None if math.isnan(last) else last)


STEPS = st.one_of(st.integers(0, 40), st.integers(0, 4000), st.integers(-(1 << 63), (1 << 63) - 1))
VALUES = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([math.nan, math.inf, -math.inf, -0.0])
)
POINT = st.tuples(st.sampled_from(["loss", "acc"]), STEPS, st.integers(0, 1 << 52), VALUES)
FLUSHES = st.lists(st.lists(POINT, min_size=1, max_size=30), min_size=1, max_size=12)


class TestAppend:
    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(
        flushes=FLUSHES, chunk=st.sampled_from([4, 16, 4096]), due=st.sampled_from([1, 2, 5, 100]), short=st.booleans()
    )
    def test_reads_like_a_dict(
        self, tx: Tx, make_run: MakeRuns, flushes: list[Written], chunk: int, due: int, short: bool
    ) -> None:
        run, model = make_run.bare(), {}
        with (
            mock.patch.object(seal, "CHUNK_POINTS", chunk),
            mock.patch.object(seal, "TAIL_FLUSHES", due),
            mock.patch("wardian.tracking.series.append.SETTLE_AT_ONCE", 10_000 if short else 8),
        ):
            for flush in flushes:
                append(tx, run.id, run.project, batch(flush))
                for key, step, time, value in flush:
                    model.setdefault(key, {})[step] = (time, value)
            assert_holds(tx, run, model)

    def test_points_in_order_never_cause_reading(self, tx: Tx, make_run: MakeRuns) -> None:
        run = make_run.bare()
        with mock.patch.object(read, "window", side_effect=AssertionError("read")):
            for start in range(0, 50_000, 5_000):
                append(
                    tx, run.id, run.project, batch([("loss", step, step, 0.5) for step in range(start, start + 5_000)])
                )
        assert row_of(tx, run, "loss").points == 50_000

    def test_long_series_are_packed_in_full_chunks(self, tx: Tx, make_run: MakeRuns) -> None:
        run = make_run.bare()
        for start in range(0, 60_000, 1_000):
            append(
                tx, run.id, run.project, batch([("loss", step, step, step / 3) for step in range(start, start + 1_000)])
            )
        sizes = tx.scalars(sa.select(chunks.c.points).order_by(chunks.c.first_step))
        assert sizes[:-4] == [4096] * (len(sizes) - 4)
        assert sum(sizes) + tx.scalar(sa.select(sa.func.max(tails.c.total))) == 60_000

    def test_many_small_flushes_leave_few_short_chunks(self, tx: Tx, make_run: MakeRuns) -> None:
        run = make_run.bare()
        with mock.patch.object(seal, "TAIL_FLUSHES", 3):
            for step in range(1_000):
                append(tx, run.id, run.project, batch([("loss", step, step, 0.0)]))
        assert tx.scalar(sa.select(sa.func.count()).select_from(chunks)) <= 12

    def test_late_points_are_merged_down(self, tx: Tx, make_run: MakeRuns) -> None:
        run, rng = make_run.bare(), np.random.default_rng(1)
        model: dict[str, dict[int, tuple[int, float]]] = {"loss": {}}
        with (
            mock.patch.object(seal, "TAIL_POINTS", 2_000),
            mock.patch("wardian.tracking.series.append.SETTLE_AT_ONCE", 0),
        ):
            for _ in range(30):
                steps = rng.integers(0, 40_000, 1_000).tolist()
                written = [("loss", step, step, rng.normal()) for step in steps]
                append(tx, run.id, run.project, batch(written))
                model["loss"] |= {step: (time, value) for _, step, time, value in written}
        assert_holds(tx, run, model)
        assert tx.scalar(sa.select(sa.func.count(chunks.c.layer.distinct()))) <= 6


def whole(tx: Tx, run: BareRun, values: np.ndarray, *, flush: int = 7_000) -> None:
    """A series of these values at steps 0, 3, 6 … and times that go 10 ms a step."""
    for at in range(0, len(values), flush):
        part = values[at : at + flush]
        steps = np.arange(at, at + len(part), dtype=np.int64) * 3
        times = 1_700_000_000_000_000 + steps * 10_000
        append(tx, run.id, run.project, Batch(["loss"], np.array([0, len(part)]), Points(steps, times, part)))


class TestCurve:
    @pytest.mark.parametrize("axis", ["step", "time"])
    @pytest.mark.parametrize("pixels", [1, 7, 100, 333])
    @pytest.mark.parametrize("window", [(None, None), (1_000, 149_000), (60_001, 60_500)])
    def test_each_pixel_has_its_first_lowest_highest_and_last(
        self, tx: Tx, make_run: MakeRuns, axis: str, pixels: int, window: tuple[int | None, int | None]
    ) -> None:
        run, rng = make_run.bare(), np.random.default_rng(2)
        values = rng.normal(size=50_000).cumsum()
        values[rng.integers(0, 50_000, 2_000)] = np.nan
        values[[123, 45_678]] = [np.inf, -np.inf]
        whole(tx, run, values)
        steps = np.arange(50_000, dtype=np.int64) * 3
        x = steps if axis == "step" else 1_700_000_000_000_000 + steps * 10_000
        start, end = (
            window if axis == "step" else tuple(w if w is None else 1_700_000_000_000_000 + w * 10_000 for w in window)
        )
        drawn = curve(tx, row_of(tx, run, "loss"), axis, start, end, pixels)

        low, high = (x[0] if start is None else start), (x[-1] if end is None else end)
        inside = np.flatnonzero((x >= low) & (x <= high))
        assert drawn.count == len(inside)
        column = ((x[inside] - low) * (pixels / (high - low + 1))).astype(int)
        expected: set[int] = set()
        if len(inside) <= 4 * pixels:
            expected = set(inside.tolist())
        else:
            for pixel in np.unique(column):
                of_pixel = inside[column == pixel]
                expected |= {int(of_pixel[0]), int(of_pixel[-1])}
                if not np.isnan(values[of_pixel]).all():
                    expected |= {
                        int(of_pixel[np.nanargmin(values[of_pixel])]),
                        int(of_pixel[np.nanargmax(values[of_pixel])]),
                    }
        assert drawn.points.steps.tolist() == steps[sorted(expected)].tolist()
        assert bits(drawn.points.values) == bits(values[sorted(expected)])
        assert drawn.points.times.tolist() == (1_700_000_000_000_000 + steps[sorted(expected)] * 10_000).tolist()

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(flushes=FLUSHES, axis=st.sampled_from(["step", "time"]), pixels=st.integers(1, 5))
    def test_extremes_are_exact_whatever_came(
        self, tx: Tx, make_run: MakeRuns, flushes: list[Written], axis: str, pixels: int
    ) -> None:
        run, model = make_run.bare(), {}
        with mock.patch.object(seal, "CHUNK_POINTS", 8), mock.patch.object(seal, "TAIL_FLUSHES", 3):
            for flush in flushes:
                written = [("loss", *rest) for _, *rest in flush]
                append(tx, run.id, run.project, batch(written))
                model |= {step: value for _, step, _, value in written}
        drawn = curve(tx, row_of(tx, run, "loss"), axis, None, None, pixels)
        assert drawn.count == len(model)
        assert all(
            bits([model[s]]) == bits([v]) for s, v in zip(drawn.points.steps.tolist(), drawn.points.values, strict=True)
        )
        real = [value for value in model.values() if not math.isnan(value)]
        if real:
            assert (np.nanmin(drawn.points.values), np.nanmax(drawn.points.values)) == (min(real), max(real))

    def test_time_that_runs_backwards_is_put_in_order(self, tx: Tx, make_run: MakeRuns) -> None:
        run = make_run.bare()
        append(tx, run.id, run.project, batch([("loss", step, 1000 - step % 500, 1.0 * step) for step in range(1000)]))
        drawn = curve(tx, row_of(tx, run, "loss"), "time", None, None, 10)
        assert (np.diff(drawn.points.times) >= 0).all()


class TestPage:
    @pytest.mark.parametrize("limit", [1, 999, 4_096, 30_000])
    def test_pages_give_every_point_once(self, tx: Tx, make_run: MakeRuns, limit: int) -> None:
        run = make_run.bare()
        values = np.random.default_rng(3).normal(size=2_000 if limit == 1 else 20_000)
        whole(tx, run, values, flush=900)
        row, found, start, pages = row_of(tx, run, "loss"), [], None, 0
        while pages == 0 or (start is not None and pages < 50):
            points, start = read.page(tx, row, start, limit)
            assert 0 < len(points) <= limit
            found += points.values.tolist()
            pages += 1
        assert found == values.tolist()[: len(found)]
        assert start is not None or len(found) == len(values)
