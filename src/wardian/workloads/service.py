"""Use-cases of workloads for people and higher features. Every function runs inside one transaction."""

from wardian.events import service as events
from wardian.events.models import Event
from wardian.identity import service as identity
from wardian.identity.models import Actor, Can
from wardian.kernel.errors import Conflict, NotFound
from wardian.kernel.ids import new_id
from wardian.kernel.paging import Page
from wardian.projects import service as projects
from wardian.storage import logs, references
from wardian.storage.sql import Tx
from wardian.workloads import status, store
from wardian.workloads.models import ExecutorInfo, LogText, Status, Workload
from wardian.workloads.schemas import LogQuery, NewWorkload, QueueQuery, WorkloadQuery

WAKE = "workloads.wake"
"""Bus topic that hints to controllers: there is something to do."""
GONE = "workloads.gone"
"""Bus topic that hints: executors may keep files that nobody needs any more."""


def create(tx: Tx, actor: Actor, project: str, body: NewWorkload) -> Workload:
    """Queue it. Objects of its code and files are held from now on until it is deleted."""
    actor.need(Can.RUN, project)
    for object_hash in body.spec.objects:
        references.hold(tx, object_hash, pinned=False)
    workload = Workload(
        id=new_id(), project=project, status=Status.QUEUED, created_by=actor.name, created_at=tx.now, **dict(body)
    )
    store.insert(tx, workload)
    say(tx, actor, workload, "created", kind=workload.kind)
    return workload


def get(tx: Tx, actor: Actor, workload_id: str, project: str | None = None) -> Workload:
    """By id; `project` is the one it must be in."""
    found = store.find(tx, workload_id)
    if found is None or not actor.may(Can.READ, found.project) or project not in {None, found.project}:
        raise NotFound("workload", workload_id)  # hidden and missing look alike
    return found


def listed(tx: Tx, actor: Actor, where: QueueQuery) -> Page[Workload]:
    """Across the projects that the actor may read, newest first."""
    if where.project is not None:
        return listed_in(tx, actor, projects.find(tx, actor, where.project).id, where)
    return store.page(tx, where, *store.in_projects(actor.sees()))


def listed_in(tx: Tx, actor: Actor, project: str, where: WorkloadQuery) -> Page[Workload]:
    actor.need(Can.READ, project)
    return store.page(tx, where, *store.in_projects(frozenset({project})))


def stop(tx: Tx, actor: Actor, workload_id: str, project: str | None = None) -> Workload:
    """Ask it to end: one that waits ends at once, one that runs becomes `stopping`."""
    before = get(tx, actor, workload_id, project)
    actor.need(Can.RUN, before.project)
    after = status.asked_to_stop(before, tx.now)
    if after is not before:
        store.update(tx, before, after)
        say(tx, actor, after, after.status)
    return after


def delete(tx: Tx, actor: Actor, workload_id: str, project: str | None = None) -> None:
    """With its log and files. One that has not ended must be stopped first."""
    workload = get(tx, actor, workload_id, project)
    actor.need(Can.RUN, workload.project)
    if not workload.status.is_final:
        raise Conflict(f"workload {workload.name!r} is {workload.status}; stop it and wait for its end, then delete it")
    _clear(tx, workload)
    store.delete(tx, workload.id)
    say(tx, actor, workload, "deleted")
    tx.publish(GONE)


def read_log(tx: Tx, actor: Actor, workload_id: str, where: LogQuery, project: str | None = None) -> LogText:
    return log_text(tx, get(tx, actor, workload_id, project).id, where)


def log_text(tx: Tx, owner: str, where: LogQuery) -> LogText:
    """A part of a log that the caller may read, as text; it never ends within a character unless the log does."""
    part = logs.read(tx, owner, where.start, where.limit)
    data = part.data
    cut = 0 if part.end == part.size else _broken_tail(data)
    return LogText(
        start=part.start, end=part.end - cut, size=part.size, text=data[: len(data) - cut].decode(errors="replace")
    )


def read_log_bytes(tx: Tx, actor: Actor, workload_id: str, project: str, start: int, limit: int) -> bytes:
    return logs.read(tx, get(tx, actor, workload_id, project).id, start, limit).data


def list_executors(tx: Tx, actor: Actor) -> list[ExecutorInfo]:
    """What there is and what of it is given out; nothing in it belongs to a project."""
    return store.list_executors(tx)


def say(tx: Tx, actor: Actor, workload: Workload, what: str, **detail: object) -> None:
    """Emit `workload.WHAT`, and wake whoever brings workloads on."""
    facts = {
        "status": workload.status,
        "attempt": workload.attempt,
        "reason": workload.reason,
        "exit_code": workload.exit_code,
    }
    events.emit(
        tx,
        actor,
        f"workload.{what}",
        noun="workload",
        id=workload.id,
        project=workload.project,
        name=workload.name,
        **facts | detail,
    )
    tx.publish(WAKE, id=workload.id)


def _clear(tx: Tx, workload: Workload) -> None:
    for object_hash in workload.spec.objects:
        references.release(tx, object_hash)
    identity.revoke_workload_keys(tx, workload.id)
    logs.drop(tx, workload.id)


def _clear_project(tx: Tx, event: Event) -> None:
    here = store.of_project(tx, event.thing)
    going = [workload.name for workload in here if not workload.status.is_final]
    if going:
        raise Conflict(
            f"the project has workloads that have not ended ({', '.join(going[:3])}); stop them first", count=len(going)
        )
    for workload in here:
        _clear(tx, workload)
        store.delete(tx, workload.id)
    tx.publish(GONE)


def _broken_tail(data: bytes) -> int:
    """How many bytes at the end begin a UTF-8 character without ending it."""
    for length in range(1, min(3, len(data) - 1) + 1):
        first = data[-length]
        if first & 0xC0 == 0x80:
            continue
        needed = 4 if first >= 0xF0 else 3 if first >= 0xE0 else 2 if first >= 0xC0 else 1
        return length if needed > length else 0
    return 0


REACTIONS = {"project.deleted": _clear_project}
