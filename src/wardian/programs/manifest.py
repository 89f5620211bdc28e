"""The nouns of `wardian.yaml`: what a program is made of, and in which order its steps run."""

import difflib
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from wardian.kernel.models import Model
from wardian.kernel.names import Slug, Text, VersionName
from wardian.programs import durations
from wardian.programs.document import Document
from wardian.programs.parameters import Parameter
from wardian.runner.plan import ALL_PARAMETERS, PLACEHOLDER

INHERIT: Literal["inherit"] = "inherit"
_UNITS = {
    **{unit: 1000**power for power, unit in enumerate(("", "k", "m", "g", "t"))},
    **{unit: 1024**power for power, unit in enumerate(("i", "ki", "mi", "gi", "ti"))},
}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?", re.IGNORECASE)


def bytes_of(size: Any) -> Any:
    """`2 GiB`, `512Mi`, `1.5G` or a number of bytes."""
    if not isinstance(size, str):
        return size
    found = _SIZE.fullmatch(size.strip())
    if found is None or found[2].lower() not in _UNITS:
        raise ValueError(f"{size!r} is not a size such as 2 GiB, 512Mi or a number of bytes")
    return int(float(found[1]) * _UNITS[found[2].lower()])


def _inside(path: str) -> str:
    """Every path of a manifest lies inside the program's folder."""
    parts = PurePosixPath(path)
    if not path or parts.is_absolute() or ".." in parts.parts or "\\" in path or "\x00" in path:
        raise ValueError(f"{path!r} must be a path inside the program's folder, with forward slashes")
    return str(parts)


def _duration(text: str) -> str:
    durations.seconds_of(text)
    return text


def _text(value: Any) -> Any:
    """`version: 1.0` is a float to YAML and a version to people."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


StepName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$")]
ParameterName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]{0,63}$")]
InnerPath = Annotated[str, AfterValidator(_inside)]
Size = Annotated[int, BeforeValidator(bytes_of), Field(ge=0)]
Duration = Annotated[str, AfterValidator(_duration)]
Version = Annotated[VersionName, BeforeValidator(_text)]


class _Aliased(Model):
    """Fields may be written by their own name or by the name the file uses."""

    model_config = ConfigDict(populate_by_name=True)


class Resources(Model):
    cpu: float = Field(default=1, ge=0, le=4096, description="Cores.")
    memory: Size = Field(default=0, description="Bytes, or text such as 2 GiB. 0 reserves none.")
    gpu: int = Field(default=0, ge=0, le=1024)


class Environment(Model):
    """What the code needs installed. With neither requirements nor python it is the platform's own interpreter."""

    python: Annotated[str, BeforeValidator(_text), Field(pattern=r"^\d+(\.\d+){1,2}$")] | None = None
    requirements: InnerPath | list[str] | None = Field(
        default=None, description="A requirements file in the folder, or the requirements themselves."
    )
    image: str | None = Field(default=None, description="Container image, used on a cluster and kept elsewhere.")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        return {} if data == INHERIT else data

    @property
    def inherits(self) -> bool:
        return self.requirements is None and self.python is None


class Step(Model):
    """One part of a program, run in its own process in the run's folder. It has a command, a script or a notebook."""

    name: StepName
    command: str | list[str] | None = Field(
        default=None,
        description="Words of a command; {name} stands for a parameter, {parameters} for --name value of all of them.",
    )
    script: InnerPath | None = Field(default=None, description="A Python file, run by the interpreter of the run.")
    notebook: InnerPath | None = Field(
        default=None, description="A .ipynb or a light-format script; its tagged cells become steps of their own."
    )
    needs: tuple[StepName, ...] = ()
    inputs: tuple[InnerPath, ...] = Field(
        default=(), description="What a cached step depends on; the whole folder if none."
    )
    outputs: tuple[InnerPath, ...] = Field(
        default=(), description="Files kept as artifacts of the run when the step ends."
    )
    resources: Resources | None = None
    cache: Duration = Field(default="P0D", description="ISO 8601: how long an equal step's result may be reused.")
    environment: str = "default"

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(kind is not None for kind in (self.command, self.script, self.notebook)) != 1:
            raise ValueError(f"step {self.name} needs exactly one of command, script and notebook")
        return self


class DataPointer(_Aliased):
    """Where data lies. The data itself stays there."""

    name: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_. -]{0,127}$")
    uri: str = Field(description="A path in the folder, or a file, http(s), s3, ipfs or repo address.")
    environments: dict[str, str] = Field(default={}, description="Other addresses by name, as PROD: s3://bucket/x.")
    schema_uri: str | None = Field(default=None, alias="schema")

    def address(self, environment: str) -> str:
        return self.environments.get(environment, self.uri)


class Serve(Model):
    path: InnerPath = Field(description="Artifact path of the model that a run logs, as given to log_model.")
    name: Slug | None = None


