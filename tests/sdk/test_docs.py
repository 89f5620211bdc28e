"""The Python of docs/sdk.md runs, as it stands, from top to bottom."""

import re
from pathlib import Path

import matplotlib
import pytest

import wardian
from tests.sdk.test_platform import api, signed_in  # noqa: F401 - fixtures
from wardian.sdk.run import Run

PAGE = (Path(__file__).parents[2] / "docs" / "sdk.md").read_text()


def test_the_page_works(api, capsys):  # noqa: F811
    matplotlib.use("agg")
    code = "\n".join(re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
    names = {"__name__": "__main__"}
    exec(compile(code, "docs/sdk.md", "exec"), names)
    run = api.runs.get("digits", names["run"].id)
    assert (run["status"], run["metrics"]["loss"]["count"]) == ("succeeded", 2)
    assert {found["status"] for found in api.runs.list("digits")} == {"succeeded"}
    assert len(list(api.runs.list("digits"))) == 5
    assert "succeeded" in capsys.readouterr().out


@pytest.mark.parametrize("name", [name for name in vars(Run) if name.startswith("log")])
def test_every_kind_of_record_is_told_about(name):
    assert f"`{name}(" in PAGE


@pytest.mark.parametrize("name", sorted(set(wardian.__all__) - {"__version__", "Run"}))
def test_every_public_name_is_told_about(name):
    assert f"wardian.{name}" in PAGE
