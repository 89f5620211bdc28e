"""Deployments: model versions served over HTTP, and asking them."""

import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any, cast

from cyclopts import Parameter

from wardian.cli.context import CHOSEN, InProject
from wardian.cli.exits import DONE, FAILED
from wardian.cli.output import Column, ago, as_json, details, listing, note, plain, say, say_table, status, waiting
from wardian.kernel.errors import Conflict, Invalid, NotFound
from wardian.kernel.refs import VersionRef
from wardian.sdk.client import Client
from wardian.sdk.documents import Document

COLUMNS = [
    Column("name"),
    Column("model"),
    Column("status", cell=status),
    Column("reason"),
    Column("created", "created_at", ago),
]
REVISIONS = [
    Column("revision", "number", right=True),
    Column("model"),
    Column("status", cell=status),
    Column("by", "created_by"),
    Column("created", "created_at", ago),
]
LOOK_S = 0.5


def deploy(
    model: str,
    /,
    *,
    name: Annotated[str | None, Parameter(alias="-n")] = None,
    wait: bool = True,
    timeout: float = 600,
    place: InProject = CHOSEN,
) -> int:
    """Serve a model version; a deployment of that name gets a new revision.

    Parameters
    ----------
    model
        NAME[:VERSION|@ALIAS]
    name
        Name of the deployment; else the model's.
    wait
        Return when it answers.
    timeout
        Seconds to wait.
    """
    project = place.project_name
    with place.client() as client:
        deployment = _create_or_revise(client, project, name or VersionRef.parse(model).name, model)
        if wait:
            with waiting(f"starting {deployment['name']}", quiet=place.json):
                deployment = _settled(client, project, deployment, timeout)
        url = f"{client.url}/v2/models/{deployment['name']}/infer"
    failed = deployment["status"] == "failed"
    if place.json:
        as_json(deployment)
    elif failed:
        note(f"deployment {deployment['name']} failed: {deployment['reason']}")
    else:
        say(f"deployment {deployment['name']} is {deployment['status']} with {deployment['model']}: {url}")
    return FAILED if failed else DONE


def _create_or_revise(client: Client, project: str, name: str, model: str) -> Document:
    try:
        client.deployments.get(project, name)
    except NotFound:
        return client.deployments.create(project, model, name=name)
    client.deployments.revise(project, name, model)
    return client.deployments.get(project, name)


def _settled(client: Client, project: str, asked: Document, timeout: float) -> Document:
    """The deployment once the revision that was asked for answers, or has failed."""
    name, wanted = asked["name"], asked["target"] or asked["live"]
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        deployment = client.deployments.get(project, name)
        if deployment["live"] == wanted or deployment["status"] in {"failed", "stopped"}:
            return deployment
        revision = next(each for each in client.deployments.revisions(project, name) if each["number"] == wanted)
        if revision["status"] == "failed":
            return deployment | {"status": "failed", "reason": revision["reason"]}
        time.sleep(LOOK_S)
    raise Conflict(f"deployment {name} is not ready after {timeout:.0f} s; `wardian show deployment {name}` says more")


def predict(
    deployment: str,
    /,
    *,
    data: Annotated[str | None, Parameter(alias="-d", allow_leading_hyphen=True)] = None,
    file: Annotated[Path | None, Parameter(alias="-f")] = None,
    place: InProject = CHOSEN,
) -> None:
    """Ask a deployment; the question is JSON from -d, from a file, or from standard input.

    Parameters
    ----------
    data
        An Open Inference Protocol request, or just rows: `[[5.1, 3.5, 1.4, 0.2]]`.
    file
        The same in a file; `-` is standard input.
    """
    question = _question(data, file)
    with place.client() as client:
        project = place.project_name
        whole = cast("Document", question) if isinstance(question, dict) else None
        request = whole or _request_of(client, project, deployment, question)
        answer = client.deployments.infer(project, deployment, request)
    if place.json:
        as_json(answer)
        return
    for output in answer["outputs"]:
        say(f"{output['name']}  {json.dumps(output['data'])}")