class Manifest(_Aliased):
    """A program, whatever file described it."""

    name: Slug
    version: Version
    description: Text = ""
    labels: dict[str, str] = Field(default={})
    parameters: dict[ParameterName, Parameter] = Field(default={})
    environment: Environment = Field(default=Environment())
    environments: dict[str, Environment] = Field(default={}, description="Further environments that steps may name.")
    resources: Resources = Field(default=Resources(), description="For every step that names none.")
    steps: tuple[Step, ...] = Field(min_length=1)
    data: tuple[DataPointer, ...] = ()
    serve: Serve | None = None
    data_environment: str = Field(default="default", description="Which addresses of the data a run uses.")
    serialisation_memory_limit: Size = Field(
        default=512 * 1024**2,
        description="A notebook variable of this many bytes or more is not handed on to later steps.",
    )

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, data: Any) -> Any:
        """Labels as a list, data as a map: what same.yaml allows is allowed here."""
        if not isinstance(data, dict):
            return data
        fields: dict[str, Any] = dict(data)  # pyright: ignore[reportUnknownArgumentType]
        if isinstance(fields.get("labels"), list):
            fields["labels"] = {str(label): "" for label in fields["labels"]}
        return fields

    def environment_of(self, step: Step) -> Environment:
        return self.environment if step.environment == "default" else self.environments[step.environment]

    def resources_of_run(self) -> Resources:
        """The most that any step asks for: steps of a run follow each other on the same machine."""
        wanted = [step.resources or self.resources for step in self.steps]
        return Resources(
            cpu=max(one.cpu for one in wanted),
            memory=max(one.memory for one in wanted),
            gpu=max(one.gpu for one in wanted),
        )

    def ordered(self) -> list[Step]:
        """The steps so that each comes after those it needs, else as written."""
        by_name = {step.name: step for step in self.steps}
        places = {step.name: index for index, step in enumerate(self.steps)}
        sorter = TopologicalSorter({step.name: sorted(step.needs, key=places.__getitem__) for step in self.steps})
        sorter.prepare()
        ordered: list[Step] = []
        ready = set(sorter.get_ready())
        while ready:
            first = min(ready, key=places.__getitem__)
            ready.remove(first)
            ordered.append(by_name[first])
            sorter.done(first)
            ready |= set(sorter.get_ready())
        return ordered


def read(document: Document) -> Manifest:
    """The manifest a `wardian.yaml` holds; every fault is named with its line."""
    manifest = document.read_as(Manifest, _with_written_versions(document))
    check(manifest, document)
    return manifest


def _with_written_versions(document: Document) -> dict[str, Any]:
    """Versions as the file spells them: to YAML `1.10` is the float 1.1."""
    data = dict(document.data)
    if ("version",) in document.texts:
        data["version"] = document.texts["version",]
    if ("environment", "python") in document.texts:
        data["environment"] = {**data["environment"], "python": document.texts["environment", "python"]}
    for name, environment in dict(data.get("environments") or {}).items():
        if ("environments", name, "python") in document.texts:
            written = {**environment, "python": document.texts["environments", name, "python"]}
            data["environments"] = {**data["environments"], name: written}
    return data


def check(manifest: Manifest, document: Document) -> None:
    """What one field cannot know alone: names that must exist, cycles, placeholders."""
    _check_steps(manifest, document)
    _check_order(manifest, document)
    seen: set[str] = set()
    for index, pointer in enumerate(manifest.data):
        if pointer.name in seen:
            raise document.error(("data", index, "name"), f"a data pointer named {pointer.name} exists already")
        seen.add(pointer.name)


def _check_steps(manifest: Manifest, document: Document) -> None:
    names = [step.name for step in manifest.steps]
    for index, step in enumerate(manifest.steps):
        at = ("steps", index)
        if step.name in names[:index]:
            raise document.error((*at, "name"), f"a step named {step.name} exists already")
        for position, need in enumerate(step.needs):
            if need not in names:
                raise document.error((*at, "needs", position), unknown("step", need, names))
        known = ["default", *manifest.environments]
        if step.environment not in known:
            raise document.error((*at, "environment"), unknown("environment", step.environment, known))
        for name in placeholders(step.command):
            if name != ALL_PARAMETERS and name not in manifest.parameters:
                hint = f"write {{{{{name}}}}} if the braces are meant as text"
                raise document.error(
                    (*at, "command"), f"{unknown('parameter', name, list(manifest.parameters))}; {hint}"
                )


def _check_order(manifest: Manifest, document: Document) -> None:
    names = [step.name for step in manifest.steps]
    try:
        manifest.ordered()
    except CycleError as cycle:
        circle = " → ".join(reversed([str(name) for name in cycle.args[1]]))
        raise document.error(
            ("steps", names.index(cycle.args[1][0]), "needs"), f"steps need each other: {circle}"
        ) from None


def placeholders(command: str | list[str] | None) -> list[str]:
    """The parameters a command names."""
    words = [command] if isinstance(command, str) else command or []
    return [found[2] for word in words for found in PLACEHOLDER.finditer(word) if found[2]]


def unknown(kind: str, name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known) or 'none'}"
    return f"no {kind} is named {name!r}; {hint}"
