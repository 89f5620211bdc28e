"""The one ASGI application: routes, errors, limits, and the controllers' lives."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

import wardian
from wardian.kernel.errors import WardianError
from wardian.kernel.names import RULES
from wardian.server.guards import BodyLimit, Requests
from wardian.server.web import WebApp
from wardian.server.wiring import ROUTERS, Controller, House

log = structlog.get_logger(__name__)
_RESTART_S = 2.0


def create_app(house: House | None) -> FastAPI:
    """The application around an opened house; None only to look at its OpenAPI document."""
    app = FastAPI(
        title="Wardian",
        version=wardian.__version__,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.house = house
    for router in ROUTERS:
        app.include_router(router)
    if house:
        app.router.routes[:0] = house.inference.routes  # first: routes are tried in order, and predictions are many
    app.router.default = WebApp(app.router.default)
    app.add_exception_handler(WardianError, _ours)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _routing)
    app.add_exception_handler(Exception, _defect)
    app.add_middleware(BodyLimit, limit=house.settings.limits.body_bytes if house else 0)
    app.add_middleware(Requests)
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[None]:
    house: House = app.state.house
    house.bus.attach(asyncio.get_running_loop())
    tasks = [
        asyncio.create_task(_kept_running(controller), name=type(controller).__name__)
        for controller in house.controllers
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for close in reversed(house.closers):
            await close()
        await asyncio.to_thread(house.db.close)


async def _kept_running(controller: Controller) -> None:
    """A controller that fails is started again: rows are the truth, so nothing is forgotten."""
    name = type(controller).__name__
    while True:
        try:
            await controller.run()
            return
        except Exception:
            log.exception("controller failed; it starts again", controller=name, in_s=_RESTART_S)
            await asyncio.sleep(_RESTART_S)


def problem(request: Request, status: int, code: str, message: str, detail: object) -> JSONResponse:
    """Our one form of an error."""
    request_id = getattr(request.state, "request_id", "")
    body = {"code": code, "message": message, "detail": detail, "request_id": request_id}
    by_browser = "sec-fetch-mode" in request.headers  # it would put up a dialog of its own over our sign-in page
    headers = {"WWW-Authenticate": 'Basic realm="wardian"'} if status == 401 and not by_browser else None
    return JSONResponse({"error": body}, status, headers)


async def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, WardianError)  # noqa: S101 - registered for just this class
    answer = problem(request, error.status, error.code, error.message, error.detail)
    if error.status >= 500:
        log.error("request failed", code=error.code, message=error.message, path=request.url.path)
        answer.headers["Retry-After"] = "2"
    if "retry_after" in error.detail:
        answer.headers["Retry-After"] = str(error.detail["retry_after"])
    return answer


async def _unreadable(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = [{"where": _place(e["loc"]), "what": _in_words(e)} for e in error.errors()]
    first = found[0] if found else {"where": "body", "what": "unreadable"}
    return problem(request, 422, "invalid", f"{first['where']}: {first['what']}", {"errors": found})


def _place(where: Sequence[object]) -> str:
    """`name` for what lies in the body, the query or the path; the whole body is `body`."""
    return ".".join(map(str, where[1:] or where))


def _in_words(fault: Mapping[str, Any]) -> str:
    """A name that breaks its rule hears the rule, not the pattern that checks it."""
    context: Mapping[str, object] = fault.get("ctx") or {}
    rule = RULES.get(str(context.get("pattern")))
    return f"{fault['input']!r} must be {rule}" if rule else str(fault["msg"])


async def _routing(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    codes = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
    message = f"no such route: {request.method} {request.url.path}" if error.status_code == 404 else str(error.detail)
    answer = problem(request, error.status_code, codes.get(error.status_code, "invalid"), message, {})
    answer.headers.update(error.headers or {})
    return answer


async def _defect(request: Request, error: Exception) -> JSONResponse:
    return problem(request, 500, "internal", "something is wrong in the server; its log has the request id", {})
