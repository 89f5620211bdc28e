"""Runs: what was executed, with which parameters and what came of it."""

from typing import Annotated

from cyclopts import Parameter

from wardian.cli.context import CHOSEN, InProject
from wardian.cli.output import (
    Column,
    ago,
    as_json,
    at,
    details,
    listing,
    number,
    plain,
    say,
    say_table,
    section,
    size,
    status,
)
from wardian.kernel.errors import Conflict
from wardian.sdk.documents import Document

SHOWN = 3


def newest(metrics: Document | None) -> str:
    """The last values of a few metrics of the program itself."""
    own = {key: value for key, value in (metrics or {}).items() if not key.startswith("system/")}
    first = list(own.items())[:SHOWN]
    more = len(own) - len(first)
    said = ", ".join(f"{key} {number(at(value, 'last'))}" for key, value in first)
    return f"{said} (+{more})" if more > 0 else said


COLUMNS = [
    Column("id"),
    Column("name"),
    Column("experiment"),
    Column("status", cell=status),
    Column("metrics", cell=newest),
    Column("created", "created_at", ago),
]


def list_runs(
    *,
    experiment: str | None = None,
    filter: Annotated[str | None, Parameter(alias="-f")] = None,
    order: Annotated[str | None, Parameter(alias="-o")] = None,
    limit: int = 50,
    place: InProject = CHOSEN,
) -> None:
    """Runs of the project, newest first.

    Parameters
    ----------
    filter
        Such as `metrics.loss < 0.1 and params.lr > 1e-4`.
    order
        Such as `metrics.loss` or `-metrics.accuracy`.
    """
    with place.client() as client:
        runs = client.runs.list(place.project_name, limit=limit, experiment=experiment, filter=filter, order=order)
        listing(
            runs, COLUMNS, as_json_=place.json, empty="No runs yet. Next: wardian run program NAME, or wardian.init()"
        )


def show(run: str, /, *, place: InProject = CHOSEN) -> None:
    """A run with its parameters, metrics and artifacts."""
    with place.client() as client:
        found = client.runs.get(place.project_name, run)
        if place.json:
            as_json(found)
            return
        artifacts = list(client.artifacts.list(place.project_name, run, limit=100))
        url = f"{client.url}/projects/{place.project_name}/runs/{found['id']}"
    program = section(found, "program")
    details(
        {
            "run": found["id"],
            "name": found.get("name") or "",
            "experiment": plain(found.get("experiment")),
            "status": status(found["status"]),
            "reason": plain(found.get("reason")),
            "program": f"{program['name']}:{program['version']}" if program else "",
            "workload": plain(found.get("workload")),
            "created": f"{ago(found.get('created_at'))} by {plain(found.get('created_by'))}",
            "ended": ago(found.get("finished_at")),
            "tags": plain(found.get("tags") or ""),
            "page": url,
        }
    )
    if params := found.get("params"):
        rows = [{"name": name, "value": plain(value)} for name, value in params.items()]
        say_table(rows, [Column("name"), Column("value"), *_origin(found)], "\nParameters")
    if metrics := found.get("metrics"):
        rows = [{"name": key, **value} for key, value in metrics.items()]
        heads = [Column(each, cell=number, right=True) for each in ("last", "min", "max")]
        say_table(rows, [Column("name"), *heads, Column("points", "count", right=True)], "\nMetrics")
    if artifacts:
        say_table(artifacts, [Column("path"), Column("size", cell=size, right=True)], "\nArtifacts")


def _origin(run: Document) -> list[Column]:
    """Which parameters were given and which are the program's defaults; only a program's run knows."""
    given = section(run, "summary").get("parameters_given")
    return [] if given is None else [Column("from", "name", lambda name: "given" if name in given else "default")]


def stop(run: str, /, *, place: InProject = CHOSEN) -> None:
    """Stop what a run executes; what it has recorded stays."""
    with place.client() as client:
        found = client.runs.get(place.project_name, run)
        if not found.get("workload"):
            raise Conflict(f"run {run} is not executed by Wardian; stop it where it was started")
        stopped = client.workloads.stop(place.project_name, found["workload"])
    if place.json:
        as_json(stopped)
    else:
        say(f"run {run} is {stopped['status']}")


def delete(run: str, /, *more: str, place: InProject = CHOSEN) -> None:
    """Remove runs with their curves, logs and artifacts; the space is free again."""
    with place.client() as client:
        for each in (run, *more):
            client.runs.delete(place.project_name, each)
            if not place.json:
                say(f"run {each} deleted")
