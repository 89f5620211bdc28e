"""What the commands of the server itself print: plain aligned lines, so that a server carries no table library."""

import json
import sys
from collections.abc import Callable, Mapping

Announce = Callable[[str], None]
"""Where the start screen goes: the terminal, or the one who waits for a server in the background."""


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def as_json(value: object) -> None:
    say(json.dumps(value, indent=2))


def rows(values: Mapping[str, str], indent: str = "  ") -> str:
    """Name and value a line; empty values are left out."""
    width = max((len(name) for name, value in values.items() if value), default=0)
    return "\n".join(f"{indent}{name:<{width}}  {value}" for name, value in values.items() if value)


def bold(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if sys.stdout.isatty() else text
