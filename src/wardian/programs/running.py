"""Starting a run, and trying whether one could start."""

import asyncio
import time
from contextlib import suppress

from wardian.identity.models import Actor
from wardian.kernel.errors import Conflict
from wardian.programs import service, verification
from wardian.programs.models import Report
from wardian.programs.schemas import NewProgramRun
from wardian.runner.verify import Findings
from wardian.storage.cas import Cas
from wardian.storage.sql import Database
from wardian.tracking.models import Run
from wardian.workloads import service as workloads
from wardian.workloads.models import Workload

_LOOK_S = 0.2
_LOG_END = 4 << 20


async def start(
    db: Database, cas: Cas, actor: Actor, project: str, version: tuple[str, str], body: NewProgramRun
) -> Run:
    """Start a run of `(name, version)`. Nothing is written unless every parameter is right."""
    plan = await db.read(service.plan_run, actor, project, *version, body)
    stored = await cas.put(plan.to_json().encode())
    return await db.write(service.start_run, actor, project, version, body, plan, stored.hash)


async def verify(db: Database, cas: Cas, actor: Actor, project: str, version: tuple[str, str]) -> Report:
    """Try a version in a workload of its own, which is gone when the report is there."""
    began = time.monotonic()
    plan = await db.read(service.plan_to_verify, actor, project, *version)
    stored = await cas.put(plan.to_json().encode())
    workload, missing = await db.write(verification.begin, actor, project, version, stored.hash)
    try:
        ended = await _ended(db, actor, workload.id)
        log = await _log(db, actor, project, workload.id)
    finally:
        await asyncio.shield(_remove(db, actor, workload.id))
    misses, checked = verification.judge(ended, Findings.in_log(log))
    return Report(
        program=plan.program,
        version=plan.version,
        can_run=not (missing or misses),
        misses=[*missing, *misses],
        checked=checked,
        seconds=round(time.monotonic() - began, 3),
    )


async def _ended(db: Database, actor: Actor, workload_id: str) -> Workload:
    """Its own deadline ends it, so that this ends too."""
    while True:
        workload = await db.read(workloads.get, actor, workload_id)
        if workload.status.is_final:
            return workload
        await asyncio.sleep(_LOOK_S)


async def _log(db: Database, actor: Actor, project: str, workload_id: str) -> str:
    """The end of the log, which holds the findings."""
    return (await db.read(workloads.read_log_bytes, actor, workload_id, project, -_LOG_END, _LOG_END)).decode(
        errors="replace"
    )


async def _remove(db: Database, actor: Actor, workload_id: str) -> None:
    """Leave nothing behind."""
    workload = await db.read(workloads.get, actor, workload_id)
    if not workload.status.is_final:
        with suppress(Conflict):  # it has ended by itself in this moment
            await db.write(workloads.stop, actor, workload_id)
    while not workload.status.is_final:
        await asyncio.sleep(_LOOK_S)
        workload = await db.read(workloads.get, actor, workload_id)
    await db.write(workloads.delete, actor, workload_id)
