"""Brings a spool to the server: in order, each frame until it is acknowledged, and never twice.

The server knows a frame by its writer and sequence (points, records), its offset (log), its path (artifacts) or its run
(create, finish), so that sending again after a lost answer changes nothing.
"""

import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from struct import Struct
from typing import Any
from urllib.parse import quote

from wardian.kernel.errors import (
    Conflict,
    Forbidden,
    NotFound,
    NotSignedIn,
    TooMuch,
    Unavailable,
    WardianError,
)

from .notice import say
from .spool import Frame, Kind, Origin, Reader, Spool
from .transport import Transport
from .wire import POINTS, points_request, to_json

OFFSET = Struct("<Q")
"""In front of the text of a log frame: how many bytes this writer wrote before it."""
JSON = {"Content-Type": "application/json"}
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 15.0
LONGEST_WAIT_S = 60.0
HEARTBEAT_S = 15.0
NOT_OURS = (NotSignedIn, Forbidden, NotFound)
"""Answers that say nothing about the frame: the key or the project has to be put right, then all of it can be sent."""


def meet(transport: Transport, origin: Origin) -> dict[str, Any]:
    """Create the run, or take up the one that is there. It does not matter how often this is done."""
    runs = _runs(origin)
    if origin.create is None:
        run = f"{runs}/{origin.run}"
        return transport.request("POST", f"{run}/resume") if origin.resume else transport.request("GET", run)
    body = to_json(origin.create)
    try:
        return transport.request("POST", runs, body, headers=JSON)
    except NotFound as hidden:
        try:
            transport.request("POST", "/projects", to_json({"name": origin.project}), headers=JSON)
        except (Conflict, Forbidden):  # it exists and is not for us, or we may not make one
            raise hidden from None
        return transport.request("POST", runs, body, headers=JSON)


def _runs(origin: Origin) -> str:
    return f"/projects/{quote(origin.project, safe='')}/runs"


class Courier:
    """Delivers the frames of one spool, one request at a time."""

    def __init__(self, spool: Spool, transport: Transport) -> None:
        self._spool = spool
        self._transport = transport
        self._run = f"{_runs(spool.origin)}/{spool.origin.run}"
        self._frames = Reader(spool)
        self._next: Frame | None = None

    def meet(self) -> None:
        """See that the run exists, once."""
        if not self._spool.state.created:
            meet(self._transport, self._spool.origin)
            self._spool.note(replace(self._spool.state, created=True))

    def deliver(self) -> bool:
        """Send the next frame; False when there is none. Raises what is worth trying again later."""
        self.meet()
        frame = self._next = self._next or next(self._frames, None)
        if frame is None:
            return False
        if frame.sequence > self._spool.state.sequence:
            try:
                self._send(frame)
            except (Unavailable, TooMuch, *NOT_OURS):
                raise
            except WardianError as error:
                what = frame.kind.name.lower()
                say(f"the server refused some {what} of run {self._spool.origin.run}, they are left out: {error}")
            self._spool.acknowledge(frame.sequence)
        self._next = None
        return True

    def heartbeat(self) -> bool:
        """Say that the run lives; True when somebody has asked it to stop."""
        answer = self._transport.request("POST", f"{self._run}/heartbeat")
        return bool(answer and answer.get("stop"))

    def _send(self, frame: Frame) -> None:
        match frame.kind:
            case Kind.POINTS:
                body = points_request(self._spool.writer, frame.sequence, frame.payload)
                self._transport.request("POST", f"{self._run}/points", body, headers={"Content-Type": POINTS})
            case Kind.RECORDS:
                writer = {"writer": self._spool.origin.writer, "sequence": frame.sequence}
                body = to_json({**json.loads(frame.payload), **writer})
                self._transport.request("POST", f"{self._run}/records", body, headers=JSON)
            case Kind.LOG:
                self._send_log(OFFSET.unpack_from(frame.payload)[0], frame.payload[OFFSET.size :])
            case Kind.ARTIFACT:
                self._send_artifact(json.loads(frame.payload))
            case Kind.FINISH:
                self._transport.request("POST", f"{self._run}/finish", frame.payload, headers=JSON)

    def _send_log(self, start: int, text: bytes) -> None:
        base = self._spool.state.log_base if self._spool.origin.create is None else 0
        if base is None:  # a run that was there before us: go on at its end, and remember where that was
            base = self._transport.request("GET", f"{self._run}/log", query={"limit": 1})["size"] - start
            self._spool.note(replace(self._spool.state, log_base=base))
        try:
            self._transport.request("POST", f"{self._run}/log", text, query={"start": base + start})
        except Conflict as error:
            expected = error.detail.get("expected")
            if not isinstance(expected, int):
                return  # a workload's run: its log is what the workload writes
            self._spool.note(replace(self._spool.state, log_base=expected - start))
            self._transport.request("POST", f"{self._run}/log", text, query={"start": expected})

    def _send_artifact(self, artifact: dict[str, Any]) -> None:
        staged = self._spool.folder / "files" / artifact["file"] if artifact["staged"] else Path(artifact["file"])
        path = f"{self._run}/artifacts/{quote(artifact['path'])}"
        headers = {"Content-Type": artifact["media_type"] or "application/octet-stream"}
        try:
            with staged.open("rb") as file:
                headers["Content-Length"] = str(staged.stat().st_size)
                self._transport.request("PUT", path, file, query=artifact["query"], headers=headers)
        except FileNotFoundError:
            say(f"{artifact['path']} was not uploaded: {staged} is gone")
        if artifact["staged"]:
            staged.unlink(missing_ok=True)


