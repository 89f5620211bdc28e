"""What the controller asks of whoever runs workloads, and what it is told."""

from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol

from pydantic import Field

from wardian.kernel.models import Model
from wardian.workloads.models import Capacity, Workload

EndedBy = Literal["exit", "stop", "deadline", "memory", "prepare", "start", "error"]


class Phase(StrEnum):
    PREPARING = "preparing"
    """The executor makes ready what the command needs."""
    RUNNING = "running"
    FINISHED = "finished"
    LOST = "lost"
    """It was there and is gone without an end; nothing of it runs any more."""


class Seen(Model):
    """What an executor saw of one attempt."""

    phase: Phase
    started_at: datetime | None = None
    finished_at: datetime | None = None
    exit_code: int | None = None
    """None when it ended otherwise, or not yet."""
    ended_by: EndedBy = "exit"
    """stop: the executor or somebody on the machine asked it to end."""
    reason: str = ""
    address: dict[str, str] = Field(default_factory=dict)
    ready: bool = True
    """Whether a service answers on its `ready_path`; checked until it has been running."""

    @property
    def is_end(self) -> bool:
        return self.phase in (Phase.FINISHED, Phase.LOST)


class Order(Model):
    """One attempt to start."""

    workload: Workload
    variables: dict[str, str]
    """To be set for the command beside what the executor itself provides."""


class Executor(Protocol):
    """Runs attempts. Every call may be repeated: the controller may die between any two.

    An attempt is named by the workload's id and attempt. Errors: `Unavailable` is tried again, any other
    `WardianError` from `submit` fails the attempt with its message.
    """

    @property
    def kind(self) -> str:
        """`local`, `kubernetes`."""
        ...

    @property
    def place(self) -> str:
        """Names what it runs on; workloads stay with the place that has them."""
        ...

    @property
    def is_sole(self) -> bool:
        """True: only this process reaches the place; leases it finds there are left from processes that died."""
        ...

    async def capacity(self) -> Capacity: ...

    async def submit(self, order: Order) -> None:
        """Start the attempt unless that was done."""
        ...

    async def observe(self, workload: Workload) -> Seen | None:
        """How the attempt stands; None when it was never submitted."""
        ...

    async def stop(self, workload: Workload) -> None:
        """Ask the attempt to end, and see to it."""
        ...

    async def log(self, workload: Workload, start: int, limit: int) -> bytes:
        """Bytes of the attempt's log from an offset; empty at its present end."""
        ...

    async def kept(self) -> list[str]:
        """Ids of workloads of which anything is left here."""
        ...

    async def forget(self, workload_id: str) -> None:
        """End what runs of it and free what is kept."""
        ...
