"""The JSON Schema of wardian.yaml, for editors: `python -m wardian.programs.schema > docs/wardian.schema.json`."""

import json
import sys
from typing import Any

from wardian.programs.manifest import INHERIT, Manifest

_SCALARS: list[dict[str, Any]] = [
    {"type": kind} for kind in ("integer", "number", "string", "boolean", "array", "null")
]


def schema() -> dict[str, Any]:
    """What a wardian.yaml may hold, the short forms included."""
    whole: dict[str, Any] = Manifest.model_json_schema(by_alias=True)
    parts = whole["$defs"]
    parts["Parameter"]["required"] = []
    parts["Parameter"] = {"anyOf": [parts["Parameter"], *_SCALARS]}
    python = parts["Environment"]["properties"]["python"]
    parts["Environment"]["properties"]["python"] = {"anyOf": [python, {"type": "number"}]}
    parts["Environment"] = {"anyOf": [{"const": INHERIT}, parts["Environment"]]}
    parts["Resources"]["properties"]["memory"] = _or_text(parts["Resources"]["properties"]["memory"])
    whole["properties"]["serialisation_memory_limit"] = _or_text(whole["properties"]["serialisation_memory_limit"])
    whole["properties"]["version"] = {"anyOf": [whole["properties"]["version"], {"type": "number"}]}
    labels = whole["properties"]["labels"]
    whole["properties"]["labels"] = {"anyOf": [labels, {"type": "array", "items": {"type": "string"}}]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **whole,
        "title": "wardian.yaml",
        "description": "A transportable program: code, environment, typed parameters, steps and data pointers.",
    }


def text() -> str:
    return json.dumps(schema(), indent=2) + "\n"


def _or_text(number: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [number, {"type": "string"}]}


if __name__ == "__main__":
    sys.stdout.write(text())
