"""Use-cases of the registry. Every function runs inside one transaction."""

import json

from wardian.events import service as events
from wardian.events.models import Event
from wardian.identity.models import Actor, Can
from wardian.kernel.errors import Conflict, NotFound
from wardian.kernel.ids import new_id
from wardian.kernel.paging import Page, PageQuery
from wardian.kernel.refs import VersionRef
from wardian.registry import store
from wardian.registry.models import Candidate, ModelVersion, RegisteredModel, Servable
from wardian.registry.schemas import ModelChange, NewModel, NewVersion
from wardian.registry.tables import aliases, files, models, versions
from wardian.storage import references
from wardian.storage.sql import Tx

EXAMPLE_BYTES = 16 * 1024
"""Larger examples stay in the model's folder only."""


def create(tx: Tx, actor: Actor, project: str, body: NewModel) -> RegisteredModel:
    actor.need(Can.WRITE, project)
    if store.model_row(tx, project, body.name):
        raise Conflict(f"a model {body.name!r} exists already in this project", name=body.name)
    model_id = new_id()
    tx.insert(models, id=model_id, project=project, created_by=actor.name, created_at=tx.now, **body.model_dump())
    events.emit(tx, actor, "model.created", noun="model", id=model_id, project=project, name=body.name)
    return get(tx, actor, project, body.name)


def get(tx: Tx, actor: Actor, project: str, name: str) -> RegisteredModel:
    actor.need(Can.READ, project)
    found = store.find_model(tx, project, name)
    if found is None:
        raise NotFound("model", name)
    return found


def listed(tx: Tx, actor: Actor, project: str, page: PageQuery) -> Page[RegisteredModel]:
    actor.need(Can.READ, project)
    return store.page_of_models(tx, project, page)


def change(tx: Tx, actor: Actor, project: str, name: str, body: ModelChange) -> RegisteredModel:
    model = get(tx, actor, project, name)
    actor.need(Can.WRITE, project)
    changes = body.model_dump(exclude_none=True)
    if changes:
        tx.run(models.update().where(models.c.id == model.id).values(**changes))
        events.emit(tx, actor, "model.changed", noun="model", id=model.id, project=project, name=name, changes=changes)
    return get(tx, actor, project, name)


def delete(tx: Tx, actor: Actor, project: str, name: str) -> None:
    """With all its versions. Refused while one of them is served."""
    model = get(tx, actor, project, name)
    actor.need(Can.WRITE, project)
    events.emit(tx, actor, "model.deleted", noun="model", id=model.id, project=project, name=name)
    for object_hash, times in store.held(tx, models.c.id == model.id).items():
        references.release(tx, object_hash, times)
    tx.run(models.delete().where(models.c.id == model.id))


def register(tx: Tx, actor: Actor, project: str, name: str, body: NewVersion, candidate: Candidate) -> ModelVersion:
    """Make a version of what a run put out; the model is made when it is not there."""
    actor.need(Can.WRITE, project)
    model = store.model_row(tx, project, name)
    if model is None:
        create(tx, actor, project, NewModel(name=name))
        model = store.model_row(tx, project, name)
        assert model is not None  # noqa: S101 - made one line above
    number = model.counter + 1
    if body.version is not None and store.find_version(tx, model.id, body.version):
        raise Conflict(
            f"model {name} has a version {body.version!r} already, and versions never change; choose another name",
            model=name,
            version=body.version,
        )
    version_id, version = new_id(), body.version or _counted_name(tx, model.id, number)
    manifest = candidate.manifest
    tx.run(models.update().where(models.c.id == model.id).values(counter=number))
    tx.insert(
        versions,
        id=version_id,
        model=model.id,
        number=number,
        name=version,
        run=candidate.run,
        path=candidate.path,
        flavour=manifest.flavour,
        signature=manifest.signature.model_dump(),
        example=manifest.example if len(json.dumps(manifest.example)) <= EXAMPLE_BYTES else None,
        environment=candidate.environment.model_dump(mode="json"),
        metrics=candidate.metrics,
        size=sum(file.size for file in candidate.files.values()),
        notes=body.notes,
        created_by=actor.name,
        created_at=tx.now,
    )
    for path, file in candidate.files.items():
        references.hold(tx, file.hash, pinned=False)
        tx.insert(files, version=version_id, path=path, hash=file.hash)
    events.emit(
        tx, actor, "model.registered", noun="model", id=model.id, project=project, name=f"{name}:{version}",
        model=name, version=version, run=candidate.run, path=candidate.path,
    )  # fmt: skip
    return get_version(tx, actor, project, name, version)


