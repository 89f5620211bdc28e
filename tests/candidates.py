"""What a run would have put out as a model, for tests of the registry and of serving."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from wardian.identity.models import Actor
from wardian.kernel.ids import new_id
from wardian.projects.models import Project
from wardian.registry import service
from wardian.registry.models import MANIFEST, Candidate, Manifest, ModelFile, ModelVersion
from wardian.registry.schemas import NewVersion
from wardian.server.wiring import House
from wardian.storage import references
from wardian.storage.cas import Cas
from wardian.storage.sql import Tx
from wardian.workloads.models import Environment


def stored_candidate(house: House, files: Mapping[str, bytes], **more: object) -> Candidate:
    """Keep the files as a run's artifacts would be kept, and read them as a model."""
    return asyncio.run(_stored(house.cas, files, more))


def candidate(tx: Tx, files: Sequence[str] = ("model.json", "model.pkl"), **more: object) -> Candidate:
    """A candidate whose files only seem to be stored: for tests within one transaction."""
    kept = {path: ModelFile(hash=new_id() * 2, size=100) for path in files}
    for file in kept.values():
        references.pin(tx, file.hash, file.size)
        references.stored(tx, file.hash)
    manifest = Manifest(flavour="sklearn", file="model.pkl")
    given: dict[str, Any] = {"run": new_id(), "environment": Environment(), "metrics": {}, "manifest": manifest, **more}
    return Candidate(path="model", files=kept, **given)


def registered(
    tx: Tx, actor: Actor, project: Project, model: str = "digits", version: str | None = None
) -> ModelVersion:
    """A version in the registry."""
    made = candidate(tx)
    body = NewVersion(run=made.run, path=made.path, version=version)
    return service.register(tx, actor, project.id, model, body, made)


async def _stored(cas: Cas, files: Mapping[str, bytes], more: Mapping[str, object]) -> Candidate:
    kept = {path: await cas.put(data) for path, data in files.items()}
    given: dict[str, Any] = {
        "run": new_id(),
        "path": "model",
        "environment": Environment(),
        "metrics": {"accuracy": 0.9},
        **more,
    }
    return Candidate(
        files={path: ModelFile(hash=stored.hash, size=stored.size) for path, stored in kept.items()},
        manifest=Manifest.parse(files[MANIFEST], MANIFEST),
        **given,
    )
