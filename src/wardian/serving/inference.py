"""The Open Inference Protocol on the platform's own port: requests pass through to the model server that is live.

A plain ASGI application, because every prediction goes through it. Predicting asks for no more than the right to read.
"""

import json
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute, Route
from starlette.types import Message, Receive, Scope, Send

import wardian
from wardian.identity.http import credentials, writes
from wardian.kernel.errors import Conflict, NotFound, Unavailable, WardianError
from wardian.serving.models import Route as DeploymentRoute
from wardian.serving.models import Status
from wardian.serving.routing import Router
from wardian.serving.traffic import Counts
from wardian.storage.sql import Database

if TYPE_CHECKING:
    from wardian.serving.upstream import Upstream

PREFIXES = ("", "/api/v1/projects/{project}", "/projects/{project}")
"""Where the protocol is spoken: for every project that the caller may read, or for one."""
_PASSED_ON = frozenset({b"content-type", b"content-length", b"content-encoding", b"inference-header-content-length"})
_PASSED_BACK = frozenset({*_PASSED_ON, b"retry-after"})
_JSON: tuple[bytes, bytes] = (b"content-type", b"application/json")
_ABOUT: dict[str, object] = {"name": "wardian", "version": wardian.__version__, "extensions": ()}
_NOT_READY, _CLIENT_GONE = 400, 499
_DEPLOYMENT, _REVISION, _MODEL_VERSION = b"x-wardian-deployment", b"x-wardian-revision", b"x-wardian-model-version"


class Inference:
    def __init__(self, db: Database) -> None:
        self.router = Router(db)
        self.counts = Counts()
        self._upstream: Upstream | None = None

    @property
    def routes(self) -> list[BaseRoute]:
        paths = [f"{prefix}/v2{rest}" for prefix in PREFIXES for rest in ("", "/{rest:path}")]
        return [Route(path, self, include_in_schema=False) for path in paths]

    async def close(self) -> None:
        if self._upstream is not None:
            await self._upstream.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._answer(scope, receive, send)
        except WardianError as error:
            later = [(b"retry-after", b"1")] if isinstance(error, Unavailable) else []
            await _send(send, error.status, [_JSON, *later], {"error": error.message})

    def _models(self) -> "Upstream":
        if self._upstream is None:
            from wardian.serving.upstream import Upstream  # noqa: PLC0415 - by the first prediction, see there

            self._upstream = Upstream()
        return self._upstream

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        parameters = scope["path_params"]
        path = str(parameters.get("rest", "")).strip("/")
        if path in ("health/live", "health/ready"):
            await _send(send, 200, [_JSON], {path.removeprefix("health/"): True})
            return
        connection = HTTPConnection(scope)
        actor = await self.router.actor(credentials(connection), writes=writes(connection))
        match path.split("/"):
            case [""]:
                await _send(send, 200, [_JSON], _ABOUT)
            case ["models", name, *_]:
                route = await self.router.route(actor, parameters.get("project"), name)
                await self._pass_on(route, f"/v2/{path}", scope, receive, send)
            case _:
                raise NotFound("path of the Open Inference Protocol", scope["path"])

    async def _pass_on(self, route: DeploymentRoute, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        if route.address is None:
            if path.endswith("/ready"):
                await _send(send, _NOT_READY, [_JSON, *_traced(route)], {"error": _why(route).message})
                return
            raise _why(route)
        is_prediction = path.endswith("/infer")
        began = time.perf_counter()
        status = _CLIENT_GONE
        try:
            status = await self._forward(route, path, scope, receive, send)
        except WardianError as error:
            status = error.status
            raise
        finally:
            if is_prediction:
                self.counts.add(route, time.perf_counter() - began, status)

    async def _forward(self, route: DeploymentRoute, path: str, scope: Scope, receive: Receive, send: Send) -> int:
        headers = [(name, value) for name, value in scope["headers"] if name in _PASSED_ON]
        request_id = scope.get("state", {}).get("request_id", "")
        first = await receive()
        body = _arriving(first, receive) if first.get("more_body") else first.get("body", b"")
        traced = [*headers, (b"x-request-id", request_id.encode())]
        try:
            answer = await self._models().ask(
                route.name, f"http://{route.address}{path}", scope["method"], traced, body
            )
        except Unavailable:
            self.router.forget()
            raise
        try:
            passed = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() in _PASSED_BACK]
            head: Message = {"type": "http.response.start", "status": answer.status_code}
            await send({**head, "headers": [*passed, *_traced(route)]})
            last = b""
            async for part in answer.aiter_raw():
                if last:
                    await send({"type": "http.response.body", "body": last, "more_body": True})
                last = part
            await send({"type": "http.response.body", "body": last})
        finally:
            await answer.aclose()
        return answer.status_code


def _why(route: DeploymentRoute) -> WardianError:
    """Why nothing answers, and what to do."""
    because = f": {route.reason}" if route.reason else ""
    match route.status:
        case Status.STOPPED | Status.STOPPING:
            return Conflict(
                f"deployment {route.name} is {route.status}; start it with `wardian start deployment {route.name}`"
            )
        case Status.FAILED:
            return Unavailable(
                f"deployment {route.name} has failed{because}\n"
                f"deploy another version, or try again with `wardian start deployment {route.name}`"
            )
        case _:
            return Unavailable(f"deployment {route.name} is {route.status}{because}; try again in a moment")


def _traced(route: DeploymentRoute) -> list[tuple[bytes, bytes]]:
    """What leads from an answer to the deployment, the revision and the model version behind it."""
    return [
        (_DEPLOYMENT, route.name.encode()),
        (_REVISION, str(route.revision).encode()),
        (_MODEL_VERSION, f"{route.model}:{route.model_version}".encode()),
    ]


async def _arriving(first: Message, receive: Receive) -> AsyncIterator[bytes]:
    """A body that comes in parts; the platform's limit of bodies holds here as everywhere."""
    message = first
    while True:
        if message["type"] == "http.disconnect":
            raise Unavailable("the client went away")
        yield message.get("body", b"")
        if not message.get("more_body"):
            return
        message = await receive()


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: object) -> None:
    data = json.dumps(body, separators=(",", ":")).encode()
    length = (b"content-length", str(len(data)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": data})
