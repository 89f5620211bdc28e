"""How revisions come and go: each starts as a workload, requests move to it once it is ready, then the old one ends.

What workloads do is heard through reactions, in the transaction in which it becomes true. Every function runs inside
one transaction.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from wardian.events import service as events
from wardian.events.models import Event
from wardian.identity.models import SYSTEM, Actor
from wardian.kernel.errors import Conflict
from wardian.registry import service as registry
from wardian.serving import store
from wardian.serving.models import RevisionStatus
from wardian.serving.tables import deployments as d
from wardian.serving.tables import revisions as r
from wardian.storage import logs
from wardian.storage.sql import Tx
from wardian.workloads import service as workloads
from wardian.workloads.models import Resources, Restarts, Spec, Status
from wardian.workloads.schemas import NewWorkload

DRAIN = timedelta(seconds=3)
"""How long a replaced revision still answers: longer than any replica goes on sending it requests."""
READY_WITHIN = timedelta(minutes=10)
"""A revision that is not ready so long after its process started is given up."""
TRIES = 2
"""How often a revision that never was ready may end by itself before it is given up."""
RESTARTS = Restarts(limit=5, delay_s=1, max_delay_s=60)
FOLDER = "model"
_TAIL_BYTES, _TAIL_LINES = 4096, 12


def launch(tx: Tx, actor: Actor, deployment: sa.Row[Any], number: int) -> None:
    """Start a workload for a revision; requests move there once it is ready."""
    row = store.revision_row(tx, deployment.id, number)
    servable = registry.servable(tx, row.model_version) if row else None
    if row is None or servable is None:
        what = f"{row.model}:{row.version}" if row else "nothing"
        raise Conflict(f"revision {number} of {deployment.name} served {what}, which has been deleted", revision=number)
    _end(tx, row)
    command = ["python", "-m", "wardian.serving.runtime", "--model", FOLDER]
    spec = Spec(
        command=[*command, "--name", deployment.name, "--version", row.version],
        environment=servable.environment.model_copy(update={"serving": True}),
        files={f"{FOLDER}/{path}": object_hash for path, object_hash in servable.files.items()},
        resources=Resources.model_validate(row.resources),
        ports=["http"],
        ready_path="/v2/health/ready",
        restarts=RESTARTS,
    )
    body = NewWorkload(name=f"{deployment.name} revision {number}", kind="service", spec=spec)
    workload = workloads.create(tx, actor, deployment.project, body)
    starting = {"status": RevisionStatus.STARTING, "reason": "", "started_at": tx.now, "drained_at": None}
    store.change_revision(tx, row, workload=workload.id, **starting)
    store.change_deployment(tx, deployment.id, target=number, wanted=True, reason="")


def abandon(tx: Tx, deployment: sa.Row[Any], reason: str) -> None:
    """Give up the revision that is being rolled out, if any; what is served stays."""
    row = store.revision_row(tx, deployment.id, deployment.target)
    if row is None:
        return
    store.change_deployment(tx, deployment.id, target=None)
    store.change_revision(tx, row, **_after_end(row, reason))
    _end(tx, row)


def end_all(tx: Tx, deployment: sa.Row[Any], reason: str) -> None:
    """End every workload of the deployment."""
    abandon(tx, deployment, reason)
    running = (RevisionStatus.LIVE, RevisionStatus.DRAINING)
    for row in tx.all(sa.select(r).where(r.c.deployment == deployment.id, r.c.status.in_(running))):
        store.change_revision(tx, row, **_after_end(row, reason))
        _end(tx, row)


def retire_drained(tx: Tx) -> None:
    """End what was replaced a while ago."""
    for row in store.drained(tx):
        store.change_revision(tx, row, status=RevisionStatus.RETIRED)
        _end(tx, row)


def give_up_late(tx: Tx) -> None:
    """Give up revisions whose process runs but does not become ready."""
    for row in _late(tx):
        minutes = READY_WITHIN.total_seconds() / 60
        _fail(tx, row, f"it was not ready {minutes:g} minutes after its process started{_tail(tx, row)}")


def needs_care(tx: Tx) -> bool:
    """Whether `retire_drained` or `give_up_late` would find anything; a read, because it is asked all the time."""
    return bool(store.drained(tx)) or bool(_late(tx))


def _workload_changed(tx: Tx, event: Event) -> None:
    row = store.row_by_workload(tx, event.thing)
    if row is None:
        return
    deployment = tx.one(sa.select(d).where(d.c.id == row.deployment))
    status = event.detail.get("status")
    is_target, is_live = deployment.target == row.number, deployment.live == row.number
    if status == Status.RUNNING and is_target:
        _switch(tx, deployment, row)
    elif status == Status.QUEUED and is_target and event.detail.get("attempt", 0) >= TRIES:
        _fail(tx, row, f"{event.detail.get('reason', '')}{_tail(tx, row)}")
    elif status in _ENDED and is_target:
        _fail(tx, row, f"{event.detail.get('reason') or status}{_tail(tx, row)}")
    elif status in _ENDED and is_live and deployment.wanted and row.status == RevisionStatus.LIVE:
        reason = f"{event.detail.get('reason') or status}{_tail(tx, row)}"
        store.change_revision(tx, row, status=RevisionStatus.FAILED, reason=reason)
        store.change_deployment(tx, deployment.id, reason=f"revision {row.number} failed: {reason}")
        _say(tx, "deployment.failed", deployment, revision=row.number, reason=reason)


def _switch(tx: Tx, deployment: sa.Row[Any], row: sa.Row[Any]) -> None:
    """Requests go to this revision from now on."""
    before = store.revision_row(tx, deployment.id, deployment.live) if deployment.live != row.number else None
    if before is not None and before.status == RevisionStatus.LIVE:
        store.change_revision(tx, before, status=RevisionStatus.DRAINING, drained_at=tx.now + DRAIN)
    store.change_revision(tx, row, status=RevisionStatus.LIVE, reason="", ready_at=row.ready_at or tx.now)
    store.change_deployment(tx, deployment.id, live=row.number, target=None, reason="")
    _say(tx, "deployment.switched", deployment, revision=row.number, before=deployment.live)


def _fail(tx: Tx, row: sa.Row[Any], reason: str) -> None:
    """This revision never became ready; whatever was served before is served on."""
    deployment = tx.one(sa.select(d).where(d.c.id == row.deployment))
    words = f"revision {row.number} ({row.model}:{row.version}) did not become ready: {reason}"
    store.change_revision(tx, row, status=RevisionStatus.FAILED, reason=reason)
    store.change_deployment(tx, deployment.id, target=None, reason=words)
    _end(tx, row)
    _say(tx, "deployment.rollout-failed", deployment, revision=row.number, reason=reason)


def _end(tx: Tx, row: sa.Row[Any]) -> None:
    workload = store.workload_of(tx, row)
    if workload is not None and not workload.status.is_final:
        workloads.stop(tx, SYSTEM, workload.id)


def _after_end(row: sa.Row[Any], reason: str) -> dict[str, Any]:
    """What a revision is once it was ended on purpose."""
    if row.ready_at is not None:
        return {"status": RevisionStatus.RETIRED, "reason": ""}
    return {"status": RevisionStatus.FAILED, "reason": reason}


def _late(tx: Tx) -> list[sa.Row[Any]]:
    found: list[sa.Row[Any]] = []
    for row in store.starting(tx):
        workload = store.workload_of(tx, row)
        if workload and workload.started_at and tx.now - max(workload.started_at, row.started_at) > READY_WITHIN:
            found.append(row)
    return found


def _tail(tx: Tx, row: sa.Row[Any]) -> str:
    """The last lines of the log, to go with a reason."""
    text = logs.read(tx, row.workload, -_TAIL_BYTES, _TAIL_BYTES).data.decode(errors="replace")
    lines = text.rstrip().splitlines()[-_TAIL_LINES:]
    return "\n" + "\n".join(lines) if lines else ""


def _model_deleted(tx: Tx, event: Event) -> None:
    _refuse_if_served(store.serving(tx, event.project or "", r.c.model == event.name), f"model {event.name}")


def _version_deleted(tx: Tx, event: Event) -> None:
    version = event.detail["version_id"]
    _refuse_if_served(store.serving(tx, event.project or "", r.c.model_version == version), event.name)


def _refuse_if_served(names: list[str], what: str) -> None:
    if names:
        verb = "serves" if len(names) == 1 else "serve"
        noun = "deployment" if len(names) == 1 else "deployments"
        listed = ", ".join(names)
        raise Conflict(f"{noun} {listed} {verb} {what}; stop or revise first, then delete", deployments=names)


def _say(tx: Tx, verb: str, row: sa.Row[Any], **detail: object) -> None:
    events.emit(tx, SYSTEM, verb, noun="deployment", id=row.id, project=row.project, name=row.name, **detail)


_ENDED = frozenset({Status.SUCCEEDED, Status.FAILED, Status.STOPPED, Status.LOST})

REACTIONS = {
    "workload.*": _workload_changed,
    "model.deleted": _model_deleted,
    "model.version-deleted": _version_deleted,
}
