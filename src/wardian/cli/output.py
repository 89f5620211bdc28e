"""How answers look: tables for people, JSON for programs, bars for what takes long."""

import json
import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table
from rich.text import Text

from wardian.sdk.documents import Document

WIDE = 240
"""Columns when nobody looks: a pipe must not lose what a narrow screen would cut off."""

_STATUS = {
    "queued": ("◷", "yellow"),
    "starting": ("◔", "cyan"),
    "running": ("▶", "blue"),
    "ready": ("●", "green"),
    "live": ("●", "green"),
    "updating": ("◔", "cyan"),
    "restarting": ("◔", "yellow"),
    "draining": ("◌", "yellow"),
    "retired": ("■", "bright_black"),
    "stopping": ("◌", "yellow"),
    "succeeded": ("✓", "green"),
    "failed": ("✗", "red"),
    "stopped": ("■", "bright_black"),
    "lost": ("?", "magenta"),
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400

Cell = Callable[[Any], str | Text]


class Column:
    """A heading, the dotted path of its value in the document, and how the value is written."""

    def __init__(self, title: str, path: str | None = None, cell: Cell | None = None, *, right: bool = False) -> None:
        self.title, self.path, self.cell, self.right = title, path or title, cell or plain, right

    def of(self, document: Mapping[str, Any]) -> str | Text:
        return self.cell(at(document, self.path))


def console(*, error: bool = False) -> Console:
    stream = sys.stderr if error else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else WIDE, highlight=False, soft_wrap=False)


def say(text: str | Text = "") -> None:
    console().print(text, markup=False, soft_wrap=True)


def note(text: str) -> None:
    """Something for people beside the answer: on standard error, so that pipes stay clean."""
    console(error=True).print(text, markup=False, soft_wrap=True)


def as_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def listing(documents: Iterable[Document], columns: Sequence[Column], *, as_json_: bool, empty: str) -> None:
    """A table of documents, or all of them as one JSON list."""
    found = list(documents)
    if as_json_:
        as_json(found)
    elif not found:
        note(empty)
    else:
        say_table(found, columns)


def say_table(documents: Iterable[Mapping[str, Any]], columns: Sequence[Column], title: str | None = None) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False, title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column.title, justify="right" if column.right else "left", overflow="fold")
    for document in documents:
        table.add_row(*(column.of(document) for column in columns))
    console().print(table)


def details(rows: Mapping[str, str | Text]) -> None:
    """Names and values of one thing, one a line; empty values are left out."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in rows.items():
        if value:
            table.add_row(name, value)
    console().print(table)


def at(document: Any, path: str) -> Any:
    for part in path.split("."):
        document = document.get(part) if isinstance(document, Mapping) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return document  # pyright: ignore[reportUnknownVariableType]


def section(document: Mapping[str, Any], path: str) -> Document:
    """A part that may be missing."""
    found = at(document, path)
    return cast("Document", found) if isinstance(found, dict) else {}


def plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return number(value)
        case list():
            return ", ".join(plain(each) for each in value)  # pyright: ignore[reportUnknownVariableType]
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def number(value: float | str | None) -> str:
    return f"{value:.6g}" if isinstance(value, int | float) else str(value or "")


def status(value: Any) -> Text:
    """Told by shape and colour, so that neither alone carries it."""
    shape, colour = _STATUS.get(str(value), ("·", "default"))
    return Text(f"{shape} {value}", style=colour)


def ago(value: Any) -> str:
    """How long since an ISO time, to one unit."""
    if not value:
        return ""
    seconds = (datetime.now(UTC) - datetime.fromisoformat(value)).total_seconds()
    return f"{span(max(seconds, 0))} ago"


def span(seconds: float) -> str:
    for unit, size in (("d", _DAY), ("h", _HOUR), ("min", _MINUTE)):
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds:.0f} s"


def size(value: Any) -> str:
    if not value:
        return ""
    amount = float(value)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TiB"


@contextmanager
def transfer(title: str, *, quiet: bool) -> Generator[Callable[[int, int | None], None] | None]:
    """A bar for bytes that move; nothing where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console(error=True), transient=True) as progress:
        task = progress.add_task(title, total=None)

        def moved(done: int, whole: int | None) -> None:
            progress.update(task, completed=done, total=whole)

        yield moved


@contextmanager
def waiting(title: str, *, quiet: bool) -> Generator[None]:
    """A spinner for work whose length nobody knows."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    with console(error=True).status(title):
        yield
