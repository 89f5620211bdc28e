"""Commands as cyclopts applications."""

from importlib import import_module

from cyclopts import App, Group

from wardian.cli.commands import COMMANDS, VERBS, Command


def application(command: Command) -> App:
    """One command alone."""
    return _app(f"wardian {command.words}", command)


def whole() -> App:
    """The tree of all commands, for completion and documentation; imports every command's file."""
    app = App(name="wardian", version_flags=())
    verbs = {verb: App(name=verb, help=help, version_flags=()) for verb, help in VERBS.items()}
    for command in COMMANDS:
        (verbs[command.verb] if command.noun else app).command(_app(command.noun or command.verb, command))
    for verb in verbs.values():
        app.command(verb)
    return app


def _app(name: str, command: Command) -> App:
    module, _, function = command.target.partition(":")
    app = App(
        name=name,
        version_flags=(),
        group_commands=Group("Commands", show=False),  # the only one would be --help
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    app.default(getattr(import_module(f"wardian.{module}"), function))
    return app
