"""The calls of the native API, noun by noun. Nouns that belong to a project take it, by name or id, first."""

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote, urlencode

from wardian.kernel.errors import Invalid

from .documents import Document, Progress

if TYPE_CHECKING:
    from .client import Client

GZIP = "application/gzip"
ENDED = frozenset({"succeeded", "failed", "stopped", "lost"})
FOLLOW_S = 0.5


def of(project: str, *parts: str) -> str:
    """The path of something in a project, each part quoted (`/` stays: artifact paths and metric keys have it)."""
    if not all((project, *parts)):
        raise Invalid("a name is missing: the empty text names nothing")
    return "/".join(("/projects", quote(project, safe=""), *(quote(part) for part in parts)))


class Noun:
    def __init__(self, client: "Client") -> None:
        self._client = client


class Session(Noun):
    def get(self) -> Document:
        """Who this key belongs to, and what it may do."""
        return self._client.request("GET", "/session")


class Projects(Noun):
    def list(self, *, limit: int | None = None, **filters: object) -> Iterator[Document]:
        return self._client.pages("/projects", filters, limit=limit)

    def create(self, name: str, description: str = "") -> Document:
        return self._client.request("POST", "/projects", json={"name": name, "description": description})

    def get(self, project: str) -> Document:
        return self._client.request("GET", of(project))

    def update(self, project: str, **changes: object) -> Document:
        return self._client.request("PATCH", of(project), json=changes)

    def delete(self, project: str) -> None:
        self._client.request("DELETE", of(project))


class Members(Noun):
    def list(self, project: str) -> Iterator[Document]:
        """Everybody with a role in the project; one answer has them all."""
        yield from self._client.request("GET", of(project, "members"))

    def set(self, project: str, user: str, role: str) -> Document:
        return self._client.request("PUT", of(project, "members", user), json={"role": role})

    def remove(self, project: str, user: str) -> None:
        self._client.request("DELETE", of(project, "members", user))


class Users(Noun):
    def list(self, *, limit: int | None = None) -> Iterator[Document]:
        return self._client.pages("/users", limit=limit)

    def create(self, name: str, password: str, **more: object) -> Document:
        return self._client.request("POST", "/users", json={"name": name, "password": password, **more})

    def get(self, user: str) -> Document:
        return self._client.request("GET", f"/users/{quote(user, safe='')}")

    def update(self, user: str, **changes: object) -> Document:
        return self._client.request("PATCH", f"/users/{quote(user, safe='')}", json=changes)

    def delete(self, user: str) -> None:
        self._client.request("DELETE", f"/users/{quote(user, safe='')}")


class Keys(Noun):
    def list(self, *, limit: int | None = None) -> Iterator[Document]:
        return self._client.pages("/keys", limit=limit)

    def create(self, name: str, **more: object) -> Document:
        """A new key with its secret, which is shown this once."""
        return self._client.request("POST", "/keys", json={"name": name, **more})

    def delete(self, key: str) -> None:
        self._client.request("DELETE", f"/keys/{quote(key, safe='')}")


class Events(Noun):
    def list(self, *, limit: int | None = None, **filters: object) -> Iterator[Document]:
        """The audit trail."""
        return self._client.pages("/events", filters, limit=limit)

    def follow(self, project: str, *, topics: Sequence[str] = (), after: str | None = None) -> Iterator[Document]:
        """What happens, as it happens: each is `{"id", "event", "data"}`, where event is `trail` (audited, in order) or
        `hint` (of the topics asked for, such as `run.ID.metrics`). Ends when the server does.
        """
        query = {"project": project, "topic": list(topics) or None}
        for message in self._client.server_events("/stream", query, after=after):
            if message.data:
                yield {"id": message.id, "event": message.event, "data": message.json()}

    def verify(self) -> Document:
        """Whether the audit trail is as it was written."""
        return self._client.request("GET", "/events/verify")


