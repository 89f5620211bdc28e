"""Notebooks as steps: cells of a `.ipynb` or a light-format script, grouped by their `same_step_N` tags.

The tags and their meaning are those of SAME; where its tools differed, a number used twice continues its step and the
steps run sorted by number.
"""

import ast
import io
import json
import re
import shlex
import tokenize
from dataclasses import dataclass, field
from typing import Any, cast

from wardian.kernel.errors import Invalid
from wardian.programs import durations

_STEP_TAG = re.compile(r"same[_-]step[_-](\d+)")
_ALMOST_STEP_TAG = re.compile(r"same[_-]?step.*", re.IGNORECASE)
_MAGIC = re.compile(r"\s*(?:[%!?]|[\w.]+\?{1,2}\s*$|[\w, ]+=\s*[!%])")
_PIP = re.compile(r"\s*#?\s*[%!]\s*(?:\S*python[\d.]*\s+-m\s+|uv\s+)?pip3?\s+install\s+(?P<rest>.+)")
_PYTHON_CELL_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")
_OPTIONS_WITH_VALUE = {"-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-c", "--constraint", "-t"}
_PERCENT_CELL = re.compile(r"#\s*%%(?P<head>.*)")
_LIGHT_CELL = re.compile(r"#\s*\+(?P<head>(?:\s.*)?)$")
_LIGHT_END = re.compile(r"#\s*-\s*$")
_TAGS_IN_HEAD = re.compile(r"tags\s*=\s*(\[.*?\])")


@dataclass(frozen=True)
class Cell:
    """One code cell. `index` counts every cell of the notebook, from 0, as people count them on screen."""

    index: int
    source: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notebook:
    path: str
    cells: tuple[Cell, ...]
    same_config: dict[str, Any] | None = None
    """What a notebook's own metadata says in place of a same.yaml."""


@dataclass
class NotebookStep:
    """The cells that one tag number gathers, ready to run."""

    number: int
    name: str
    cells: list[Cell] = field(default_factory=list[Cell])
    cache: str = "P0D"
    environment: str = "default"
    tags: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Split:
    steps: tuple[NotebookStep, ...]
    requirements: tuple[str, ...]
    """What `%pip install` lines ask for."""
    warnings: tuple[str, ...]


def read(path: str, text: str) -> Notebook:
    """Cells of a notebook; the form is told by the file name and, for scripts, by their markers."""
    return _read_ipynb(path, text) if path.endswith(".ipynb") else Notebook(path, tuple(_script_cells(text)))


def split(notebook: Notebook, environments: set[str]) -> Split:
    """Group cells into steps by their tags, sorted by number; magics are left out and listed."""
    steps: dict[int, NotebookStep] = {}
    warnings: list[str] = []
    requirements: list[str] = []
    current = 0
    for cell in notebook.cells:
        number = _step_number(notebook.path, cell)
        current = current if number is None else number
        step = steps.setdefault(current, NotebookStep(current, f"same_step_{current:03d}"))
        _apply_tags(notebook.path, step, cell, environments)
        requirements += pip_requirements(cell.source)
        source, left_out = without_magics(cell.source)
        warnings += [f"{notebook.path} cell {cell.index}: left out {line!r}" for line in left_out]
        step.cells.append(Cell(cell.index, source, cell.tags))
    if steps.get(0) and not any(cell.source.strip() for cell in steps[0].cells):
        del steps[0]
    in_order = sorted(steps)
    if in_order != list(steps):
        shown = ", ".join(map(str, in_order))
        warnings.append(
            f"{notebook.path}: steps run sorted by number ({shown}), and that is not their order in the file"
        )
    return Split(tuple(steps[number] for number in in_order), tuple(dict.fromkeys(requirements)), tuple(warnings))


def pip_requirements(source: str) -> list[str]:
    """Requirements that `%pip install` lines name; options are dropped."""
    found: list[str] = []
    for line in source.splitlines():
        match = _PIP.match(line)
        if match is None:
            continue
        words = iter(_words(match["rest"]))
        for word in words:
            if word in _OPTIONS_WITH_VALUE or word in ("-r", "--requirement"):
                next(words, None)
            elif not word.startswith("-"):
                found.append(word)
    return found


def without_magics(source: str) -> tuple[str, list[str]]:
    """The plain Python of a cell and the lines that were left out. Line numbers stay what they were."""
    first = source.lstrip().split("\n", 1)[0].strip()
    if first.startswith("%%") and not first.startswith(_PYTHON_CELL_MAGICS):
        return "", [first]
    if _is_python(source):
        return source, []
    kept: list[str] = []
    left_out: list[str] = []
    for line in source.split("\n"):
        if _MAGIC.match(line) and not _in_statement(kept):
            left_out.append(line.strip())
            indent = line[: len(line) - len(line.lstrip())]
            kept.append(f"{indent}pass")
        else:
            kept.append(line)
    return "\n".join(kept), left_out


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return text.split()