class Shipper:
    """A thread that sends what comes into a spool, and keeps trying while the server is away."""

    def __init__(self, spool: Spool, transport: Transport, on_stop: Callable[[], None]) -> None:
        self._spool = spool
        self._transport = transport
        self._courier = Courier(spool, transport)
        self._on_stop = on_stop
        self._changed = threading.Condition()
        self._more = self._closing = self._given_up = False
        self._thread = threading.Thread(target=self._work, name="wardian-shipper", daemon=True)
        self._trouble_since = 0.0
        self._last_beat = time.monotonic()
        self.trouble: Exception | None = None
        """Why nothing gets through at the moment."""

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There is more in the spool."""
        with self._changed:
            self._more = True
            self._changed.notify_all()

    def close(self, patience: float, limit: float | None = None) -> bool:
        """Wait until the server has everything; whether it has.

        Gives up when the server has been away for `patience` seconds, and in any case after `limit` seconds.
        """
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        began = time.monotonic()
        while self._thread.is_alive() and not self._hopeless(began, patience, limit):
            self._thread.join(0.05)
        with self._changed:
            self._given_up = True
            self._changed.notify_all()
        self._thread.join(0.5)
        if not self._thread.is_alive():
            self._transport.close()
        return not self._spool.pending

    def _hopeless(self, began: float, patience: float, limit: float | None) -> bool:
        now = time.monotonic()
        away = self.trouble is not None and now - max(began, self._trouble_since) > patience
        return away or (limit is not None and now - began > limit)

    def _work(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._given_up:
            try:
                if self._courier.deliver():
                    self.trouble, pause = None, FIRST_PAUSE_S
                elif self._closing:
                    return
                else:
                    self._await_more()
                self._beat()
            except (WardianError, OSError) as error:
                if self.trouble is None:
                    self._complain(error)
                self.trouble = error
                if self._closing and isinstance(error, NOT_OURS):
                    return
                pause = self._rest(pause, error)

    def _await_more(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._more or self._closing, HEARTBEAT_S)
            self._more = False

    def _beat(self) -> None:
        """Ask now and then whether the run should stop, however much there is to send."""
        if self._closing or time.monotonic() - self._last_beat < HEARTBEAT_S:
            return
        self._last_beat = time.monotonic()
        if self._courier.heartbeat():
            self._on_stop()

    def _rest(self, pause: float, error: Exception) -> float:
        """Wait before the next try, longer each time; returns the pause after that."""
        if isinstance(error, NOT_OURS):
            pause = LONGEST_PAUSE_S
        asked = str(error.detail.get("retry_after") or "") if isinstance(error, WardianError) else ""
        wait = min(float(asked), LONGEST_WAIT_S) if asked.isdigit() else pause * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
        with self._changed:
            if self._closing:  # somebody waits at the end of the program
                self._changed.wait_for(lambda: self._given_up, min(wait, 1.0))
            else:
                self._changed.wait_for(lambda: self._given_up or self._closing, wait)
        return min(pause * 2, LONGEST_PAUSE_S)

    def _complain(self, error: Exception) -> None:
        self._trouble_since = time.monotonic()
        say(f"{error}; what is logged waits in {self._spool.folder} and is sent as soon as that works")


def deliver_all(spool: Spool, transport: Transport) -> int:
    """Send everything that is pending and return how many frames that were; raises when the server does not take it."""
    courier, before = Courier(spool, transport), spool.pending
    while courier.deliver():
        pass
    return before - spool.pending