class Workloads(Noun):
    def list(self, project: str | None = None, *, limit: int | None = None, **filters: object) -> Iterator[Document]:
        """The workloads of a project, or all that one may see."""
        path = "/workloads" if project is None else of(project, "workloads")
        return self._client.pages(path, filters, limit=limit)

    def create(
        self,
        project: str,
        spec: Mapping[str, object],
        *,
        kind: str = "job",
        name: str = "",
    ) -> Document:
        body = {"kind": kind, "name": name, "spec": dict(spec)}
        return self._client.request("POST", of(project, "workloads"), json=body)

    def get(self, project: str, workload: str) -> Document:
        return self._client.request("GET", of(project, "workloads", workload))

    def stop(self, project: str, workload: str) -> Document:
        return self._client.request("POST", of(project, "workloads", workload, "stop"))

    def delete(self, project: str, workload: str) -> None:
        self._client.request("DELETE", of(project, "workloads", workload))

    def log(self, project: str, workload: str, *, follow: bool = False) -> Iterator[str]:
        """The text that it has written; with `follow`, what comes too, until the workload has ended."""
        return _log(self._client, of(project, "workloads", workload), follow=follow)

    def executors(self) -> Iterator[Document]:
        """Where workloads run, with the slots used and the whole."""
        yield from self._client.request("GET", "/executors")


class Runs(Noun):
    def list(self, project: str, *, limit: int | None = None, **filters: object) -> Iterator[Document]:
        """`filter`, `order`, `experiment`, `columns` as the API takes them."""
        return self._client.pages(of(project, "runs"), filters, limit=limit)

    def experiments(self, project: str) -> Sequence[Document]:
        return self._client.request("GET", of(project, "experiments"))

    def columns(self, project: str) -> Document:
        """Which parameters, metrics and tags the runs have."""
        return self._client.request("GET", of(project, "runs", "columns"))

    def create(self, project: str, **fields: object) -> Document:
        return self._client.request("POST", of(project, "runs"), json=fields)

    def get(self, project: str, run: str) -> Document:
        return self._client.request("GET", of(project, "runs", run))

    def update(self, project: str, run: str, **changes: object) -> Document:
        return self._client.request("PATCH", of(project, "runs", run), json=changes)

    def finish(self, project: str, run: str, status: str, reason: str = "") -> Document:
        body = {"status": status, "reason": reason}
        return self._client.request("POST", of(project, "runs", run, "finish"), json=body)

    def resume(self, project: str, run: str) -> Document:
        """Go on with a run that has ended."""
        return self._client.request("POST", of(project, "runs", run, "resume"))

    def stop(self, project: str, run: str) -> Document:
        """Ask the run to end; watch `status`."""
        return self._client.request("POST", of(project, "runs", run, "stop"))

    def delete(self, project: str, run: str) -> None:
        self._client.request("DELETE", of(project, "runs", run))

    def log(self, project: str, run: str, *, follow: bool = False) -> Iterator[str]:
        """The text that it has written; with `follow`, what comes too, until the run has ended."""
        return _log(self._client, of(project, "runs", run), follow=follow)

    def metrics(self, project: str, run: str, *, limit: int | None = None) -> Iterator[Document]:
        """Each metric of the run with its last, lowest and highest value."""
        return self._client.pages(of(project, "runs", run, "series"), limit=limit)

    def curve(self, project: str, run: str, key: str, *, pixels: int = 1000, **options: object) -> Document:
        """A metric, thinned to `pixels`: extremes stay exact."""
        query = {"pixels": pixels, **options}
        return self._client.request("GET", of(project, "runs", run, "series", key), query=query)

    def points(self, project: str, run: str, key: str) -> Iterator[tuple[int, float, float]]:
        """Every point of a metric in order of step: (step, unix seconds, value)."""
        query: dict[str, Any] = {"raw": 1, "limit": 10_000}
        while True:
            page: Document = self._client.request("GET", of(project, "runs", run, "series", key), query=query)
            values = map(float, page["value"])  # "NaN" and "Infinity" are words that float() knows
            yield from zip(page["step"], page["time"], values, strict=True)
            if not page.get("next"):
                return
            query["cursor"] = page["next"]

    def lineage(self, project: str, run: str) -> Document:
        return self._client.request("GET", of(project, "runs", run, "lineage"))


