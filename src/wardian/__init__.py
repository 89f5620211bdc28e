"""Wardian: one platform for the whole life of a machine-learning program.

Names are loaded when they are first used (PEP 562), so that `import wardian` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .sdk.client import Client
    from .sdk.connection import parameters
    from .sdk.run import Run
    from .sdk.start import init
    from .sdk.sync import sync

__version__ = "0.1.0"

_HOMES = {
    "Client": "client",
    "Run": "run",
    "init": "start",
    "parameters": "connection",
    "sync": "sync",
}

__all__ = ["Client", "Run", "__version__", "init", "parameters", "sync"]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'wardian' has no attribute {name!r}")
    value = getattr(import_module(f".sdk.{home}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
