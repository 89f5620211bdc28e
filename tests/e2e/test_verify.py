"""`verify` says what is missing before anything starts, and leaves nothing behind."""

from pathlib import Path

import pytest

from tests.e2e.home import Home, program
from wardian.cli import exits

pytestmark = pytest.mark.slow

WANTS = {
    "wardian.yaml": """
        name: wants
        version: 1.0.0
        resources: {gpu: 99, cpu: 4000, memory: 4000 GiB}
        steps:
          - {name: one, script: one.py}
          - {name: two, command: [python, two.py]}
        data:
          - {name: here, uri: here.csv}
          - {name: gone, uri: gone.csv}
          - {name: away, uri: "http://127.0.0.1:9/x.csv"}
    """,
    "one.py": "import json, no_such_module\nfrom pathlib import Path\nPath('ran').touch()\n",
    "two.py": "import neither.this\n",
    "here.csv": "a",
}


def folders(home: Home) -> set[str]:
    """What lies in the folders where workloads and environments leave their files."""
    places = (home.folder / "workloads", home.folder / "environments")
    return {str(path) for place in places for path in place.glob("*") if not path.name.startswith(".")}


def test_every_miss_is_named_and_nothing_is_left(home: Home, tmp_path: Path):
    home.wardian("create", "program", "-f", program(tmp_path, WANTS))
    before = home.books()[:2], folders(home)
    said = home.wardian("verify", "program", "wants", expected=exits.FAILED).stdout
    for miss in (
        "import no_such_module",
        "import neither",
        "gpu gpu: it wants 99 GPUs",
        "cpu cpu: it wants 4000 cores",
        "memory memory: it wants",
        "data gone",
        "data away",
    ):
        assert f"✗ {miss}" in said
    assert "data here" not in said
    assert said.splitlines()[-1].startswith("wants:1.0.0 cannot run here, because of 7 of the things it wants")
    report = home.json("verify", "program", "wants", expected=exits.FAILED)
    assert not report["can_run"]
    assert len(report["misses"]) == 7
    assert (home.books()[:2], folders(home)) == before


def test_what_can_run_is_said_to(home: Home, tmp_path: Path):
    home.wardian("create", "program", "-f", program(tmp_path, {"wardian.yaml": PLAIN, "one.py": "import json\n"}))
    before = home.books()[:2], folders(home)
    assert "✓ plain:1 can run here" in home.wardian("verify", "program", "plain").stdout
    assert (home.books()[:2], folders(home)) == before


PLAIN = "name: plain\nversion: 1\nsteps: [{name: one, script: one.py}]\n"


def test_an_environment_that_cannot_be_made_leaves_no_program(home: Home, tmp_path: Path):
    """A requirement that nobody has is met when the program is created: its lock cannot be made."""
    text = PLAIN.replace("plain", "impossible") + "environment: {requirements: [no-such-package-anywhere==1.0]}\n"
    before = home.books()
    folder = program(tmp_path, {"wardian.yaml": text, "one.py": ""})
    assert "no-such-package-anywhere" in home.refusal("create", "program", "-f", folder, expected=exits.INVALID)
    assert home.books() == before
    assert "impossible" not in [each["name"] for each in home.json("list", "programs")]
