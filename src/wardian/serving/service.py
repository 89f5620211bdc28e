"""Use-cases of deployments for people. Every function runs inside one transaction. Rollouts go on in `rollout.py`."""

from typing import Any

import sqlalchemy as sa

from wardian.events import service as events
from wardian.identity.models import Actor, Can
from wardian.kernel.errors import Conflict, NotFound
from wardian.kernel.ids import new_id
from wardian.kernel.paging import Page, PageQuery
from wardian.registry import service as registry
from wardian.serving import rollout, store, traffic
from wardian.serving.models import Deployment, Revision, RevisionStatus, Traffic
from wardian.serving.schemas import NewDeployment, NewRevision
from wardian.serving.tables import deployments as d
from wardian.serving.tables import revisions as r
from wardian.storage.sql import Tx
from wardian.workloads.models import Resources

LIGHT = Resources(cpu=0.25)
"""What a model server reserves unless told otherwise: it mostly waits, and its successor must fit beside it."""


def create(tx: Tx, actor: Actor, project: str, body: NewDeployment) -> Deployment:
    """Serve a model version under a new name."""
    actor.need(Can.RUN, project)
    version = registry.resolve(tx, actor, project, body.model)
    name = body.name or version.model
    if store.deployment_row(tx, project, name):
        raise Conflict(
            f"a deployment {name!r} exists already; give it a new revision, or choose another name", name=name
        )
    deployment_id = new_id()
    tx.insert(
        d, id=deployment_id, project=project, name=name, wanted=True, created_by=actor.name, created_at=tx.now
    )  # fmt: skip
    events.emit(
        tx, actor, "deployment.created", noun="deployment", id=deployment_id, project=project, name=name,
        model=f"{version.model}:{version.version}",
    )  # fmt: skip
    revise(tx, actor, project, name, body)
    return get(tx, actor, project, name)


def get(tx: Tx, actor: Actor, project: str, ref: str) -> Deployment:
    """By id or name."""
    return store.deployment(tx, _row(tx, actor, project, ref))


def listed(tx: Tx, actor: Actor, project: str, page: PageQuery) -> Page[Deployment]:
    actor.need(Can.READ, project)
    return store.page_of_deployments(tx, project, page)


def list_revisions(tx: Tx, actor: Actor, project: str, ref: str, page: PageQuery) -> Page[Revision]:
    return store.page_of_revisions(tx, _row(tx, actor, project, ref).id, page)


def revise(tx: Tx, actor: Actor, project: str, ref: str, body: NewRevision) -> Revision:
    """Serve a model version; what is served now goes on until the new revision is ready."""
    row = _row(tx, actor, project, ref, Can.RUN)
    version = registry.resolve(tx, actor, project, body.model)
    before = store.newest_row(tx, row.id)
    number = before.number + 1 if before else 1
    resources = body.resources or (Resources.model_validate(before.resources) if before else LIGHT)
    rollout.abandon(tx, row, f"revision {number} took its place before it was ready")
    tx.insert(
        r,
        deployment=row.id,
        number=number,
        model=version.model,
        version=version.version,
        model_version=version.id,
        resources=resources.model_dump(),
        status=RevisionStatus.STARTING,
        workload="",
        created_by=actor.name,
        created_at=tx.now,
        started_at=tx.now,
    )
    rollout.launch(tx, actor, row, number)
    _say(tx, actor, "deployment.revised", row, revision=number, model=f"{version.model}:{version.version}")
    found = store.revision_row(tx, row.id, number)
    assert found is not None  # noqa: S101 - inserted above
    return store.revision(found)


def rollback(tx: Tx, actor: Actor, project: str, ref: str) -> Deployment:
    """Serve the revision before the present one again; while one is being rolled out, only give that up."""
    row = _row(tx, actor, project, ref, Can.RUN)
    if row.live is None:
        raise Conflict(f"deployment {row.name} never had a revision that was ready; there is nothing to go back to")
    if row.target is not None and row.target != row.live:
        given_up = row.target
        rollout.abandon(tx, row, "given up by a rollback")
        _say(tx, actor, "deployment.rolled-back", row, revision=row.live, given_up=given_up)
        return get(tx, actor, project, row.id)
    previous = store.newest_row(tx, row.id, r.c.number < row.live, r.c.ready_at.is_not(None))
    if previous is None:
        raise Conflict(f"deployment {row.name} has no earlier revision that was ready; there is nothing to go back to")
    rollout.abandon(tx, row, "given up by a rollback")
    rollout.launch(tx, actor, row, previous.number)
    _say(tx, actor, "deployment.rolled-back", row, revision=previous.number, before=row.live)
    return get(tx, actor, project, row.id)


def stop(tx: Tx, actor: Actor, project: str, ref: str) -> Deployment:
    """Stop serving; the deployment and its revisions stay."""
    row = _row(tx, actor, project, ref, Can.RUN)
    if row.wanted:
        store.change_deployment(tx, row.id, wanted=False, reason="")
        rollout.end_all(tx, row, "stopped")
        _say(tx, actor, "deployment.stopped", row)
    return get(tx, actor, project, row.id)


def start(tx: Tx, actor: Actor, project: str, ref: str) -> Deployment:
    """Serve again what was served last."""
    row = _row(tx, actor, project, ref, Can.RUN)
    present = store.workload_of(tx, store.revision_row(tx, row.id, row.target or row.live))
    if row.wanted and present is not None and not present.status.is_final:
        return get(tx, actor, project, row.id)
    newest = store.newest_row(tx, row.id)
    number = row.live or (newest.number if newest else None)
    if number is None:
        raise Conflict(f"deployment {row.name} has no revision; give it one")
    rollout.launch(tx, actor, row, number)
    _say(tx, actor, "deployment.started", row, revision=number)
    return get(tx, actor, project, row.id)


def delete(tx: Tx, actor: Actor, project: str, ref: str) -> None:
    """End what it serves, and forget it with its revisions; the model stays."""
    row = _row(tx, actor, project, ref, Can.RUN)
    rollout.end_all(tx, row, "deleted")
    _say(tx, actor, "deployment.deleted", row)
    tx.run(d.delete().where(d.c.id == row.id))


def traffic_of(tx: Tx, actor: Actor, project: str, ref: str, minutes: int) -> Traffic:
    return traffic.summary(tx, _row(tx, actor, project, ref).id, minutes)


def _row(tx: Tx, actor: Actor, project: str, ref: str, can: Can = Can.READ) -> sa.Row[Any]:
    actor.need(can, project)
    row = store.deployment_row(tx, project, ref)
    if row is None:
        raise NotFound("deployment", ref)
    return row


def _say(tx: Tx, actor: Actor, verb: str, row: sa.Row[Any], **detail: object) -> None:
    events.emit(tx, actor, verb, noun="deployment", id=row.id, project=row.project, name=row.name, **detail)
