"""What this machine has to give: processors, memory, GPUs; within the limits of the container we may be in."""

import os
import re
import subprocess
from pathlib import Path

import psutil

from wardian.kernel.settings import LocalExecutor
from wardian.workloads.models import Capacity

_CGROUP = Path("/sys/fs/cgroup")
_ASK_S = 15
"""A driver in trouble can hang whoever asks it."""


def capacity(settings: LocalExecutor) -> Capacity:
    """All there is, or what the settings say instead. Blocks for a moment; asks the GPU driver."""
    gpus, kind = find_gpus()
    if settings.gpu is not None:
        gpus = (gpus or [str(index) for index in range(settings.gpu)])[: settings.gpu]
    cpu = settings.cpu if settings.cpu is not None else processors()
    memory = settings.memory if settings.memory is not None else total_memory()
    return Capacity(cpu=cpu, memory=memory, gpus=gpus, gpu_kind=kind)


def processors(cgroup: Path = _CGROUP) -> float:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, _, period = _first_line(cgroup / "cpu.max").partition(" ")
    if quota.isdigit() and period.isdigit():
        return max(1.0, min(usable, int(quota) / int(period)))
    return float(usable)


def total_memory(cgroup: Path = _CGROUP) -> int:
    """Bytes."""
    whole = psutil.virtual_memory().total
    limit = _first_line(cgroup / "memory.max")
    return min(whole, int(limit)) if limit.isdigit() else whole


def find_gpus(devices: Path = Path("/dev"), visible: str | None = None) -> tuple[list[str], str]:
    """NVIDIA devices as CUDA_VISIBLE_DEVICES names them, and what the driver calls them.

    A CUDA_VISIBLE_DEVICES that the server was started with narrows the choice; `visible` stands in for it in tests.
    """
    indices = sorted(
        int(found[1]) for path in devices.glob("nvidia*") if (found := re.fullmatch(r"nvidia(\d+)", path.name))
    )
    if not indices:
        return [], ""
    gpus = [str(index) for index in indices]
    narrowed = os.environ.get("CUDA_VISIBLE_DEVICES") if visible is None else visible
    if narrowed is not None:
        gpus = [name.strip() for name in narrowed.split(",") if name.strip()]
    return gpus, _gpu_kind()


def _gpu_kind() -> str:
    """The names the driver gives; empty when it does not answer in time."""
    command = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_ASK_S, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    names = dict.fromkeys(line.strip() for line in done.stdout.splitlines() if line.strip())
    return ", ".join(names)[:128] if done.returncode == 0 else ""


def _first_line(path: Path) -> str:
    try:
        return path.read_text().partition("\n")[0].strip()
    except OSError:
        return ""
