"""Models of the registry: versions and the aliases that point at them."""

from typing import Annotated

from cyclopts import Parameter

from wardian.cli.context import CHOSEN, InProject
from wardian.cli.output import Column, ago, as_json, details, listing, plain, say, say_table
from wardian.kernel.errors import Invalid
from wardian.kernel.refs import VersionRef
from wardian.sdk.documents import Document


def pointers(aliases: Document | None) -> str:
    """`champion→v2, next→v3`."""
    return ", ".join(f"{name}→{version}" for name, version in (aliases or {}).items())


COLUMNS = [
    Column("name"),
    Column("newest", "latest"),
    Column("aliases", cell=pointers),
    Column("description"),
    Column("created", "created_at", ago),
]
VERSIONS = [
    Column("version"),
    Column("run", "run"),
    Column("flavour"),
    Column("aliases"),
    Column("notes"),
    Column("created", "created_at", ago),
]


def register(
    run: str,
    path: str,
    /,
    *,
    name: Annotated[str, Parameter(alias="-n")],
    version: str | None = None,
    notes: str = "",
    alias: str | None = None,
    place: InProject = CHOSEN,
) -> None:
    """Make a model version of what a run put out.

    Parameters
    ----------
    run
        Id of the run.
    path
        Where the model lies among the run's artifacts, such as `model`.
    name
        Name of the model; made when it is not there.
    version
        Such as `v1.2.0`; else the next number.
    alias
        Point this alias at the new version.
    """
    with place.client() as client:
        made = client.models.register(place.project_name, name, run, path, version=version, notes=notes)
        if alias:
            client.models.set_alias(place.project_name, name, alias, made["version"])
    if place.json:
        as_json(made)
    else:
        say(f"model {name}:{made['version']} registered; `wardian deploy model {name}:{made['version']}` serves it")


def alias(ref: str, alias: str, /, *, place: InProject = CHOSEN) -> None:
    """Point an alias at a version.

    Parameters
    ----------
    ref
        NAME:VERSION
    alias
        Such as `champion`.
    """
    model = VersionRef.parse(ref)
    if not model.version:
        raise Invalid(f"{ref!r} names no version: write NAME:VERSION")
    with place.client() as client:
        client.models.set_alias(place.project_name, model.name, alias, model.version)
    if not place.json:
        say(f"{model.name}@{alias} is now {model.name}:{model.version}")


def list_models(*, limit: int = 100, place: InProject = CHOSEN) -> None:
    """Models of the project."""
    with place.client() as client:
        models = client.models.list(place.project_name, limit=limit)
        empty = "No models yet. Next: wardian register model RUN PATH --name NAME"
        listing(models, COLUMNS, as_json_=place.json, empty=empty)


def show(name: str, /, *, place: InProject = CHOSEN) -> None:
    """A model with its versions and aliases."""
    with place.client() as client:
        model = client.models.get(place.project_name, name)
        versions = list(client.models.versions(place.project_name, name, limit=100))
    if place.json:
        as_json(model | {"versions": versions})
        return
    details(
        {
            "model": model["name"],
            "description": model.get("description") or "",
            "aliases": plain(model.get("aliases") or ""),
            "created": ago(model.get("created_at")),
        }
    )
    say_table(versions, VERSIONS, "\nVersions")


def delete(ref: str, /, *, place: InProject = CHOSEN) -> None:
    """Remove a model, or one version of it: NAME or NAME:VERSION."""
    model = VersionRef.parse(ref)
    with place.client() as client:
        if model.version:
            client.models.delete_version(place.project_name, model.name, model.version)
        else:
            client.models.delete(place.project_name, model.name)
    if not place.json:
        say(f"model {ref} deleted")
