"""Projects and actors for tests of services."""

from dataclasses import dataclass

import sqlalchemy as sa

from wardian.events.tables import events
from wardian.identity import service as identity
from wardian.identity.models import SYSTEM, Actor, Role, User
from wardian.identity.tables import members
from wardian.kernel.ids import new_id
from wardian.projects import service as projects
from wardian.projects.models import Project
from wardian.projects.schemas import NewProject
from wardian.storage.sql import Tx


@dataclass
class Make:
    tx: Tx

    def project(self, name: str | None = None) -> Project:
        return projects.create(self.tx, SYSTEM, NewProject(name=name or f"p-{new_id()}"))

    def user(self, name: str | None = None, *, admin: bool = False) -> User:
        return identity.create_user(self.tx, SYSTEM, name or f"u-{new_id()}", "unusable", admin=admin)

    def owner(self, project: Project | str) -> Actor:
        return self._with(project, Role.OWNER)

    def member(self, project: Project | str) -> Actor:
        return self._with(project, Role.MEMBER)

    def guest(self, project: Project | str) -> Actor:
        return self._with(project, Role.GUEST)

    def stranger(self) -> Actor:
        user = self.user()
        return Actor(id=user.id, name=user.name)

    def admin(self) -> Actor:
        user = self.user(admin=True)
        return Actor(id=user.id, name=user.name, admin=True)

    def events(self) -> list[str]:
        """The verbs emitted in this transaction, oldest first, without those of the making itself."""
        made = {"project.created", "user.created"}
        return [verb for verb in self.tx.scalars(sa.select(events.c.verb).order_by(events.c.id)) if verb not in made]

    def _with(self, project: Project | str, role: Role) -> Actor:
        project_id = project if isinstance(project, str) else project.id
        user = self.user()
        self.tx.insert(members, project=project_id, user=user.id, role=role, since=self.tx.now)
        return Actor(id=user.id, name=user.name, roles={project_id: role})
