"""From a run's artifacts to a model version: load what there is, read the manifest, keep it."""

import math
from dataclasses import dataclass

from wardian.identity.models import Actor, Can
from wardian.kernel.errors import Invalid, NotFound
from wardian.registry import service
from wardian.registry.models import INHERIT, MANIFEST, Candidate, Manifest, ModelFile, ModelVersion
from wardian.registry.schemas import NewVersion
from wardian.storage.cas import Cas
from wardian.storage.sql import Database, Tx
from wardian.tracking import artifacts
from wardian.tracking import service as tracking
from wardian.tracking.models import Run
from wardian.tracking.schemas import ArtifactQuery, Thing
from wardian.workloads import service as workloads
from wardian.workloads.models import Environment

MANIFEST_BYTES = 8 * 1024 * 1024
MOST_FILES = 5000


@dataclass(frozen=True)
class Found:
    run: Run
    files: dict[str, ModelFile]
    environment: Environment
    """In which the run itself ran."""


async def register(
    db: Database, cas: Cas, actor: Actor, project: str, model: str, body: NewVersion
) -> ModelVersion:  # fmt: skip
    """Make a version of the folder `body.path` of a run's artifacts, which holds a `model.json`."""
    body = body.model_copy(update={"path": body.path.strip("/")})
    found = await db.read(find, actor, project, body)
    where = f"{body.path}/{MANIFEST}".lstrip("/")
    manifest = Manifest.parse(await cas.get(found.files[MANIFEST].hash), where)
    if manifest.file not in found.files:
        raise Invalid(f"{where} names the file {manifest.file!r}, which is not among the artifacts", path=where)
    candidate = Candidate(
        run=found.run.id,
        path=body.path,
        files=found.files,
        manifest=manifest,
        environment=_environment(manifest, found.environment),
        metrics={key: _finite(metric.last) for key, metric in found.run.metrics.items()},
    )
    return await db.write(keep, actor, project, model, body, candidate)


def find(tx: Tx, actor: Actor, project: str, body: NewVersion) -> Found:
    """The files that are to become a version."""
    actor.need(Can.WRITE, project)
    run = tracking.get(tx, actor, project, body.run)
    folder = f"{body.path}/" if body.path else ""
    files: dict[str, ModelFile] = {}
    query = ArtifactQuery(prefix=folder, limit=1000)
    while True:
        page = artifacts.listed(tx, actor, project, run.id, query)
        for artifact in page.items:
            files[artifact.path.removeprefix(folder)] = ModelFile(hash=artifact.hash, size=artifact.size)
        if len(files) > MOST_FILES:
            raise Invalid(f"{body.path!r} of run {run.id} has more than {MOST_FILES} files; a model has fewer")
        if page.next is None:
            break
        query = query.model_copy(update={"cursor": page.next})
    if MANIFEST not in files:
        raise Invalid(
            f"run {run.id} has no {folder}{MANIFEST}, so {body.path!r} is no model; "
            "write it with `run.log_model(path, model)`",
            run=run.id,
            path=body.path,
        )
    if files[MANIFEST].size > MANIFEST_BYTES:
        raise Invalid(f"{folder}{MANIFEST} is longer than {MANIFEST_BYTES} bytes, which no manifest is", path=body.path)
    return Found(run=run, files=files, environment=_of_workload(tx, actor, run))


def keep(tx: Tx, actor: Actor, project: str, model: str, body: NewVersion, candidate: Candidate) -> ModelVersion:
    """Make the version, and note with the run what came out of it."""
    version = service.register(tx, actor, project, model, body, candidate)
    tracking.link(tx, candidate.run, "output", [Thing(kind="model", name=version.model, version=version.version)])
    return version


def _of_workload(tx: Tx, actor: Actor, run: Run) -> Environment:
    if run.workload is None:
        return Environment()
    try:
        return workloads.get(tx, actor, run.workload).spec.environment
    except NotFound:  # the workload has been deleted since
        return Environment()


def _environment(manifest: Manifest, of_run: Environment) -> Environment:
    """The model's own lock; without one, the environment in which it was trained."""
    if manifest.environment == INHERIT:
        return of_run
    return Environment(kind="locked", lock=manifest.environment, python=manifest.python)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
