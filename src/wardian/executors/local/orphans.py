"""Ends what is left of an attempt whose shim was killed."""

import contextlib
import os

import psutil

from wardian.runner import shim

_GRACE_S = 3.0
_ROUNDS = 20


def end_orphans(workload_id: str, attempt: int, shim_pid: int) -> int:
    """End every process of the attempt and wait for it; returns how many there were.

    They are known by the session that the shim led and by the variables they were started with, which daemons keep.
    """
    total = 0
    for round_ in range(_ROUNDS):
        left = [process for process in psutil.process_iter() if _belongs(process, workload_id, attempt, shim_pid)]
        if not left:
            break
        total = max(total, len(left))
        for process in left:
            with contextlib.suppress(psutil.Error):
                process.terminate() if round_ == 0 else process.kill()
        psutil.wait_procs(left, timeout=_GRACE_S)
    return total


def _belongs(process: psutil.Process, workload_id: str, attempt: int, shim_pid: int) -> bool:
    if process.pid in {os.getpid(), 1}:
        return False
    try:
        # while a session has members its number is given to no new process, unless that one is gone and led another
        if os.getsid(process.pid) == shim_pid and shim.identity(shim_pid) is None:
            return True
        variables = process.environ()
    except (psutil.Error, OSError):
        return False
    return variables.get("WARDIAN_WORKLOAD") == workload_id and variables.get("WARDIAN_ATTEMPT") == str(attempt)
