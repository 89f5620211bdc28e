"""How a workload's status changes: pure, and nowhere else."""

from datetime import datetime, timedelta
from typing import Any

from wardian.kernel.errors import Conflict
from wardian.workloads.executor import Phase, Seen
from wardian.workloads.models import Status, Workload

NEXT = {
    Status.QUEUED: {Status.STARTING, Status.FAILED, Status.STOPPED},
    Status.STARTING: {Status.RUNNING, Status.STOPPING, Status.QUEUED, Status.SUCCEEDED, Status.FAILED, Status.LOST},
    Status.RUNNING: {Status.STOPPING, Status.QUEUED, Status.SUCCEEDED, Status.FAILED, Status.LOST},
    Status.STOPPING: {Status.SUCCEEDED, Status.FAILED, Status.STOPPED},
}
"""Every change there is; `queued` after an attempt means that another one follows."""

_OVERDUE = timedelta(seconds=30)
"""Executors keep the deadline themselves; this long after it we stop believing that they will."""


def advanced(workload: Workload, seen: Seen | None, now: datetime) -> Workload:
    """What the workload is after its executor has seen this; the same workload when nothing changes."""
    if workload.status.is_final:
        return workload
    if workload.status is Status.QUEUED:
        return _failed_for_deadline(workload, now) if _is_past_deadline(workload, now) else workload
    if seen is None:
        return _unseen(workload, now)
    if seen.started_at is not None and workload.started_at is None:
        workload = _changed(workload, started_at=seen.started_at)
    if seen.is_end:
        return _ended(workload, seen, now)
    return _going_on(workload, seen, now)


def placed(workload: Workload, place: str, gpus: list[str]) -> Workload:
    """A queued workload that has got its slots."""
    _need(workload, Status.STARTING)
    start: dict[str, Any] = {
        "place": place,
        "gpus": gpus,
        "waits_until": None,
        "exit_code": None,
        "reason": "",
        "address": {},
    }
    return _changed(workload, status=Status.STARTING, **start)


def refused(workload: Workload, reason: str, now: datetime) -> Workload:
    """A queued workload that can never run."""
    _need(workload, Status.FAILED)
    return _final(workload, Status.FAILED, reason, now)


def asked_to_stop(workload: Workload, now: datetime) -> Workload:
    if workload.status is Status.STOPPING:
        return workload
    if workload.status is Status.QUEUED:
        return _final(
            workload, Status.STOPPED, "stopped before it started" if workload.started_at is None else "stopped", now
        )
    _need(workload, Status.STOPPING)
    return _changed(workload, status=Status.STOPPING, ending=Status.STOPPED, reason="asked to stop")


def restart_delay(workload: Workload) -> timedelta:
    """Before the attempt that follows: doubled with each failure, up to the limit."""
    restarts = workload.spec.restarts
    doublings = min(workload.failures, 64)  # enough for any limit, and no overflow
    return timedelta(seconds=min(restarts.delay_s * 2**doublings, restarts.max_delay_s))


def _unseen(workload: Workload, now: datetime) -> Workload:
    match workload.status:
        case Status.STARTING:
            return workload  # not submitted yet
        case Status.STOPPING:
            return _final(workload, workload.ending or Status.STOPPED, workload.reason, now)
        case _:
            return _ended(workload, Seen(phase=Phase.LOST, reason="its executor does not know it any more"), now)


def _going_on(workload: Workload, seen: Seen, now: datetime) -> Workload:
    after = _changed(workload, address=seen.address)
    if workload.status is Status.STOPPING:
        return after
    deadline = workload.deadline
    if deadline is not None and now > deadline + timedelta(seconds=workload.spec.grace_s) + _OVERDUE:
        return _changed(after, status=Status.STOPPING, ending=Status.FAILED, reason=_deadline_reason(workload))
    if workload.status is Status.RUNNING:
        return after
    if seen.phase is Phase.PREPARING or not seen.ready:
        return _changed(after, reason=seen.reason)
    return _changed(after, status=Status.RUNNING, reason="")


def _ended(workload: Workload, seen: Seen, now: datetime) -> Workload:
    at = seen.finished_at or now
    after = _changed(workload, exit_code=seen.exit_code)
    if workload.kind == "job" and seen.phase is Phase.FINISHED and seen.ended_by == "exit" and seen.exit_code == 0:
        return _final(after, Status.SUCCEEDED, "", at)
    if workload.status is Status.STOPPING:
        reason = "stopped" if workload.ending is Status.STOPPED else workload.reason
        return _final(after, workload.ending or Status.STOPPED, reason, at)
    reason = _failure(workload, seen)
    failures = 0 if _ran_well(workload, seen, at) else workload.failures
    past_deadline = seen.ended_by == "deadline" or _is_past_deadline(workload, now)
    if failures >= workload.spec.restarts.limit or past_deadline:
        return _final(after, Status.LOST if seen.phase is Phase.LOST else Status.FAILED, reason, at)
    after = _changed(after, failures=failures)
    delay = restart_delay(after)
    count = f"restart {failures + 1} of {workload.spec.restarts.limit}"
    again: dict[str, Any] = {"attempt": workload.attempt + 1, "failures": failures + 1, "waits_until": now + delay}
    said = f"attempt {workload.attempt}: {reason}; {count} in {delay.total_seconds():g} s"
    return _changed(after, status=Status.QUEUED, reason=said, place=None, gpus=[], address={}, **again)


def _failure(workload: Workload, seen: Seen) -> str:
    if seen.ended_by == "stop":
        return "ended from outside: somebody on the machine stopped it"
    if seen.phase is Phase.FINISHED and not seen.reason and workload.kind == "service":
        return f"a service that ended by itself, with exit status {seen.exit_code}"
    return seen.reason


def _ran_well(workload: Workload, seen: Seen, at: datetime) -> bool:
    """Only services are forgiven: a job that fails once an hour would be restarted for ever."""
    if workload.kind != "service" or seen.started_at is None:
        return False
    return (at - seen.started_at).total_seconds() > workload.spec.restarts.max_delay_s


def _is_past_deadline(workload: Workload, now: datetime) -> bool:
    return workload.deadline is not None and now >= workload.deadline


def _deadline_reason(workload: Workload) -> str:
    return f"deadline: it ran longer than {workload.spec.deadline_s or 0:g} s"


def _failed_for_deadline(workload: Workload, now: datetime) -> Workload:
    return _final(workload, Status.FAILED, _deadline_reason(workload), now)


def _final(workload: Workload, status: Status, reason: str, at: datetime) -> Workload:
    freed: dict[str, Any] = {"address": {}, "gpus": [], "waits_until": None, "ending": None}
    return _changed(workload, status=status, reason=reason, finished_at=at, **freed)


def _need(workload: Workload, status: Status) -> None:
    if status not in NEXT.get(workload.status, set()):
        raise Conflict(
            f"workload {workload.name!r} is {workload.status}; it cannot become {status}", status=workload.status
        )


def _changed(workload: Workload, **values: Any) -> Workload:
    different = {name: value for name, value in values.items() if getattr(workload, name) != value}
    return workload.model_copy(update=different) if different else workload
