"""Pictures, tables, figures and texts as bytes. Foreign objects are known by what they can do, never imported."""

import json
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import zip_longest
from mimetypes import guess_type
from pathlib import Path
from typing import Any, NamedTuple, cast

from wardian.kernel.errors import Invalid

from .wire import to_json

PLOTLY = "application/vnd.plotly.v1+json"
PNG = "image/png"
_SIGNATURES = ((b"\x89PNG", "png", PNG), (b"\xff\xd8\xff", "jpg", "image/jpeg"), (b"GIF8", "gif", "image/gif"))
_COLOURS = {1: 0, 2: 4, 3: 2, 4: 6}
"""PNG's colour type by the number of channels."""


class Piece(NamedTuple):
    """One thing to look at."""

    data: bytes
    kind: str
    media_type: str
    suffix: str


def text(value: object) -> Piece:
    value = str(value)
    return Piece(value.encode("utf-8", "replace"), "text", "text/plain; charset=utf-8", "txt")


def image(value: Any) -> Piece:
    if isinstance(value, str | Path):
        path = Path(value)
        return Piece(path.read_bytes(), "image", guess_type(path.name)[0] or PNG, path.suffix.lstrip(".") or "png")
    if isinstance(value, bytes):
        return _picture(value)
    if callable(save := getattr(value, "save", None)) and hasattr(value, "mode"):  # PIL
        file = BytesIO()
        save(file, "PNG")
        return Piece(file.getvalue(), "image", PNG, "png")
    return Piece(_png(_pixels(value)), "image", PNG, "png")


def table(value: Any) -> Piece:
    """Columns and rows of a list of dicts, a dict of columns, or a pandas frame."""
    kind = type(value).__name__
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        value = {str(name): value[name].tolist() for name in value.columns}
    if isinstance(value, Mapping):
        columns = cast("Mapping[str, Iterable[Any]]", value)
        document = {"columns": list(columns), "rows": [list(row) for row in zip_longest(*columns.values())]}
    elif isinstance(value, Sequence) and all(isinstance(row, Mapping) for row in cast("Sequence[Any]", value)):
        rows = cast("Sequence[Mapping[str, Any]]", value)
        names = list(dict.fromkeys(name for row in rows for name in row))
        document = {"columns": names, "rows": [[row.get(name) for name in names] for row in rows]}
    else:
        raise Invalid(f"a {kind} is no table: give a list of dicts, a dict of columns or a pandas frame")
    return Piece(to_json(document), "table", "application/json", "json")


def figure(value: Any) -> Piece:
    if callable(to_plotly := getattr(value, "to_json", None)) and hasattr(value, "layout"):
        return Piece(str(to_plotly()).encode(), "figure", PLOTLY, "json")
    value = getattr(value, "figure", value) if not hasattr(value, "savefig") else value  # axes know their figure
    if callable(save := getattr(value, "savefig", None)):
        file = BytesIO()
        save(file, format="png", bbox_inches="tight")
        return Piece(file.getvalue(), "figure", PNG, "png")
    if isinstance(value, Mapping):  # plotly's own JSON
        return Piece(json.dumps(cast("Mapping[str, Any]", value)).encode(), "figure", PLOTLY, "json")
    raise Invalid(f"a {type(value).__name__} is no figure: give one of matplotlib or plotly")


def _picture(data: bytes) -> Piece:
    for start, suffix, media_type in _SIGNATURES:
        if data.startswith(start):
            return Piece(data, "image", media_type, suffix)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Piece(data, "image", "image/webp", "webp")
    raise Invalid("these bytes are no PNG, JPEG, GIF or WebP: give an array, or the path of a file")


def _pixels(value: Any) -> Any:
    """An array of bytes, height, width, channels; tensors with the channels first are turned."""
    for turn in ("detach", "cpu", "numpy"):
        if callable(method := getattr(value, turn, None)):
            value = method()
    shape = getattr(value, "shape", None)
    if shape is None or not hasattr(value, "astype"):
        raise Invalid(f"a {type(value).__name__} is no picture: give an array, a PIL image, a file or bytes")
    if len(shape) == 2:
        value = value[:, :, None]
    elif len(shape) == 3 and shape[2] not in _COLOURS and shape[0] in _COLOURS:
        value = value.transpose(1, 2, 0)
    if len(value.shape) != 3 or value.shape[2] not in _COLOURS or 0 in value.shape:
        raise Invalid(
            f"an array of shape {tuple(shape)} is no picture: it must be (height, width) or (height, width, 1 | 3 | 4)"
        )
    if value.dtype.kind == "f":
        low, high = float(value.min()), float(value.max())
        if low < 0 or high > 1:  # not the usual 0 to 1: spread what is there
            value = (value - low) / ((high - low) or 1.0)
        value = value * 255.0 + 0.5
    elif value.dtype.kind == "b":
        value = value * 255
    return value.clip(0, 255).astype("uint8")


def _png(pixels: Any) -> bytes:
    """A PNG (W3C, third edition) without filters: quick to write, and needs no library."""
    height, width, channels = pixels.shape
    rows = b"".join(b"\0" + pixels[row].tobytes() for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOURS[channels], 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
