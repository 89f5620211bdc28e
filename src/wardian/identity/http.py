"""What every route may ask for: the database, the stores, the bus, and who acts."""

from typing import Annotated, Any, cast

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from wardian.events.bus import Bus
from wardian.identity import doors, service
from wardian.identity.doors import COOKIE, Credentials
from wardian.identity.models import Actor, User
from wardian.kernel.settings import Settings
from wardian.storage.cas import Cas
from wardian.storage.sql import Database

BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
BYTES_BODY: dict[str, Any] = {"requestBody": {"required": True, "content": {"application/octet-stream": BYTES}}}
"""For the API's document: a streamed body. Other media types are taken as well; this one every tool can send."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def database(request: HTTPConnection) -> Database:
    return cast(Database, request.app.state.house.db)


def store(request: HTTPConnection) -> Cas:
    return cast(Cas, request.app.state.house.cas)


def signals(request: HTTPConnection) -> Bus:
    return cast(Bus, request.app.state.house.bus)


def settings(request: HTTPConnection) -> Settings:
    return cast(Settings, request.app.state.house.settings)


def credentials(request: HTTPConnection) -> Credentials:
    headers = request.headers
    return Credentials.read(headers.get("authorization"), request.cookies.get(COOKIE), headers.get("x-csrf-token"))


def writes(request: HTTPConnection) -> bool:
    return request.scope.get("method", "GET") not in SAFE


async def current_actor(request: Request) -> Actor:
    return await database(request).read(doors.authenticate, credentials(request), writes=writes(request))


async def admin(request: Request) -> Actor:
    """The actor, refused before the body is looked at unless a platform admin."""
    actor = await current_actor(request)
    actor.need_admin()
    return actor


async def user_of_admin(request: Request, user: str) -> tuple[Actor, User]:
    """The user named in the address, for an admin to change; NotFound where the caller may not even see it."""
    actor = await current_actor(request)
    found = await database(request).read(service.get_user, actor, user)
    actor.need_admin()
    return actor, found


async def own_password(request: Request, user: str) -> tuple[Actor, User, str]:
    """The user named in the address with the kept hash, for whoever may set the password."""
    actor = await current_actor(request)
    return actor, *(await database(request).read(service.own_or_admin, actor, user))


Db = Annotated[Database, Depends(database)]
Store = Annotated[Cas, Depends(store)]
Signals = Annotated[Bus, Depends(signals)]
Config = Annotated[Settings, Depends(settings)]
CurrentActor = Annotated[Actor, Depends(current_actor)]
AdminActor = Annotated[Actor, Depends(admin)]
UserOfAdmin = Annotated[tuple[Actor, User], Depends(user_of_admin)]
OwnPassword = Annotated[tuple[Actor, User, str], Depends(own_password)]
