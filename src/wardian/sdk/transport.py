"""HTTP for the logging path: one kept-alive connection, standard library only."""

import json
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from typing import Any, BinaryIO, cast
from urllib.parse import SplitResult, quote, urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

from wardian.kernel.errors import Invalid, TooMuch, Unavailable, WardianError, from_wire

from .connection import Connection

TIMEOUT_S = 60.0
BLOCK = 1 << 20
BUSY = frozenset({408, 500, 502, 503, 504})
TOO_MANY = 429
ERRORS = 400

Body = bytes | BinaryIO | None


class Transport:
    """Calls of the API for one thread. Raises the server's errors, and Unavailable for all that is worth a retry."""

    def __init__(self, connection: Connection, timeout: float = TIMEOUT_S) -> None:
        self._address = urlsplit(connection.url)
        if self._address.scheme not in {"http", "https"} or not self._address.hostname:
            raise Invalid(f"{connection.url!r} is not the address of a server: write http://HOST:PORT")
        self._headers = {"Authorization": connection.authorization, "User-Agent": "wardian-sdk"}
        self._proxy = _proxy(self._address)
        self._timeout = timeout
        self._open: HTTPConnection | None = None

    def request(
        self,
        method: str,
        path: str,
        body: Body = None,
        *,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The JSON answer. `path` is below `/api/v1`, and quoted."""
        content = self.fetch(method, path, body, query=query, headers=headers)
        try:
            return json.loads(content) if content else None
        except ValueError as error:
            raise Unavailable(
                f"{self._address.netloc} answered something else than JSON: is a proxy in between?"
            ) from error

    def fetch(
        self,
        method: str,
        path: str,
        body: Body = None,
        *,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """The bytes of the answer."""
        target = f"{self._address.path.rstrip('/')}/api/v1{path}"
        if given := {name: value for name, value in (query or {}).items() if value is not None}:
            target += "?" + urlencode(given, quote_via=quote)
        if self._proxy and self._address.scheme == "http":
            target = f"http://{self._address.netloc}{target}"
        try:
            answer, content = self._exchange(method, target, body, {**self._headers, **(headers or {})})
        except (OSError, HTTPException) as error:
            self.close()
            where = f"{self._address.scheme}://{self._address.netloc}"
            raise Unavailable(f"no answer from {where} ({type(error).__name__}: {error})") from error
        if answer.status >= ERRORS:
            raise _error(answer, content)
        return content

    def close(self) -> None:
        if self._open:
            self._open.close()
            self._open = None

    def _exchange(self, method: str, target: str, body: Body, headers: Mapping[str, str]) -> tuple[HTTPResponse, bytes]:
        """Send and read. A kept connection that the server has closed meanwhile is replaced once."""
        for fresh in (self._open is None, True):
            connection = self._open = self._open or self._connect()
            try:
                _send(connection, method, target, body, headers)
                answer = connection.getresponse()
                content = answer.read()
            except (ConnectionError, HTTPException):
                self.close()
                if fresh:
                    raise
                if body is not None and not isinstance(body, bytes):
                    body.seek(0)
                continue
            if answer.will_close:
                self.close()
            return answer, content
        raise AssertionError("a fresh connection either answers or raises")

    def _connect(self) -> HTTPConnection:
        secure = self._address.scheme == "https"
        host, port = cast("str", self._address.hostname), self._address.port or (443 if secure else 80)
        at = (self._proxy.hostname or "", self._proxy.port or 80) if self._proxy else (host, port)
        if not secure:
            return HTTPConnection(*at, timeout=self._timeout, blocksize=BLOCK)
        context = ssl.create_default_context()
        connection = HTTPSConnection(*at, timeout=self._timeout, blocksize=BLOCK, context=context)
        if self._proxy:
            connection.set_tunnel(host, port)
        return connection


def _send(connection: HTTPConnection, method: str, target: str, body: Body, headers: Mapping[str, str]) -> None:
    try:
        connection.request(method, target, body, dict(headers))
    except (BrokenPipeError, ConnectionResetError):
        # The server may have refused the upload before its end: its answer says why, if it can still be read.
        if body is None or isinstance(body, bytes):
            raise


def _error(answer: HTTPResponse, content: bytes) -> WardianError:
    try:
        said: dict[str, Any] = json.loads(content)["error"]
        code, message = str(said["code"]), str(said["message"])
        detail: dict[str, object] = dict(said.get("detail") or {})
    except (ValueError, KeyError, TypeError):
        code, detail = "invalid", {}
        message = f"{answer.status} {answer.reason}: {content[:200].decode('utf-8', 'replace')}"
    if answer.status in BUSY:
        return Unavailable(message, **detail, retry_after=answer.getheader("Retry-After"))
    if answer.status == TOO_MANY:
        return TooMuch(message, **detail, retry_after=answer.getheader("Retry-After"))
    if answer.status in (401, 403, 404) and code == "invalid":
        code = {401: "not_signed_in", 403: "forbidden", 404: "not_found"}[answer.status]
    return from_wire(code, message, detail)


def _proxy(address: SplitResult) -> SplitResult | None:
    """The proxy of the surroundings (`HTTP_PROXY` and its kin), never for a server on this machine."""
    host = address.hostname or ""
    try:
        if host == "localhost" or ip_address(host).is_loopback:
            return None
    except ValueError:
        pass
    found = getproxies().get(address.scheme)
    return urlsplit(found) if found and not proxy_bypass(host) else None
