"""From words to an exit status."""

import subprocess
import sys

import pytest

from wardian.cli import exits
from wardian.cli.main import run
from wardian.kernel import errors

HEAVY = ("cyclopts", "rich", "pydantic", "httpx2", "sqlalchemy", "fastapi")


@pytest.mark.parametrize("words", [["--help"], ["list", "--help"], []])
def test_help_loads_no_library(words):
    script = f"import sys; from wardian.cli.main import run; run({words!r}); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert "Usage: wardian" in done.stdout
    assert not {name for name in done.stderr.split() if name in HEAVY}


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["nonsense"], exits.USAGE, "there is no command"),
        (["list"], exits.USAGE, ""),
        (["up", "--prot", "1"], exits.USAGE, "--port"),
        (["up", "--port", "many"], exits.USAGE, "port"),
        (["show", "run"], exits.USAGE, "RUN"),
        (["list", "runs"], exits.NOT_ALLOWED, "wardian up"),
        (["export", "program", "-n", "A B"], exits.NOT_ALLOWED, "wardian login"),
    ],
)
def test_a_refusal_is_one_sentence_with_its_status(words, status, said, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WARDIAN_HOME", str(tmp_path))
    assert run(words) == status
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") <= 1
    assert "Traceback" not in error


def test_every_error_has_a_status_that_is_not_success():
    kinds = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.WardianError)]
    statuses = [exits.of_error(kind("kind", "ref") if kind is errors.NotFound else kind("said")) for kind in kinds]
    assert all(0 < status < 128 for status in statuses)


def test_version_says_which_one_even_when_nothing_answers(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WARDIAN_HOME", str(tmp_path))
    assert run(["--version"]) == exits.DONE
    assert capsys.readouterr().out.startswith("wardian 0.")


def test_completion_knows_nouns_and_options(capsys):
    assert run(["completion", "bash"]) == exits.DONE
    script = capsys.readouterr().out
    assert "program" in script
    assert "--with-history" in script
