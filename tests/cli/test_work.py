"""Commands about programs, runs, logs and predictions."""

import pytest

from wardian.cli import exits
from wardian.cli.deployments import _flattened
from wardian.cli.main import run
from wardian.kernel.errors import Invalid

MANIFEST = """\
name: count
version: 1.0.0
parameters:
  upto: {type: int, default: 3, minimum: 1}
  name: plants
steps:
  - {name: count, script: count.py}
"""
SCRIPT = """\
import wardian

given = wardian.parameters()
with wardian.init() as run:
    for step in range(given["upto"]):
        run.log({"value": step}, step=step)
        print(given["name"], step, flush=True)
"""


@pytest.fixture
def program(tmp_path):
    """The folder of a program that counts, in the platform's own interpreter."""
    folder = tmp_path / "count"
    folder.mkdir()
    (folder / "wardian.yaml").write_text(MANIFEST)
    (folder / "count.py").write_text(SCRIPT)
    return folder


@pytest.mark.slow
def test_a_program_from_its_folder_to_its_log(cli, program, capsys, tmp_path):
    assert cli("create", "program", "-f", str(program))["version"] == "1.0.0"
    assert [each["name"] for each in cli("list", "programs")] == ["count"]

    assert "did you mean upto" in cli("run", "program", "count", "--uptoo=5", status=exits.INVALID)
    assert "whole number" in cli("run", "program", "count", "--upto=many", status=exits.INVALID)
    assert cli("list", "runs") == [], "nothing is left behind"

    ended = cli("run", "program", "count", "--upto=5", "--set", "name=ferns")
    assert (ended["status"], ended["params"]) == ("succeeded", {"upto": 5, "name": "ferns"})
    assert run(["logs", ended["id"]]) == exits.DONE
    assert "ferns 4" in capsys.readouterr().out
    assert cli("show", "run", ended["id"])["metrics"]["value"]["max"] == 4

    file = tmp_path / "count.tgz"
    assert cli("export", "program", "-n", "count", "-o", str(file), "--with-history")["size"] == file.stat().st_size
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    file.write_bytes(damaged)
    assert cli("import", "program", str(file), status=exits.INVALID)

    assert run(["delete", "run", ended["id"]]) == exits.DONE
    assert run(["delete", "program", "count"]) == exits.DONE
    assert cli("list", "programs") == []


@pytest.mark.slow
def test_a_run_that_fails_ends_the_command_with_1_and_says_where_to_look(cli, program, capsys):
    (program / "count.py").write_text("raise SystemExit(3)")
    cli("create", "program", "-f", str(program))
    said = cli("run", "program", "count", status=exits.FAILED)
    assert "wardian logs" in said


def test_a_folder_without_a_program_is_refused(cli, tmp_path):
    assert cli("create", "program", "-f", str(tmp_path / "nothing"), status=exits.INVALID)


@pytest.mark.parametrize(
    ("rows", "shape", "values"),
    [([[1, 2], [3, 4]], [2, 2], [1, 2, 3, 4]), ([1, 2, 3], [3], [1, 2, 3]), ([], [0], []), ([[[1]]], [1, 1, 1], [1])],
)
def test_rows_become_a_tensor(rows, shape, values):
    assert _flattened(rows) == (shape, values)


def test_ragged_rows_are_refused():
    with pytest.raises(Invalid, match="different lengths"):
        _flattened([[1, 2], [3]])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["predict", "digits", "-d", "{"], "not JSON"),
        (["predict", "digits", "-d", "[1]", "-f", "x"], "once"),
        (["predict", "digits", "-f", "/nonexistent"], "cannot be read"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_before_it_is_asked(cli, words, said):
    assert said in cli(*words, status=exits.INVALID)


def test_what_is_not_there_is_not_found(cli):
    for words in (
        ["show", "model", "m"],
        ["show", "deployment", "d"],
        ["show", "run", "r"],
        ["predict", "d", "-d", "[1]"],
    ):
        assert cli(*words, status=exits.NOT_FOUND)
