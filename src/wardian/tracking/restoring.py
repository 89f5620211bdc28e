"""Bringing a run back that was made elsewhere: `begin`, then its points, log and artifacts, then `complete`.

Every part may be repeated, so that a restoring that was interrupted can be gone on with.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wardian.events import service as events
from wardian.identity.models import Actor, Can
from wardian.kernel.errors import Conflict
from wardian.storage.sql import Tx
from wardian.tracking import metrics, service
from wardian.tracking.models import Edge, Run
from wardian.tracking.schemas import NewRun, Records, Thing
from wardian.tracking.series import wire
from wardian.tracking.series.points import Points
from wardian.tracking.series.wire import Frame
from wardian.tracking.tables import runs
from wardian.workloads.models import Status

UNFINISHED = "wardian.restoring"
"""Tag of a run while it is being brought back."""
IMPORTED = "imported"
"""Tag of a run that was made elsewhere: when it was exported there."""


@dataclass(frozen=True)
class Piece:
    """A part of a series; pieces of a run are numbered from 1, over all its metrics."""

    number: int
    key: str
    points: Points

    @classmethod
    def of(cls, number: int, *, key: str, step: list[int], time: list[int], value: list[float]) -> "Piece":
        """`time` is in microseconds."""
        columns = Points(np.array(step, np.int64), np.array(time, np.int64), np.array(value, np.float64))
        return cls(number, key, columns)


def begin(tx: Tx, actor: Actor, project: str, run: Run) -> bool:
    """Make the run, to be filled. False: it is here already, whole."""
    actor.need(Can.WRITE, project)
    body = NewRun(
        id=run.id,
        name=run.name,
        experiment=run.experiment,
        params=run.params,
        tags=run.tags | {UNFINISHED: "true"},
        notes=run.notes,
        kind=run.kind,
        parent=run.parent,
        program=run.program,
        started_at=run.started_at,
    )
    try:
        made, is_new = service.create_once(tx, actor, project, body)
    except Conflict:
        return False  # another project here has it
    return is_new or UNFINISHED in made.tags


def add_points(tx: Tx, actor: Actor, project: str, run: str, piece: Piece) -> None:
    """Points of one metric. The same piece again changes nothing."""
    points = piece.points
    batch = wire.grouped([piece.key], np.zeros(len(points), np.uint32), points)
    metrics.add_points(tx, actor, project, run, Frame(run, piece.number, len(points), batch))


def complete(tx: Tx, actor: Actor, project: str, run: Run, edges: Sequence[Edge], exported_at: str) -> None:
    """Give it the status, times and names it had."""
    sides = {side: [_thing(edge) for edge in edges if edge.direction == side] for side in ("input", "output")}
    records = Records(
        summary=run.summary,
        environment=run.environment,
        source=run.source,
        inputs=sides["input"],
        outputs=sides["output"],
        tags={UNFINISHED: None, IMPORTED: exported_at},
    )
    service.record(tx, actor, project, run.id, records)
    tx.run(
        runs.update()
        .where(runs.c.id == run.id)
        .values(
            status=run.status if run.status.is_final else Status.LOST,
            reason=run.reason,
            notes=run.notes,
            created_by=run.created_by,
            created_at=run.created_at,
            started_at=run.started_at,
            finished_at=run.finished_at,
        )
    )
    events.emit(
        tx, actor, "run.imported", noun="run", id=run.id, project=project, name=run.name, exported_at=exported_at
    )


def _thing(edge: Edge) -> Thing:
    return Thing(kind=edge.kind, name=edge.name, version=edge.version or None, uri=edge.uri, hash=edge.hash)
