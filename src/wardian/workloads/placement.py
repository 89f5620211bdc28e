"""Who of the queue gets which slots: pure."""

from dataclasses import dataclass, field

from wardian.workloads.models import Capacity, Resources, Workload


@dataclass(frozen=True)
class Placement:
    """What becomes of one queued workload now."""

    workload: Workload
    gpus: list[str] | None
    """The devices it starts with; None: it does not start."""
    reason: str = ""
    """Why it does not."""
    never: bool = False
    """It is more than the machine has; waiting would not help."""


@dataclass
class _Free:
    cpu: float
    memory: int
    gpus: list[str]
    held: Resources = field(default_factory=lambda: Resources(cpu=0))
    """What is kept for somebody who has waited longer."""

    def take(self, wanted: Resources) -> list[str]:
        self.cpu -= wanted.cpu
        self.memory -= wanted.memory
        given, self.gpus = self.gpus[: wanted.gpu], self.gpus[wanted.gpu :]
        return given

    def lacks(self, wanted: Resources) -> str:
        """Why the wanted does not fit beside what is kept for others; empty when it does."""
        if wanted.cpu and wanted.cpu > self.cpu - self.held.cpu + 1e-9:
            return f"waits for {wanted.cpu:g} cpu; {_left(self.cpu, self.held.cpu)} free"
        if wanted.memory and wanted.memory > self.memory - self.held.memory:
            left = max(0, self.memory - self.held.memory)
            return f"waits for {_mebibytes(wanted.memory)} of memory; {_mebibytes(left)} free"
        if wanted.gpu and wanted.gpu > len(self.gpus) - self.held.gpu:
            return f"waits for {wanted.gpu} gpu; {max(0, len(self.gpus) - self.held.gpu)} free"
        return ""


def place(queue: list[Workload], placed: list[Workload], capacity: Capacity) -> list[Placement]:
    """Decide for the queue, longest waiting first.

    One that does not fit is passed by smaller ones, unless jobs alone stand in its way: those end, so what it wants is
    kept for it and it is never starved. Behind a service it may wait for ever, and nobody should wait with it.
    """
    free = _Free(capacity.cpu, capacity.memory, list(capacity.gpus))
    jobs = Resources(cpu=0)
    for workload in placed:
        wanted = workload.spec.resources
        free.cpu -= wanted.cpu
        free.memory -= wanted.memory
        free.gpus = [gpu for gpu in free.gpus if gpu not in workload.gpus]
        if workload.kind == "job":
            jobs = _sum(jobs, wanted)
    decided: list[Placement] = []
    for workload in queue:
        wanted = workload.spec.resources
        if never := impossible(wanted, capacity):
            decided.append(Placement(workload, None, never, never=True))
        elif reason := free.lacks(wanted):
            decided.append(Placement(workload, None, reason))
            if _jobs_alone_are_in_the_way(wanted, free, jobs):
                free.held = _most(free.held, wanted)
        else:
            decided.append(Placement(workload, free.take(wanted)))
            if workload.kind == "job":
                jobs = _sum(jobs, wanted)
    return decided


def impossible(wanted: Resources, capacity: Capacity) -> str:
    """Why this can never run there; empty when it can."""
    if wanted.gpu > len(capacity.gpus):
        has = str(len(capacity.gpus)) if capacity.gpus else "none"
        return f"needs {wanted.gpu} gpu; this machine has {has}"
    if wanted.cpu > capacity.cpu:
        return f"needs {wanted.cpu:g} cpu; this machine has {capacity.cpu:g}"
    if wanted.memory > capacity.memory:
        return f"needs {_mebibytes(wanted.memory)} of memory; this machine has {_mebibytes(capacity.memory)}"
    return ""


def used(placed: list[Workload]) -> Resources:
    total = Resources(cpu=0)
    for workload in placed:
        total = _sum(total, workload.spec.resources)
    return total


def _jobs_alone_are_in_the_way(wanted: Resources, free: _Free, jobs: Resources) -> bool:
    return (
        wanted.cpu <= free.cpu + jobs.cpu + 1e-9
        and wanted.memory <= free.memory + jobs.memory
        and wanted.gpu <= len(free.gpus) + jobs.gpu
    )


def _sum(a: Resources, b: Resources) -> Resources:
    return Resources.model_construct(cpu=a.cpu + b.cpu, memory=a.memory + b.memory, gpu=a.gpu + b.gpu)


def _most(a: Resources, b: Resources) -> Resources:
    return Resources(cpu=max(a.cpu, b.cpu), memory=max(a.memory, b.memory), gpu=max(a.gpu, b.gpu))


def _left(cpu: float, held: float) -> str:
    return f"{max(0.0, cpu - held):g}"


def _mebibytes(size: int) -> str:
    return f"{size / (1 << 20):,.0f} MiB"
