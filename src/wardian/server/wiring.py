"""What is built from what. Only this module knows every feature."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from fastapi import APIRouter

from wardian.events.bus import Bus
from wardian.events.reconcile import Sealer
from wardian.identity import api as identity_api
from wardian.identity.attempts import Attempts
from wardian.identity.reconcile import KeyUse
from wardian.kernel.settings import Settings
from wardian.programs import api as programs_api
from wardian.programs import service as programs
from wardian.projects import api as projects_api
from wardian.registry import api as registry_api
from wardian.registry import service as registry
from wardian.server import health, trail
from wardian.serving import api as serving_api
from wardian.serving import rollout
from wardian.serving.inference import Inference
from wardian.serving.reconcile import Refresh, Rollouts, TrafficWriter
from wardian.storage.blobs import Blobs, open_blobs
from wardian.storage.cas import Cas
from wardian.storage.reconcile import Sweeper
from wardian.storage.sql import Database
from wardian.tracking import api as tracking_api
from wardian.tracking import reactions as tracking
from wardian.tracking.reconcile import Caretaker
from wardian.workloads import api as workloads_api
from wardian.workloads import service as workloads
from wardian.workloads.executor import Executor
from wardian.workloads.reconcile import Controller as Workloads


class Controller(Protocol):
    """A loop that runs as long as the server does."""

    async def run(self) -> None: ...


@dataclass
class House:
    """Everything that one server process holds open."""

    settings: Settings
    db: Database
    blobs: Blobs
    cas: Cas
    bus: Bus
    attempts: Attempts
    inference: Inference
    """Predictions: plain routes beside those of the API."""
    controllers: list[Controller] = field(default_factory=list[Controller])
    closers: list[Callable[[], Awaitable[None]]] = field(default_factory=list[Callable[[], Awaitable[None]]])
    """Called at shutdown, last first."""


ROUTERS: tuple[APIRouter, ...] = (
    identity_api.router,
    projects_api.router,
    workloads_api.router,
    tracking_api.router,
    registry_api.router,
    serving_api.router,
    programs_api.router,
    programs_api.cache_router,
    trail.router,
    health.router,
)


def reactions(*features: dict[str, Any]) -> dict[str, Sequence[Callable[..., None]]]:
    """Join what features do when something is emitted, lower features first."""
    joined: dict[str, list[Callable[..., None]]] = {}
    for feature in features:
        for verb, reaction in feature.items():
            joined.setdefault(verb, []).append(reaction)
    return dict(joined)


REACTIONS = reactions(
    workloads.REACTIONS, tracking.REACTIONS, registry.REACTIONS, rollout.REACTIONS, programs.REACTIONS
)


def open_house(settings: Settings) -> House:
    """Open database and stores and put the parts together. Migrates nothing, starts nothing."""
    bus = Bus()
    db = Database(settings.database_url, reactions=REACTIONS, publish=bus.publish)
    blobs = open_blobs(settings)
    cas = Cas(db, blobs, _spool(settings))
    house = House(
        settings=settings,
        db=db,
        blobs=blobs,
        cas=cas,
        bus=bus,
        attempts=Attempts(settings.limits.sign_in_failures_per_minute),
        inference=Inference(db),
    )
    house.controllers += [Sealer(db, bus), KeyUse(db, bus), Sweeper(cas), Caretaker(db)]
    inference = house.inference
    house.controllers += [Rollouts(db), Refresh(bus, inference.router), TrafficWriter(db, inference.counts)]
    house.closers.append(inference.close)
    for executor in open_executors(settings, cas):
        house.controllers.append(Workloads(db, bus, executor, url=settings.public_url, poll_s=settings.local.poll_s))
    return house


def open_executors(settings: Settings, cas: Cas) -> list[Executor]:
    """What runs workloads for this process; ours are found as a plugin's would be."""
    wanted = {"local"} if settings.local.enabled else set[str]()
    return [point.load()(settings, cas) for point in entry_points(group="wardian.executors") if point.name in wanted]


def _spool(settings: Settings) -> Path:
    """Uploads are gathered beside the local store, so that keeping them is a rename."""
    return settings.home / "spool"
