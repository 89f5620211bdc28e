"""Use-cases of the controller: what it reads and writes between looks at an executor. One transaction each."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from wardian.identity import service as identity
from wardian.identity.models import SYSTEM
from wardian.projects import service as projects
from wardian.storage import leases, logs
from wardian.storage.leases import Lease
from wardian.storage.sql import Tx
from wardian.workloads import placement, status, store
from wardian.workloads.executor import Seen
from wardian.workloads.models import PLACED, Capacity, Status, Workload
from wardian.workloads.service import say
from wardian.workloads.tables import workloads as t

LEASE_S = 30.0
PLACE_IS_GONE = timedelta(minutes=5)
"""A place not heard of for so long counts for nobody."""
_QUEUE = 1000


@dataclass(frozen=True)
class Watched:
    """A leased workload and how far its log has come."""

    workload: Workload
    log_start: int
    """Where the log of this attempt begins in the log of the workload."""
    log_end: int


@dataclass(frozen=True)
class Credentials:
    """What one attempt signs in with."""

    access: str
    secret: str
    project: str
    """Its name."""


def announce(tx: Tx, place: str, kind: str, capacity: Capacity) -> bool:
    """Say what a place has to give; returns whether this database knew the place."""
    known = store.lock_executor(tx, place) is not None
    store.put_executor(tx, place, kind, capacity)
    return known


def adopt(tx: Tx, place: str) -> int:
    """End leases that a process which died has left on the workloads of a place that only we reach."""
    left = sa.and_(t.c.place == place, t.c.lease_token.is_not(None))
    return tx.run(t.update().where(left).values(lease_token=None, lease_until=None, look_at=tx.now))


def has_work(tx: Tx, place: str, held: set[str]) -> bool:
    """Whether `place_queued` or `take` could find anything; a read, because it is asked all the time."""
    if store.queue(tx, 1) or _overdue(tx):
        return True
    return any(workload_id not in held for workload_id in tx.scalars(sa.select(t.c.id).where(_ours(place))))


def place_queued(tx: Tx, place: str) -> int:
    """Give slots of this place to those who wait; returns how many got some."""
    capacity = store.lock_executor(tx, place)
    if capacity is None:
        return 0
    for before in _overdue(tx):
        _write(tx, before, status.advanced(before, None, tx.now))
    elsewhere = store.elsewhere(tx, place, PLACE_IS_GONE)
    started = 0
    for decided in placement.place(store.queue(tx, _QUEUE), store.placed(tx, place), capacity):
        before = decided.workload
        if decided.never and all(placement.impossible(before.spec.resources, other) for other in elsewhere):
            _write(tx, before, status.refused(before, decided.reason, tx.now))
        elif decided.gpus is None:
            store.update(tx, before, before.model_copy(update={"reason": decided.reason}))
        else:
            after = status.placed(before, place, decided.gpus)
            store.update(tx, before, after, log_start=logs.size(tx, before.id), look_at=tx.now)
            say(tx, SYSTEM, after, after.status)
            started += 1
    return started


def take(tx: Tx, place: str, limit: int) -> list[Lease]:
    """Lease workloads of this place that nobody watches."""
    return leases.take(tx, t, _ours(place), limit=limit, seconds=LEASE_S)


def renew(tx: Tx, place: str, held: list[Lease]) -> None:
    """Keep the leases of what we watch, and say that the place is still there."""
    store.touch_executor(tx, place)
    if held:
        until = tx.now + timedelta(seconds=LEASE_S)
        tx.run(t.update().where(t.c.lease_token.in_({lease.token for lease in held})).values(lease_until=until))


def load(tx: Tx, lease: Lease) -> Watched | None:
    """What the lease is for; None when it was lost."""
    workload = store.find(tx, lease.id) if leases.holds(tx, t, lease) else None
    if workload is None:
        return None
    log_start = int(tx.scalar(sa.select(t.c.log_start).where(t.c.id == lease.id)))
    return Watched(workload, log_start, logs.size(tx, lease.id))


def credentials(tx: Tx, lease: Lease) -> Credentials | None:
    """New keys for the attempt about to be submitted; those of earlier ones end. None when the lease was lost."""
    if not leases.holds(tx, t, lease):
        return None
    workload = store.find(tx, lease.id)
    if workload is None:
        return None
    access, secret = identity.mint_workload_key(tx, workload.project, workload.id, workload.name)
    names = projects.names(tx, {workload.project})
    return Credentials(access=access, secret=secret, project=names[workload.project])


def append_log(tx: Tx, lease: Lease, start: int, data: bytes) -> int | None:
    """Add output that begins at this offset of the workload's log; its new end, or None when the lease was lost."""
    if not leases.holds(tx, t, lease):
        return None
    end = logs.append(tx, lease.id, start, data)
    tx.publish(f"workload.{lease.id}.log", end=end)
    return end


def apply(tx: Tx, lease: Lease, attempt: int, seen: Seen | None) -> Workload | None:
    """Move the workload on by what its executor saw of an attempt; None when the lease was lost."""
    if not leases.holds(tx, t, lease):
        return None
    before = store.find(tx, lease.id, for_update=True)
    if before is None or before.attempt != attempt:
        return before
    after = status.advanced(before, seen, tx.now)
    _write(tx, before, after)
    if not after.status.holds_slots:
        leases.release(tx, t, lease, tx.now)
    return after


def note(tx: Tx, lease: Lease, reason: str) -> None:
    """Keep a reason for people while nothing else changes."""
    tx.run(t.update().where(leases.guard(t, lease)).values(reason=reason))


def release(tx: Tx, lease: Lease) -> None:
    leases.release(tx, t, lease, tx.now)


def unknown(tx: Tx, ids: list[str]) -> list[str]:
    """Those of which there is no workload any more."""
    there = store.existing(tx, ids)
    return [workload_id for workload_id in ids if workload_id not in there]


def _write(tx: Tx, before: Workload, after: Workload) -> None:
    if after is before:
        return
    store.update(tx, before, after)
    if after.status is before.status:
        return
    if not after.status.holds_slots:
        identity.revoke_workload_keys(tx, after.id)
    say(tx, SYSTEM, after, after.status)


def _overdue(tx: Tx) -> list[Workload]:
    """Those whose deadline passes while they wait for a restart."""
    waiting = sa.select(t.c.id).where(
        t.c.status == Status.QUEUED, t.c.waits_until > tx.now, t.c.started_at.is_not(None)
    )
    found = [store.find(tx, workload_id) for workload_id in tx.scalars(waiting)]
    return [
        workload
        for workload in found
        if workload is not None and workload.deadline is not None and workload.deadline <= tx.now
    ]


def _ours(place: str) -> sa.ColumnElement[bool]:
    return sa.and_(t.c.place == place, t.c.status.in_(PLACED))
