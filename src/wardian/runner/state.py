"""Handing the variables of one notebook step to the next: one blob for each, named by its content.

Modules are handed on by name; functions and classes of the notebook by value; variables that share objects stay
together in one blob, so that what was one object in a step is one object in the next. What cannot be handed on becomes
an exploding variable with the reason.
"""

import hashlib
import importlib
import io
import json
import pickle
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

from wardian.runner.exploding import Exploding, reason_of
from wardian.runner.pickling import StatePickler, rebuilding_in

_VALUES = (str, bytes, int, float, complex, bool, tuple, frozenset, type(None))
_PLAIN: tuple[type[Any], ...] = (*_VALUES, BuiltinFunctionType, ModuleType, CodeType)
"""Nobody can tell whether two of these are one object or two."""


@dataclass(frozen=True)
class Variable:
    """How one variable is kept: exactly one of blob, module and reason is set."""

    blob: str = ""
    """SHA-256 of a pickle of {name: value} for all variables that live in it."""
    module: str = ""
    reason: str = ""
    same_as: str = ""
    """Another name of the same object."""


@dataclass(frozen=True)
class State:
    """All variables at the end of a step."""

    variables: dict[str, Variable] = field(default_factory=dict[str, Variable])
    uses: list[str] = field(default_factory=list[str])
    """Global names that functions in the state look up: parameters among them count as used by a later step."""

    @property
    def key(self) -> str:
        """Equal keys mean equal states."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @property
    def blobs(self) -> set[str]:
        return {variable.blob for variable in self.variables.values() if variable.blob}

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "State":
        data: dict[str, Any] = json.loads(text)
        return cls({name: Variable(**kept) for name, kept in data["variables"].items()}, data["uses"])


class StateStore:
    """Blobs in a folder, each written once under the hash of its bytes."""

    def __init__(self, folder: Path, memory_limit: int) -> None:
        self._folder = folder
        self._limit = memory_limit
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, blob: str) -> Path:
        return self._folder / blob

    def save(self, namespace: dict[str, Any], without: Iterable[str] = ()) -> State:
        """Keep every variable of a namespace, and say of each how it is kept."""
        found = {name: value for name, value in namespace.items() if _is_variable(name) and name not in set(without)}
        variables: dict[str, Variable] = {}
        first_names: dict[int, str] = {}
        values: dict[str, Any] = {}
        for name, value in found.items():
            if (reason := reason_of(value)) is not None:
                variables[name] = Variable(reason=reason)
            elif isinstance(value, ModuleType):
                variables[name] = Variable(module=value.__name__)
            elif id(value) in first_names and not isinstance(value, _PLAIN):
                variables[name] = Variable(same_as=first_names[id(value)])
            else:
                first_names[id(value)] = name
                values[name] = value
        kept, uses = self._save_values(values, namespace)
        ordered = {name: (variables | kept)[name] for name in found}
        return State(ordered, sorted(uses))

    def load(self, state: State, namespace: dict[str, Any]) -> None:
        """Put every variable of a state into a namespace; what cannot be read any more explodes when it is used."""
        for name, variable in state.variables.items():
            namespace.pop(name, None)
            if variable.module:
                namespace[name] = _module(variable.module)
            elif variable.reason:
                namespace[name] = Exploding(variable.reason)
        loading: set[str] = set()

        def resolve(name: str) -> Any:
            if name not in namespace:
                variable = state.variables[name]
                if variable.same_as:
                    namespace[name] = resolve(variable.same_as)
                else:
                    self._load_blob(variable.blob, state, namespace, loading)
            return namespace[name]

        with rebuilding_in(namespace, resolve):
            for name in state.variables:
                resolve(name)

    def _load_blob(self, blob: str, state: State, namespace: dict[str, Any], loading: set[str]) -> None:
        names = [name for name, variable in state.variables.items() if variable.blob == blob]
        try:
            if blob in loading:
                raise RecursionError("it refers to itself in a way that cannot be rebuilt")
            loading.add(blob)
            namespace.update(pickle.loads(self.path(blob).read_bytes()))  # noqa: S301 - the run's own state
        except Exception as fault:  # noqa: BLE001 - any class may fail in any way while it is rebuilt
            for name in names:
                namespace[name] = Exploding(f"{name} was handed on and cannot be rebuilt here: {_words(fault)}")

    def _save_values(
        self, values: Mapping[str, Any], namespace: dict[str, Any]
    ) -> tuple[dict[str, Variable], set[str]]:
        names = {id(value): name for name, value in values.items() if isinstance(value, type | FunctionType)}
        kept: dict[str, Variable] = {}
        uses: set[str] = set()
        pickled: dict[str, bytes] = {}
        owners: dict[int, str] = {}
        groups = _Groups()
        alive: list[Any] = []
        for name, value in values.items():
            out = _Limited(self._limit)
            pickler = StatePickler(out, namespace, {i: n for i, n in names.items() if n != name})
            try:
                pickler.dump({name: value})
            except Exception as fault:  # noqa: BLE001 - any object may refuse in any way
                kept[name] = Variable(reason=f"{name} could not be handed on by an earlier step: {_words(fault)}")
                continue
            if out.size >= self._limit:
                kept[name] = Variable(reason=_too_big(name, out.size, self._limit))
                continue
            uses |= pickler.uses
            pickled[name] = out.getvalue()
            for thing in _identities(pickler, names):
                groups.join(name, owners.setdefault(id(thing), name))
                alive.append(thing)
        for group in groups.of(pickled):
            data = pickled[group[0]] if len(group) == 1 else self._together(group, values, namespace, names)
            blob = self._write(data)
            kept |= {name: Variable(blob=blob) for name in group}
        return kept, uses

    def _together(
        self, group: list[str], values: Mapping[str, Any], namespace: dict[str, Any], names: Mapping[int, str]
    ) -> bytes:
        out = io.BytesIO()
        others = {i: n for i, n in names.items() if n not in group}
        StatePickler(out, namespace, others).dump({name: values[name] for name in group})
        return out.getvalue()

    def _write(self, data: bytes) -> str:
        blob = hashlib.sha256(data).hexdigest()
        path = self.path(blob)
        if not path.exists():
            half = path.with_suffix(".half")
            half.write_bytes(data)
            half.replace(path)
        return blob


class _Groups:
    """Which variables share objects (union-find)."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, name: str) -> str:
        while (parent := self._parent.get(name, name)) != name:
            name = parent
        return name

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.find(one), self.find(other)))
        if first != second:
            self._parent[second] = first

    def of(self, names: Iterable[str]) -> list[list[str]]:
        groups: dict[str, list[str]] = {}
        for name in names:
            groups.setdefault(self.find(name), []).append(name)
        return list(groups.values())


