"""Pickling what a notebook defines. With cloudpickle functions and classes go by value, without it they cannot go."""

import contextvars
import io
import pickle
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import IO, TYPE_CHECKING, Any, cast

from wardian.runner.exploding import NotHandedOn, reason_of

if TYPE_CHECKING:
    from pickle import Pickler as _Base
else:
    try:
        from cloudpickle import Pickler as _Base
    except ImportError:
        from pickle import Pickler as _Base

_BY_VALUE = _Base is not pickle.Pickler
_IN_MEMORY = (io.BytesIO, io.StringIO)
_rebuilding: contextvars.ContextVar[tuple[dict[str, Any], Callable[[str], Any]]] = contextvars.ContextVar("rebuilding")


class StatePickler(_Base):
    """Pickles one variable of a notebook.

    A function of the notebook is tied to the namespace it is loaded into, so that it sees the variables of the later
    step; a class or function that is itself a variable is referred to by its name, so that it stays one object.
    """

    def __init__(self, out: IO[bytes], namespace: dict[str, Any], names: Mapping[int, str]) -> None:
        super().__init__(out, protocol=5)
        self._namespace = namespace
        self._names = names
        """id → variable of the functions and classes that have a blob of their own."""
        self.uses: set[str] = set()
        """Global names that pickled functions look up."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, io.IOBase) and not isinstance(obj, _IN_MEMORY):
            raise pickle.PicklingError("an open file belongs to the step that opened it; hand on its path")
        if not isinstance(obj, type | FunctionType):
            return super().reducer_override(obj) if _BY_VALUE else NotImplemented
        if id(obj) in self._names:
            return _variable, (self._names[id(obj)],)
        if obj.__module__ != "__main__":
            return super().reducer_override(obj) if _BY_VALUE else NotImplemented
        if not _BY_VALUE:
            raise pickle.PicklingError(f"handing on {obj.__name__} needs cloudpickle in the environment")
        reduced: Any = super().reducer_override(obj)
        if not isinstance(reduced, tuple):
            return reduced
        reduced = cast("tuple[Any, ...]", reduced)
        if isinstance(obj, FunctionType):
            self.uses |= _globals_of(obj.__code__)
        return self._tied(obj, reduced) if isinstance(obj, FunctionType) else _untracked(reduced)

    def _tied(self, function: FunctionType, reduced: tuple[Any, ...]) -> tuple[Any, ...]:
        """Without the copy of the globals that cloudpickle would put into the blob."""
        if function.__globals__ is not self._namespace:
            return reduced
        _, (code, _, *_, closure), (state, slots), *rest = reduced
        return _function, (code, closure), (state, slots | {"__globals__": {}}), *rest


@contextmanager
def rebuilding_in(namespace: dict[str, Any], resolve: Callable[[str], Any]) -> Generator[None]:
    """Within the block, what is unpickled belongs to `namespace`; `resolve` gives a variable by name."""
    token = _rebuilding.set((namespace, resolve))
    try:
        yield
    finally:
        _rebuilding.reset(token)


def _function(code: CodeType, closure: Any) -> FunctionType:
    return FunctionType(code, _rebuilding.get()[0], None, None, closure)


def _variable(name: str) -> Any:
    value = _rebuilding.get()[1](name)
    if (reason := reason_of(value)) is not None:
        raise NotHandedOn(reason)
    return value


def _untracked(reduced: tuple[Any, ...]) -> tuple[Any, ...]:
    """Without the random id by which cloudpickle knows a class again: equal classes give equal blobs."""
    make, (*arguments, _, extra), *rest = reduced
    return make, (*arguments, None, extra), *rest


def _globals_of(code: CodeType) -> set[str]:
    found = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= _globals_of(constant)
    return found
