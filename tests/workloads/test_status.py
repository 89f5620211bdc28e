"""How a status changes: examples, and any sequence of looks that hypothesis can think of."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.kernel.errors import Conflict
from wardian.workloads.executor import Phase, Seen
from wardian.workloads.models import FINAL, Restarts, Spec, Status, Workload
from wardian.workloads.status import NEXT, advanced, asked_to_stop, placed, refused, restart_delay

T0 = datetime(2026, 11, 21, tzinfo=UTC)


def workload(status: str = "running", *, kind: Any = "job", **fields: Any) -> Workload:
    spec = {name: fields.pop(name) for name in ("restarts", "deadline_s", "grace_s") if name in fields}
    started = T0 if status in {"running", "stopping"} else None
    base: dict[str, Any] = {"started_at": started, "place": "here"} | fields
    return Workload(
        id="w", project="p", kind=kind, name="w", status=Status(status), created_by="me", created_at=T0,
        spec=Spec(command=["x"], **spec), **base,
    )  # fmt: skip


def finished(code: int | None = 0, by: Any = "exit", reason: str = "", after_s: float = 5) -> Seen:
    at = T0 + timedelta(seconds=after_s)
    return Seen(phase=Phase.FINISHED, started_at=T0, finished_at=at, exit_code=code, ended_by=by, reason=reason)


RUNNING = Seen(phase=Phase.RUNNING, started_at=T0)
LOST = Seen(phase=Phase.LOST, started_at=T0, reason="its supervisor process was killed")


class TestAJob:
    @pytest.mark.parametrize(
        ("status", "seen", "expected"),
        [
            ("starting", None, "starting"),
            ("starting", Seen(phase=Phase.PREPARING), "starting"),
            ("starting", RUNNING, "running"),
            ("starting", finished(0), "succeeded"),
            ("running", RUNNING, "running"),
            ("running", finished(0), "succeeded"),
            ("running", finished(3, reason="ended with exit status 3"), "failed"),
            ("running", finished(None, "memory", "killed: out of memory at 1 GiB"), "failed"),
            ("running", finished(None, "prepare", "no such package"), "failed"),
            ("running", finished(0, "stop"), "failed"),
            ("running", LOST, "lost"),
            ("running", None, "lost"),
            ("stopping", RUNNING, "stopping"),
            ("stopping", finished(None, "stop"), "stopped"),
            ("stopping", finished(1), "stopped"),
            ("stopping", finished(0), "succeeded"),
            ("stopping", LOST, "stopped"),
            ("stopping", None, "stopped"),
            ("succeeded", LOST, "succeeded"),
        ],
    )
    def test_follows_what_was_seen(self, status: str, seen: Seen | None, expected: str) -> None:
        ending = Status.STOPPED if status == "stopping" else None
        assert advanced(workload(status, ending=ending), seen, T0 + timedelta(seconds=9)).status == expected

    def test_ends_when_the_executor_says_it_did(self) -> None:
        after = advanced(workload(), finished(0, after_s=5), T0 + timedelta(hours=1))
        assert after.finished_at == T0 + timedelta(seconds=5)

    def test_that_was_stopped_by_somebody_else_says_so(self) -> None:
        assert advanced(workload(), finished(None, "stop", "stopped"), T0).reason.startswith("ended from outside")

    def test_nothing_new_changes_nothing(self) -> None:
        one = workload()
        assert advanced(one, RUNNING, T0) is one


class TestRestarts:
    def test_a_failure_waits_for_the_next_attempt(self) -> None:
        after = advanced(
            workload(restarts=Restarts(limit=2, delay_s=4)), finished(3, reason="ended with exit status 3"), T0
        )
        assert (after.status, after.attempt, after.failures, after.place) == ("queued", 1, 1, None)
        assert after.waits_until == T0 + timedelta(seconds=4)
        assert after.reason == "attempt 0: ended with exit status 3; restart 1 of 2 in 4 s"

    def test_the_delay_doubles_up_to_its_limit(self) -> None:
        restarts = Restarts(limit=99, delay_s=1, max_delay_s=10)
        delays = [restart_delay(workload(restarts=restarts, failures=n)).total_seconds() for n in (0, 1, 2, 3, 4, 90)]
        assert delays == [1, 2, 4, 8, 10, 10]

    def test_the_last_failure_is_final(self) -> None:
        assert advanced(workload(restarts=Restarts(limit=2), failures=2), finished(1), T0).status == "failed"

    def test_a_lost_attempt_is_a_failure_too(self) -> None:
        assert advanced(workload(restarts=Restarts(limit=1)), LOST, T0).status == "queued"

    def test_none_after_a_stop(self) -> None:
        one = asked_to_stop(workload(restarts=Restarts(limit=9)), T0)
        assert advanced(one, finished(1), T0).status == "stopped"


class TestAService:
    def test_is_not_running_before_it_is_ready(self) -> None:
        waiting = RUNNING.model_copy(update={"ready": False, "reason": "waits until /up answers"})
        after = advanced(workload("starting", kind="service"), waiting, T0)
        assert (after.status, after.reason) == ("starting", "waits until /up answers")

    def test_that_ends_by_itself_has_failed(self) -> None:
        after = advanced(workload(kind="service"), finished(0), T0)
        assert (after.status, after.reason) == ("failed", "a service that ended by itself, with exit status 0")

    def test_that_ran_well_is_forgiven_its_failures(self) -> None:
        restarts = Restarts(limit=3, max_delay_s=60)
        well = advanced(workload(kind="service", restarts=restarts, failures=3), finished(1, after_s=61), T0)
        badly = advanced(workload(kind="service", restarts=restarts, failures=3), finished(1, after_s=59), T0)
        assert (well.status, well.failures) == ("queued", 1)
        assert badly.status == "failed"


class TestDeadline:
    def test_no_restart_after_it(self) -> None:
        one = workload(restarts=Restarts(limit=9), deadline_s=60)
        assert advanced(one, finished(None, "deadline", "deadline: …"), T0 + timedelta(seconds=60)).status == "failed"

    def test_passes_while_waiting_for_a_restart(self) -> None:
        one = workload("queued", started_at=T0, deadline_s=60)
        assert advanced(one, None, T0 + timedelta(seconds=59)) is one
        after = advanced(one, None, T0 + timedelta(seconds=60))
        assert (after.status, after.reason) == ("failed", "deadline: it ran longer than 60 s")

    def test_an_executor_that_does_not_keep_it_is_told_to_stop(self) -> None:
        one = workload(deadline_s=60, grace_s=10)
        assert advanced(one, RUNNING, T0 + timedelta(seconds=90)).status == "running"
        stopping = advanced(one, RUNNING, T0 + timedelta(seconds=101))
        assert stopping.status == "stopping"
        ended = advanced(stopping, finished(None, "stop", "stopped"), T0 + timedelta(seconds=102))
        assert (ended.status, ended.reason) == ("failed", "deadline: it ran longer than 60 s")


class TestStopping:
    def test_one_that_waits_ends_at_once(self) -> None:
        after = asked_to_stop(workload("queued"), T0)
        assert (after.status, after.finished_at) == ("stopped", T0)

    def test_twice_is_once(self) -> None:
        one = asked_to_stop(workload(), T0)
        assert asked_to_stop(one, T0) is one

    @pytest.mark.parametrize("status", sorted(FINAL))
    def test_one_that_has_ended_cannot(self, status: str) -> None:
        with pytest.raises(Conflict, match="cannot become stopping"):
            asked_to_stop(workload(status), T0)

    def test_only_a_queued_one_is_placed(self) -> None:
        with pytest.raises(Conflict, match="cannot become starting"):
            placed(workload("running"), "here", [])
        with pytest.raises(Conflict, match="cannot become failed"):
            refused(workload("succeeded"), "", T0)


_ended_by = st.sampled_from(["exit", "stop", "deadline", "memory", "prepare", "start", "error"])
_seen = st.none() | st.builds(
    Seen,
    phase=st.sampled_from(Phase),
    started_at=st.none() | st.just(T0),
    finished_at=st.none(),
    exit_code=st.none() | st.integers(0, 255),
    ended_by=_ended_by,
    ready=st.booleans(),
)
_steps = st.lists(st.tuples(st.sampled_from(["look", "stop", "place"]), _seen, st.floats(0, 400)), max_size=40)


class TestAnySequence:
    @given(
        kind=st.sampled_from(["job", "service"]),
        limit=st.integers(0, 4),
        max_delay_s=st.floats(1, 300),
        deadline_s=st.none() | st.floats(1, 2000),
        steps=_steps,
    )
    def test_keeps_the_rules(
        self,
        kind: str,
        limit: int,
        max_delay_s: float,
        deadline_s: float | None,
        steps: list[tuple[str, Seen | None, float]],
    ) -> None:
        restarts = Restarts(limit=limit, delay_s=1, max_delay_s=max_delay_s)
        one = workload("queued", kind=kind, restarts=restarts, deadline_s=deadline_s, place=None)
        now, stop_asked = T0, False
        for what, seen, seconds in steps:
            now += timedelta(seconds=seconds)
            before = one
            if what == "look":
                one = advanced(one, seen, now)
            elif what == "stop" and not one.status.is_final:
                one, stop_asked = asked_to_stop(one, now), True
            elif what == "place" and one.status is Status.QUEUED and (one.waits_until or now) <= now:
                one = placed(one, "here", [])
            self._check(before, one, now, stop_asked)

    def _check(self, before: Workload, after: Workload, now: datetime, stop_asked: bool) -> None:
        spec = after.spec
        if after.status is not before.status:
            assert after.status in NEXT[before.status]
        if before.status.is_final:
            assert after is before
        assert (after.finished_at is not None) == after.status.is_final
        assert (after.place is not None) or not after.status.holds_slots
        assert after.failures <= spec.restarts.limit
        assert after.attempt - before.attempt in (0, 1)
        if after.attempt > before.attempt:
            assert after.status is Status.QUEUED
            assert not stop_asked
            assert after.waits_until is not None
            assert timedelta() < after.waits_until - now <= timedelta(seconds=spec.restarts.max_delay_s)
            assert before.deadline is None or now < before.deadline
        if after.kind == "job":
            assert after.failures == after.attempt
