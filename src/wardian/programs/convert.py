"""From either generation of `same.yaml` to our own manifest. Pure: no file is opened here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from wardian.kernel.errors import Invalid
from wardian.programs.document import Document
from wardian.programs.manifest import DataPointer, Environment, Manifest, Resources, Step
from wardian.programs.parameters import Parameter, ParameterType, type_of
from wardian.programs.same import Newer, NewerDataset, Older, OlderDataset

_LOCAL = "runs in the local interpreter: no environment of this program asks for packages"


@dataclass(frozen=True)
class Converted:
    manifest: Manifest
    warnings: tuple[str, ...]
    requirements_from_imports: bool
    """SAME installs what the cells import, on top of the requirements file."""


def is_older(data: Mapping[str, Any]) -> bool:
    return "pipeline" in data


def from_same(document: Document) -> Converted:
    """Read a same.yaml of either form."""
    data = _with_written_versions(document)
    if is_older(data):
        return _from_older(document, document.read_as(Older, data), data)
    if "notebook" not in data:
        raise Invalid(f"{document.name} has neither `notebook` (newer form) nor `pipeline` (older form)")
    return _from_newer(document, document.read_as(Newer, data))


def from_notebook_metadata(document: Document, path: str) -> Converted:
    """Read the `same_config` of a notebook: its name and path come from the file."""
    stem = PurePosixPath(path).stem
    data = dict(document.data)
    data["notebook"] = {"name": stem, "path": path} | {
        key: value for key, value in dict(data.get("notebook") or {}).items() if key == "requirements"
    }
    data.setdefault("apiVersion", "sameproject.ml/v1alpha1")
    data.setdefault("metadata", {"name": stem, "version": "0.0.0"})
    return _from_newer(document, document.read_as(Newer, data))


def from_bare_notebook(path: str) -> Converted:
    """A notebook that says nothing of itself is a program too, named after its file."""
    manifest = Manifest(
        name=slug(PurePosixPath(path).stem), version="0.0.0", steps=(Step(name="notebook", notebook=path),)
    )
    return Converted(manifest, (_LOCAL,), requirements_from_imports=False)


def slug(name: str) -> str:
    """`Sample Program (2)` → `sample-program-2`: the address of a program with that name."""
    text = re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-._")[:64]
    if not text:
        raise Invalid(f"{name!r} holds no letter or digit to name a program by")
    return text


def version(text: str) -> str:
    """A version as an address: what cannot stand in one becomes `-`."""
    return re.sub(r"[^A-Za-z0-9._+-]+", "-", text).strip("-._+")[:64] or "0.0.0"


def _from_newer(document: Document, same: Newer) -> Converted:
    requirements = same.notebook.requirements
    environments = {
        name: Environment(requirements=requirements, image=one.image_tag) for name, one in same.environments.items()
    }
    warnings = [
        f"environment {name}: image credentials are not kept; give them where the program runs on a cluster"
        for name, one in same.environments.items()
        if one.credentials is not None
    ]
    pointers = [_newer_pointer(name, dataset, warnings) for name, dataset in same.datasets.items()]
    manifest = _manifest(
        document,
        name=same.metadata.name,
        version=same.metadata.version,
        labels=same.metadata.labels,
        sha=same.metadata.sha or (same.run.sha if same.run else ""),
        description=same.notebook.name,
        parameters=same.run.parameters if same.run else {},
        environment=environments.pop("default", Environment(requirements=requirements)),
        environments=environments,
        step=Step(name="notebook", notebook=_path(document, ("notebook", "path"), same.notebook.path)),
        data=[pointer for pointer in pointers if pointer],
        options=same.runtime_options,
    )
    return Converted(manifest, tuple(_with_local(manifest, warnings)), requirements is not None)


def _from_older(document: Document, same: Older, data: Mapping[str, Any]) -> Converted:
    package = same.pipeline.package
    if package.endswith(".zip"):
        raise document.error(
            ("pipeline", "package"),
            f"{package} is a compiled pipeline: send it through the Kubeflow Pipelines API instead",
        )
    warnings = [f"{document.name}: dropped the unknown field {key!r}" for key in _unknown(Older, data)]
    for key in ("bases", "envfiles"):
        if getattr(same, key):
            warnings.append(f"{document.name}: {key} are kept in the program and not applied")
    packages = {name: _requirements(one.packages) for name, one in same.environments.items()}
    environments = {
        name: Environment(requirements=packages[name], image=one.image_tag) for name, one in same.environments.items()
    }
    pointers = [_older_pointer(dataset, warnings) for dataset in same.datasets]
    cores, gpus = same.resources.cores, same.resources.gpus
    manifest = _manifest(
        document,
        name=same.metadata.name,
        version=same.metadata.version,
        labels=same.metadata.labels,
        sha=same.metadata.sha or same.run.sha,
        description=same.pipeline.description or same.pipeline.name,
        parameters=same.run.parameters,
        environment=environments.pop("default", Environment()),
        environments=environments,
        step=Step(name="notebook", notebook=_path(document, ("pipeline", "package"), package)),
        data=[pointer for pointer in pointers if pointer],
        options=same.runtime_options,
        resources=Resources(cpu=max(cores.required, cores.requested, 1), gpu=gpus.per_machine),
    )
    return Converted(manifest, tuple(_with_local(manifest, warnings)), requirements_from_imports=any(packages.values()))


def _manifest(
    document: Document,
    *,
    sha: str,
    step: Step,
    parameters: Mapping[str, Any],
    options: Mapping[str, Any],
    name: str,
    **fields: Any,
) -> Manifest:
    fields["version"] = version(fields["version"])
    fields["labels"] = dict(fields["labels"]) | ({"sha": sha} if sha else {})
    if "same_env" in options:
        fields["data_environment"] = str(options["same_env"])
    if "serialisation_memory_limit" in options:
        fields["serialisation_memory_limit"] = options["serialisation_memory_limit"]
    data = {"name": slug(name), "parameters": _parameters(document, parameters), "steps": (step,), **fields}
    return document.read_as(Manifest, data)


def _parameters(document: Document, values: Mapping[str, Any]) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for name, value in values.items():
        if not name.isidentifier():
            raise document.error(("run", "parameters", name), f"{name!r} cannot be a variable of the code")
        kind = type_of(value)
        kind = ParameterType.NUMBER if kind in (ParameterType.INT, ParameterType.FLOAT) else kind
        found[name] = Parameter(type=kind, default=value)
    return found


def _newer_pointer(name: str, dataset: NewerDataset, warnings: list[str]) -> DataPointer | None:
    others = dict(dataset.environments)
    uri = others.pop("default", None)
    if uri is None:
        warnings.append(f"dataset {name} says nowhere where its data lies")
        return None
    return DataPointer(name=name, uri=uri, environments=others, schema=dataset.schema_uri)


def _older_pointer(dataset: OlderDataset, warnings: list[str]) -> DataPointer | None:
    others = dict(dataset.environments)
    uri = dataset.url or others.pop("default", None)
    if uri is None:
        warnings.append(f"dataset {dataset.name} says nowhere where its data lies")
        return None
    return DataPointer(name=dataset.name, uri=uri, environments=others, schema=dataset.schema_uri)


def _path(document: Document, at: tuple[str, ...], path: str) -> str:
    clean = str(PurePosixPath(path))
    if not clean.endswith((".ipynb", ".py")):
        raise document.error(at, f"{path} must be a notebook (.ipynb) or a script (.py)")
    return clean


def _requirements(packages: list[str]) -> list[str] | None:
    return list(packages) or None


def _with_local(manifest: Manifest, warnings: list[str]) -> list[str]:
    """Where no packages are asked for, say in the record that the local interpreter runs the program."""
    return [*warnings, _LOCAL] if manifest.environment.inherits else warnings


def _unknown(form: type[Older], data: Mapping[str, Any]) -> list[str]:
    known: set[str] = {"dataSets", "datasets"}
    for name, field in form.model_fields.items():
        known |= {name, field.alias or name}
    return [key for key in data if key not in known]


def _with_written_versions(document: Document) -> dict[str, Any]:
    """Versions as the file spells them: to YAML `1.10` is the float 1.1."""
    data = dict(document.data)
    if isinstance(data.get("metadata"), dict) and ("metadata", "version") in document.texts:
        data["metadata"] = {**data["metadata"], "version": document.texts["metadata", "version"]}
    return data
