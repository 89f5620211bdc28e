"""What deployments and their revisions are, and how a deployment's status follows from its workloads."""

from datetime import datetime
from enum import StrEnum

from wardian.kernel.models import Model
from wardian.workloads.models import Resources
from wardian.workloads.models import Status as WorkloadStatus


class Status(StrEnum):
    STARTING = "starting"
    """Nothing answers yet."""
    READY = "ready"
    UPDATING = "updating"
    """One revision answers, the next one starts."""
    RESTARTING = "restarting"
    """What answered has failed and is being started again."""
    FAILED = "failed"
    STOPPING = "stopping"
    STOPPED = "stopped"


class RevisionStatus(StrEnum):
    STARTING = "starting"
    LIVE = "live"
    """Requests go here."""
    DRAINING = "draining"
    """Requests go elsewhere now; it ends in a moment."""
    RETIRED = "retired"
    """It was live once; a rollback can bring it back."""
    FAILED = "failed"
    """It ended by itself, or never became ready."""


class Revision(Model):
    """One configuration a deployment had. What is served never changes; where and whether it runs does."""

    deployment: str
    number: int
    model: str
    """`NAME:VERSION`"""
    model_version: str
    """Id of the version."""
    resources: Resources
    status: RevisionStatus
    reason: str = ""
    """Why it failed, with the last lines of its log."""
    workload: str
    """The workload that serves it, or did."""
    created_by: str
    created_at: datetime
    ready_at: datetime | None = None
    """When it first became ready; None: never."""


class Deployment(Model):
    id: str
    project: str
    name: str
    status: Status
    reason: str = ""
    model: str
    """`NAME:VERSION` of the revision that answers, or else of the newest."""
    live: int | None = None
    """Number of the revision that answers."""
    target: int | None = None
    """Number of the revision that is to answer once it is ready."""
    workload: str | None = None
    """Of the revision that answers, or else of the one that starts."""
    created_by: str
    created_at: datetime


class Route(Model):
    """Where requests for a deployment go."""

    deployment: str
    """Its id."""
    project: str
    project_name: str
    name: str
    status: Status
    reason: str = ""
    revision: int = 0
    model: str = ""
    model_version: str = ""
    """The version's name."""
    address: str | None = None
    """HOST:PORT; None: nothing answers now."""


class TrafficPoint(Model):
    """One minute."""

    minute: datetime
    count: int
    refused: int
    failed: int
    p50_ms: float | None
    p95_ms: float | None


class Traffic(Model):
    """What happened in the last `minutes`. Latencies are as exact as the buckets behind them."""

    minutes: int
    count: int
    refused: int
    """Answered 4xx: the request was wrong."""
    failed: int
    """Answered 5xx, or not at all."""
    per_second: float
    mean_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    points: list[TrafficPoint]
    """Oldest first; minutes without a prediction are left out."""


def status_of(*, wanted: bool, live: WorkloadStatus | None, target: WorkloadStatus | None) -> Status:
    """A deployment's status from those of the workloads behind its live and its next revision."""
    if not wanted:
        return Status.STOPPED if _ended(live) and _ended(target) else Status.STOPPING
    if live is WorkloadStatus.RUNNING:
        return Status.READY if target is None else Status.UPDATING
    if target is not None:
        return Status.FAILED if target.is_final else Status.STARTING
    if live is None or live.is_final:
        return Status.FAILED
    return Status.RESTARTING


def _ended(status: WorkloadStatus | None) -> bool:
    return status is None or status.is_final
