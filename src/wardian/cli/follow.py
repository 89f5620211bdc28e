"""Watching a run: its curves grow, its log goes by, until it has ended."""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from wardian.cli.curve import braille, sparkline
from wardian.cli.output import console, number, section, status
from wardian.sdk.client import Client
from wardian.sdk.documents import Document
from wardian.sdk.nouns import ENDED

LOOK_S = 0.5
CURVES = 6
"""Metrics that are shown, the first one large."""
MACHINE = "system/"
"""What the machine did is in the web app; here it would crowd out what the program learns."""
WIDTH, HEIGHT = 64, 8
LOG_LINES = 8


@dataclass
class Seen:
    """What is known of the run by now."""

    run: Document
    curves: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    log: str = ""
    read: int = 0
    """Bytes of the log that were read."""


def follow(client: Client, project: str, run_id: str) -> Document:
    """Stay until the run has ended and return it. Ctrl-C leaves it running."""
    if sys.stdout.isatty():
        return _drawn(client, project, run_id)
    return _written(client, project, run_id)


def _drawn(client: Client, project: str, run_id: str) -> Document:
    screen = console()
    with Live(console=screen, auto_refresh=False, vertical_overflow="crop") as live:
        seen = None
        for seen in _looks(client, project, run_id, with_curves=True):
            live.update(_picture(seen), refresh=True)
        assert seen is not None  # noqa: S101 - a look comes before the end
    return seen.run


def _written(client: Client, project: str, run_id: str) -> Document:
    """For pipes and logs: the run's own output as it comes, its curves at the end."""
    seen, written = None, 0
    for seen in _looks(client, project, run_id, with_curves=False):
        sys.stdout.write(seen.log[written:])
        sys.stdout.flush()
        written = len(seen.log)
    assert seen is not None  # noqa: S101 - a look comes before the end
    _add_curves(client, project, seen)
    if seen.curves:
        console().print(_curves(seen))
    return seen.run


def _looks(client: Client, project: str, run_id: str, *, with_curves: bool) -> Iterator[Seen]:
    """What there is to see, again and again; the last look comes after the end, so that nothing is missed."""
    seen = Seen(client.runs.get(project, run_id))
    while True:
        seen.run = client.runs.get(project, run_id)
        ended = seen.run["status"] in ENDED
        _add_log(client, project, seen)
        if with_curves:
            _add_curves(client, project, seen)
        yield seen
        if ended:
            return
        time.sleep(LOOK_S)


def _add_log(client: Client, project: str, seen: Seen) -> None:
    path = f"/projects/{project}/runs/{seen.run['id']}/log"
    while (part := client.request("GET", path, query={"start": seen.read}))["text"]:
        seen.log += part["text"]
        seen.read = part["end"]


def _add_curves(client: Client, project: str, seen: Seen) -> None:
    keys = [key for key in section(seen.run, "metrics") if not key.startswith(MACHINE)]
    for key in keys[:CURVES]:
        seen.curves[key] = values_of(client.runs.curve(project, seen.run["id"], key, pixels=WIDTH * 2))


def values_of(curve: Document) -> list[float]:
    """The values of a curve; `NaN` and `Infinity` are words that float() knows."""
    return [float(value) for value in curve["value"]]


def _picture(seen: Seen) -> RenderableType:
    run = seen.run
    head = Text.assemble(
        (str(run.get("name") or run["id"]), "bold"), "  ", status(run["status"]), "  ", run.get("reason") or ""
    )
    log = Text("\n".join(seen.log.splitlines()[-LOG_LINES:]), style="dim")
    return Group(head, _curves(seen), log)


def _curves(seen: Seen) -> RenderableType:
    """The first metric as a curve, the others as lines of bars with their last value."""
    if not seen.curves:
        return Text("no metrics yet", style="dim")
    (key, values), *others = seen.curves.items()
    summary = seen.run["metrics"][key]
    lines = Text("\n".join(braille(values, WIDTH, HEIGHT)), style="green")
    scale = Text("\n".join([number(summary["max"]), *[""] * (HEIGHT - 2), number(summary["min"])]), style="dim")
    large = Table.grid(padding=(0, 1))
    large.add_row(lines, scale)
    small = Table.grid(padding=(0, 2))
    for name, each in [(key, values), *others]:
        small.add_row(Text(name, style="bold"), number(seen.run["metrics"][name]["last"]), sparkline(each, WIDTH // 2))
    return Group(large, small)
