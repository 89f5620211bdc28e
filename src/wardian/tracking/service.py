"""Use-cases of runs. Every function runs inside one transaction."""

from collections.abc import Iterable
from typing import Any, Literal

import sqlalchemy as sa

from wardian.events import service as events
from wardian.identity.models import Actor, Can
from wardian.kernel.errors import Conflict, NotFound
from wardian.kernel.ids import new_id
from wardian.kernel.paging import Page
from wardian.storage import logs, references
from wardian.storage.sql import Tx
from wardian.tracking import store
from wardian.tracking.models import Columns, Experiment, Heartbeat, Lineage, Run, finished, heard
from wardian.tracking.names import made_up_name
from wardian.tracking.schemas import FinishRun, NewRun, Records, RunChange, RunQuery, Thing
from wardian.tracking.search.grammar import parse_columns, parse_filter, parse_order
from wardian.tracking.search.page import Wanted, page
from wardian.tracking.tables import artifacts, experiments, params, runs, series, tags
from wardian.workloads import service as workloads
from wardian.workloads.models import Status

HEARD_EVERY_S = 15
"""A run's row says when it was heard of no more precisely than this, so that points do not rewrite it each time."""
MAX_COLUMNS = 2_000


def create(tx: Tx, actor: Actor, project: str, body: NewRun) -> Run:
    """Make a run, or give the one of this id back: a client that makes ids may repeat itself."""
    return create_once(tx, actor, project, body)[0]


def create_once(tx: Tx, actor: Actor, project: str, body: NewRun) -> tuple[Run, bool]:
    """`create`, and whether it was made just now."""
    actor.need(Can.WRITE, project)
    if body.id is not None:
        known = tx.scalar(sa.select(runs.c.project).where(runs.c.id == body.id))
        if known == project:
            return get(tx, actor, project, body.id), False
        if known is not None:
            raise Conflict(f"the id {body.id} is taken; make another", id=body.id)
    run = body.id or new_id()
    began = None if body.status is not Status.RUNNING else body.started_at or tx.now
    workload = None if body.workload is None else workloads.get(tx, actor, body.workload, project)
    tx.insert(
        runs,
        id=run,
        project=project,
        experiment=store.experiment_id(tx, project, body.experiment),
        name=body.name or made_up_name(run),
        kind=body.kind,
        status=workload.status if workload else body.status,
        notes=body.notes,
        summary={},
        environment={},
        parent=body.parent,
        workload=body.workload,
        program=body.program.name if body.program else None,
        program_version=body.program.version if body.program else None,
        created_by=actor.name,
        created_at=tx.now,
        started_at=workload.started_at if workload else began,
        heard_at=tx.now,
    )
    row = store.find(tx, project, run)
    store.put_params(tx, row, body.params)
    store.put_tags(tx, row, body.tags)
    _say(tx, actor, row, "created", experiment=body.experiment)
    return get(tx, actor, project, run), True


def get(tx: Tx, actor: Actor, project: str, run: str) -> Run:
    """With everything but its points, log and artifacts."""
    actor.need(Can.READ, project)
    store.find(tx, project, run)
    return store.load(tx, [run], store.Chosen(), whole=True)[0]


def listed(tx: Tx, actor: Actor, project: str, query: RunQuery) -> Page[Run]:
    """Runs without environment and summary."""
    actor.need(Can.READ, project)
    experiment = None
    if query.experiment is not None:
        is_it = sa.or_(experiments.c.id == query.experiment, experiments.c.name == query.experiment)
        experiment = tx.scalar(sa.select(experiments.c.id).where(experiments.c.project == project, is_it))
        if experiment is None:
            raise NotFound("experiment", query.experiment)
    wanted = Wanted(project, parse_filter(query.filter), parse_order(query.order), experiment)
    ids = page(tx, wanted, query.cursor, query.limit)
    return Page(items=store.load(tx, ids.items, _chosen(query.columns), whole=False), next=ids.next)


def list_experiments(tx: Tx, actor: Actor, project: str) -> list[Experiment]:
    actor.need(Can.READ, project)
    return store.list_experiments(tx, project)


def columns(tx: Tx, actor: Actor, project: str) -> Columns:
    """Which parameters, metrics and tags the runs of a project have."""
    actor.need(Can.READ, project)
    of_params, of_metrics, of_tags = (
        store.keys_of(tx, table, project, MAX_COLUMNS) for table in (params, series, tags)
    )
    return Columns(params=of_params, metrics=of_metrics, tags=of_tags)


def change(tx: Tx, actor: Actor, project: str, run: str, body: RunChange) -> Run:
    actor.need(Can.WRITE, project)
    row = store.find(tx, project, run, lock=True)
    values: dict[str, Any] = body.model_dump(include={"name", "notes"}, exclude_none=True)
    if body.experiment is not None:
        values["experiment"] = store.experiment_id(tx, project, body.experiment)
    if values:
        tx.run(runs.update().where(runs.c.id == run).values(values))
    store.put_tags(tx, row, body.tags)
    _say(tx, actor, row, "changed", changes=body.model_dump(exclude_unset=True, exclude={"notes"}))
    return get(tx, actor, project, run)


def delete(tx: Tx, actor: Actor, project: str, run: str) -> None:
    """With its points, log and artifacts; their space is free once the sweeper has been by."""
    actor.need(Can.WRITE, project)
    row = store.find(tx, project, run, lock=True)
    if row.workload is not None and not Status(row.status).is_final:
        raise Conflict(
            f"run {row.name!r} is {row.status}; stop it and wait for its end, then delete it", workload=row.workload
        )
    clear(tx, runs.c.id == run)
    _say(tx, actor, row, "deleted")


