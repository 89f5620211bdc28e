"""What every command takes: where the platform is, which project is meant, and how to answer."""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from wardian.sdk.client import Client
from wardian.sdk.connection import surroundings

DEFAULT_PROJECT = "default"


@Parameter(name="*")
@dataclass(frozen=True)
class Place:
    home: Annotated[Path | None, Parameter(help="Folder that holds the sign-in (WARDIAN_HOME, else ~/.wardian).")] = None
    json: Annotated[bool, Parameter(negative=(), help="Answer in JSON.")] = False

    @property
    def folder(self) -> Path:
        return (self.home or surroundings().home).expanduser().absolute()

    def client(self) -> Client:
        """A client of the remembered sign-in, or of the variables when they are set."""
        found = replace(surroundings(), home=self.folder).connection()
        return Client(found.url, found.access_key, found.secret_key)


@Parameter(name="*")
@dataclass(frozen=True)
class InProject(Place):
    project: Annotated[
        str | None, Parameter(alias="-p", help="The project; without it the one that `wardian use project` chose.")
    ] = None

    @property
    def project_name(self) -> str:
        chosen = self.project or surroundings().project or SignIn(self.folder).read().get("project")
        return chosen or DEFAULT_PROJECT


class SignIn:
    """The remembered sign-in of a home: address, key and chosen project, readable by its owner alone."""

    def __init__(self, home: Path) -> None:
        self.file = home / "cli.json"

    def read(self) -> dict[str, Any]:
        try:
            return json.loads(self.file.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return {}

    def write(self, **changes: str | None) -> None:
        kept = {name: value for name, value in (self.read() | changes).items() if value is not None}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(kept, file, indent=2)
        fresh.replace(self.file)


HERE = Place()
CHOSEN = InProject()
"""Defaults of the parameters above."""
