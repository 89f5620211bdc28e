"""What goes over the wire, as the client's callers see it."""

from collections.abc import Callable, Mapping
from typing import Any

Document = dict[str, Any]
"""A JSON object of the API. Plain, so that a client keeps working when a newer server adds a field."""

Progress = Callable[[int, int | None], None]
"""Called with the bytes moved so far and the whole, when it is known."""

Query = Mapping[str, Any] | None
