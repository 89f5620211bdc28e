"""How busy the machine is, as metrics under `system/`: cpu, memory, disk, network, and GPUs where there are any.

Linux is read from /proc, which needs no package; elsewhere psutil is asked if the user's environment has it.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from .gpu import Gpus

SECTOR = 512
PROC = Path("/proc")
VIRTUAL = ("loop", "ram", "dm-", "md", "zram", "sr", "fd")
_LINE, _IDLE, _IOWAIT = slice(1, 9), 3, 4


class Counters(Protocol):
    """Where the figures come from."""

    def gauges(self) -> Mapping[str, float]:
        """What is so at this moment."""
        ...

    def totals(self) -> Mapping[str, float]:
        """What only grows: shown by its rate a second. `cpu` and `process.cpu` are seconds, the rest bytes."""
        ...


class Machine:
    """A thread that samples every `interval` seconds; a sample's step is its number."""

    def __init__(self, log: Callable[[Mapping[str, float], int], None], interval: float) -> None:
        self._log = log
        self._interval = interval
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="wardian-machine", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(1.0)

    def _work(self) -> None:
        counters = find_counters()
        if counters is None:
            return
        gpus, cpus, step = Gpus(), os.cpu_count() or 1, 0
        before, then = counters.totals(), time.monotonic()
        while not self._stopped.wait(self._interval if step else min(self._interval, 1.0)):
            with suppress(OSError, ValueError):  # a file of /proc that is not there or looks different
                totals, now = counters.totals(), time.monotonic()
                rates = {key: (total - before.get(key, total)) / (now - then) for key, total in totals.items()}
                rates["cpu"] *= 100 / cpus
                rates["process.cpu"] *= 100
                before, then = totals, now
                sample = {**rates, **counters.gauges(), **gpus.sample()}
                self._log({f"system/{key}": value for key, value in sample.items()}, step)
            step += 1


class Linux:
    """Figures from /proc (proc(5))."""

    def __init__(self) -> None:
        self._tick = os.sysconf("SC_CLK_TCK")
        self._page = os.sysconf("SC_PAGE_SIZE")

    def gauges(self) -> Mapping[str, float]:
        lines = (line.split() for line in (PROC / "meminfo").read_text().splitlines())
        memory = {words[0].rstrip(":"): float(words[1]) * 1024 for words in lines}
        resident = int((PROC / "self/statm").read_text().split()[1]) * self._page
        used = memory["MemTotal"] - memory["MemAvailable"]
        return {"memory": 100 * used / memory["MemTotal"], "memory.used": used, "process.memory": float(resident)}

    def totals(self) -> Mapping[str, float]:
        spent = os.times()
        cpu = [int(word) for word in (PROC / "stat").read_text().split("\n", 1)[0].split()[_LINE]]
        return {
            "cpu": (sum(cpu) - cpu[_IDLE] - cpu[_IOWAIT]) / self._tick,
            "process.cpu": spent.user + spent.system + spent.children_user + spent.children_system,
            **self._disks(),
            **self._network(),
        }

    def _disks(self) -> Mapping[str, float]:
        read = written = 0
        for words in map(str.split, (PROC / "diskstats").read_text().splitlines()):
            name = words[2]
            if not name.startswith(VIRTUAL) and Path("/sys/block", name).exists():  # whole disks, not their partitions
                read, written = read + int(words[5]), written + int(words[9])
        return {"disk.read": float(read * SECTOR), "disk.written": float(written * SECTOR)}

    def _network(self) -> Mapping[str, float]:
        received = sent = 0
        for line in (PROC / "net/dev").read_text().splitlines()[2:]:
            name, _, rest = line.partition(":")
            words = rest.split()
            if name.strip() != "lo":
                received, sent = received + int(words[0]), sent + int(words[8])
        return {"network.received": float(received), "network.sent": float(sent)}


class Psutil:
    """The same figures from psutil."""

    def __init__(self, psutil: Any) -> None:
        self._psutil = psutil
        self._process = psutil.Process()

    def gauges(self) -> Mapping[str, float]:
        memory = self._psutil.virtual_memory()
        used = float(memory.total - memory.available)
        resident = float(self._process.memory_info().rss)
        return {"memory": memory.percent, "memory.used": used, "process.memory": resident}

    def totals(self) -> Mapping[str, float]:
        cpu, spent = self._psutil.cpu_times(), os.times()
        disk, network = self._psutil.disk_io_counters(), self._psutil.net_io_counters()
        return {
            "cpu": sum(cpu) - cpu.idle,
            "process.cpu": spent.user + spent.system + spent.children_user + spent.children_system,
            "disk.read": float(disk.read_bytes if disk else 0),
            "disk.written": float(disk.write_bytes if disk else 0),
            "network.received": float(network.bytes_recv),
            "network.sent": float(network.bytes_sent),
        }


def find_counters() -> Counters | None:
    if (PROC / "meminfo").exists():
        return Linux()
    try:
        return Psutil(import_module("psutil"))
    except ImportError:
        return None
