"""What every command takes: where the platform is, which project is meant, and how to answer."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from wardian.sdk.client import Client
from wardian.sdk.connection import Connection, surroundings
from wardian.sdk.sign_in import SignIn

DEFAULT_PROJECT = "default"


@Parameter(name="*")
@dataclass(frozen=True)
class Place:
    home: Annotated[Path | None, Parameter(help="Folder that holds the sign-in [WARDIAN_HOME, else ~/.wardian].")] = (
        None
    )
    json: Annotated[bool, Parameter(negative=(), help="Answer in JSON.")] = False

    @property
    def folder(self) -> Path:
        return (self.home or surroundings().home).expanduser().absolute()

    def connection(self) -> Connection:
        """The sign-in of the home that was named; else the variables when they are set; else the remembered sign-in."""
        said = replace(surroundings(), home=self.folder)
        return (replace(said, url=None, access_key=None, secret_key=None) if self.home else said).connection()

    def client(self) -> Client:
        found = self.connection()
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


HERE = Place()
CHOSEN = InProject()
"""Defaults of the parameters above."""
