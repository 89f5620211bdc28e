"""Users, keys, roles, and the one place that decides who may do what."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Literal

from pydantic import Field

from wardian.kernel.errors import Forbidden, NotFound
from wardian.kernel.models import Model


class Role(StrEnum):
    """What somebody is in a project."""

    GUEST = "guest"
    MEMBER = "member"
    OWNER = "owner"


class Can(StrEnum):
    """What somebody may want to do in a project."""

    READ = "read"
    WRITE = "write"
    RUN = "run"
    """Start and stop workloads."""
    MANAGE = "manage"
    """Members, settings, deletion of the project."""


class _Rank(IntEnum):
    GUEST, MEMBER, OWNER = 1, 2, 3


_NEEDED = {Can.READ: _Rank.GUEST, Can.WRITE: _Rank.MEMBER, Can.RUN: _Rank.MEMBER, Can.MANAGE: _Rank.OWNER}


def allows(role: Role | None, can: Can) -> bool:
    return role is not None and _Rank[role.name] >= _NEEDED[can]


class Actor(Model):
    """Whoever acts: a user, a key of a user, or a workload."""

    id: str
    """Of the user or the workload."""
    name: str
    kind: Literal["user", "key", "workload"] = "user"
    admin: bool = False
    roles: dict[str, Role] = Field(default_factory=dict)
    """By project id."""

    def may(self, can: Can, project: str) -> bool:
        return self.admin or allows(self.roles.get(project), can)

    def need(self, can: Can, project: str) -> None:
        """Forbidden when the actor sees the project but may not do this there; NotFound when it may not even see it."""
        if self.may(can, project):
            return
        if not self.may(Can.READ, project):
            raise NotFound("project", project)
        role = self.roles[project]
        raise Forbidden(
            f"a {role} may not {can} here; ask an owner of the project for a higher role", role=role, needed=can
        )

    def need_admin(self) -> None:
        if not self.admin:
            raise Forbidden("only a platform admin may do this")

    def may_create_projects(self) -> bool:
        """Admins, and whoever has more than a guest's role somewhere; workloads never."""
        return self.admin or (self.kind != "workload" and any(role is not Role.GUEST for role in self.roles.values()))

    def sees(self) -> frozenset[str] | None:
        """The projects whose things it may read; None means all of them."""
        return None if self.admin else frozenset(self.roles)


SYSTEM = Actor(id="system", name="wardian", admin=True)
"""The platform itself, where nobody in particular acts."""


class User(Model):
    id: str
    name: str
    admin: bool = False
    disabled: bool = False
    created_at: datetime


class Member(Model):
    """A user in a project."""

    user: str
    name: str
    role: Role
    since: datetime


class Key(Model):
    """An access key; its secret is shown once, when it is made."""

    id: str
    access: str
    name: str
    user: str
    user_name: str
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None


class NewSecret(Model):
    """The only answer that ever holds a secret."""

    key: Key
    access: str
    secret: str
    token: str
    """`access.secret`, for `Authorization: Bearer`."""


class SessionInfo(Model):
    """Who is signed in, and the token that writes by cookie must bring in `X-CSRF-Token`."""

    user: User
    csrf: str
    roles: dict[str, Role]
    """By project id."""
    may_create_projects: bool
