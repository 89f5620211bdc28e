"""HTTP face of experiments and runs. Their metrics and files have files of their own; `router` holds all."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from wardian.identity.http import Db
from wardian.kernel.paging import Page
from wardian.projects.http import Reads, Runs, Writes
from wardian.tracking import api_files, api_metrics, service
from wardian.tracking.models import Columns, Experiment, Heartbeat, Lineage, Run
from wardian.tracking.schemas import Applied, FinishRun, NewRun, Records, RunChange, RunQuery

router = APIRouter(prefix="/api/v1/projects/{project}", tags=["tracking"])


@router.get("/experiments")
async def list_experiments(db: Db, scope: Reads) -> list[Experiment]:
    return await db.read(service.list_experiments, scope.actor, scope.project)


@router.get("/runs")
async def list_runs(db: Db, scope: Reads, query: Annotated[RunQuery, Query()]) -> Page[Run]:
    """Runs that a filter finds, in any order, a page at a time; without environment and summary."""
    return await db.read(service.listed, scope.actor, scope.project, query)


@router.post(
    "/runs", status_code=201, responses={200: {"model": Run, "description": "a run of this id was there already"}}
)
async def create_run(db: Db, scope: Writes, body: NewRun, response: Response) -> Run:
    run, is_new = await db.write(service.create_once, scope.actor, scope.project, body)
    response.status_code = 201 if is_new else 200
    return run


@router.get("/runs/columns")
async def list_columns(db: Db, scope: Reads) -> Columns:
    """Which parameters, metrics and tags there are, for tables and filters."""
    return await db.read(service.columns, scope.actor, scope.project)


@router.get("/runs/{run_id}")
async def show_run(db: Db, scope: Reads, run_id: str) -> Run:
    return await db.read(service.get, scope.actor, scope.project, run_id)


@router.patch("/runs/{run_id}")
async def change_run(db: Db, scope: Writes, run_id: str, body: RunChange) -> Run:
    """Rename, annotate, tag, or move to another experiment."""
    return await db.write(service.change, scope.actor, scope.project, run_id, body)


@router.delete("/runs/{run_id}", status_code=204)
async def delete_run(db: Db, scope: Writes, run_id: str) -> None:
    """Delete the run with its points, log and artifacts."""
    await db.write(service.delete, scope.actor, scope.project, run_id)


@router.post("/runs/{run_id}/finish")
async def finish_run(db: Db, scope: Writes, run_id: str, body: FinishRun) -> Run:
    """Say how the run ended. The first word counts; a run in a workload ends as its workload does."""
    return await db.write(service.finish, scope.actor, scope.project, run_id, body)


@router.post("/runs/{run_id}/resume")
async def resume_run(db: Db, scope: Writes, run_id: str) -> Run:
    """Go on with a run that has ended."""
    return await db.write(service.resume, scope.actor, scope.project, run_id)


@router.post("/runs/{run_id}/stop")
async def stop_run(db: Db, scope: Runs, run_id: str) -> Run:
    """Ask the run to end. Returns at once; watch `status`."""
    return await db.write(service.request_stop, scope.actor, scope.project, run_id)


@router.post("/runs/{run_id}/heartbeat")
async def beat(db: Db, scope: Writes, run_id: str) -> Heartbeat:
    """Say that the run lives; hear whether it should stop."""
    return await db.write(service.heartbeat, scope.actor, scope.project, run_id)


@router.post("/runs/{run_id}/records")
async def record_facts(db: Db, scope: Writes, run_id: str, body: Records) -> Applied:
    """Merge parameters, tags, summary, environment, source, inputs and outputs."""
    return Applied(applied=await db.write(service.record, scope.actor, scope.project, run_id, body))


@router.get("/runs/{run_id}/lineage")
async def show_lineage(db: Db, scope: Reads, run_id: str) -> Lineage:
    """What the run came from and what came of it."""
    return await db.read(service.lineage, scope.actor, scope.project, run_id)


router.include_router(api_metrics.router)
router.include_router(api_files.router)
