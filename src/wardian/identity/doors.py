"""From credentials to an actor: what every door asks first. Every function runs inside one transaction."""

import base64
import binascii
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

import sqlalchemy as sa

from wardian.events import service as events
from wardian.identity.models import Actor, Role, User
from wardian.identity.secrets import new_secret, same, token_hash
from wardian.identity.tables import keys, members, sessions, users
from wardian.kernel.errors import Forbidden, NotSignedIn
from wardian.storage.sql import Tx

COOKIE = "wardian_session"
USED_EVERY = timedelta(minutes=5)
"""How exact `last_used_at` of a key is."""
_ASK = "sign in with `wardian login`, or send an access key and secret (HTTP Basic, or Bearer ACCESS.SECRET)"


@dataclass(frozen=True)
class Credentials:
    """What a request brought; all None when it brought nothing."""

    access: str | None = None
    secret: str | None = None
    session: str | None = None
    csrf: str | None = None

    @classmethod
    def read(cls, authorization: str | None, cookie: str | None, csrf: str | None) -> Self:
        """From the headers; a header that makes no sense is NotSignedIn."""
        if not authorization:
            return cls(session=cookie, csrf=csrf)
        scheme, _, value = authorization.partition(" ")
        if scheme.lower() == "bearer":
            access, _, secret = value.strip().partition(".")
            return cls(access=access, secret=secret)
        if scheme.lower() == "basic":
            try:
                access, _, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
            except (binascii.Error, ValueError):
                raise NotSignedIn(f"the Authorization header is damaged; {_ASK}") from None
            return cls(access=access, secret=secret)
        raise NotSignedIn(f"{scheme!r} is no way to sign in here; {_ASK}")


def authenticate(tx: Tx, given: Credentials, *, writes: bool) -> Actor:
    """Who this is. A cookie that writes must bring its CSRF token."""
    if given.access is not None:
        return _by_key(tx, given.access, given.secret or "")
    if given.session is not None:
        return _by_session(tx, given.session, given.csrf, writes=writes)
    raise NotSignedIn(f"nobody is signed in; {_ASK}")


def open_session(tx: Tx, user: User, hours: float) -> tuple[str, str]:
    """The cookie's token and its CSRF token."""
    token, csrf = new_secret(), new_secret()
    tx.run(sessions.delete().where(sessions.c.expires_at < tx.now))
    tx.insert(
        sessions, token_hash=token_hash(token), user=user.id, csrf=csrf, expires_at=tx.now + timedelta(hours=hours)
    )
    events.emit(
        tx,
        _actor(tx, user.id, user.name, admin=user.admin),
        "user.signed-in",
        noun="user",
        id=user.id,
        project=None,
        name=user.name,
    )
    return token, csrf


def csrf_of(tx: Tx, token: str) -> str:
    return str(tx.scalar(sa.select(sessions.c.csrf).where(sessions.c.token_hash == token_hash(token))) or "")


def close_session(tx: Tx, token: str) -> None:
    tx.run(sessions.delete().where(sessions.c.token_hash == token_hash(token)))


def touch_key(tx: Tx, access: str) -> None:
    """Note that the key was used."""
    tx.run(keys.update().where(keys.c.access == access).values(last_used_at=tx.now))


def _by_session(tx: Tx, token: str, csrf: str | None, *, writes: bool) -> Actor:
    query = sa.select(users, sessions.c.csrf).join(users, users.c.id == sessions.c.user)
    row = tx.one_or_none(
        query.where(sessions.c.token_hash == token_hash(token), sessions.c.expires_at > tx.now, ~users.c.disabled)
    )
    if row is None:
        raise NotSignedIn("this session has ended; sign in again")
    if writes and not same(csrf or "", row.csrf):
        raise Forbidden("the X-CSRF-Token header is missing or old; reload the page", reason="csrf")
    return _actor(tx, row.id, row.name, admin=row.admin)


def _by_key(tx: Tx, access: str, secret: str) -> Actor:
    row = tx.one_or_none(sa.select(keys).where(keys.c.access == access))
    if row is None or not same(row.secret_hash, token_hash(secret)) or (row.expires_at and row.expires_at <= tx.now):
        raise NotSignedIn("this access key is unknown, wrong or expired; sign in again with `wardian login URL`")
    if row.workload is not None:
        return Actor(id=row.workload, name=row.name, kind="workload", roles={row.project: Role.MEMBER})
    user = tx.one_or_none(sa.select(users).where(users.c.id == row.user, ~users.c.disabled))
    if user is None:
        raise NotSignedIn("the user of this access key is disabled")
    if row.last_used_at is None or tx.now - row.last_used_at > USED_EVERY:
        tx.publish("key.used", access=access)
    return _actor(tx, user.id, user.name, admin=user.admin, kind="key")


def _actor(tx: Tx, user_id: str, name: str, *, admin: bool, kind: Any = "user") -> Actor:
    rows = tx.all(sa.select(members.c.project, members.c.role).where(members.c.user == user_id))
    return Actor(id=user_id, name=name, kind=kind, admin=admin, roles={row.project: Role(row.role) for row in rows})
