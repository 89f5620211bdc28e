"""Request bodies and queries of tracking."""

import math
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from wardian.kernel.models import Model
from wardian.kernel.names import Text, Title
from wardian.kernel.paging import PageQuery
from wardian.tracking.models import ArtifactKind, Ending, Key, Number, ProgramRef, RunId, Source, Step
from wardian.workloads.models import Status

MAX_VALUE = 64 * 1024
"""Characters of a parameter or summary value as JSON, about."""
_DEEPEST = 32
_MOST = 2_000


def _plain(value: object, depth: int = 0) -> Any:
    """JSON that both databases hold: numbers that JSON has not become their names."""
    if depth > _DEEPEST:
        raise ValueError(f"nested more than {_DEEPEST} deep")
    if isinstance(value, str):
        if "\x00" in value or len(value) > MAX_VALUE:
            raise ValueError(f"a text holds a NUL or has more than {MAX_VALUE} characters; keep it as an artifact")
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(item, depth + 1) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in cast("list[object]", value)]
    return value


Plain = Annotated[Any, AfterValidator(_plain)]
Params = Annotated[dict[Key, Plain], Field(max_length=_MOST)]
Label = Annotated[str, StringConstraints(max_length=5_000, pattern=r"^[^\x00]*$")]
Line = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Sequence = Annotated[int, Field(ge=0, lt=1 << 63)]


class NewRun(Model):
    id: RunId | None = None
    """Made by the client, so that creating again is harmless and a run can begin while the server is away."""
    name: Title | Literal[""] = ""
    experiment: Title = "default"
    params: Params = Field(default_factory=dict)
    tags: Annotated[dict[Key, Label], Field(max_length=500)] = Field(default_factory=dict)
    notes: Text = ""
    kind: ArtifactKind = "native"
    status: Literal[Status.QUEUED, Status.STARTING, Status.RUNNING] = Status.RUNNING
    parent: RunId | None = None
    workload: RunId | None = None
    """Its status and log are the run's from now on."""
    program: ProgramRef | None = None
    started_at: AwareDatetime | None = None


class RunChange(Model):
    name: Title | None = None
    notes: Text | None = None
    experiment: Title | None = None
    tags: Annotated[dict[Key, Label | None], Field(max_length=500)] = Field(default_factory=dict)
    """Merged; null removes."""


class FinishRun(Model):
    status: Ending = Ending.SUCCEEDED
    reason: Label = ""
    finished_at: AwareDatetime | None = None


class Thing(Model):
    """What went into a run or came out of it."""

    kind: ArtifactKind
    name: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
    version: Annotated[str, StringConstraints(max_length=128, pattern=r"^[^\x00]*$")] | None = None
    uri: Label | None = None
    hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None


class Stamp(Model):
    """Who sends, and which of its requests this is: repeating one is harmless. Without them it is applied each time."""

    writer: Hex | None = None
    sequence: Sequence = 0


class Records(Stamp):
    """Facts about a run; each is merged with what is known."""

    params: Params = Field(default_factory=dict)
    tags: Annotated[dict[Key, Label | None], Field(max_length=500)] = Field(default_factory=dict)
    summary: Params = Field(default_factory=dict)
    environment: Params = Field(default_factory=dict)
    source: Source | None = None
    inputs: Annotated[list[Thing], Field(max_length=_MOST)] = Field(default_factory=list[Thing])
    outputs: Annotated[list[Thing], Field(max_length=_MOST)] = Field(default_factory=list[Thing])
    notes: Text | None = None


class Column(Model):
    """Points of one metric, as columns of equal length."""

    step: Annotated[list[Step], Field(max_length=200_000)]
    value: list[float]
    time: list[float] | None = None
    """Unix seconds; none means now."""


class PointsBody(Stamp):
    points: Annotated[dict[str, Column], Field(max_length=10_000)]


class Applied(Model):
    applied: bool
    """False: this writer's sequence was applied before."""
    points: int | None = None


class RunQuery(PageQuery):
    experiment: Annotated[str, Field(max_length=128)] | None = None
    """Name or id."""
    filter: Annotated[str, Field(max_length=4_000)] = ""
    """`metrics.loss < 0.1 and params.lr > 1e-4`; the whole language is in the guide on tracking."""
    order: Annotated[str, Field(max_length=1_000)] = ""
    """`metrics.loss, created_at desc`; newest first if empty."""
    columns: Annotated[str, Field(max_length=16_000)] | None = None
    """`metrics.loss, params.lr`: only these; none means all; empty means none."""


class CurveQuery(Model):
    """What of a series to give: pixels for a screen, or raw points in pages."""

    pixels: Annotated[int, Field(ge=1, le=10_000)] = 1_000
    x: Literal["step", "time"] = "step"
    start: Annotated[float, Field(allow_inf_nan=False)] | None = None
    """First step, or unix seconds on the time axis."""
    end: Annotated[float, Field(allow_inf_nan=False)] | None = None
    raw: bool = False
    limit: Annotated[int, Field(ge=1, le=100_000)] = 10_000
    cursor: Annotated[str, Field(max_length=200)] | None = None


class DrawnSeries(Model):
    """Columns of equal length; what JSON has not is "NaN", "Infinity", "-Infinity"."""

    key: str
    count: int
    """Points in the window (raw: in the series)."""
    points: int | None = None
    sampled: bool | None = None
    """Whether some of them are not shown."""
    x: Literal["step", "time"] | None = None
    step: list[int]
    time: list[float]
    """Unix seconds."""
    value: list[Number]
    next: str | None = None
    """Raw: give this back as `cursor`."""


class LogEnd(Model):
    end: int
    """Bytes that the log has now: where the next ones start."""


class NewArtifact(Model):
    kind: ArtifactKind = "file"
    key: Key | Literal[""] | None = None
    step: Step | None = None
    caption: Annotated[str, StringConstraints(max_length=1_000, pattern=r"^[^\x00]*$")] = ""


class ArtifactQuery(PageQuery):
    prefix: Annotated[str, Field(max_length=1_000)] = ""


class MediaQuery(PageQuery):
    key: Annotated[str, Field(max_length=250)] | None = None
