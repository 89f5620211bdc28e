"""What a program's run is told to do. Written by the server, read beside the user's code."""

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

FOLDER = ".wardian"
"""In the run's folder: what belongs to the run and not to the program."""
PLAN_FILE = f"{FOLDER}/plan.json"
PLACEHOLDER = re.compile(r"\{\{([A-Za-z_]\w*)\}\}|\{([A-Za-z_]\w*)\}")
"""`{epochs}` in a command; `{{epochs}}` stands for the text `{epochs}` itself."""
ALL_PARAMETERS = "parameters"
"""`{parameters}` becomes `--name value` for every parameter."""


@dataclass(frozen=True)
class CellText:
    index: int
    """Counts the cells of the notebook, from 0."""
    source: str


@dataclass(frozen=True)
class PlannedStep:
    name: str
    kind: Literal["command", "notebook"]
    command: list[str] = field(default_factory=list[str])
    cells: list[CellText] = field(default_factory=list[CellText])
    notebook: str = ""
    chain: str = ""
    """Notebook steps of one chain hand their variables on."""
    cache_s: float = 0
    environment: str = "default"
    image: str | None = None
    inputs: list[str] = field(default_factory=list[str])
    outputs: list[str] = field(default_factory=list[str])
    tags: list[str] = field(default_factory=list[str])

    @classmethod
    def from_data(cls, whole: Mapping[str, Any]) -> "PlannedStep":
        data = dict(whole)
        cells = [CellText(**cell) for cell in data.pop("cells")]
        return cls(cells=cells, **data)


@dataclass(frozen=True)
class Pointer:
    """Where data lies, by the name of the surroundings (`default`, `PROD`)."""

    name: str
    uri: str
    environments: dict[str, str] = field(default_factory=dict[str, str])

    def address(self, environment: str) -> str:
        return self.environments.get(environment, self.uri)


@dataclass(frozen=True)
class Plan:
    program: str
    version: str
    steps: list[PlannedStep]
    parameters: dict[str, Any] = field(default_factory=dict[str, Any])
    given: list[str] = field(default_factory=list[str])
    """Parameters that were named for this run; all others have their defaults."""
    data: list[Pointer] = field(default_factory=list[Pointer])
    data_environment: str = "default"
    environment_key: str = "inherit"
    """Names what is installed; part of every cache key."""
    memory_limit: int = 512 * 1024**2
    """A variable whose pickle has this many bytes or more is not handed on."""
    same_config: dict[str, Any] | None = None
    """Written to same.yaml for code that looks there, when the program has no such file."""
    descriptions: list[str] = field(default_factory=list[str])
    """Files that describe the program; changing them alone makes no cached step stale."""
    warnings: list[str] = field(default_factory=list[str])

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Plan":
        return cls.from_data(json.loads(text))

    @classmethod
    def from_data(cls, whole: Mapping[str, Any]) -> "Plan":
        data = dict(whole)
        steps: list[dict[str, Any]] = data.pop("steps")
        pointers: list[dict[str, Any]] = data.pop("data")
        return cls(
            steps=[PlannedStep.from_data(step) for step in steps],
            data=[Pointer(**one) for one in pointers],
            **data,
        )

    def step(self, name: str) -> PlannedStep:
        return next(step for step in self.steps if step.name == name)


def load(folder: Path) -> Plan:
    return Plan.from_json((folder / PLAN_FILE).read_bytes())


def words(command: list[str], parameters: Mapping[str, Any]) -> list[str]:
    """The command with its placeholders filled in; `python` is the interpreter of the run."""
    filled: list[str] = []
    for word in command:
        if word == f"{{{ALL_PARAMETERS}}}":
            filled += [part for name, value in parameters.items() for part in (f"--{name}", shown(value))]
        else:
            filled.append(PLACEHOLDER.sub(lambda found: _fill(found, parameters), word))
    if filled[0] in ("python", "python3"):
        filled[0] = sys.executable
    return filled


def shown(value: Any) -> str:
    """A value as a word of a command: text as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def step_variables(plan: Plan, folder: Path) -> dict[str, str]:
    """The environment variables of a step's process."""
    variables = dict(os.environ)
    variables["SAME_ENV"] = plan.data_environment
    variables["WARDIAN_PARAMETERS"] = json.dumps(plan.parameters)
    variables["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), variables.get("PATH", os.defpath)])
    shims = Path(__file__).parent / "shims"
    search = [str(folder), str(folder / FOLDER / "packages"), str(shims), variables.get("PYTHONPATH", "")]
    variables["PYTHONPATH"] = os.pathsep.join(part for part in search if part)
    variables.setdefault("PYTHONUNBUFFERED", "1")
    variables.setdefault("PYTHONHASHSEED", "0")
    variables.setdefault("MPLBACKEND", "agg")
    return variables


def _fill(found: re.Match[str], parameters: Mapping[str, Any]) -> str:
    if found[1]:
        return f"{{{found[1]}}}"
    if found[2] == ALL_PARAMETERS:
        return " ".join(f"--{name} {shown(value)}" for name, value in parameters.items())
    return shown(parameters[found[2]])
