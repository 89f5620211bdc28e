"""A whole platform running in this process, for tests through HTTP."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2
import uvicorn

from wardian.identity import secrets, service
from wardian.identity.models import SYSTEM, NewSecret, Role
from wardian.identity.schemas import NewKey
from wardian.kernel.ids import new_id
from wardian.kernel.settings import Settings
from wardian.projects import service as projects
from wardian.projects.models import Project
from wardian.projects.schemas import NewProject
from wardian.server.app import create_app
from wardian.server.startup import listen
from wardian.server.wiring import House, open_house
from wardian.storage import migrations

DEADLINE_S = 30


@dataclass
class Platform:
    """A running server with an admin and the project `demo`."""

    url: str
    house: House
    project: Project
    admin: NewSecret

    def client(self, key: NewSecret | None = None, **options: object) -> httpx2.Client:
        """An HTTP client signed in with the key (the admin's by default)."""
        held = key or self.admin
        return httpx2.Client(base_url=self.url, auth=(held.access, held.secret), timeout=DEADLINE_S, **options)

    def anonymous(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, timeout=DEADLINE_S)

    def user(self, role: Role | None = None, *, password: str = "correct-horse") -> NewSecret:
        """A fresh user's key; with `role` in the project `demo`, else a stranger there."""
        kept = secrets.hash_password(password)
        user = self.house.db.write_now(service.create_user, SYSTEM, f"u-{new_id()}", kept, admin=False)
        if role is not None:
            self.house.db.write_now(service.set_member, SYSTEM, self.project.id, user.id, role)
        actor = SYSTEM.model_copy(update={"id": user.id, "name": user.name, "admin": False})
        return self.house.db.write_now(service.create_key, actor, NewKey(name="test"))

    def wait_for_seal(self) -> None:
        """Until every emitted event has its place in the trail."""
        from wardian.events import service as events  # noqa: PLC0415 - one use

        wait_until(lambda: self.house.db.write_now(events.seal, 1) == 0)


def wait_until(condition: object, deadline_s: float = DEADLINE_S) -> None:
    """Until the callable gives something true; AssertionError at the deadline."""
    end = time.monotonic() + deadline_s
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, f"{condition} did not hold within {deadline_s} s"
        time.sleep(0.02)


@contextmanager
def running_platform(settings: Settings) -> Iterator[Platform]:
    settings.home.mkdir(parents=True, exist_ok=True)
    listener = listen(settings.host, settings.port)
    port = listener.getsockname()[1]
    house = open_house(settings.model_copy(update={"port": port}))
    migrations.migrate(house.db)
    admin = house.db.write_now(service.ensure_admin, "admin", secrets.hash_password("admin-password"))
    assert admin is not None
    actor = SYSTEM.model_copy(update={"id": admin.id, "name": admin.name})
    project = house.db.write_now(projects.create, actor, NewProject(name="demo"))
    key = house.db.write_now(service.create_key, actor, NewKey(name="test"))
    config = uvicorn.Config(create_app(house), log_level="warning", lifespan="on", timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])), daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    try:
        yield Platform(url=f"http://{settings.host}:{port}", house=house, project=project, admin=key)
    finally:
        server.should_exit = True
        thread.join(DEADLINE_S)
        listener.close()
