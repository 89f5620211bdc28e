"""`model.json`: what a model folder says about the model in it."""

from pathlib import Path
from typing import Any

import msgspec

from .messages import TensorSpec

FILE = "model.json"


class Signature(msgspec.Struct):
    inputs: list[TensorSpec] = []
    outputs: list[TensorSpec] = []


class Manifest(msgspec.Struct):
    flavour: str
    file: str
    """The flavour's main file, relative to the folder."""
    signature: Signature = msgspec.field(default_factory=Signature)
    example: dict[str, Any] | None = None
    """An inference request that the model can answer; it is run once before the server says that it is ready."""
    row_wise: bool | None = None
    """Whether each row of an answer depends on its own row alone, so that requests may share a call.

    Absent: the flavour decides."""
    options: dict[str, Any] = {}
    """What only the flavour understands."""


class BadModel(Exception):
    """The model folder cannot be served; the message says why."""


def read(folder: Path) -> Manifest:
    """The manifest of a model folder; keys this version does not know are ignored."""
    try:
        manifest = msgspec.json.decode((folder / FILE).read_bytes(), type=Manifest)
    except OSError as error:
        raise BadModel(f"{folder / FILE} cannot be read: {error}") from error
    except msgspec.DecodeError as error:
        raise BadModel(f"{folder / FILE} is not a model manifest: {error}") from error
    file = (folder / manifest.file).resolve()
    if not file.is_relative_to(folder.resolve()):
        raise BadModel(f"{folder / FILE} names the file {manifest.file!r}, which lies outside the model folder")
    if not file.exists():
        raise BadModel(f"{folder / FILE} names the file {manifest.file!r}, which is not in the model folder")
    return manifest
