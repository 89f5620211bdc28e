"""Serves the built web app: every GET that no route answers, except below the paths of the APIs.

`index.html` is the same for every page and is never kept by browsers; what it names has a hash in its name and is kept
for ever. Files come compressed as the build left them beside the plain ones.
"""

import asyncio
import base64
import hashlib
import html
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from wardian.identity.doors import COOKIE

FOLDER = Path(__file__).parent / "static"
API_PATHS = ("api", "v2", "healthz", "readyz", "metrics")
"""First segments of paths that are never a page: there an unknown path is an error in JSON."""

_ENCODINGS = {"br": ".br", "gzip": ".gz"}
_FOREVER = "public, max-age=31536000, immutable"
_HOUR = "public, max-age=3600"
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_NOT_BUILT = (
    "<!doctype html><title>Wardian</title><p>The web app is not built. Run <code>make web</code> and reload.</p>"
)


@dataclass(frozen=True)
class _File:
    path: Path
    media_type: str
    encodings: tuple[str, ...]
    """Of the compressed forms beside it, best first."""


class WebApp:
    """Stands behind the routes: what it does not know either goes to `otherwise`."""

    def __init__(self, otherwise: ASGIApp, folder: Path = FOLDER) -> None:
        self._otherwise = otherwise
        self._files = _files(folder)
        index = folder / "index.html"
        self._index = index.read_text() if index.is_file() else None
        self._policy = _policy(self._index or "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/")
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or path.split("/")[0] in API_PATHS:
            await self._otherwise(scope, receive, send)
            return
        if found := self._files.get(path):
            answer = await _answer(Request(scope), path, found)
        else:
            answer = None if path.startswith("assets/") else self._page(Request(scope))
        await (answer or self._otherwise)(scope, receive, send)

    def _page(self, request: Request) -> Response:
        if self._index is None:
            return HTMLResponse(_NOT_BUILT, 503)
        base = html.escape(f"{request.scope.get('root_path', '').rstrip('/')}/")
        text = self._index.replace('<base href="/"', f'<base href="{base}"', 1)
        if COOKIE not in request.cookies:  # spares the app a question whose answer would be 401
            text = text.replace('data-session="maybe"', 'data-session="none"', 1)
        return HTMLResponse(text, headers={"Cache-Control": "no-cache", "Content-Security-Policy": self._policy})


async def _answer(request: Request, path: str, file: _File) -> Response | None:
    """The file; None where it went away because the app was built anew beneath this server."""
    accepted = request.headers.get("accept-encoding", "")
    encoding = next((name for name in file.encodings if name in accepted), None)
    source = file.path.with_name(file.path.name + _ENCODINGS[encoding]) if encoding else file.path
    headers = {"Cache-Control": _FOREVER if path.startswith("assets/") else _HOUR, "Vary": "Accept-Encoding"}
    if encoding:
        headers["Content-Encoding"] = encoding
    try:
        content = await asyncio.to_thread(source.read_bytes)
    except FileNotFoundError:
        return None
    return Response(content, media_type=file.media_type, headers=headers)


def _files(folder: Path) -> dict[str, _File]:
    """What may be served, by its path below the folder: a list made once, so that no path leads elsewhere."""
    found: dict[str, _File] = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if (
            not path.is_file()
            or path.suffix in _ENCODINGS.values()
            or path.name.startswith(".")
            or name == "index.html"
        ):
            continue
        encodings = tuple(e for e, suffix in _ENCODINGS.items() if path.with_name(path.name + suffix).is_file())
        found[name] = _File(path, mimetypes.guess_type(name)[0] or "application/octet-stream", encodings)
    return found


def _policy(index: str) -> str:
    """Content-Security-Policy: only our own scripts, and of inline ones just those that were built in.

    Styles may be inline: the component library writes its theme and responsive rules as <style> elements.
    """
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(index)
    ]
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self'", *hashes]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "font-src 'self' data:",
            "frame-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        ]
    )
