"""Lists come in pages; a cursor says where the next one starts."""

import base64
import binascii
import json
from typing import Annotated, Any, Generic, TypeVar

from pydantic import Field

from wardian.kernel.errors import Invalid
from wardian.kernel.models import Model

MAX_PAGE = 1000
T = TypeVar("T")


class Page(Model, Generic[T]):
    items: list[T]
    next: str | None = None
    """Give this back as `cursor` to get the page after; null on the last page."""


class PageQuery(Model):
    cursor: Annotated[str | None, Field(max_length=2048)] = None
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 100

    def position(self, length: int) -> list[Any] | None:
        """The decoded cursor, of `length` values, or None for the first page."""
        return None if self.cursor is None else decode_cursor(self.cursor, length)


def encode_cursor(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        values = None
    if not isinstance(values, list) or len(values) != length:  # pyright: ignore[reportUnknownArgumentType]
        raise Invalid("this cursor does not belong to this list; start again without one", cursor=cursor)
    return values  # pyright: ignore[reportUnknownVariableType]
