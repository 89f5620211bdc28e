"""HTTP face of projects and their members."""

from typing import Annotated

from fastapi import APIRouter, Query

from wardian.identity import service as identity
from wardian.identity.http import CurrentActor, Db
from wardian.identity.models import Member
from wardian.identity.schemas import RoleChange
from wardian.kernel.paging import Page, PageQuery
from wardian.projects import service
from wardian.projects.http import Creator, Manages, Reads
from wardian.projects.models import Project
from wardian.projects.schemas import NewProject, ProjectChange

router = APIRouter(prefix="/api/v1/projects", tags=["projects"])


@router.get("")
async def list_projects(db: Db, actor: CurrentActor, page: Annotated[PageQuery, Query()]) -> Page[Project]:
    return await db.read(service.listed, actor, page)


@router.post("", status_code=201)
async def create_project(db: Db, actor: Creator, body: NewProject) -> Project:
    return await db.write(service.create, actor, body)


@router.get("/{project}")
async def show_project(db: Db, scope: Reads) -> Project:
    return await db.read(service.find, scope.actor, scope.project)


@router.patch("/{project}")
async def change_project(db: Db, scope: Manages, body: ProjectChange) -> Project:
    """Rename or describe. Addresses that hold the old name end."""
    return await db.write(service.change, scope.actor, scope.project, body)


@router.delete("/{project}", status_code=204)
async def delete_project(db: Db, scope: Manages) -> None:
    """Delete the project with everything in it."""
    await db.write(service.delete, scope.actor, scope.project)


@router.get("/{project}/members")
async def list_members(db: Db, scope: Reads) -> list[Member]:
    return await db.read(identity.list_members, scope.actor, scope.project)


@router.put("/{project}/members/{user}")
async def set_member(db: Db, scope: Manages, user: str, body: RoleChange) -> Member:
    """Give a user (id or name) a role in the project, or change it."""
    return await db.write(identity.set_member, scope.actor, scope.project, user, body.role)


@router.delete("/{project}/members/{user}", status_code=204)
async def remove_member(db: Db, scope: Manages, user: str) -> None:
    await db.write(identity.remove_member, scope.actor, scope.project, user)
