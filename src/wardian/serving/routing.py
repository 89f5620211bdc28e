"""Who may predict, and where a prediction goes, known without asking the database each time.

Both memories are dropped whenever anything happens on the platform (this process hears of it at once), and after a
second in any case, so that what another process changed takes effect, too.
"""

import time
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from wardian.identity import doors
from wardian.identity.doors import Credentials
from wardian.identity.models import Actor, Can
from wardian.kernel.errors import Conflict, NotFound
from wardian.serving import store
from wardian.serving.models import Route
from wardian.storage.sql import Database

MEMORY_S = 1.0
_MOST = 10_000
K = TypeVar("K")
V = TypeVar("V")


@dataclass
class _Memory(Generic[K, V]):
    kept: dict[K, tuple[float, V]] = field(default_factory=dict[K, tuple[float, V]])

    def get(self, key: K) -> V | None:
        found = self.kept.get(key)
        return found[1] if found is not None and found[0] > time.monotonic() else None

    def put(self, key: K, value: V) -> None:
        if len(self.kept) >= _MOST:
            self.kept.clear()
        self.kept[key] = (time.monotonic() + MEMORY_S, value)


class Router:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._actors = _Memory[tuple[Credentials, bool], Actor]()
        self._routes = _Memory[str, list[Route]]()

    def forget(self) -> None:
        """Something happened: ask the database again. Answers under way go into the old memories."""
        self._actors = _Memory[tuple[Credentials, bool], Actor]()
        self._routes = _Memory[str, list[Route]]()

    async def actor(self, given: Credentials, *, writes: bool) -> Actor:
        """Who this is; as `identity.doors.authenticate`."""
        memory = self._actors
        known = memory.get((given, writes))
        if known is None:
            known = await self._db.read(doors.authenticate, given, writes=writes)
            memory.put((given, writes), known)
        return known

    async def route(self, actor: Actor, project: str | None, name: str) -> Route:
        """The deployment of this name that the actor may read, in the project (id or name) where one is given."""
        memory = self._routes
        routes = memory.get(name)
        if routes is None:
            routes = await self._db.read(store.routes_named, name)
            if routes:
                memory.put(name, routes)
        seen = [
            route
            for route in routes
            if actor.may(Can.READ, route.project) and project in (None, route.project, route.project_name)
        ]
        if not seen:
            raise NotFound("deployment", name)
        if len(seen) > 1:
            paths = ", ".join(f"/api/v1/projects/{route.project_name}/v2/models/{name}" for route in seen[:5])
            raise Conflict(f"several projects have a deployment {name!r}; say which one by its path: {paths}")
        return seen[0]
