"""What `docs/decisions` and the style promise of the tree itself."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "wardian"
LONGEST = 600
BANNED = {"utils", "helpers", "manager", "common", "misc"}


def modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if "static" not in path.parts)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_file_is_too_long_or_named_for_nothing(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST
    assert path.stem not in BANNED


def test_every_feature_keeps_its_tables_to_itself() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    protected = {name for contract in contracts for name in contract.get("protected_modules", [])}
    features = {f"wardian.{path.parent.name}.tables" for path in SOURCE.glob("*/tables.py")}
    assert features - {"wardian.storage.tables"} == protected
