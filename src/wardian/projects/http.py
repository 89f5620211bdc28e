"""The door of every project-owned route: signs in, finds `{project}`, checks the right, before the body is read."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from wardian.identity import doors
from wardian.identity.http import CurrentActor, credentials, database, writes
from wardian.identity.models import Actor, Can
from wardian.kernel.models import Model
from wardian.projects import service
from wardian.projects.models import Project
from wardian.storage.sql import Tx


class Scope(Model):
    """Who acts in which project."""

    actor: Actor
    project: str
    """Its id."""
    project_name: str


def enter(tx: Tx, given: doors.Credentials, ref: str, can: Can, *, writes: bool) -> tuple[Actor, Project]:
    """Sign in and find a project that the actor `can` use so, in one transaction."""
    actor = doors.authenticate(tx, given, writes=writes)
    return actor, service.find(tx, actor, ref, can)


def in_project(can: Can) -> Callable[[Request, str], Awaitable[Scope]]:
    async def scope(request: Request, project: str) -> Scope:
        found = await database(request).read(enter, credentials(request), project, can, writes=writes(request))
        return Scope(actor=found[0], project=found[1].id, project_name=found[1].name)

    return scope


async def creator(actor: CurrentActor) -> Actor:
    """The actor, refused before the body is looked at unless it may make projects."""
    service.need_creator(actor)
    return actor


Creator = Annotated[Actor, Depends(creator)]
Reads = Annotated[Scope, Depends(in_project(Can.READ))]
Writes = Annotated[Scope, Depends(in_project(Can.WRITE))]
Runs = Annotated[Scope, Depends(in_project(Can.RUN))]
Manages = Annotated[Scope, Depends(in_project(Can.MANAGE))]
