"""`wardian.init`: begins a run, or joins the one that this process belongs to."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from wardian.kernel.errors import Invalid, TooMuch, Unavailable
from wardian.kernel.ids import is_id, new_id

from . import exits, sync
from .connection import Connection, Surroundings, surroundings
from .notice import say
from .recorder import Destination, Recorder
from .run import Run
from .shipping import meet
from .spool import Origin
from .transport import Transport

DEFAULT_PROJECT = "default"
FIRST_ANSWER_S = 10.0
NAME = re.compile(r"[^\x00-\x20\x7f]([^\x00-\x1f\x7f]{0,126}[^\x00-\x20\x7f])?")
"""`wardian.kernel.names.Title`, for environments without pydantic."""
MACHINE_INTERVAL_S = 10.0


def init(  # noqa: PLR0913 - the one call that everybody writes
    project: str | None = None,
    name: str | None = None,
    *,
    experiment: str | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, str] | Sequence[str] = (),
    notes: str = "",
    resume: str | None = None,
    offline: bool | None = None,
    console: bool = True,
    machine: float | None = MACHINE_INTERVAL_S,
) -> Run:
    """Begin a run and record it until it is finished, or the program ends.

    Inside a Wardian workload this is the workload's own run. Elsewhere the server is the one of the `WARDIAN_…`
    variables or of the command line's sign-in; a project that does not exist is made. When the server does not answer,
    everything is kept on disk and sent later.

    project: if not given `WARDIAN_PROJECT`, the command line's, or "default".   resume: the id of a run to go on with.
    offline: never contact the server (also `WARDIAN_OFFLINE=1`); `wardian sync` sends the run later.
    console: keep what the program prints.   machine: seconds between samples of cpu, memory, …; None for none.
    """
    around = surroundings()
    run_id = resume or around.run
    if run_id and (already := exits.active(run_id)):
        return already
    if run_id and not is_id(run_id):
        raise Invalid(f"{run_id!r} is not the id of a run: resume takes the 32 characters of `run.id`")
    is_offline = around.is_offline if offline is None else offline
    connection = None if is_offline else around.connection()
    labels = {key: str(value) for key, value in tags.items()} if isinstance(tags, Mapping) else dict.fromkeys(tags, "")
    body: dict[str, Any] = {
        "id": run_id or new_id(),
        "name": _named(name or ""),
        "experiment": _named(experiment or "default"),
        "params": dict(params or {}),
        "tags": labels,
        "notes": notes,
        "started_at": datetime.now(UTC).isoformat(),
    }
    origin = Origin(
        run=body["id"],
        project=project or around.chosen_project or DEFAULT_PROJECT,
        url=connection.url if connection else None,
        create=None if run_id else body,
        resume=bool(resume),
    )
    found = _first_answer(connection, origin) if connection else None
    run = _run(around, origin, connection, found)
    if run_id:
        _add(run, params, labels, notes)
    exits.watch(run)
    if connection:
        say(f"recording run {run.name or run.id}: {run.url}")
        sync.sweep(sync.spool_root(around.home), connection)
    else:
        say(f"recording run {run.name or run.id} offline: send it later with `wardian sync`")
    run.begin(console=console and not (around.workload or run.in_workload), machine_interval=machine)
    return run


def _named(name: str) -> str:
    """The name, if the server will take it: offline nobody else would say so in time."""
    if name and not NAME.fullmatch(name):
        raise Invalid(f"{name!r} cannot be a name: one line of at most 128 characters, with no space at its ends")
    return name


def _run(around: Surroundings, origin: Origin, connection: Connection | None, found: Mapping[str, Any] | None) -> Run:
    made: list[Run] = []

    def stop() -> None:
        """The server passes on that somebody wants the run to stop."""
        if made and not made[0].stop_requested:
            made[0].stop_requested = True
            say("somebody asked this run to stop")
            if not made[0].in_workload:  # a workload is stopped by its executor
                exits.interrupt()

    recorder = Recorder(Destination(sync.spool_root(around.home), origin, connection, stop, created=found is not None))
    known = {**(found or origin.create or {})}
    if around.workload:
        known["workload"] = around.workload
    run = Run(recorder, known, connection)
    made.append(run)
    return run


def _first_answer(connection: Connection, origin: Origin) -> Mapping[str, Any] | None:
    """Create or look up the run, so that a wrong key or name shows at once; None when the server is away."""
    transport = Transport(connection, FIRST_ANSWER_S)
    try:
        return meet(transport, origin)
    except (Unavailable, TooMuch) as error:
        say(f"{error}; recording goes on, and everything is sent as soon as that works")
        return None
    finally:
        transport.close()


def _add(run: Run, params: Mapping[str, Any] | None, tags: Mapping[str, str], notes: str) -> None:
    """What `init` was told about a run that was there before."""
    if params:
        run.params.update(params)
    if tags:
        run.tags.update(tags)
    if notes:
        run.notes = notes
