"""Use-cases of users, keys and members. Every function runs inside one transaction."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from wardian.events import service as events
from wardian.identity.models import SYSTEM, Actor, Can, Key, Member, NewSecret, Role, User
from wardian.identity.schemas import NewKey, UserChange
from wardian.identity.secrets import new_access, new_secret, token_hash
from wardian.identity.tables import keys, members, sessions, users
from wardian.kernel.errors import Conflict, Forbidden, NotFound
from wardian.kernel.ids import new_id
from wardian.kernel.paging import Page, PageQuery, encode_cursor
from wardian.storage.sql import Tx, record


def ensure_admin(tx: Tx, name: str, password_hash: str) -> User | None:
    """Make the first admin; None when anybody is here already."""
    if tx.scalar(sa.select(sa.func.count()).select_from(users)):
        return None
    return create_user(tx, SYSTEM, name, password_hash, admin=True)


def is_empty(tx: Tx) -> bool:
    """Whether nobody has ever been here: the first start."""
    return not tx.scalar(sa.select(sa.func.count()).select_from(users))


def first_admin(tx: Tx) -> User:
    """The admin who has been here longest, for what the platform's own machine does."""
    row = tx.one_or_none(sa.select(users).where(users.c.admin, ~users.c.disabled).order_by(users.c.id).limit(1))
    if row is None:
        raise NotFound("user", "admin")
    return _user(row)


def create_user(tx: Tx, actor: Actor, name: str, password_hash: str, *, admin: bool) -> User:
    actor.need_admin()
    if tx.one_or_none(sa.select(users.c.id).where(users.c.name == name)):
        raise Conflict(f"a user {name!r} exists already", name=name)
    user = User(id=new_id(), name=name, admin=admin, created_at=tx.now)
    tx.insert(users, **dict(user), password=password_hash)
    events.emit(tx, actor, "user.created", noun="user", id=user.id, project=None, name=name, admin=admin)
    return user


def list_users(tx: Tx, actor: Actor, page: PageQuery) -> Page[User]:
    """Everybody for an admin; else oneself and those one shares a project with."""
    query = sa.select(users).order_by(users.c.name)
    if not actor.admin:
        near = sa.select(members.c.user).where(members.c.project.in_(actor.roles))
        query = query.where(sa.or_(users.c.id == actor.id, users.c.id.in_(near)))
    if position := page.position(1):
        query = query.where(users.c.name > position[0])
    rows = tx.all(query.limit(page.limit + 1))
    items = [_user(row) for row in rows[: page.limit]]
    return Page(items=items, next=encode_cursor(items[-1].name) if len(rows) > page.limit else None)


def get_user(tx: Tx, actor: Actor, ref: str) -> User:
    """By id or name."""
    row = tx.one_or_none(sa.select(users).where(sa.or_(users.c.id == ref, users.c.name == ref)))
    if row is None or not (actor.admin or row.id == actor.id or _shares_project(tx, actor, row.id)):
        raise NotFound("user", ref)
    return _user(row)


def change_user(tx: Tx, actor: Actor, ref: str, change: UserChange) -> User:
    before = get_user(tx, actor, ref)
    actor.need_admin()
    after = before.model_copy(update=change.model_dump(exclude_none=True))
    if before.admin and not before.disabled and (not after.admin or after.disabled):
        _keep_an_admin(tx, before)
    tx.run(users.update().where(users.c.id == before.id).values(admin=after.admin, disabled=after.disabled))
    if after.disabled:
        tx.run(sessions.delete().where(sessions.c.user == before.id))
    events.emit(
        tx,
        actor,
        "user.changed",
        noun="user",
        id=after.id,
        project=None,
        name=after.name,
        **change.model_dump(exclude_none=True),
    )
    return after


def delete_user(tx: Tx, actor: Actor, ref: str) -> None:
    user = get_user(tx, actor, ref)
    actor.need_admin()
    if user.admin and not user.disabled:
        _keep_an_admin(tx, user)
    tx.run(users.delete().where(users.c.id == user.id))
    events.emit(tx, actor, "user.deleted", noun="user", id=user.id, project=None, name=user.name)


def kept_password(tx: Tx, name: str) -> tuple[User, str] | None:
    """The user and the password's hash, for whoever checks it outside the transaction."""
    row = tx.one_or_none(sa.select(users).where(users.c.name == name))
    return None if row is None or row.disabled else (_user(row), row.password)


def own_or_admin(tx: Tx, actor: Actor, ref: str) -> tuple[User, str]:
    """A user whose password the actor may set, with the kept hash."""
    user = get_user(tx, actor, ref)
    if actor.kind == "workload" or not (actor.admin or user.id == actor.id):
        raise Forbidden("only an admin may set somebody else's password")
    return user, str(tx.scalar(sa.select(users.c.password).where(users.c.id == user.id)))


def set_password(tx: Tx, actor: Actor, user: User, password_hash: str) -> None:
    """Also ends every session of the user."""
    tx.run(users.update().where(users.c.id == user.id).values(password=password_hash))
    tx.run(sessions.delete().where(sessions.c.user == user.id))
    events.emit(tx, actor, "user.password-changed", noun="user", id=user.id, project=None, name=user.name)


# ------------------------------------------------------------------------------------------------ keys


def create_key(tx: Tx, actor: Actor, body: NewKey) -> NewSecret:
    """A key that may do what its user may do."""
    if actor.kind == "workload":
        raise Forbidden("a workload may not make keys")
    expires = tx.now + timedelta(days=body.days) if body.days else None
    secret = _insert_key(tx, name=body.name, user=actor.id, expires_at=expires)
    key = get_key(tx, actor, secret[0])
    events.emit(tx, actor, "key.created", noun="key", id=key.id, project=None, name=body.name, access=key.access)
    return NewSecret(key=key, access=key.access, secret=secret[1], token=f"{key.access}.{secret[1]}")


