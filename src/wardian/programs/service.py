"""Use-cases of programs. Every function runs inside one transaction."""

import json
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from wardian.events import service as events
from wardian.events.models import Event
from wardian.identity.models import Actor, Can
from wardian.kernel.errors import Conflict
from wardian.kernel.ids import new_id
from wardian.kernel.paging import Page, PageQuery
from wardian.programs import archive, planning, step_cache, store
from wardian.programs.manifest import Manifest
from wardian.programs.models import AttachedData, Program, Version
from wardian.programs.parameters import settle
from wardian.programs.schemas import NewProgramRun
from wardian.programs.tables import programs as p
from wardian.programs.tables import versions as v
from wardian.runner.plan import PLAN_FILE, Plan
from wardian.storage import references
from wardian.storage.sql import Tx
from wardian.tracking import service as tracking
from wardian.tracking.models import ProgramRef, Run
from wardian.tracking.schemas import NewRun
from wardian.workloads import service as workloads
from wardian.workloads.models import Environment, Resources, Spec, Status
from wardian.workloads.schemas import NewWorkload

RUNNER = ["python", "-m", "wardian.runner.program"]


@dataclass(frozen=True)
class Prepared:
    """A folder that was read and packed, ready to become a version."""

    manifest: Manifest
    hash: str
    digests: dict[str, str]
    plan: Plan
    readme: str
    source: dict[str, str]
    described_by: str
    lock: str | None = None
    python: str | None = None


def listed(tx: Tx, actor: Actor, project: str, query: PageQuery) -> Page[Program]:
    actor.need(Can.READ, project)
    return store.page(tx, project, query)


def get(tx: Tx, actor: Actor, project: str, name: str) -> Program:
    actor.need(Can.READ, project)
    return store.program(tx, project, name)


def get_version(tx: Tx, actor: Actor, project: str, name: str, version: str) -> Version:
    """`latest` is the version that was created last."""
    actor.need(Can.READ, project)
    return store.version_of(store.need_version(tx, project, name, version))


def readme(tx: Tx, actor: Actor, project: str, name: str, version: str) -> str:
    actor.need(Can.READ, project)
    return str(store.need_version(tx, project, name, version).readme)


def same_content(tx: Tx, actor: Actor, project: str, prepared: Prepared) -> Version | None:
    """The version if it is here with just this content, None if it is new; Conflict where the content differs."""
    actor.need(Can.WRITE, project)
    manifest = prepared.manifest
    row = store.version_row(tx, project, manifest.name, manifest.version)
    if row is None or row.version != manifest.version:
        return None
    if row.hash == prepared.hash:
        return store.version_of(row)
    differs = archive.difference(row.digests, prepared.digests)
    raise Conflict(
        f"{manifest.name}:{manifest.version} exists with other content ({differs}); "
        "a version never changes: give this one a new version number",
        program=manifest.name,
        version=manifest.version,
    )


def add_version(tx: Tx, actor: Actor, project: str, prepared: Prepared, code: str) -> Version:
    """Keep a version; its program is made with its first. `code` is the object that was uploaded for it."""
    if (same := same_content(tx, actor, project, prepared)) is not None:
        return same
    name = prepared.manifest.name
    row = {"id": new_id(), "project": project, "name": name, "created_by": actor.name, "created_at": tx.now}
    tx.upsert(p, [row], key=["project", "name"], update=[])
    program = store.program_id(tx, project, name)
    size = references.hold(tx, code)
    tx.insert(
        v,
        id=new_id(),
        program=program,
        version=prepared.manifest.version,
        hash=prepared.hash,
        code=code,
        size=size,
        digests=prepared.digests,
        manifest=prepared.manifest.model_dump(mode="json", by_alias=True),
        plan=asdict(prepared.plan),
        lock=prepared.lock,
        python=prepared.python,
        readme=prepared.readme,
        source=prepared.source,
        described_by=prepared.described_by,
        data={},
        created_by=actor.name,
        created_at=tx.now,
    )
    version = store.version_of(store.need_version(tx, project, name, prepared.manifest.version))
    _say(tx, actor, "created", version)
    return version


def delete(tx: Tx, actor: Actor, project: str, name: str) -> None:
    """With all its versions. Runs of it stay."""
    actor.need(Can.WRITE, project)
    program = store.program(tx, project, name)
    for summary in program.versions:
        _remove(tx, actor, store.need_version(tx, project, program.name, summary.version))
    tx.run(p.delete().where(p.c.id == program.id))


