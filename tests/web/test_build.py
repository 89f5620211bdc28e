"""What was built: small enough for a first visit, and made from the API of this server."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FIRST_LOAD_LIMIT = 250_000
"""Bytes of script, gzipped."""

pytestmark = pytest.mark.browser


def test_the_first_load_is_small(built: Path) -> None:
    manifest: dict[str, dict[str, Any]] = json.loads((built / "manifest.json").read_text())
    entry = next(name for name, chunk in manifest.items() if chunk.get("isEntry"))
    needed, waiting = set[str](), [entry]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += manifest[name].get("imports", [])
    sizes = {manifest[name]["file"]: _compressed(built / manifest[name]["file"]) for name in needed}
    assert sum(sizes.values()) <= FIRST_LOAD_LIMIT, sizes


def _compressed(path: Path) -> int:
    packed = path.with_name(f"{path.name}.gz")
    return (packed if packed.is_file() else path).stat().st_size


def test_the_types_are_those_of_this_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import web  # noqa: PLC0415 - found by the line above

    fresh = tmp_path / "schema.d.ts"
    web.write_api_types(fresh)
    kept = ROOT / "web" / "src" / "api" / "schema.d.ts"
    assert fresh.read_text() == kept.read_text(), f"the API changed: run `{sys.executable} scripts/web.py api`"
