"""What a run tells its server: steps, artifacts, cached results. A server that is away never stops the program."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import uuid4

from wardian.kernel.errors import NotSignedIn, TooMuch, Unavailable, WardianError
from wardian.sdk.connection import Surroundings, surroundings
from wardian.sdk.transport import Transport
from wardian.sdk.wire import to_json

T = TypeVar("T")
_JSON = {"Content-Type": "application/json"}
_BYTES = "application/octet-stream"
_PAUSE_S = 1.0


def say(text: str) -> None:
    """A line of the run's log."""
    sys.stdout.write(f"wardian: {text}\n")
    sys.stdout.flush()


class Link:
    """One run's line to the server. Without a server (`WARDIAN_URL` unset) every call does nothing."""

    def __init__(self, around: Surroundings | None = None) -> None:
        around = around or surroundings()
        self.run = around.run or ""
        self._project = f"/projects/{quote(around.project or 'default', safe='')}"
        try:
            self._transport = Transport(around.connection()) if around.url else None
        except NotSignedIn:
            self._transport = None
        self._writer = uuid4().hex
        self._sequence = 0
        self._waiting: list[bytes] = []

    def record(self, **fields: Any) -> None:
        """Note something in the run's record; what does not get through now goes with the next."""
        if not self.run or self._transport is None:
            return
        self._sequence += 1
        self._waiting.append(to_json({**fields, "writer": self._writer, "sequence": self._sequence}))
        self.flush(0)

    def flush(self, patience_s: float) -> bool:
        """Send what waits; keep trying for so long."""
        end = time.monotonic() + patience_s
        while self._waiting and self._transport is not None:
            try:
                path = f"{self._project}/runs/{self.run}/records"
                self._transport.request("POST", path, self._waiting[0], headers=_JSON)
            except (Unavailable, TooMuch):
                if time.monotonic() >= end:
                    return False
                time.sleep(_PAUSE_S)
                continue
            except WardianError as refused:
                say(f"the server refused a part of the run's record: {refused}")
            self._waiting.pop(0)
        return True

    def keep_artifact(self, file: Path, path: str, patience_s: float = 60) -> None:
        """Keep a file as an artifact of the run. Raises WardianError when the server stays away or refuses it."""
        if not self.run or self._transport is None:
            return
        at = f"{self._project}/runs/{self.run}/artifacts/{quote(path)}"
        self._patiently(lambda: self._put_file("PUT", at, file), patience_s)

    def cached(self, key: str, within_s: float) -> dict[str, Any] | None:
        """What an equal step left behind not longer ago than that, or None."""
        return self._quietly(
            lambda link: link.request("GET", f"{self._project}/step-cache/{key}", query={"within": within_s}), None
        )

    def keep_object(self, file: Path) -> str:
        """Bring the bytes of a file to the server; returns their name there."""
        return str(self._put_file("POST", f"{self._project}/step-cache/objects", file)["hash"])

    def fetch_object(self, key: str, name: str) -> bytes:
        if self._transport is None:
            raise Unavailable("there is no server to fetch from")
        return self._transport.fetch("GET", f"{self._project}/step-cache/{key}/objects/{name}")

    def cache(self, key: str, entry: dict[str, Any]) -> None:
        if self._transport is not None:
            self._transport.request("PUT", f"{self._project}/step-cache/{key}", to_json(entry), headers=_JSON)

    @property
    def is_connected(self) -> bool:
        return self._transport is not None

    def _put_file(self, method: str, path: str, file: Path) -> Any:
        if self._transport is None:
            raise Unavailable("there is no server to send to")
        with file.open("rb") as body:
            headers = {"Content-Type": _BYTES, "Content-Length": str(file.stat().st_size)}
            return self._transport.request(method, path, body, headers=headers)

    def _quietly(self, call: Callable[[Transport], T], otherwise: T) -> T:
        if self._transport is None:
            return otherwise
        try:
            return call(self._transport)
        except WardianError:
            return otherwise

    def _patiently(self, call: Callable[[], Any], patience_s: float) -> None:
        end = time.monotonic() + patience_s
        while True:
            try:
                call()
            except (Unavailable, TooMuch):
                if time.monotonic() >= end:
                    raise
                time.sleep(_PAUSE_S)
            else:
                return
