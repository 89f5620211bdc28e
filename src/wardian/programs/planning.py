"""From a program and the values of one run to the plan its runner follows. Pure."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from wardian.programs import durations
from wardian.programs.contents import Contents
from wardian.programs.manifest import Environment, Manifest, Step
from wardian.programs.models import AttachedData
from wardian.programs.notebook import NotebookStep
from wardian.runner.plan import FOLDER, CellText, Plan, PlannedStep, Pointer

_DATA = f"{FOLDER}/data"


def plan_of(contents: Contents, environment_key: str) -> Plan:
    """The plan of a run with nothing overridden; `values_of` fills them in."""
    manifest = contents.manifest
    steps: list[PlannedStep] = []
    for step in manifest.ordered():
        if step.notebook:
            split = contents.splits[step.name]
            inner = [_notebook_step(manifest, step, one, len(split.steps)) for one in split.steps]
            steps += [*inner[:-1], replace(inner[-1], outputs=list(step.outputs))]
        else:
            steps.append(_command_step(manifest, step))
    notebooks = [step.notebook for step in manifest.steps if step.notebook]
    return Plan(
        program=manifest.name,
        version=manifest.version,
        steps=steps,
        data=[Pointer(one.name, one.uri, dict(one.environments)) for one in manifest.data],
        data_environment=manifest.data_environment,
        environment_key=environment_key,
        memory_limit=manifest.serialisation_memory_limit,
        same_config=contents.same_config,
        descriptions=sorted({contents.described_by, "same.yaml", *notebooks}),
        warnings=list(contents.warnings),
    )


def _command_step(manifest: Manifest, step: Step) -> PlannedStep:
    command = ["python", step.script] if step.script else step.command or []
    return PlannedStep(
        name=step.name,
        kind="command",
        command=shlex.split(command) if isinstance(command, str) else list(command),
        cache_s=durations.seconds_of(step.cache),
        environment=step.environment,
        image=manifest.environment_of(step).image,
        inputs=list(step.inputs),
        outputs=list(step.outputs),
    )


def _notebook_step(manifest: Manifest, step: Step, one: NotebookStep, count: int) -> PlannedStep:
    """Tags of the notebook stand above what the manifest says for all of it."""
    alone = count == 1 and one.number == 0 and step.name != "notebook"
    name = step.name if alone else one.name if step.name == "notebook" else f"{step.name}.{one.name}"
    environment = one.environment if one.environment != "default" else step.environment
    cache = one.cache if one.cache != "P0D" else step.cache
    return PlannedStep(
        name=name,
        kind="notebook",
        cells=[CellText(cell.index, cell.source) for cell in one.cells],
        notebook=step.notebook or "",
        chain=step.name,
        cache_s=durations.seconds_of(cache),
        environment=environment,
        image=_environment(manifest, environment).image,
        inputs=list(step.inputs),
        tags=list(one.tags),
    )


def _environment(manifest: Manifest, name: str) -> Environment:
    return manifest.environment if name == "default" else manifest.environments[name]


def values_of(plan: Plan, parameters: Mapping[str, Any], given: Iterable[str], data_environment: str | None) -> Plan:
    """The plan of one run."""
    return replace(
        plan,
        parameters=dict(parameters),
        given=sorted(given),
        data_environment=data_environment or plan.data_environment,
    )


def with_data(plan: Plan, attached: Mapping[str, AttachedData]) -> Plan:
    """Pointers whose files came with an import point into the run's folder."""
    moved = [
        replace(one, uri=_place(one.name, attached[one.name])) if one.name in attached else one for one in plan.data
    ]
    return replace(plan, data=moved)


def data_files(attached: Mapping[str, AttachedData]) -> dict[str, str]:
    """Where in the run's folder each attached file goes."""
    return {
        f"{_DATA}/{name}/{path}": object_hash
        for name, one in attached.items()
        for path, object_hash in one.files.items()
    }


def _place(name: str, one: AttachedData) -> str:
    folder = f"{_DATA}/{name}"
    return folder if one.is_folder else f"{folder}/{next(iter(one.files))}"