def clear(tx: Tx, where: sa.ColumnElement[bool]) -> None:
    """Remove runs and give back what they held."""
    going = list(tx.scalars(sa.select(runs.c.id).where(where)))
    for row in store.list_hashes(tx, artifacts.c.run.in_(sa.select(runs.c.id).where(where))):
        references.release(tx, row.hash, row.held)
    for run in going:
        logs.drop(tx, run)
    tx.run(runs.delete().where(where))


def finish(tx: Tx, actor: Actor, project: str, run: str, body: FinishRun) -> Run:
    """The first word about a run's end counts. The status of a run in a workload is the workload's: nothing changes."""
    actor.need(Can.WRITE, project)
    row = store.find(tx, project, run, lock=True)
    status = finished(Status(row.status), body.status)
    if row.workload is None and status != row.status:
        ended = {"status": status, "reason": body.reason, "finished_at": body.finished_at or tx.now, "heard_at": tx.now}
        tx.run(runs.update().where(runs.c.id == run).values(ended))
        _say(tx, actor, row, str(status), reason=body.reason)
    return get(tx, actor, project, run)


def resume(tx: Tx, actor: Actor, project: str, run: str) -> Run:
    """Go on with a run that has ended: it is running again, and what it logged stays."""
    actor.need(Can.WRITE, project)
    row = store.find(tx, project, run, lock=True)
    if row.workload is not None:
        raise Conflict(
            f"run {row.name!r} belongs to a workload, which has ended; start a new run", workload=row.workload
        )
    if row.status != Status.RUNNING:
        again = {
            "status": Status.RUNNING,
            "reason": "",
            "finished_at": None,
            "heard_at": tx.now,
            "stop_requested": False,
        }
        tx.run(runs.update().where(runs.c.id == run).values(again))
        _say(tx, actor, row, "resumed")
    return get(tx, actor, project, run)


def request_stop(tx: Tx, actor: Actor, project: str, run: str) -> Run:
    """Ask a run to end: its workload is stopped; one outside a workload hears it at its next heartbeat."""
    actor.need(Can.RUN, project)
    row = store.find(tx, project, run, lock=True)
    if not Status(row.status).is_final:
        tx.run(runs.update().where(runs.c.id == run).values(stop_requested=True))
        if row.workload is not None:
            workloads.stop(tx, actor, row.workload, project)
        _say(tx, actor, row, "stop-requested")
    return get(tx, actor, project, run)


def record(tx: Tx, actor: Actor, project: str, run: str, body: Records) -> bool:
    """Merge facts; False when this writer sent them before."""
    row = hear(tx, actor, project, run)
    if not store.advance(tx, run, body.writer, body.sequence):
        return False
    store.put_params(tx, row, body.params)
    store.put_tags(tx, row, body.tags)
    store.add_edges(tx, run, "input", body.inputs)
    store.add_edges(tx, run, "output", body.outputs)
    values: dict[str, Any] = {}
    if body.notes is not None:
        values["notes"] = body.notes
    if body.source is not None:
        values["source"] = (row.source or {}) | body.source.model_dump(exclude_none=True)
    for name in ("summary", "environment"):
        if new := getattr(body, name):
            values[name] = getattr(row, name) | new
    if values:
        tx.run(runs.update().where(runs.c.id == run).values(values))
    tx.publish(f"run.{run}.records")
    return True


def hear(tx: Tx, actor: Actor, project: str, run: str) -> sa.Row[Any]:
    """Lock a run for a writer, note that it lives, and bring it back if it counted as lost."""
    actor.need(Can.WRITE, project)
    row = store.find(tx, project, run, lock=True)
    status = heard(Status(row.status)) if row.workload is None else Status(row.status)
    if status != row.status:
        values = {"status": status, "reason": "", "finished_at": None, "heard_at": tx.now}
        tx.run(runs.update().where(runs.c.id == run).values(values))
        _say(tx, actor, row, "found")
    elif (tx.now - row.heard_at).total_seconds() > HEARD_EVERY_S:
        tx.run(runs.update().where(runs.c.id == run).values(heard_at=tx.now))
    return row


def heartbeat(tx: Tx, actor: Actor, project: str, run: str) -> Heartbeat:
    hear(tx, actor, project, run)
    row = store.find(tx, project, run)
    return Heartbeat(status=row.status, stop=row.stop_requested)


def lineage(tx: Tx, actor: Actor, project: str, run: str) -> Lineage:
    """What a run came from and what came of it."""
    whole = get(tx, actor, project, run)
    children = list(
        tx.scalars(sa.select(runs.c.id).where(runs.c.parent == run, runs.c.project == project).order_by(runs.c.id))
    )
    found = store.list_edges(tx, run)
    return Lineage(
        run=run,
        program=whole.program,
        source=whole.source,
        parent=whole.parent,
        children=children,
        inputs=[edge for edge in found if edge.direction == "input"],
        outputs=[edge for edge in found if edge.direction == "output"],
    )


def link(tx: Tx, run: str, direction: Literal["input", "output"], things: Iterable[Thing]) -> None:
    """For higher features, which have checked who may: note that things went into a run or came out of it."""
    store.add_edges(tx, run, direction, things)


def _chosen(text: str | None) -> store.Chosen:
    if text is None:
        return store.Chosen()
    fields = parse_columns(text)
    of_params, of_metrics, of_tags = (
        frozenset(field.name for field in fields if field.group == group) for group in ("param", "metric", "tag")
    )
    return store.Chosen(params=of_params, metrics=of_metrics, tags=of_tags)


def _say(tx: Tx, actor: Actor, row: sa.Row[Any], what: str, **detail: Any) -> None:
    events.emit(tx, actor, f"run.{what}", noun="run", id=row.id, project=row.project, name=row.name, **detail)
