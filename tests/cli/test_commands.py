"""The table of commands against the code it names."""

import inspect
from importlib import import_module

import pytest

from wardian.cli.commands import COMMANDS, VERBS, UnknownCommand, find, overview


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.words)
def test_every_command_names_a_documented_function(command):
    module, _, name = command.target.partition(":")
    function = getattr(import_module(f"wardian.{module}"), name)
    assert callable(function)
    assert inspect.getdoc(function), "its help page would be empty"


def test_every_verb_with_nouns_is_explained_and_no_other():
    assert {command.verb for command in COMMANDS if command.noun} == set(VERBS)


def test_words_are_unique():
    words = [command.words for command in COMMANDS]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("said", "meant", "rest"),
    [
        (["up", "--port", "0"], "up", ["--port", "0"]),
        (["list", "runs"], "list runs", []),
        (["list", "run"], "list runs", []),
        (["delete", "models", "digits"], "delete model", ["digits"]),
        (["create", "program", "-f", "x"], "create program", ["-f", "x"]),
    ],
)
def test_singular_and_plural_mean_the_same(said, meant, rest):
    command, left = find(said)
    assert (command.words, left) == (meant, rest)


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        (["stats"], "did you mean `status`"),
        (["list", "runz"], "did you mean `runs`"),
        (["delet", "run"], "did you mean `delete`"),
        (["create"], "project, program"),
        (["xyzzy"], "lists them all"),
    ],
)
def test_a_mistyped_command_is_told_what_is_near(said, hint):
    with pytest.raises(UnknownCommand, match=hint):
        find(said)


def test_the_overview_has_every_command_and_a_verb_has_its_nouns():
    assert all(command.words in overview() for command in COMMANDS)
    assert "programs" in overview("list")
    assert max(map(len, overview().splitlines())) <= 120