def get_version(tx: Tx, actor: Actor, project: str, name: str, version: str) -> ModelVersion:
    found = store.find_version(tx, get(tx, actor, project, name).id, version)
    if found is None:
        raise NotFound("model version", f"{name}:{version}")
    return found


def resolve(tx: Tx, actor: Actor, project: str, text: str) -> ModelVersion:
    """The version that `NAME`, `NAME:VERSION` or `NAME@ALIAS` means now; a bare name means the newest."""
    ref = VersionRef.parse(text)
    model = get(tx, actor, project, ref.name)
    if ref.alias is not None:
        found = store.version_by_alias(tx, model.id, ref.alias)
    else:
        found = store.find_version(tx, model.id, ref.version)
    if found is None:
        raise NotFound("model version", str(ref))
    return found


def servable(tx: Tx, version_id: str) -> Servable | None:
    """What serving needs of a version; None when it has been deleted. Whoever asks has checked the right."""
    return store.servable(tx, version_id)


def list_versions(tx: Tx, actor: Actor, project: str, name: str, page: PageQuery) -> Page[ModelVersion]:
    return store.page_of_versions(tx, get(tx, actor, project, name).id, page)


def change_notes(tx: Tx, actor: Actor, project: str, name: str, version: str, notes: str) -> ModelVersion:
    before = get_version(tx, actor, project, name, version)
    actor.need(Can.WRITE, project)
    tx.run(versions.update().where(versions.c.id == before.id).values(notes=notes))
    _say(tx, actor, "model.version-changed", before, notes=notes)
    return before.model_copy(update={"notes": notes})


def delete_version(tx: Tx, actor: Actor, project: str, name: str, version: str) -> None:
    """Refused while it is served. Aliases that point at it go with it."""
    found = get_version(tx, actor, project, name, version)
    actor.need(Can.WRITE, project)
    _say(tx, actor, "model.version-deleted", found, version_id=found.id)
    for object_hash, times in store.held(tx, versions.c.id == found.id).items():
        references.release(tx, object_hash, times)
    tx.run(versions.delete().where(versions.c.id == found.id))


def set_alias(tx: Tx, actor: Actor, project: str, name: str, alias: str, version: str) -> RegisteredModel:
    """Point the alias at a version, from wherever it pointed."""
    target = get_version(tx, actor, project, name, version)
    actor.need(Can.WRITE, project)
    model = get(tx, actor, project, name)
    before = model.aliases.get(alias)
    if before != version:
        row = {"model": model.id, "name": alias, "version": target.id}
        tx.upsert(aliases, [row], key=["model", "name"], update=["version"])
        _say(tx, actor, "model.alias-moved", target, alias=alias, before=before)
    return get(tx, actor, project, name)


def delete_alias(tx: Tx, actor: Actor, project: str, name: str, alias: str) -> None:
    model = get(tx, actor, project, name)
    actor.need(Can.WRITE, project)
    if alias not in model.aliases:
        raise NotFound("alias", f"{name}@{alias}")
    pointed = get_version(tx, actor, project, name, model.aliases[alias])
    tx.run(aliases.delete().where(aliases.c.model == model.id, aliases.c.name == alias))
    _say(tx, actor, "model.alias-removed", pointed, alias=alias)


def _counted_name(tx: Tx, model_id: str, number: int) -> str:
    """The next number that no version is called yet: names may have been chosen that look like numbers."""
    while store.find_version(tx, model_id, str(number)):
        number += 1
    return str(number)


def _say(tx: Tx, actor: Actor, verb: str, version: ModelVersion, **detail: object) -> None:
    model = store.model_row(tx, version.project, version.model)
    assert model is not None  # noqa: S101 - the version is of this model
    name = f"{version.model}:{version.version}"
    more = {"model": version.model, "version": version.version, **detail}
    events.emit(tx, actor, verb, noun="model", id=model.id, project=version.project, name=name, **more)


def _project_deleted(tx: Tx, event: Event) -> None:
    for object_hash, times in store.held(tx, models.c.project == event.thing).items():
        references.release(tx, object_hash, times)


REACTIONS = {"project.deleted": _project_deleted}
