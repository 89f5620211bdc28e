"""HTTP face of deployments. Predictions are in `inference.py`."""

from typing import Annotated

from fastapi import APIRouter, Query

from wardian.identity.http import Db
from wardian.kernel.paging import Page, PageQuery
from wardian.projects.http import Reads, Runs
from wardian.serving import service
from wardian.serving.models import Deployment, Revision, Traffic
from wardian.serving.schemas import NewDeployment, NewRevision, TrafficQuery

router = APIRouter(prefix="/api/v1/projects/{project}/deployments", tags=["deployments"])
Paging = Annotated[PageQuery, Query()]


@router.get("")
async def list_deployments(db: Db, scope: Reads, page: Paging) -> Page[Deployment]:
    """By name."""
    return await db.read(service.listed, scope.actor, scope.project, page)


@router.post("", status_code=201)
async def create_deployment(db: Db, scope: Runs, body: NewDeployment) -> Deployment:
    """Serve a model version. Returns at once; watch `status`."""
    return await db.write(service.create, scope.actor, scope.project, body)


@router.get("/{deployment}")
async def show_deployment(db: Db, scope: Reads, deployment: str) -> Deployment:
    return await db.read(service.get, scope.actor, scope.project, deployment)


@router.delete("/{deployment}", status_code=204)
async def delete_deployment(db: Db, scope: Runs, deployment: str) -> None:
    """End what it serves, and forget it with its revisions; the model stays."""
    await db.write(service.delete, scope.actor, scope.project, deployment)


@router.get("/{deployment}/revisions")
async def list_revisions(db: Db, scope: Reads, deployment: str, page: Paging) -> Page[Revision]:
    """The newest first."""
    return await db.read(service.list_revisions, scope.actor, scope.project, deployment, page)


@router.post("/{deployment}/revisions", status_code=201)
async def create_revision(db: Db, scope: Runs, deployment: str, body: NewRevision) -> Revision:
    """Serve another model version; what is served now goes on until the new one is ready."""
    return await db.write(service.revise, scope.actor, scope.project, deployment, body)


@router.post("/{deployment}/rollback")
async def roll_back_deployment(db: Db, scope: Runs, deployment: str) -> Deployment:
    """Serve the revision before the present one again; while one is being rolled out, only give that up."""
    return await db.write(service.rollback, scope.actor, scope.project, deployment)


@router.post("/{deployment}/stop")
async def stop_deployment(db: Db, scope: Runs, deployment: str) -> Deployment:
    """Stop serving; the deployment and its revisions stay."""
    return await db.write(service.stop, scope.actor, scope.project, deployment)


@router.post("/{deployment}/start")
async def start_deployment(db: Db, scope: Runs, deployment: str) -> Deployment:
    """Serve again what was served last."""
    return await db.write(service.start, scope.actor, scope.project, deployment)


@router.get("/{deployment}/traffic")
async def show_traffic(db: Db, scope: Reads, deployment: str, query: Annotated[TrafficQuery, Query()]) -> Traffic:
    """How many predictions, how quick, how many wrong, minute by minute."""
    return await db.read(service.traffic_of, scope.actor, scope.project, deployment, query.minutes)
