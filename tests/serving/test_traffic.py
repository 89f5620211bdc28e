"""Counting predictions."""

from datetime import timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from tests.serving.test_rollout import Stage
from wardian.serving import service, traffic
from wardian.serving.models import Route
from wardian.serving.traffic import BOUNDS, Counts, quantile_ms


def routed(deployment):
    return Route(deployment=deployment.id, project="p", project_name="p", name="m", status="ready", revision=1)


class TestCounts:
    def test_they_add_up_over_flushes(self, tx, make):
        stage = Stage(tx, make)
        route, counts = routed(stage.deploy()), Counts()
        for _ in range(2):
            for seconds, status in ((0.004, 200), (0.004, 200), (0.04, 400), (4, 503)):
                counts.add(route, seconds, status)
            traffic.add(tx, counts.take())
        tx.now += timedelta(seconds=1)
        seen = service.traffic_of(tx, stage.actor, stage.project.id, "m", 60)
        assert (seen.count, seen.refused, seen.failed) == (8, 2, 2)
        assert seen.mean_ms == pytest.approx(1012)
        assert 2 <= seen.p50_ms <= 5
        assert 2000 <= seen.p99_ms <= 5000
        assert sum(point.count for point in seen.points) == 8

    def test_what_could_not_be_written_is_kept(self, tx, make):
        stage = Stage(tx, make)
        route, counts = routed(stage.deploy()), Counts()
        counts.add(route, 0.1, 200)
        taken = counts.take()
        counts.add(route, 0.1, 200)
        counts.put_back(taken)
        traffic.add(tx, counts.take())
        assert service.traffic_of(tx, stage.actor, stage.project.id, "m", 5).count == 2

    def test_a_deployment_that_is_gone_is_left_out_and_old_minutes_go(self, tx, make):
        stage = Stage(tx, make)
        route, counts = routed(stage.deploy()), Counts()
        counts.add(route, 0.1, 200)
        counts.add(route.model_copy(update={"deployment": "gone"}), 0.1, 200)
        traffic.add(tx, counts.take())
        assert service.traffic_of(tx, stage.actor, stage.project.id, "m", 5).count == 1
        tx.now += traffic.KEPT + timedelta(minutes=2)
        traffic.add(tx, {})
        tx.now -= timedelta(days=1)
        assert service.traffic_of(tx, stage.actor, stage.project.id, "m", 7 * 24 * 60).count == 0


class TestQuantiles:
    def test_of_nothing_there_is_none(self):
        assert quantile_ms([0] * (len(BOUNDS) + 1), 0.5) is None

    @given(st.lists(st.integers(0, 50), min_size=len(BOUNDS) + 1, max_size=len(BOUNDS) + 1).filter(any))
    def test_they_rise_and_stay_within_the_bounds(self, buckets):
        found = [quantile_ms(buckets, share) for share in (0.0, 0.25, 0.5, 0.95, 1.0)]
        assert found == sorted(found)
        assert 0 <= found[0] <= found[-1] <= 1000 * BOUNDS[-1]
