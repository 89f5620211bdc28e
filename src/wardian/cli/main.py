"""The way in: from the words of the command line to an exit status."""

import os
import sys
from collections.abc import Sequence

from wardian.cli.commands import VERBS, Command, UnknownCommand, find, overview
from wardian.cli.exits import DONE, INTERRUPTED, USAGE, of_error
from wardian.kernel.errors import WardianError
from wardian.kernel.loading import without_collection

HELP = {"--help", "-h"}


def main() -> None:
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Carry out one command line and return its exit status; every refusal is one sentence on standard error."""
    if not words or words[0] in HELP | {"help"}:
        return _said(overview(), DONE)
    if words[0] == "--version":
        words = ["version"]
    if words[0] in VERBS and set(words[1:]) <= HELP:
        return _said(overview(words[0]), DONE if words[1:] else USAGE)
    return _carried_out(words)


def _carried_out(words: Sequence[str]) -> int:
    try:
        return _call(*find(words))
    except UnknownCommand as error:
        return _refused(str(error), USAGE)
    except WardianError as error:
        request = error.detail.get("request_id")
        asked = f" (request {request}: the server's log says more)" if request and type(error) is WardianError else ""
        return _refused(f"{error.message}{asked}", of_error(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `wardian list runs | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _call(command: Command, words: list[str]) -> int:
    """Import one command's file and call it. Only now is the parser loaded: `wardian --help` does without."""
    with without_collection():
        from cyclopts import CycloptsError  # noqa: PLC0415 - costs a fifth of a second

        from wardian.cli.parser import application  # noqa: PLC0415 - the same

        app = application(command)
    try:
        status = app(words, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        said = " ".join(str(error).split()).rstrip(".")
        return _refused(f"{said}; `wardian {command.words} --help` shows what can be said", USAGE)
    return status if isinstance(status, int) else DONE


def _said(text: str, status: int) -> int:
    sys.stdout.write(f"{text}\n")
    return status


def _refused(sentence: str, status: int) -> int:
    sys.stderr.write(f"wardian: {sentence}\n")
    return status