def _question(data: str | None, file: Path | None) -> Any:
    if data is not None and file is not None:
        raise Invalid("give the question once: -d or --file")
    if data is None and file is None and sys.stdin.isatty():
        raise Invalid("nothing to ask: give -d JSON or --file FILE, or write JSON to standard input")
    text = data if data is not None else _text(file or Path("-"))
    try:
        return json.loads(text)
    except ValueError as error:
        raise Invalid(f"the question is not JSON: {error}") from error


def _text(file: Path) -> str:
    if str(file) == "-":
        return sys.stdin.read()
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}") from error


def _request_of(client: Client, project: str, deployment: str, rows: Any) -> Document:
    """A request around bare rows, with name and type as the model's only input has them."""
    described: Document = client.request("GET", f"/projects/{project}/v2/models/{deployment}")
    inputs: list[Document] = described.get("inputs") or []
    if len(inputs) != 1:
        names = ", ".join(each["name"] for each in inputs)
        raise Invalid(
            f"{deployment} takes {len(inputs)} inputs ({names}): give a whole Open Inference Protocol request"
        )
    shape, flat = _flattened(rows)
    return {"inputs": [{"name": inputs[0]["name"], "datatype": inputs[0]["datatype"], "shape": shape, "data": flat}]}


def _flattened(rows: Any) -> tuple[list[int], list[Any]]:
    """The shape of nested lists and their values in row-major order."""
    if not isinstance(rows, list):
        return [], [rows]
    parts = [_flattened(row) for row in cast("list[Any]", rows)]
    shapes = {tuple(shape) for shape, _ in parts}
    if len(shapes) > 1:
        raise Invalid("the rows have different lengths; make them equal, or give a whole request")
    inner = shapes.pop() if shapes else ()
    return [len(parts), *inner], [value for _, values in parts for value in values]


def list_deployments(*, limit: int = 100, place: InProject = CHOSEN) -> None:
    """Deployments of the project."""
    with place.client() as client:
        deployments = client.deployments.list(place.project_name, limit=limit)
        empty = "Nothing is served yet. Next: wardian deploy model NAME[:VERSION|@ALIAS]"
        listing(deployments, COLUMNS, as_json_=place.json, empty=empty)


def show(name: str, /, *, place: InProject = CHOSEN) -> None:
    """A deployment with its revisions."""
    with place.client() as client:
        deployment = client.deployments.get(place.project_name, name)
        revisions = list(client.deployments.revisions(place.project_name, name, limit=100))
        url = f"{client.url}/v2/models/{name}/infer"
    if place.json:
        as_json(deployment | {"revisions": revisions})
        return
    details(
        {
            "deployment": deployment["name"],
            "model": plain(deployment.get("model")),
            "status": status(deployment["status"]),
            "reason": plain(deployment.get("reason")),
            "asks": url,
            "created": ago(deployment.get("created_at")),
        }
    )
    say_table(revisions, REVISIONS, "\nRevisions")


def rollback(name: str, /, *, place: InProject = CHOSEN) -> None:
    """Serve the revision before the present one again."""
    with place.client() as client:
        client.deployments.rollback(place.project_name, name)
        deployment = client.deployments.get(place.project_name, name)
    _said(deployment, place)


def stop(name: str, /, *, place: InProject = CHOSEN) -> None:
    """Stop serving; the deployment and its revisions stay."""
    with place.client() as client:
        deployment = client.deployments.stop(place.project_name, name)
    _said(deployment, place)


def start(name: str, /, *, place: InProject = CHOSEN) -> None:
    """Serve a stopped deployment again."""
    with place.client() as client:
        deployment = client.deployments.start(place.project_name, name)
    _said(deployment, place)


def _said(deployment: Document, place: InProject) -> None:
    if place.json:
        as_json(deployment)
    else:
        say(f"deployment {deployment['name']} is {deployment['status']} with {plain(deployment.get('model'))}")


def delete(name: str, /, *, place: InProject = CHOSEN) -> None:
    """Remove a deployment and end what it serves; the model stays."""
    with place.client() as client:
        client.deployments.delete(place.project_name, name)
    if not place.json:
        say(f"deployment {name} deleted")
