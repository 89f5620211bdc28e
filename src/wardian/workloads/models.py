"""What a workload is: the nouns. How its status changes is in `status.py`, who gets which slots in `placement.py`."""

from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from wardian.kernel.models import Model


class Status(StrEnum):
    """queued → starting → running → (succeeded | failed | stopped | lost), with `stopping` on the way to an end."""

    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"
    LOST = "lost"
    """Its executor cannot say what became of it."""

    @property
    def is_final(self) -> bool:
        return self in FINAL

    @property
    def holds_slots(self) -> bool:
        return self in PLACED


FINAL = frozenset({Status.SUCCEEDED, Status.FAILED, Status.STOPPED, Status.LOST})
PLACED = frozenset({Status.STARTING, Status.RUNNING, Status.STOPPING})


def _inside(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts:
        raise ValueError("must be a relative path inside the working folder")
    return path


Argument = Annotated[str, StringConstraints(max_length=131_072, pattern=r"^[^\x00]*$")]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,255}$")]
PortName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
ObjectHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
InnerPath = Annotated[str, StringConstraints(max_length=1024, pattern=r"^[^\x00]+$"), AfterValidator(_inside)]
Seconds = Annotated[float, Field(gt=0, le=10 * 365 * 86400, allow_inf_nan=False)]


class Environment(Model):
    """Which Python a command meets when it says `python`."""

    kind: Literal["inherit", "locked"] = "inherit"
    """inherit: the interpreter of the server."""
    lock: Annotated[str, StringConstraints(max_length=4 << 20, pattern=r"^[^\x00]*$")] | None = None
    """Requirements with exact versions and hashes, as `uv pip compile --generate-hashes` writes them."""
    python: Annotated[str, StringConstraints(pattern=r"^3\.[0-9]{1,2}(\.[0-9]{1,2})?$")] | None = None
    """As `3.12`; None is the version of the server."""
    serving: bool = False
    """Also what a model server needs."""


class Resources(Model):
    cpu: Annotated[float, Field(ge=0, le=4096, allow_inf_nan=False)] = 1
    memory: Annotated[int, Field(ge=0, le=1 << 50)] = 0
    """Bytes; 0 reserves none and sets no limit."""
    gpu: Annotated[int, Field(ge=0, le=1024)] = 0


class Restarts(Model):
    """How often a failure is followed by another attempt; the delay doubles from one to the next."""

    limit: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """For a service, since it last ran well, which is: longer than `max_delay_s`."""
    delay_s: Seconds = 1
    max_delay_s: Seconds = 300


class Spec(Model):
    """What is wanted. It never changes once the workload exists."""

    command: Annotated[list[Argument], Field(min_length=1, max_length=4096)]
    variables: Annotated[dict[VariableName, Argument], Field(max_length=1000)] = Field(default_factory=dict)
    environment: Environment = Environment()
    code: ObjectHash | None = None
    """A .tar.gz among the stored objects, unpacked into the working folder."""
    files: Annotated[dict[InnerPath, ObjectHash], Field(max_length=10_000)] = Field(default_factory=dict)
    """Stored objects put into the working folder."""
    resources: Resources = Resources()
    ports: Annotated[list[PortName], Field(max_length=16)] = Field(default_factory=list)
    """Each gets a free port, given to the command as `WARDIAN_PORT_NAME`."""
    ready_path: Annotated[str, StringConstraints(max_length=1024, pattern=r"^/[!-~]*$")] | None = None
    """A service is running once GET of this path on its first port answers 2xx."""
    restarts: Restarts = Restarts()
    deadline_s: Seconds | None = None
    """Counted from the first start, restarts included."""
    grace_s: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] = 10
    """Between asking to end and killing."""

    @model_validator(mode="after")
    def _ready_path_needs_a_port(self) -> Self:
        if self.ready_path is not None and not self.ports:
            raise ValueError("ready_path is asked on the first of `ports`; name one")
        return self

    @property
    def objects(self) -> list[str]:
        """Hashes that the workload holds while it exists, with repetitions."""
        return [*([self.code] if self.code else []), *self.files.values()]


class Workload(Model):
    id: str
    project: str
    kind: Literal["job", "service"]
    name: str
    status: Status
    reason: str = ""
    """Why it waits, or how it ended, in plain words."""
    attempt: int = 0
    """Counts from 0; a restart makes a new attempt, never a new workload."""
    failures: int = 0
    """Attempts that failed and count towards the limit of restarts."""
    exit_code: int | None = None
    spec: Spec
    address: dict[str, str] = Field(default_factory=dict)
    """Port name → HOST:PORT, while it is placed."""
    place: str | None = None
    """The executor that has it."""
    gpus: list[str] = Field(default_factory=list)
    """Devices it was given there."""
    ending: Status | None = None
    """What `stopping` ends as."""
    waits_until: datetime | None = None
    """Not placed before this moment: the delay before a restart."""
    created_by: str
    created_at: datetime
    started_at: datetime | None = None
    """Of the first attempt that came as far as starting its command."""
    finished_at: datetime | None = None

    @property
    def deadline(self) -> datetime | None:
        if self.started_at is None or self.spec.deadline_s is None:
            return None
        return self.started_at + timedelta(seconds=self.spec.deadline_s)


class Capacity(Model):
    """What an executor has to give."""

    cpu: float
    memory: int
    gpus: list[str] = Field(default_factory=list)
    """One entry a device, as CUDA_VISIBLE_DEVICES names it."""
    gpu_kind: str = ""
    """What the devices call themselves."""


class ExecutorInfo(Model):
    """An executor with what it has and what of that is given out."""

    place: str
    kind: str
    capacity: Capacity
    used: Resources
    workloads: int
    """How many it has now."""
    seen_at: datetime


class LogText(Model):
    """A part of a log; offsets are bytes."""

    start: int
    end: int
    """Ask on from here."""
    size: int
    text: str
