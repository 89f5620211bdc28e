"""What a run is, what belongs to it, and how its status may change."""

import math
import re
import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints

from wardian.kernel.errors import Invalid
from wardian.kernel.models import Model
from wardian.workloads.models import Status

MAX_KEY = 250
MAX_PATH = 1_000
_KIND = r"^[a-z0-9][a-z0-9-]{0,31}$"


def check_key(key: str, what: str) -> str:
    """The key itself; Invalid if it is no name for a `what` (metric, parameter, tag)."""
    if not 0 < len(key) <= MAX_KEY:
        raise Invalid(f"a {what} key has 1 to {MAX_KEY} characters, not {len(key)}: {key[:60]!r}", key=key[:MAX_KEY])
    if key != key.strip() or not _is_clean(key):
        raise Invalid(f"a {what} key has no spaces at its ends and no control characters: {key!r}", key=key)
    return key


def check_path(path: str) -> str:
    """The path itself; Invalid unless it is a plain relative path of an artifact."""
    parts = path.split("/")
    if not 0 < len(path) <= MAX_PATH:
        raise Invalid(f"the path of an artifact has 1 to {MAX_PATH} characters, not {len(path)}")
    if any(part in ("", ".", "..") for part in parts) or "\\" in path or not _is_clean(path):
        raise Invalid(
            f"{path!r} is no relative path: no empty part, `.`, `..`, backslash or control character", path=path
        )
    return path


def _is_clean(text: str) -> bool:
    """Without control characters and lone surrogates."""
    return text.isprintable() or not any(unicodedata.category(c) in ("Cc", "Cs") for c in text)


def _to_wire(number: float) -> float | str:
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


Number = Annotated[
    float, PlainSerializer(_to_wire, return_type=float | Literal["NaN", "Infinity", "-Infinity"], when_used="json")
]
"""A float64; in JSON the strings "NaN", "Infinity", "-Infinity" stand for what JSON has not."""
Key = Annotated[str, AfterValidator(lambda key: check_key(key, "record"))]
ArtifactKind = Annotated[str, StringConstraints(pattern=_KIND)]
RunId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Step = Annotated[int, Field(ge=-(1 << 63), lt=1 << 63)]

LIVE = frozenset({Status.QUEUED, Status.STARTING, Status.RUNNING, Status.STOPPING})


class Ending(StrEnum):
    """How a run may say that it ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"


def finished(status: Status, wish: Ending) -> Status:
    """The status of a run that says it ended: the first word counts, but a lost run may still say how it ended."""
    return Status(wish) if status in LIVE or status is Status.LOST else status


def heard(status: Status) -> Status:
    """The status of a run outside a workload that was heard of again."""
    return Status.RUNNING if status is Status.LOST else status


class Experiment(Model):
    id: str
    project: str
    name: str
    created_at: datetime
    runs: int = 0


class MetricSummary(Model):
    last: Number
    min: Number
    """Of all values that are not NaN; NaN if there is none."""
    max: Number
    count: int
    last_step: int


class ProgramRef(Model):
    name: str
    version: str


class Source(Model):
    """The code that ran, as the client found it."""

    commit: str | None = None
    branch: str | None = None
    remote: str | None = None
    dirty: bool | None = None
    diff: str | None = None
    """Path of the artifact that holds the changes since the commit."""
    entry: str | None = None
    """The script or module that was started."""


class Run(Model):
    id: str
    project: str
    experiment: str
    name: str
    status: Status
    reason: str
    """Why it is in this status, where that is not plain; else empty."""
    kind: str
    """native, program, or the gateway that made it."""
    params: dict[str, Any]
    tags: dict[str, str]
    metrics: dict[str, MetricSummary]
    summary: dict[str, Any]
    notes: str
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    workload: str | None
    program: ProgramRef | None
    source: Source | None
    environment: dict[str, Any]
    parent: str | None
    stop_requested: bool


class SeriesSummary(Model):
    """A metric without its points; times are unix seconds."""

    key: str
    count: int
    first: Number
    first_step: int
    first_time: float
    last: Number
    last_step: int
    last_time: float
    min: Number
    min_step: int
    max: Number
    max_step: int


class Artifact(Model):
    path: str
    hash: str
    """BLAKE3 of the bytes, in hex."""
    size: int
    kind: ArtifactKind
    key: str | None
    """With `step`: the series of media it belongs to."""
    step: int | None
    caption: str
    media_type: str
    created_at: datetime


class Edge(Model):
    """A thing that went into a run or came out of it."""

    direction: Literal["input", "output"]
    kind: Annotated[str, StringConstraints(pattern=_KIND)]
    """data, model, file, run, …: the noun of whoever links it."""
    name: str
    version: str
    uri: str | None = None
    hash: str | None = None
    created_at: datetime


class Lineage(Model):
    run: str
    program: ProgramRef | None
    source: Source | None
    parent: str | None
    children: list[str]
    inputs: list[Edge]
    outputs: list[Edge]


class Columns(Model):
    """What runs of a project have, so that a table may offer it."""

    params: list[str]
    metrics: list[str]
    tags: list[str]


class Heartbeat(Model):
    status: Status
    stop: bool
    """Somebody asked the run to stop; it should do so at the next good moment."""


_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z", re.ASCII)


def as_number(value: object) -> float | None:
    """The number by which a parameter is compared: its own, or that of a text that is one."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str) and not (len(value) <= 64 and _NUMBER.match(value)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return None if math.isnan(number) else number
