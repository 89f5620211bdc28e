"""A run as the training program sees it."""

import os
import shutil
import time
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from operator import index
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import quote

from wardian.kernel.errors import Conflict, Invalid

from . import media, source
from .connection import Connection
from .console import Console
from .machine import Machine
from .notice import say
from .recorder import CROWDED, Recorder
from .spool import Kind
from .wire import check_key, number, plain, to_json

Outcome = Literal["succeeded", "failed", "stopped"]
STEPS = 1 << 63
PATIENCE_S = 30.0
"""How long the end of a program waits for a server that is away."""
PATIENCE_IN_WORKLOAD_S = 24 * 3600.0
"""A workload cannot be synced by hand later, so that it stays until its run is told."""
REASON_CHARACTERS = 4_800


class Recorded(dict[str, Any]):
    """A dict whose changes are recorded: `run.params["lr"] = 0.1`."""

    def __init__(self, known: Mapping[str, Any], record: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(known)
        self._record = record

    def __setitem__(self, key: str, value: Any) -> None:
        self.update({key: value})

    def update(self, *others: Any, **more: Any) -> None:
        changes: dict[str, Any] = dict(*others, **more)
        for key in changes:
            check_key(key)
        super().update(changes)
        self._record(changes)


class Tags(Recorded):
    """Texts by key; `del run.tags["draft"]` takes one away."""

    def update(self, *others: Any, **more: Any) -> None:
        super().update({key: str(value) for key, value in dict(*others, **more).items()})

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        self._record({key: None})


class Run:
    """What `wardian.init` returns. Every method may be called from any thread, and in forked children.

    Use it in `with`, call `finish`, or let the program end: an exception makes the run failed with its traceback.
    What is logged with a step but no number (text, images …) belongs to the last step unless it names one.
    """

    def __init__(self, recorder: Recorder, known: Mapping[str, Any], connection: Connection | None) -> None:
        origin = recorder.spool.origin
        self.id: str = origin.run
        self.project: str = origin.project
        self.name: str = known.get("name") or ""
        self.experiment: str = known.get("experiment") or "default"
        self.url: str | None = _page(connection, self.project, self.id)
        """The run's page; None offline."""
        self.params = Recorded(known.get("params") or {}, lambda changes: self._record(params=changes))
        self.tags = Tags(known.get("tags") or {}, lambda changes: self._record(tags=changes))
        self.summary = Recorded(known.get("summary") or {}, lambda changes: self._record(summary=changes))
        self.in_workload = bool(known.get("workload"))
        self.stop_requested = False
        """Somebody asked the run to stop; outside a workload the main thread gets a KeyboardInterrupt too."""
        self.status: Literal["running"] | Outcome = "running"
        self._notes: str = known.get("notes") or ""
        self._recorder = recorder
        self._known_keys: set[str] = set()
        self._step = _next_step(known)
        self._pieces = 0
        self._owner = os.getpid()
        self._console: Console | None = None
        self._machine: Machine | None = None
        self._source: source.Snapshot | None = None

    def log(self, metrics: Mapping[str, Any], step: int | None = None) -> None:
        """Record numbers: `run.log({"loss": 0.1, "accuracy": 0.9}, step=epoch)`.

        Takes what converts to one float: ints, NumPy scalars, tensors of one element; NaN and the infinities are kept.
        Without a step a counter of the run is used. Returns at once: writing and sending happen elsewhere.
        """
        known, values = self._known_keys, dict[str, float]()
        for key, value in metrics.items():
            if key not in known:
                known.add(check_key(key))
            values[key] = value if type(value) is float else number(key, value)
        recorder = self._recorder
        if recorder.asleep:
            self._rouse()
        recorder.entries.append((self._stepped(step), time.time(), values))
        if len(recorder.entries) > CROWDED:
            recorder.crowded()

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Record parameters; JSON values of any depth."""
        self.params.update(params)

    def log_text(self, key: str, text: str, step: int | None = None) -> None:
        """Record a text, such as a sample of what a model writes."""
        self._log_media(key, media.text(text), step)

    def log_image(self, key: str, image: Any, step: int | None = None, caption: str = "") -> None:
        """Record a picture: a PIL image, a file, its bytes, or an array or tensor.

        Arrays are (height, width) or (height, width, 1 | 3 | 4), of bytes or of floats from 0 to 1.
        """
        self._log_media(key, media.image(image), step, caption)

    def log_table(self, key: str, table: Any, step: int | None = None) -> None:
        """Record rows: a list of dicts, a dict of columns, or a pandas frame."""
        self._log_media(key, media.table(table), step)

    def log_figure(self, key: str, figure: Any, step: int | None = None, caption: str = "") -> None:
        """Record a chart: matplotlib's become PNG, plotly's stay interactive."""
        self._log_media(key, media.figure(figure), step, caption)

    def log_file(self, file: str | Path, name: str | None = None, *, copy: bool = True) -> None:
        """Keep a file as artifact `name`, as it is now; with copy=False it is read later, and must not change."""
        path = Path(file)
        if not path.is_file():
            raise Invalid(f"{path} is not a file: log_artifact takes folders")
        self._keep(path, name or path.name, "file", copy=copy)

    def log_artifact(self, path: str | Path, name: str | None = None, *, kind: str = "file", copy: bool = True) -> None:
        """Keep a file, or a folder with all that is in it, as artifacts below `name`."""
        root = Path(path)
        if not root.exists():
            raise Invalid(f"{root} does not exist")
        base = name or root.name
        if root.is_file():
            self._keep(root, base, kind, copy=copy)
            return
        for file in sorted(found for found in root.rglob("*") if found.is_file()):
            self._keep(file, f"{base}/{file.relative_to(root).as_posix()}", kind, copy=copy)

    def log_model(self, path: str, model: Any, *, example: Any = None, flavour: str | None = None) -> None:
        """Keep a model below `path`, ready to be registered and served. `example` is an input, for the signature."""
        from .flavours import save_model  # noqa: PLC0415 - looks up plugins, which only this needs

        folder = self._recorder.spool.new_file()
        folder.mkdir()
        try:
            save_model(model, folder, example=example, flavour=flavour)
            self.log_artifact(folder, path, kind="model")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        self._record(outputs=[{"kind": "model", "name": path}])

    def log_input(self, kind: str, name: str, *, version: str | None = None, uri: str | None = None) -> None:
        """Say what this run was made from: data, a model, a file, another run."""
        self._record(inputs=[{"kind": kind, "name": name, "version": version, "uri": uri}])

    @property
    def notes(self) -> str:
        return self._notes

    @notes.setter
    def notes(self, text: str) -> None:
        self._notes = text
        self._record(notes=text)

    def finish(self, status: Outcome = "succeeded", reason: str = "") -> bool:
        """End the run and wait until the server has everything; False when some of it is still in the spool.

        Nothing is lost then: `wardian sync` sends it, or the next `init` on this machine.
        """
        return self._end(status, reason, PATIENCE_IN_WORKLOAD_S if self.in_workload else PATIENCE_S)

    def flush(self) -> None:
        """Bring everything that was logged to this machine's disk."""
        self._recorder.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.finish()
        else:
            self.finish_with(error)

    def finish_with(self, error: BaseException) -> None:
        """End the run as this exception says."""
        if isinstance(error, SystemExit) and self.stop_requested:
            self.end_on_signal()
        elif isinstance(error, KeyboardInterrupt):
            self.finish("stopped", "interrupted")
        elif isinstance(error, SystemExit) and error.code in (None, 0):
            self.finish()
        elif isinstance(error, SystemExit):
            self.finish("failed", f"exit status {error.code}")
        else:
            self.finish("failed", "".join(traceback.format_exception(error)))

    def begin(self, *, console: bool, machine_interval: float | None) -> None:
        """Start what records by itself: code and environment, machine metrics, console. Called once, by `init`."""
        if machine_interval:
            self._machine = Machine(self._log_at, machine_interval)
            self._machine.start()
        if console:
            self._console = Console(self._recorder.text)
        self._source = source.Snapshot(self._take_source)
        self._source.start()

    def end_on_signal(self) -> None:
        """Somebody ends this process: the program has seconds left."""
        self._end("stopped", "ended by SIGTERM", patience=3.0, limit=6.0)

    def _end(self, status: Outcome, reason: str, patience: float, limit: float | None = None) -> bool:
        if self.status != "running":
            return True
        if os.getpid() != self._owner:  # a forked child brings its part home and leaves the run to its parent
            return self._recorder.close(patience, limit)
        self.status = status
        if self._machine:
            self._machine.stop()
        if self._console:
            self._console.close()
        if self._source:
            self._source.join(min(patience, 5.0))
        reason = reason.replace("\0", "")[-REASON_CHARACTERS:]
        body = {"status": status, "reason": reason, "finished_at": datetime.now(UTC).isoformat()}
        self._recorder.write(Kind.FINISH, to_json(body))
        done = self._recorder.close(patience, limit)
        if not done:
            why = f" ({self._recorder.trouble})" if self._recorder.trouble else ""
            say(
                f"run {self.name or self.id} is kept in {self._recorder.spool.folder}{why}: send it with `wardian sync`"
            )
        elif self.url and not self.in_workload:  # there the workload's end is the run's
            say(f"run {self.name or self.id} {status}: {self.url}")
        return done

    def _stepped(self, step: int | None) -> int:
        if step is None:
            step = self._step
        elif type(step) is not int:
            step = index(step)
        if not -STEPS <= step < STEPS:
            raise Invalid(f"step {step} does not fit 64 bits")
        self._step = step + 1
        return step

    def _rouse(self) -> None:
        if self.status != "running":
            raise Conflict(f"run {self.id} is finished: nothing can be logged to it; continue it with init(resume=…)")
        self._recorder.rouse()

    def _log_at(self, metrics: Mapping[str, float], step: int) -> None:
        """A point that does not move the counter of the run."""
        self._recorder.entries.append((step, time.time(), metrics))

    def _record(self, **fields: Any) -> None:
        if self._recorder.asleep:
            self._rouse()
        self._recorder.write(Kind.RECORDS, to_json(fields))

    def _take_source(self, snapshot: source.Taken) -> None:
        if snapshot.diff:
            path = media.Piece(snapshot.diff.encode("utf-8", "replace"), "file", "text/x-diff", "diff")
            self._keep_bytes("code/uncommitted.diff", path)
        self._record(environment=snapshot.environment, source=snapshot.source)

    def _log_media(self, key: str, piece: media.Piece, step: int | None, caption: str = "") -> None:
        check_key(key)
        at, self._pieces = max(self._step - 1, 0) if step is None else index(step), self._pieces + 1
        path = f"media/{key}/{at}-{self._pieces}.{piece.suffix}"
        self._keep_bytes(path, piece, {"key": key, "step": at, "caption": caption or None})

    def _keep_bytes(self, path: str, piece: media.Piece, query: Mapping[str, Any] | None = None) -> None:
        if self._recorder.asleep:
            self._rouse()
        staged = self._recorder.spool.new_file()
        staged.write_bytes(piece.data)
        self._artifact(path, staged.name, {"kind": piece.kind, **(query or {})}, piece.media_type)

    def _keep(self, file: Path, path: str, kind: str, *, copy: bool) -> None:
        if self._recorder.asleep:
            self._rouse()
        if not copy:
            self._artifact(path, str(file.resolve()), {"kind": kind}, None, staged=False)
            return
        staged = self._recorder.spool.new_file()
        shutil.copyfile(file, staged)
        self._artifact(path, staged.name, {"kind": kind}, None)

    def _artifact(
        self, path: str, file: str, query: Mapping[str, Any], media_type: str | None, *, staged: bool = True
    ) -> None:
        body = {"path": path, "file": file, "staged": staged, "query": plain(query), "media_type": media_type}
        self._recorder.write(Kind.ARTIFACT, to_json(body))


def _page(connection: Connection | None, project: str, run: str) -> str | None:
    return f"{connection.url}/projects/{quote(project, safe='')}/runs/{run}" if connection else None


def _next_step(known: Mapping[str, Any]) -> int:
    """A run that goes on counts on where it was."""
    metrics: Mapping[str, Mapping[str, Any]] = known.get("metrics") or {}
    last = [of.get("last_step") for key, of in metrics.items() if not key.startswith("system/")]
    return max((int(step) + 1 for step in last if step is not None), default=0)
