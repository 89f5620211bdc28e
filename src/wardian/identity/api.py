"""HTTP face of identity."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from wardian.identity import doors, secrets, service
from wardian.identity.attempts import Attempts
from wardian.identity.http import AdminActor, Config, CurrentActor, Db, OwnPassword, UserOfAdmin
from wardian.identity.models import Actor, Key, NewSecret, SessionInfo, User
from wardian.identity.schemas import NewKey, NewUser, PasswordChange, SignIn, UserChange
from wardian.kernel.errors import Forbidden, NotSignedIn
from wardian.kernel.paging import Page, PageQuery

router = APIRouter(prefix="/api/v1", tags=["identity"])
Paging = Annotated[PageQuery, Query()]


@router.post("/session", openapi_extra={"security": []})
async def sign_in(request: Request, response: Response, db: Db, config: Config, body: SignIn) -> SessionInfo:
    """Sign in with name and password; sets the session cookie."""
    attempts: Attempts = request.app.state.house.attempts
    address = request.client.host if request.client else ""
    attempts.check(body.name, address)
    kept = await db.read(service.kept_password, body.name)
    right = await asyncio.to_thread(secrets.password_matches, kept[1] if kept else "", body.password)
    if kept is None or not right:
        attempts.failed(body.name, address)
        raise NotSignedIn("name or password is wrong")
    attempts.succeeded(body.name, address)
    token, _ = await db.write(doors.open_session, kept[0], config.limits.session_hours)
    response.set_cookie(
        doors.COOKIE,
        token,
        max_age=int(config.limits.session_hours * 3600),
        httponly=True,
        samesite="lax",
        secure=config.secure_cookies,
    )
    actor = await db.read(doors.authenticate, doors.Credentials(session=token), writes=False)
    return await _info(db, actor, token)


@router.get("/session")
async def show_session(request: Request, db: Db, actor: CurrentActor) -> SessionInfo:
    """Who is signed in. Works with a key, too; then `csrf` is empty."""
    if actor.kind == "workload":
        raise Forbidden("a workload has no session")
    return await _info(db, actor, request.cookies.get(doors.COOKIE, ""))


@router.delete("/session", status_code=204)
async def sign_out(request: Request, response: Response, db: Db, actor: CurrentActor) -> None:
    """End this session."""
    await db.write(doors.close_session, request.cookies.get(doors.COOKIE, ""))
    response.delete_cookie(doors.COOKIE)


@router.get("/users")
async def list_users(db: Db, actor: CurrentActor, page: Paging) -> Page[User]:
    """Everybody for an admin; else oneself and those one shares a project with."""
    return await db.read(service.list_users, actor, page)


@router.post("/users", status_code=201)
async def create_user(db: Db, actor: AdminActor, body: NewUser) -> User:
    kept = await asyncio.to_thread(secrets.hash_password, body.password)
    return await db.write(service.create_user, actor, body.name, kept, admin=body.admin)


@router.get("/users/{user}")
async def show_user(db: Db, actor: CurrentActor, user: str) -> User:
    return await db.read(service.get_user, actor, user)


@router.patch("/users/{user}")
async def change_user(db: Db, target: UserOfAdmin, body: UserChange) -> User:
    """Make somebody an admin, or disable the account; ends the sessions of who is disabled."""
    return await db.write(service.change_user, target[0], target[1].id, body)


@router.delete("/users/{user}", status_code=204)
async def delete_user(db: Db, target: UserOfAdmin) -> None:
    await db.write(service.delete_user, target[0], target[1].id)


@router.post("/users/{user}/password", status_code=204)
async def set_password(db: Db, own: OwnPassword, body: PasswordChange) -> None:
    """Set a password; one's own needs the old one. Ends all sessions of the user."""
    actor, target, kept = own
    if target.id == actor.id and not await asyncio.to_thread(secrets.password_matches, kept, body.old_password or ""):
        raise Forbidden("the old password is wrong")
    fresh = await asyncio.to_thread(secrets.hash_password, body.password)
    await db.write(service.set_password, actor, target, fresh)


@router.get("/keys")
async def list_keys(db: Db, actor: CurrentActor, page: Paging) -> Page[Key]:
    """One's own access keys; everybody's for an admin."""
    return await db.read(service.list_keys, actor, page)


@router.post("/keys", status_code=201)
async def create_key(db: Db, actor: CurrentActor, body: NewKey) -> NewSecret:
    """Make an access key. The secret is in this answer and nowhere else."""
    return await db.write(service.create_key, actor, body)


@router.get("/keys/{key_id}")
async def show_key(db: Db, actor: CurrentActor, key_id: str) -> Key:
    return await db.read(service.get_key, actor, key_id)


@router.delete("/keys/{key_id}", status_code=204)
async def delete_key(db: Db, actor: CurrentActor, key_id: str) -> None:
    await db.write(service.delete_key, actor, key_id)


async def _info(db: Db, actor: Actor, token: str) -> SessionInfo:
    user = await db.read(service.get_user, actor, actor.id)
    csrf = await db.read(doors.csrf_of, token) if token else ""
    return SessionInfo(user=user, csrf=csrf, roles=actor.roles, may_create_projects=actor.may_create_projects())