class _Limited(io.BytesIO):
    """Keeps bytes up to a limit and counts all of them, so that a reason can name the true size."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self.size = 0

    def write(self, data: Any, /) -> int:
        size = memoryview(data).nbytes
        self.size += size
        if self.size < self._limit:
            super().write(data)
        return size


def _identities(pickler: StatePickler, named: Mapping[int, str]) -> list[Any]:
    """The objects of a pickle of which it matters whether two variables hold the same one.

    Those that pickles refer to by name stay one object anyway.
    """
    memo = pickler.memo.copy()
    things = [thing for _, thing in memo.values() if not isinstance(thing, _PLAIN)]
    return [thing for thing in things if id(thing) not in named and _has_identity(thing)]


def _has_identity(thing: Any) -> bool:
    """Objects that are compared by value and hashable may be two or one: nobody can tell."""
    if isinstance(thing, type | FunctionType):
        return thing.__module__ == "__main__"
    try:
        return type(thing).__hash__ is None or hash(thing) in (object.__hash__(thing), id(thing))
    except Exception:  # noqa: BLE001 - an object that cannot be hashed is compared by identity
        return True


def _is_variable(name: str) -> bool:
    return not (name.startswith("__") and name.endswith("__"))


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except Exception as fault:  # noqa: BLE001 - a module may do anything when it is imported
        return Exploding(f"the module {name} cannot be imported in this step: {_words(fault)}")


def _too_big(name: str, size: int, limit: int) -> str:
    return (
        f"{name} was not handed on: it takes {size:,} bytes and the limit is {limit:,}; "
        "raise serialisation_memory_limit, or write it to a file"
    )


def _words(fault: BaseException) -> str:
    return f"{type(fault).__name__}: {fault}" if str(fault) else type(fault).__name__


def main_module() -> ModuleType:
    """A fresh `__main__` for the cells of a step: functions and classes defined in it are handed on by value."""
    module = ModuleType("__main__")
    sys.modules["__main__"] = module
    return module
