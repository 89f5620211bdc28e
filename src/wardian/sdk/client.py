"""The native API for programs and for the command line.

Answers are JSON documents; failures are the errors of `wardian.kernel.errors`, with the server's own words.
"""

import os
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType
from typing import Any, BinaryIO, Self, TypedDict, Unpack, cast

import httpx2

from wardian.kernel.errors import BY_CODE, Invalid, NotFound, Unavailable, WardianError, from_wire

from . import nouns
from .connection import Connection, surroundings
from .documents import Document, Progress, Query


class Call(TypedDict, total=False):
    """What a call may carry."""

    query: Query
    """Names without a value (None) are left out."""
    json: object
    content: bytes | Iterable[bytes]
    media_type: str
    headers: Mapping[str, str]
    timeout: float | None
    """Seconds; None waits for ever."""


API = "/api/v1"
CHUNK = 1 << 20
TIMEOUT = httpx2.Timeout(60.0, connect=10.0)


class Client:
    """One server, one key. Safe to share between threads; close it, or use it in `with`.

    Without arguments it takes `WARDIAN_URL`, `WARDIAN_ACCESS_KEY` and `WARDIAN_SECRET_KEY`, else the sign-in of the
    command line. Paths that start with `/` and not with `/api` or `/v2` are below `/api/v1`.
    """

    def __init__(
        self,
        url: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
        *,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        if url and access_key and secret_key:
            self.connection = Connection(url.rstrip("/"), access_key, secret_key)
        else:
            self.connection = surroundings().connection()
        self._http = httpx2.Client(
            base_url=self.connection.url,
            headers={
                "Authorization": self.connection.authorization,
                "User-Agent": "wardian-sdk",
            },
            timeout=TIMEOUT,
            transport=transport,
            trust_env=not _is_loopback(self.connection.url),
        )
        self.session = nouns.Session(self)
        self.projects = nouns.Projects(self)
        self.members = nouns.Members(self)
        self.users = nouns.Users(self)
        self.keys = nouns.Keys(self)
        self.events = nouns.Events(self)
        self.workloads = nouns.Workloads(self)
        self.runs = nouns.Runs(self)
        self.artifacts = nouns.Artifacts(self)
        self.programs = nouns.Programs(self)
        self.models = nouns.Models(self)
        self.deployments = nouns.Deployments(self)

    @property
    def url(self) -> str:
        return self.connection.url

    def request(self, method: str, path: str, **call: Unpack[Call]) -> Any:
        """Any call of the API: the JSON answer, the text of a `text/…` answer, or None when it has no body."""
        with self.open(method, path, **call) as answer:
            answer.read()
            if not answer.content:
                return None
            kind = answer.headers.get("content-type", "")
            return answer.text if kind.startswith("text/") else answer.json()

    @contextmanager
    def open(self, method: str, path: str, **call: Unpack[Call]) -> Generator[httpx2.Response]:
        """A call whose answer is still to be read. Raises the server's error, or Unavailable when none answers."""
        options: dict[str, Any] = dict(call)
        options["params"] = _given(options.pop("query", None))
        if media_type := options.pop("media_type", None):
            options["headers"] = {"Content-Type": media_type, **options.get("headers", {})}
        try:
            with self._http.stream(method, _below_api(path), **options) as answer:
                if answer.is_error:
                    raise _error(answer)
                yield answer
        except httpx2.ConnectError as error:
            raise Unavailable(f"nothing answers at {self.url} ({error}): is the server up? `wardian status`") from error
        except httpx2.TransportError as error:
            raise Unavailable(f"the connection to {self.url} broke ({type(error).__name__}: {error})") from error

    def pages(self, path: str, query: Query = None, *, limit: int | None = None) -> Iterator[Document]:
        """Every item of a list, page after page as they are needed; at most `limit`."""
        if limit is not None and limit < 1:
            raise Invalid(f"a limit must be at least 1, and {limit} is less")
        left = limit if limit is not None else float("inf")
        asked: dict[str, Any] = dict(query or {})
        while left > 0:
            asked["limit"] = int(min(left, 200))
            page: Document = self.request("GET", path, query=asked)
            for item in page["items"][: asked["limit"]]:
                yield item
                left -= 1
            if not page.get("next"):
                return
            asked["cursor"] = page["next"]

    def upload(
        self,
        path: str,
        source: Path | BinaryIO,
        *,
        method: str = "POST",
        media_type: str = "application/octet-stream",
        progress: Progress | None = None,
    ) -> Any:
        """Send a file without holding it in memory."""
        if isinstance(source, Path):
            with source.open("rb") as file:
                return self.upload(path, file, method=method, media_type=media_type, progress=progress)
        size = _size(source)
        headers = {} if size is None else {"Content-Length": str(size)}
        content = _read(source, size, progress)
        return self.request(method, path, content=content, media_type=media_type, headers=headers)

    def download(
        self,
        path: str,
        target: Path,
        *,
        query: Query = None,
        progress: Progress | None = None,
    ) -> Path:
        """Save an answer's body as `target`; the file appears whole or not at all."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            self.open("GET", path, query=query) as answer,
            NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file,
        ):
            partial, done = Path(file.name), 0
            size = answer.headers.get("content-length")
            try:
                for chunk in answer.iter_bytes(CHUNK):
                    file.write(chunk)
                    done += len(chunk)
                    if progress:
                        progress(done, int(size) if size else None)
                file.close()
                partial.replace(target)
            except BaseException:
                partial.unlink(missing_ok=True)
                raise
        return target

    def server_events(
        self, path: str, query: Query = None, *, after: str | None = None
    ) -> Iterator[httpx2.ServerSentEvent]:
        """Follow a stream of server-sent events until it ends; `after` is the id of the last one that was seen."""
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": after} if after else {})
        with self.open("GET", path, query=query, headers=headers, timeout=None) as answer:
            yield from httpx2.EventSource(answer)

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _below_api(path: str) -> str:
    return path if path.startswith((API, "/v2", "/healthz", "/readyz", "/metrics")) else API + path


def _given(query: Query) -> dict[str, Any] | None:
    return {name: value for name, value in query.items() if value is not None} if query else None


def _error(answer: httpx2.Response) -> WardianError:
    """The server's own error, or one made of the status when the answer is somebody else's (a proxy's)."""
    answer.read()
    try:
        said: object = answer.json()["error"]  # a text in the Open Inference Protocol
    except (ValueError, KeyError, TypeError):
        said = None
    if isinstance(said, dict):
        error = cast("Document", said)
        detail: Document = dict(error.get("detail") or {})
        if error.get("request_id"):
            detail["request_id"] = error["request_id"]
        return from_wire(str(error.get("code")), str(error.get("message")), detail)
    kinds = (NotFound, *BY_CODE.values())
    status = Invalid.status if answer.status_code == HTTPStatus.BAD_REQUEST else answer.status_code
    code = next((kind.code for kind in kinds if kind.status == status), WardianError.code)
    return from_wire(
        code, said if isinstance(said, str) else f"{answer.status_code} from {answer.url}: {answer.text[:500]}", {}
    )


def _is_loopback(url: str) -> bool:
    """A proxy of the surroundings must never stand between us and a server on this machine."""
    host = httpx2.URL(url).host
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _size(file: BinaryIO) -> int | None:
    try:
        return os.fstat(file.fileno()).st_size - file.tell()
    except OSError:
        return None


def _read(file: BinaryIO, size: int | None, progress: Progress | None) -> Iterator[bytes]:
    done = 0
    while chunk := file.read(CHUNK):
        yield chunk
        done += len(chunk)
        if progress:
            progress(done, size)