def mint_workload_key(tx: Tx, project: str, workload_id: str, name: str) -> tuple[str, str]:
    """Access and secret for one attempt of a workload: a member in its project, until revoked. Earlier keys end."""
    revoke_workload_keys(tx, workload_id)
    key_id, secret = _insert_key(tx, name=name[:128], workload=workload_id, project=project)
    return str(tx.scalar(sa.select(keys.c.access).where(keys.c.id == key_id))), secret


def revoke_workload_keys(tx: Tx, workload_id: str) -> None:
    tx.run(keys.delete().where(keys.c.workload == workload_id))


def list_keys(tx: Tx, actor: Actor, page: PageQuery) -> Page[Key]:
    """One's own; everybody's for an admin."""
    query = _key_query().order_by(keys.c.id.desc())
    if not actor.admin:
        query = query.where(keys.c.user == actor.id)
    if position := page.position(1):
        query = query.where(keys.c.id < position[0])
    rows = tx.all(query.limit(page.limit + 1))
    items = [_key(row) for row in rows[: page.limit]]
    return Page(items=items, next=encode_cursor(items[-1].id) if len(rows) > page.limit else None)


def get_key(tx: Tx, actor: Actor, key_id: str) -> Key:
    row = tx.one_or_none(_key_query().where(keys.c.id == key_id))
    if row is None or not (actor.admin or row.user == actor.id):
        raise NotFound("key", key_id)
    return _key(row)


def delete_key(tx: Tx, actor: Actor, key_id: str) -> None:
    key = get_key(tx, actor, key_id)
    tx.run(keys.delete().where(keys.c.id == key.id))
    events.emit(tx, actor, "key.deleted", noun="key", id=key.id, project=None, name=key.name, access=key.access)


# --------------------------------------------------------------------------------------------- members


def list_members(tx: Tx, actor: Actor, project: str) -> list[Member]:
    actor.need(Can.READ, project)
    query = sa.select(users.c.id.label("user"), users.c.name, members.c.role, members.c.since)
    rows = tx.all(
        query.join(members, members.c.user == users.c.id).where(members.c.project == project).order_by(users.c.name)
    )
    return [Member.model_validate(record(row)) for row in rows]


def set_member(tx: Tx, actor: Actor, project: str, user_ref: str, role: Role) -> Member:
    """Give a user (by id or name) a role; also to change it."""
    actor.need(Can.MANAGE, project)
    row = tx.one_or_none(sa.select(users).where(sa.or_(users.c.id == user_ref, users.c.name == user_ref)))
    if row is None:
        raise NotFound("user", user_ref)
    if role is not Role.OWNER:
        _keep_an_owner(tx, project, row.id)
    entry = {"project": project, "user": row.id, "role": role, "since": tx.now}
    tx.upsert(members, [entry], key=["project", "user"], update=["role"])
    events.emit(tx, actor, "member.set", noun="member", id=row.id, project=project, name=row.name, role=role)
    since = tx.scalar(sa.select(members.c.since).where(members.c.project == project, members.c.user == row.id))
    return Member(user=row.id, name=row.name, role=role, since=since)


def remove_member(tx: Tx, actor: Actor, project: str, user_ref: str) -> None:
    actor.need(Can.MANAGE, project)
    found = next((m for m in list_members(tx, actor, project) if user_ref in {m.user, m.name}), None)
    if found is None:
        raise NotFound("member", user_ref)
    _keep_an_owner(tx, project, found.user)
    tx.run(members.delete().where(members.c.project == project, members.c.user == found.user))
    events.emit(tx, actor, "member.removed", noun="member", id=found.user, project=project, name=found.name)


def add_first_owner(tx: Tx, project: str, user: str) -> None:
    """Whoever makes a project owns it."""
    tx.insert(members, project=project, user=user, role=Role.OWNER, since=tx.now)


# --------------------------------------------------------------------------------------------- private


def _insert_key(tx: Tx, **values: Any) -> tuple[str, str]:
    key_id, secret = new_id(), new_secret()
    tx.insert(keys, id=key_id, access=new_access(), secret_hash=token_hash(secret), created_at=tx.now, **values)
    return key_id, secret


def _key_query() -> sa.Select[Any]:
    return sa.select(keys, users.c.name.label("user_name")).join(users, users.c.id == keys.c.user)


def _key(row: sa.Row[Any]) -> Key:
    return Key.model_validate({name: getattr(row, name) for name in Key.model_fields})


def _user(row: sa.Row[Any]) -> User:
    return User.model_validate({name: getattr(row, name) for name in User.model_fields})


def _shares_project(tx: Tx, actor: Actor, user_id: str) -> bool:
    return bool(
        tx.one_or_none(
            sa.select(members.c.user).where(members.c.user == user_id, members.c.project.in_(actor.roles)).limit(1)
        )
    )


def _keep_an_admin(tx: Tx, leaving: User) -> None:
    others = (
        sa.select(sa.func.count()).select_from(users).where(users.c.admin, ~users.c.disabled, users.c.id != leaving.id)
    )
    if not tx.scalar(others):
        raise Conflict(f"{leaving.name!r} is the last admin; make another one first")


def _keep_an_owner(tx: Tx, project: str, leaving: str) -> None:
    owners = tx.scalars(sa.select(members.c.user).where(members.c.project == project, members.c.role == Role.OWNER))
    if list(owners) == [leaving]:
        raise Conflict("this is the project's last owner; make somebody else owner first")