def parse_cell(source: str) -> None:
    """Raises SyntaxError unless the cell is Python; `await` may stand at the top."""
    compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


def _is_python(source: str) -> bool:
    try:
        parse_cell(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _in_statement(lines: list[str]) -> bool:
    """Whether the next line continues a bracket, a long string or a backslash: `%` is then an operator or text."""
    if lines and lines[-1].rstrip().endswith("\\"):
        return True
    try:
        for _ in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline):
            pass
    except tokenize.TokenError as fault:
        return "EOF in multi-line" in str(fault)
    except (IndentationError, SyntaxError):
        return False
    return False


def _step_number(path: str, cell: Cell) -> int | None:
    numbers: set[int] = set()
    for tag in cell.tags:
        found = _STEP_TAG.fullmatch(tag.strip())
        if found:
            numbers.add(int(found[1]))
        elif _ALMOST_STEP_TAG.fullmatch(tag.strip()):
            raise Invalid(f"{path} cell {cell.index}: the tag {tag!r} has no step number; write same_step_1")
    if len(numbers) > 1:
        raise Invalid(f"{path} cell {cell.index}: it belongs to several steps: {sorted(numbers)}; give it one tag")
    return numbers.pop() if numbers else None


def _apply_tags(path: str, step: NotebookStep, cell: Cell, environments: set[str]) -> None:
    for tag in cell.tags:
        key, _, value = tag.strip().partition("=")
        match key:
            case "cache":
                try:
                    durations.seconds_of(value)
                except ValueError as reason:
                    raise Invalid(f"{path} cell {cell.index}: cache={value}: {reason}") from None
                step.cache = value
            case "environment":
                if value not in environments | {"default"}:
                    known = ", ".join(sorted(environments | {"default"}))
                    raise Invalid(f"{path} cell {cell.index}: no environment is named {value!r}; known: {known}")
                step.environment = value
            case _ if not _STEP_TAG.fullmatch(tag.strip()):
                step.tags.append(tag)
            case _:
                pass


def _read_ipynb(path: str, text: str) -> Notebook:
    try:
        data = json.loads(text)
        cells = data["cells"] if "cells" in data else data["worksheets"][0]["cells"]
        found = [
            Cell(index, _source(cell), tuple(str(tag) for tag in cell.get("metadata", {}).get("tags", [])))
            for index, cell in enumerate(cells)
            if cell.get("cell_type") == "code"
        ]
        config = data.get("metadata", {}).get("same_config")
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as fault:
        raise Invalid(f"{path} is not a readable notebook: {type(fault).__name__}: {fault}") from None
    return Notebook(path, tuple(found), cast("dict[str, Any]", config) if isinstance(config, dict) else None)


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    return source if isinstance(source, str) else "".join(source)


def _script_cells(text: str) -> list[Cell]:
    """Cells of a script in percent format (`# %%`) or light format (`# +` … `# -`)."""
    lines = _without_header(text.splitlines())
    percent = any(_PERCENT_CELL.match(line) for line in lines)
    cells: list[Cell] = []
    tags: tuple[str, ...] = ()
    body: list[str] = []
    skipped = False

    def close() -> None:
        source = "\n".join(body).strip("\n")
        if not skipped and (source.strip() or tags):
            cells.append(Cell(len(cells), source, tags))

    for line in lines:
        start = _PERCENT_CELL.match(line) if percent else _LIGHT_CELL.match(line)
        if start or (not percent and _LIGHT_END.match(line)):
            close()
            head = start["head"] if start else ""
            tags, body = _tags_of(head), []
            skipped = "[markdown]" in head or "[md]" in head or "[raw]" in head
        else:
            body.append(line)
    close()
    return cells


def _without_header(lines: list[str]) -> list[str]:
    """Drop the `# ---` … `# ---` block that tools put at the top of a script, keeping the line count."""
    if lines and lines[0].strip() == "# ---":
        for end, line in enumerate(lines[1:], start=1):
            if line.strip() == "# ---":
                return [""] * (end + 1) + lines[end + 1 :]
    return lines


def _tags_of(head: str) -> tuple[str, ...]:
    try:
        if head.strip().startswith("{"):
            tags: list[Any] = json.loads(head).get("tags", [])
        else:
            found = _TAGS_IN_HEAD.search(head)
            tags = json.loads(found[1]) if found else []
    except ValueError:
        raise Invalid(f"the cell marker {head.strip()!r} has metadata that is not readable JSON") from None
    return tuple(map(str, tags))
