"""What stands before every route: request ids, measures, security headers, body limits. Plain ASGI."""

import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wardian.kernel.ids import new_id

log = structlog.get_logger(__name__)
_REQUESTS = Counter("wardian_requests", "Requests answered", ["method", "route", "status"])
_SECONDS = Histogram("wardian_request_seconds", "Time to the end of the answer", ["method", "route"])
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"SAMEORIGIN"),
)
_SERVER_ERROR = 500


class Requests:
    """Gives each request an id that also reaches the answer and the log, counts and times it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = new_id()
        scope.setdefault("state", {})["request_id"] = request_id
        status, began = _SERVER_ERROR, time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), (b"x-request-id", request_id.encode()), *_HEADERS]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, answer)
            except Exception:
                log.exception("request failed", path=scope["path"], method=scope["method"])
                raise
            finally:
                route = getattr(scope.get("route"), "path", "unmatched")
                _REQUESTS.labels(scope["method"], route, status).inc()
                _SECONDS.labels(scope["method"], route).observe(time.perf_counter() - began)


class BodyLimit:
    """Refuses bodies larger than `limit`, unless the route takes uploads (it sets its own limit and streams)."""

    UPLOADS = ("/artifacts/", "/programs", "/points", "/log", "/blobs/", "/step-cache/objects")

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or any(part in scope["path"] for part in self.UPLOADS):
            await self._app(scope, receive, send)
            return
        headers: MutableMapping[bytes, bytes] = dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._limit:
            await self._refuse(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._limit:
                raise _TooLong
            return message

        try:
            await self._app(scope, counted, send)
        except _TooLong:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = f"the body is larger than {self._limit} bytes, the limit here"
        detail: dict[str, Any] = {"limit": self._limit}
        body = {
            "code": "too_large",
            "message": message,
            "detail": detail,
            "request_id": scope.get("state", {}).get("request_id", ""),
        }
        await JSONResponse({"error": body}, 413)(scope, receive, send)


class _TooLong(Exception):
    pass
