"""A YAML or JSON document that remembers on which line each value stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ValidationError

from wardian.kernel.errors import Invalid

Path = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)

_DEEPEST = 50


@dataclass(frozen=True)
class Document:
    """Parsed data, the line of every value, and the text of every scalar as it was written."""

    name: str
    data: dict[str, Any]
    lines: dict[Path, int]
    texts: dict[Path, str]

    def place(self, path: Path) -> str:
        """`wardian.yaml line 12, steps[1].needs`: the nearest place that the file really has."""
        known: Path = ()
        for part in path:
            if (*known, part) in self.lines or not self.lines:
                known = (*known, part)
        line = f"{self.name} line {self.lines[known]}" if known in self.lines else self.name
        shown = _dotted(known)
        return f"{line}, {shown}" if shown else line

    def error(self, path: Path, reason: str) -> Invalid:
        return Invalid(f"{self.place(path)}: {reason}", place=_dotted(path))

    def read_as(self, model: type[M], data: dict[str, Any] | None = None) -> M:
        """The document as `model`; every fault is named with its place."""
        try:
            return model.model_validate(self.data if data is None else data)
        except ValidationError as fault:
            faults = [f"{self.place(e['loc'])}: {_reason(dict(e))}" for e in fault.errors()]
            raise Invalid("\n".join(faults), faults=faults) from None


def of_data(data: dict[str, Any], name: str) -> Document:
    """A document that was no file of its own, so that nothing in it has a line."""
    return Document(name, data, {}, {})


def parse(text: str, name: str) -> Document:
    """Read one document. A key given twice, an anchor loop or a value that is not a map is refused with its line."""
    try:
        root = cast("yaml.Node | None", yaml.compose(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError as fault:
        raise Invalid(f"{name} is not readable YAML: {' '.join(str(fault).split())}") from None
    if not isinstance(root, yaml.MappingNode):
        raise Invalid(f"{name} must hold a map of fields at its top level")
    lines: dict[Path, int] = {}
    texts: dict[Path, str] = {}
    reader = _Reader(name, lines, texts)
    return Document(name, reader.value(root, ()), lines, texts)


class _Reader:
    """Turns YAML nodes into plain data, one node at a time, keeping the lines."""

    def __init__(self, name: str, lines: dict[Path, int], texts: dict[Path, str]) -> None:
        self._name, self._lines, self._texts = name, lines, texts
        self._scalars = yaml.constructor.SafeConstructor()
        self._count = 0

    def value(self, node: yaml.Node, path: Path) -> Any:
        self._count += 1
        if len(path) > _DEEPEST or self._count > 100_000:
            raise Invalid(f"{self._name} line {_line(node)}: nested too deeply or too large")
        self._lines[path] = _line(node)
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        self._texts[path] = str(node.value)
        try:
            return _plain(self._scalars.construct_object(node))  # type: ignore[no-untyped-call]
        except (yaml.YAMLError, ValueError) as fault:
            raise Invalid(f"{self._name} line {_line(node)}: {' '.join(str(fault).split())}") from None

    def _pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise Invalid(f"{self._name} line {_line(key_node)}: a key must be text")
            key = str(key_node.value)
            if key_node.tag == "tag:yaml.org,2002:merge":
                merged = self.value(value_node, path)
                for part in cast("list[dict[str, Any]]", merged if isinstance(merged, list) else [merged]):
                    yield from ((name, value) for name, value in part.items() if name not in seen)
                continue
            if key in seen:
                raise Invalid(f"{self._name} line {_line(key_node)}: the key {key!r} is given twice")
            seen.add(key)
            yield key, self.value(value_node, (*path, key))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _plain(value: Any) -> Any:
    """Dates and bytes of YAML become text: a manifest holds only what JSON can hold."""
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _reason(fault: dict[str, Any]) -> str:
    last = fault["loc"][-1] if fault["loc"] else ""
    match fault["type"]:
        case "extra_forbidden":
            return f"unknown field {last!r}"
        case "missing":
            return f"the field {last!r} is missing"
        case _:
            return str(fault["msg"]).removeprefix("Value error, ")


def _dotted(path: Path) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
