"""The Open Inference Protocol over HTTP, as one plain ASGI application for one model."""

import zlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from .errors import Refused
from .messages import ServerMetadata, decode_request, encode
from .model import ServedModel

BODY_LIMIT = 64 * 1024 * 1024
JSON = (b"content-type", b"application/json")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class InferenceApp:
    def __init__(self, model: ServedModel, *, server_version: str, body_limit: int = BODY_LIMIT) -> None:
        self._model, self._limit = model, body_limit
        self._server = ServerMetadata("wardian", server_version, [])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            status, body = await self._answer(scope, receive)
            length = (b"content-length", str(len(body)).encode())
            await send({"type": "http.response.start", "status": status, "headers": [JSON, length]})
            await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._model.start()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        try:
            return 200, encode(await self._routed(scope, receive))
        except Refused as error:
            return error.status, encode({"error": error.message})

    async def _routed(self, scope: Scope, receive: Receive) -> Any:
        match scope["path"].strip("/").split("/"):
            case ["v2"]:
                return _got(scope, self._server)
            case ["v2", "health", "live"]:
                return _got(scope, {"live": True})
            case ["v2", "health", "ready"]:
                return _got(scope, {"ready": True})
            case ["v2", "models", name, "versions", version, *rest]:
                return await self._of_model(scope, receive, name, version, rest)
            case ["v2", "models", name, *rest]:
                return await self._of_model(scope, receive, name, None, rest)
            case _:
                raise Refused(f"{scope['path']} is no path of the Open Inference Protocol", 404)

    async def _of_model(self, scope: Scope, receive: Receive, name: str, version: str | None, rest: list[str]) -> Any:
        if name != self._model.name:
            raise Refused(f"Model {name} not found", 404)
        if version not in (None, self._model.version):
            raise Refused(f"Model {name} with version {version} not found; {self._model.version} is served", 404)
        match rest:
            case []:
                return _got(scope, self._model.metadata)
            case ["ready"]:
                return _got(scope, {"name": name, "ready": True})
            case ["infer"]:
                if scope["method"] != "POST":
                    raise Refused(f"{scope['method']} is not possible here; use POST", 405)
                return await self._model.infer(decode_request(await read_body(scope, receive, self._limit)))
            case _:
                raise Refused(f"{scope['path']} is no path of the Open Inference Protocol", 404)


def _got(scope: Scope, answer: Any) -> Any:
    if scope["method"] not in ("GET", "HEAD"):
        raise Refused(f"{scope['method']} is not possible here; use GET", 405)
    return answer


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body, inflated where the client compressed it, never longer than `limit` bytes."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused("the client went away", 499)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise Refused(f"the body is longer than {limit} bytes", 413)
        if not message.get("more_body"):
            break
    return _inflated(b"".join(parts), dict(scope["headers"]).get(b"content-encoding", b"identity").lower(), limit)


def _inflated(body: bytes, encoding: bytes, limit: int) -> bytes:
    if encoding in (b"identity", b""):
        return body
    if encoding not in (b"gzip", b"deflate"):
        raise Refused(f"Content-Encoding {encoding.decode('latin-1')!r} is not understood; use gzip or deflate", 415)
    inflater = zlib.decompressobj(wbits=47)  # 32 + 15: gzip or zlib, by its header
    try:
        plain = inflater.decompress(body, limit)
    except zlib.error as error:
        raise Refused(f"the body is not {encoding.decode()}: {error}") from error
    if inflater.unconsumed_tail:
        raise Refused(f"the body is longer than {limit} bytes", 413)
    if not inflater.eof:
        raise Refused(f"the {encoding.decode()} body ends too early")
    return plain
