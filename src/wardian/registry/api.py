"""HTTP face of the registry."""

from typing import Annotated

from fastapi import APIRouter, Query

from wardian.identity.http import Db, Store
from wardian.kernel.names import Slug
from wardian.kernel.paging import Page, PageQuery
from wardian.projects.http import Reads, Writes
from wardian.registry import intake, service
from wardian.registry.models import ModelVersion, RegisteredModel
from wardian.registry.schemas import AliasName, AliasTarget, ModelChange, NewModel, NewVersion, VersionChange

router = APIRouter(prefix="/api/v1/projects/{project}/models", tags=["models"])
Paging = Annotated[PageQuery, Query()]


@router.get("")
async def list_models(db: Db, scope: Reads, page: Paging) -> Page[RegisteredModel]:
    """By name."""
    return await db.read(service.listed, scope.actor, scope.project, page)


@router.post("", status_code=201)
async def create_model(db: Db, scope: Writes, body: NewModel) -> RegisteredModel:
    """A model without versions yet; registering a version makes its model, too."""
    return await db.write(service.create, scope.actor, scope.project, body)


@router.get("/{model}")
async def show_model(db: Db, scope: Reads, model: str) -> RegisteredModel:
    return await db.read(service.get, scope.actor, scope.project, model)


@router.patch("/{model}")
async def change_model(db: Db, scope: Writes, model: str, body: ModelChange) -> RegisteredModel:
    return await db.write(service.change, scope.actor, scope.project, model, body)


@router.delete("/{model}", status_code=204)
async def delete_model(db: Db, scope: Writes, model: str) -> None:
    """Delete the model with all its versions; refused while one of them is served."""
    await db.write(service.delete, scope.actor, scope.project, model)


@router.get("/{model}/versions")
async def list_model_versions(db: Db, scope: Reads, model: str, page: Paging) -> Page[ModelVersion]:
    """The one registered last first."""
    return await db.read(service.list_versions, scope.actor, scope.project, model, page)


@router.post("/{model}/versions", status_code=201)
async def register_model_version(db: Db, cas: Store, scope: Writes, model: Slug, body: NewVersion) -> ModelVersion:
    """Make a version of a folder of a run's artifacts that holds a `model.json`."""
    return await intake.register(db, cas, scope.actor, scope.project, model, body)


@router.get("/{model}/versions/{version}")
async def show_model_version(db: Db, scope: Reads, model: str, version: str) -> ModelVersion:
    return await db.read(service.get_version, scope.actor, scope.project, model, version)


@router.patch("/{model}/versions/{version}")
async def change_model_version(db: Db, scope: Writes, model: str, version: str, body: VersionChange) -> ModelVersion:
    """Change the notes; everything else of a version stays as it is."""
    return await db.write(service.change_notes, scope.actor, scope.project, model, version, body.notes)


@router.delete("/{model}/versions/{version}", status_code=204)
async def delete_model_version(db: Db, scope: Writes, model: str, version: str) -> None:
    """Refused while a deployment serves it."""
    await db.write(service.delete_version, scope.actor, scope.project, model, version)


@router.put("/{model}/aliases/{alias}")
async def set_model_alias(db: Db, scope: Writes, model: str, alias: AliasName, body: AliasTarget) -> RegisteredModel:
    """Point an alias at a version, or move it there."""
    return await db.write(service.set_alias, scope.actor, scope.project, model, alias, body.version)


@router.delete("/{model}/aliases/{alias}", status_code=204)
async def delete_model_alias(db: Db, scope: Writes, model: str, alias: str) -> None:
    await db.write(service.delete_alias, scope.actor, scope.project, model, alias)
