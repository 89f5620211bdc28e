"""`run program digits --epochs=30` changes only epochs; what makes no sense is refused and leaves nothing."""

from pathlib import Path

import pytest

from tests.e2e.home import Home
from wardian.cli import exits

pytestmark = pytest.mark.slow
DIGITS = Path(__file__).parents[2] / "examples" / "digits"


@pytest.fixture(scope="module")
def digits(home: Home) -> str:
    home.wardian("create", "program", "-f", str(DIGITS))
    return "digits"


def test_only_what_is_named_changes(home: Home, digits: str):
    defaults = home.json("show", "program", digits)["version"]["manifest"]["parameters"]
    run = home.json("run", "program", digits, "--epochs=30")
    assert run["status"] == "succeeded"
    assert run["params"] == {name: each["default"] for name, each in defaults.items()} | {"epochs": 30}
    assert run["summary"]["parameters_given"] == ["epochs"]
    assert home.points(run["id"], "accuracy")[-1][0] == 30
    shown = home.wardian("show", "run", run["id"]).stdout
    assert [line.split()[:3] for line in shown.splitlines() if line.startswith(("epochs", "hidden"))] == [
        ["epochs", "30", "given"],
        ["hidden", "64", "default"],
    ]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("--epoch=3", "unknown parameter epoch: did you mean epochs?"),
        ("--epochs=many", "epochs must be a whole number, and 'many' is not"),
        ("--epochs=2.5", "epochs must be a whole number, and '2.5' is not"),
        ("--epochs=", "epochs must be a whole number"),
        ("--epochs=0", "epochs must be at least 1, and 0 is less"),
        ("--epochs=1001", "epochs must be at most 1000, and 1001 is more"),
        ("--lr=nan", "lr must be"),
        ("--set=epochs", "--set 'epochs' is not PARAMETER=VALUE"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name_and_leaves_nothing(home: Home, digits: str, given: str, told: str):
    before = home.books()
    assert told in home.refusal("run", "program", digits, given, expected=exits.INVALID)
    assert home.books() == before