def delete_version(tx: Tx, actor: Actor, project: str, name: str, version: str) -> None:
    """One version; with its last one the program goes too."""
    actor.need(Can.WRITE, project)
    row = store.need_version(tx, project, name, version)
    _remove(tx, actor, row)
    if not store.has_versions(tx, project, row.name):
        tx.run(p.delete().where(p.c.id == row.program))


def attach_data(tx: Tx, actor: Actor, project: str, version: Version, data: dict[str, AttachedData]) -> None:
    """Keep files behind data pointers with a version that has none yet; its content stays what it was."""
    actor.need(Can.WRITE, project)
    row = store.need_version(tx, project, version.program, version.version)
    new = {name: one for name, one in data.items() if name not in row.data}
    for one in new.values():
        for name in one.files.values():
            references.hold(tx, name)
    merged = row.data | {name: one.model_dump(mode="json") for name, one in new.items()}
    tx.run(v.update().where(v.c.id == row.id).values(data=merged))


def plan_run(tx: Tx, actor: Actor, project: str, name: str, version: str, body: NewProgramRun) -> Plan:
    """What a run would do; every unknown or ill-typed parameter is refused here, before anything is written."""
    actor.need(Can.RUN, project)
    row = store.need_version(tx, project, name, version)
    manifest = store.version_of(row).manifest
    values = settle(manifest.parameters, body.parameters)
    plan = planning.with_data(store.plan_of(row), store.version_of(row).data)
    return planning.values_of(plan, values, body.parameters, body.data_environment)


def plan_to_verify(tx: Tx, actor: Actor, project: str, name: str, version: str) -> Plan:
    actor.need(Can.RUN, project)
    row = store.need_version(tx, project, name, version)
    return planning.with_data(store.plan_of(row), store.version_of(row).data)


def start_run(
    tx: Tx, actor: Actor, project: str, version: tuple[str, str], body: NewProgramRun, plan: Plan, plan_object: str
) -> Run:
    """The run's record and the workload that does it, both or neither. `plan_object` holds the plan as JSON."""
    actor.need(Can.RUN, project)
    row = store.need_version(tx, project, *version)
    run_id = new_id()
    name = body.name or f"{row.name} {row.version}"
    spec = spec_of(
        row, plan_object, variables={"WARDIAN_RUN": run_id, "WARDIAN_PARAMETERS": json.dumps(plan.parameters)}
    )
    workload = workloads.create(tx, actor, project, NewWorkload(name=name, spec=spec))
    new = NewRun(
        id=run_id,
        name=name,
        experiment=body.experiment or row.name,
        kind="program",
        params=plan.parameters,
        workload=workload.id,
        program=ProgramRef(name=row.name, version=row.version),
        status=Status.QUEUED,
    )
    return tracking.create(tx, actor, project, new)


def spec_of(row: Any, plan_object: str, *, variables: dict[str, str], resources: Resources | None = None) -> Spec:
    """How a version runs: its code, its environment, and the plan for the runner."""
    wanted = Manifest.model_validate(row.manifest).resources_of_run()
    kind = "inherit" if row.lock is None else "locked"
    return Spec(
        command=RUNNER,
        variables=variables,
        environment=Environment(kind=kind, lock=row.lock, python=row.python),
        code=row.code,
        files={PLAN_FILE: plan_object} | planning.data_files(store.version_of(row).data),
        resources=resources or Resources(cpu=wanted.cpu, memory=wanted.memory, gpu=wanted.gpu),
    )


def _remove(tx: Tx, actor: Actor, row: sa.Row[Any]) -> None:
    for name in store.objects_of(row):
        references.release(tx, name)
    tx.run(v.delete().where(v.c.id == row.id))
    _say(tx, actor, "deleted", store.version_of(row))


def _say(tx: Tx, actor: Actor, what: str, version: Version) -> None:
    events.emit(
        tx,
        actor,
        f"program.{what}",
        noun="program",
        id=version.id,
        project=version.project,
        name=f"{version.program}:{version.version}",
        hash=version.hash,
    )


def _clear_project(tx: Tx, event: Event) -> None:
    """A project goes: let go of what its programs and cached steps held."""
    for name in store.objects_of_project(tx, event.thing):
        references.release(tx, name)
    step_cache.clear_project(tx, event.thing)


REACTIONS = {"project.deleted": _clear_project}