class Artifacts(Noun):
    """Files of a run."""

    def list(self, project: str, run: str, prefix: str = "", *, limit: int | None = None) -> Iterator[Document]:
        return self._client.pages(
            of(project, "runs", run, "artifacts"),
            {"prefix": prefix or None},
            limit=limit,
        )

    def upload(
        self,
        project: str,
        run: str,
        path: str,
        source: Path | BinaryIO,
        *,
        progress: Progress | None = None,
    ) -> Document:
        return self._client.upload(of(project, "runs", run, "artifacts", path), source, method="PUT", progress=progress)

    def download(
        self,
        project: str,
        run: str,
        path: str,
        target: Path,
        *,
        progress: Progress | None = None,
    ) -> Path:
        return self._client.download(of(project, "runs", run, "artifacts", path), target, progress=progress)

    def delete(self, project: str, run: str, path: str) -> None:
        self._client.request("DELETE", of(project, "runs", run, "artifacts", path))


class Programs(Noun):
    def list(self, project: str, *, limit: int | None = None) -> Iterator[Document]:
        return self._client.pages(of(project, "programs"), limit=limit)

    def create(
        self,
        project: str,
        archive: Path | BinaryIO,
        *,
        origin: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> Document:
        """A new version from a `.tar.gz` of its folder.

        `origin` may name the `file` that describes it, and the `url`, `ref` and `commit` it came from.
        """
        path = f"{of(project, 'programs')}?{urlencode(origin or {})}"
        return self._client.upload(path, archive, media_type=GZIP, progress=progress)

    def get(self, project: str, program: str) -> Document:
        return self._client.request("GET", of(project, "programs", program))

    def version(self, project: str, program: str, version: str) -> Document:
        return self._client.request("GET", of(project, "programs", program, "versions", version))

    def delete(self, project: str, program: str, version: str | None = None) -> None:
        """One version, or the whole program."""
        path = ("programs", program) if version is None else ("programs", program, "versions", version)
        self._client.request("DELETE", of(project, *path))

    def readme(self, project: str, program: str, version: str) -> str | None:
        return self._client.request("GET", of(project, "programs", program, "versions", version, "readme"))

    def run(
        self,
        project: str,
        program: str,
        version: str,
        parameters: Mapping[str, object],
        **more: object,
    ) -> Document:
        """Start it; parameters that are not named keep their defaults. Returns the run."""
        body = {"parameters": dict(parameters), **more}
        return self._client.request(
            "POST",
            of(project, "programs", program, "versions", version, "run"),
            json=body,
        )

    def verify(self, project: str, program: str, version: str) -> Document:
        """Whether it could run here: a report with a reason for each thing that is missing."""
        path = of(project, "programs", program, "versions", version, "verify")
        return self._client.request("POST", path, timeout=1800)

    def export(
        self,
        project: str,
        program: str,
        version: str,
        target: Path,
        *,
        history: bool = False,
        data: bool = False,
        progress: Progress | None = None,
    ) -> Path:
        path = of(project, "programs", program, "versions", version, "export")
        query = {"history": str(history).lower(), "data": str(data).lower()}
        return self._client.download(path, target, query=query, progress=progress)

    def import_file(self, project: str, file: Path | BinaryIO, *, progress: Progress | None = None) -> Document:
        path = of(project, "programs", "import")
        return self._client.upload(path, file, media_type=GZIP, progress=progress)


class Models(Noun):
    def list(self, project: str, *, limit: int | None = None) -> Iterator[Document]:
        return self._client.pages(of(project, "models"), limit=limit)

    def create(self, project: str, name: str, **more: object) -> Document:
        return self._client.request("POST", of(project, "models"), json={"name": name, **more})

    def get(self, project: str, model: str) -> Document:
        return self._client.request("GET", of(project, "models", model))

    def update(self, project: str, model: str, **changes: object) -> Document:
        return self._client.request("PATCH", of(project, "models", model), json=changes)

    def delete(self, project: str, model: str) -> None:
        self._client.request("DELETE", of(project, "models", model))

    def versions(self, project: str, model: str, *, limit: int | None = None) -> Iterator[Document]:
        return self._client.pages(of(project, "models", model, "versions"), limit=limit)

    def register(self, project: str, model: str, run: str, path: str, **more: object) -> Document:
        """Make a version of what a run has under `path`."""
        body = {"run": run, "path": path, **more}
        return self._client.request("POST", of(project, "models", model, "versions"), json=body)

    def version(self, project: str, model: str, version: str) -> Document:
        return self._client.request("GET", of(project, "models", model, "versions", version))

    def update_version(self, project: str, model: str, version: str, **changes: object) -> Document:
        return self._client.request("PATCH", of(project, "models", model, "versions", version), json=changes)

    def delete_version(self, project: str, model: str, version: str) -> None:
        self._client.request("DELETE", of(project, "models", model, "versions", version))

    def set_alias(self, project: str, model: str, alias: str, version: str) -> Document:
        body = {"version": version}
        return self._client.request("PUT", of(project, "models", model, "aliases", alias), json=body)

    def delete_alias(self, project: str, model: str, alias: str) -> None:
        self._client.request("DELETE", of(project, "models", model, "aliases", alias))


class Deployments(Noun):
    def list(self, project: str, *, limit: int | None = None) -> Iterator[Document]:
        return self._client.pages(of(project, "deployments"), limit=limit)

    def create(self, project: str, model: str, **more: object) -> Document:
        """Serve `NAME[:VERSION|@ALIAS]`; `name` and `resources` may be given."""
        return self._client.request("POST", of(project, "deployments"), json={"model": model, **more})

    def get(self, project: str, deployment: str) -> Document:
        return self._client.request("GET", of(project, "deployments", deployment))

    def delete(self, project: str, deployment: str) -> None:
        self._client.request("DELETE", of(project, "deployments", deployment))

    def revisions(self, project: str, deployment: str, *, limit: int | None = None) -> Iterator[Document]:
        return self._client.pages(of(project, "deployments", deployment, "revisions"), limit=limit)

    def revise(self, project: str, deployment: str, model: str, **more: object) -> Document:
        """Serve another model version under the same name."""
        body = {"model": model, **more}
        return self._client.request("POST", of(project, "deployments", deployment, "revisions"), json=body)

    def rollback(self, project: str, deployment: str) -> Document:
        return self._client.request("POST", of(project, "deployments", deployment, "rollback"))

    def stop(self, project: str, deployment: str) -> Document:
        return self._client.request("POST", of(project, "deployments", deployment, "stop"))

    def start(self, project: str, deployment: str) -> Document:
        return self._client.request("POST", of(project, "deployments", deployment, "start"))

    def infer(self, project: str, deployment: str, inputs: Mapping[str, object]) -> Document:
        """One Open Inference Protocol request: `{"inputs": [{"name", "datatype", "shape", "data"}]}`."""
        path = f"/api/v1{of(project, 'v2', 'models', deployment, 'infer')}"
        return self._client.request("POST", path, json=dict(inputs))


def _log(client: "Client", owner: str, *, follow: bool) -> Iterator[str]:
    """Ask for what comes after the last byte seen; once the owner has ended and nothing is left, stop."""
    start = 0
    while True:
        ended = not follow or client.request("GET", owner)["status"] in ENDED
        while (part := client.request("GET", f"{owner}/log", query={"start": start}))["text"]:
            start = part["end"]
            yield part["text"]
        if ended:
            return
        time.sleep(FOLLOW_S)
