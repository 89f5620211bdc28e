"""Workloads: what is queued, runs and ran."""

from typing import Annotated

from cyclopts import Parameter

from wardian.cli.context import CHOSEN, HERE, InProject, Place
from wardian.cli.output import Column, ago, as_json, at, details, listing, plain, say, section, size, span, status
from wardian.sdk.documents import Document

COLUMNS = [
    Column("id"),
    Column("kind"),
    Column("name"),
    Column("status", cell=status),
    Column("reason"),
    Column("created", "created_at", ago),
]


def list_workloads(
    *,
    project: Annotated[str | None, Parameter(alias="-p")] = None,
    state: Annotated[str | None, Parameter(name="--status")] = None,
    limit: int = 50,
    place: Place = HERE,
) -> None:
    """What is queued, runs and ran, newest first.

    Parameters
    ----------
    project
        Only this project; else every project you may see.
    state
        Only this status, such as `running`.
    """
    with place.client() as client:
        workloads = client.workloads.list(project, limit=limit, status=state)
        listing(workloads, COLUMNS, as_json_=place.json, empty="No workloads.")


def show(workload: str, /, *, place: InProject = CHOSEN) -> None:
    """A workload with its specification and how it went."""
    with place.client() as client:
        found = client.workloads.get(place.project_name, workload)
    if place.json:
        as_json(found)
        return
    spec = found["spec"]
    details(
        {
            "workload": found["id"],
            "name": found.get("name") or "",
            "kind": found["kind"],
            "status": status(found["status"]),
            "reason": found.get("reason") or "",
            "attempt": plain(found.get("attempt")),
            "exit code": plain(found.get("exit_code")),
            "command": " ".join(spec.get("command") or []),
            "resources": _resources(spec),
            "restarts": f"at most {plain(at(spec, 'restarts.limit'))}",
            "deadline": span(spec["deadline_s"]) if spec.get("deadline_s") else "",
            "addresses": plain(found.get("address") or ""),
            "created": ago(found.get("created_at")),
            "started": ago(found.get("started_at")),
            "ended": ago(found.get("finished_at")),
        }
    )


def _resources(spec: Document) -> str:
    wanted = section(spec, "resources")
    memory = size(wanted.get("memory")) or "not reserved"
    return f"{plain(wanted.get('cpu'))} cpu, {plain(wanted.get('gpu'))} gpu, memory {memory}"


def stop(workload: str, /, *, place: InProject = CHOSEN) -> None:
    """Stop a workload and everything it started."""
    with place.client() as client:
        stopped = client.workloads.stop(place.project_name, workload)
    if place.json:
        as_json(stopped)
    else:
        say(f"workload {workload} is {stopped['status']}")


def delete(workload: str, /, *, place: InProject = CHOSEN) -> None:
    """Remove a workload that has ended, with its log."""
    with place.client() as client:
        client.workloads.delete(place.project_name, workload)
    if not place.json:
        say(f"workload {workload} deleted")
