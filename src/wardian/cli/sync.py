"""Runs that were logged while no server answered."""

from dataclasses import asdict
from pathlib import Path

from wardian.cli.context import HERE, Place
from wardian.cli.exits import DONE, FAILED
from wardian.cli.output import as_json, note, say, waiting
from wardian.sdk.sync import send, spool_root


def sync(folder: Path | None = None, /, *, place: Place = HERE) -> int:
    """Send what runs logged while no server answered. Nothing is sent twice; status 1 when something is left.

    Parameters
    ----------
    folder
        Where the runs were written, also on another machine; else where `wardian.init` writes them here.
    """
    with waiting("sending", quiet=place.json):
        report = send(folder or spool_root(place.folder), place.connection(), any_server=folder is not None)
    if place.json:
        as_json(asdict(report))
        return FAILED if report.kept else DONE
    for run, frames in report.sent.items():
        say(f"run {run}: {frames} records sent")
    for busy in report.busy:
        note(f"{busy} is still being written; its own program sends it")
    for kept, reason in report.kept.items():
        note(f"{kept} was not sent: {reason}")
    if not report.sent and not report.kept:
        say("nothing waits to be sent")
    return FAILED if report.kept else DONE
