"""HTTP face of workloads and executors."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from wardian.identity.http import CurrentActor, Db
from wardian.kernel.paging import Page
from wardian.projects.http import Reads, Runs
from wardian.workloads import service
from wardian.workloads.models import ExecutorInfo, LogText, Workload
from wardian.workloads.schemas import LogQuery, NewWorkload, QueueQuery, WorkloadQuery

router = APIRouter(prefix="/api/v1", tags=["workloads"])
_PIECE = 1 << 20


@router.get("/workloads")
async def list_all_workloads(db: Db, actor: CurrentActor, where: Annotated[QueueQuery, Query()]) -> Page[Workload]:
    """The queue: workloads of every project that the caller may read, newest first."""
    return await db.read(service.listed, actor, where)


@router.get("/executors")
async def list_executors(db: Db, actor: CurrentActor) -> list[ExecutorInfo]:
    """Where workloads run: what there is, and what of it is given out."""
    return await db.read(service.list_executors, actor)


@router.get("/projects/{project}/workloads")
async def list_workloads(db: Db, scope: Reads, where: Annotated[WorkloadQuery, Query()]) -> Page[Workload]:
    return await db.read(service.listed_in, scope.actor, scope.project, where)


@router.post("/projects/{project}/workloads", status_code=201)
async def create_workload(db: Db, scope: Runs, body: NewWorkload) -> Workload:
    """Queue a workload. Returns at once; watch `status`."""
    return await db.write(service.create, scope.actor, scope.project, body)


@router.get("/projects/{project}/workloads/{workload_id}")
async def show_workload(db: Db, scope: Reads, workload_id: str) -> Workload:
    return await db.read(service.get, scope.actor, workload_id, scope.project)


@router.delete("/projects/{project}/workloads/{workload_id}", status_code=204)
async def delete_workload(db: Db, scope: Runs, workload_id: str) -> None:
    """Delete a workload that has ended, with its log and files."""
    await db.write(service.delete, scope.actor, workload_id, scope.project)


@router.post("/projects/{project}/workloads/{workload_id}/stop")
async def stop_workload(db: Db, scope: Runs, workload_id: str) -> Workload:
    """Ask the workload to end. Returns at once; watch `status`."""
    return await db.write(service.stop, scope.actor, workload_id, scope.project)


@router.get("/projects/{project}/workloads/{workload_id}/log")
async def read_log(db: Db, scope: Reads, workload_id: str, where: Annotated[LogQuery, Query()]) -> LogText:
    """A part of the log. Ask on from `end`; `workload.ID.log` on the stream hints that there is more."""
    return await db.read(service.read_log, scope.actor, workload_id, where, scope.project)


@router.get("/projects/{project}/workloads/{workload_id}/log/download", response_class=StreamingResponse)
async def download_log(db: Db, scope: Reads, workload_id: str) -> StreamingResponse:
    """The whole log, as it was written."""
    workload = await db.read(service.get, scope.actor, workload_id, scope.project)

    async def pieces() -> AsyncIterator[bytes]:
        start = 0
        while data := await db.read(service.read_log_bytes, scope.actor, workload.id, scope.project, start, _PIECE):
            yield data
            start += len(data)

    named = {"Content-Disposition": f'attachment; filename="{workload.id}.log"'}
    return StreamingResponse(pieces(), media_type="text/plain; charset=utf-8", headers=named)
