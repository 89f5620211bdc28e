"""How figures are printed: what was measured, ours, the peer's, the ratio, the target."""

import os
import platform
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime


def heading() -> str:
    """The machine, the load and the date: a figure without them says nothing."""
    models = (line.split(":")[1].strip() for line in _cpu_lines() if line.startswith("model name"))
    cpu = next(models, platform.machine())
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"{when} · {os.cpu_count()} x {cpu} · {platform.system()} · Python {platform.python_version()} · load {load}"


def row(what: str, ours: float, unit: str, *, peer: tuple[str, float] | None = None, target: str = "") -> None:
    """One figure. The ratio says how many times better ours is, whichever direction is better."""
    line = f"{what:<58} {ours:>12,.3f} {unit}"
    if peer is not None:
        ratio = max(ours, peer[1]) / min(ours, peer[1]) if min(ours, peer[1]) else float("inf")
        line += f"   {peer[0]} {peer[1]:,.3f} {unit}   ratio {ratio:,.1f}x"
    if target:
        line += f"   (target: {target})"
    print(line, flush=True)


def spread(values: Sequence[float]) -> str:
    """The median with the range, for noisy machines."""
    return f"{statistics.median(values):,.3f} (of {len(values)}: {min(values):,.3f} to {max(values):,.3f})"


def _cpu_lines() -> list[str]:
    try:
        with open("/proc/cpuinfo") as lines:
            return lines.readlines()
    except OSError:
        return []
