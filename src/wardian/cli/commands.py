"""Every command: its words, where it lives, what it does. Nothing here imports what it names.

`wardian` alone, `wardian --help` and the completion of shells are made from this table, so they need no command's code.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    words: str
    """`up`, or a verb and a noun: `create project`."""
    target: str
    """`module:function` below `wardian.`."""
    help: str

    @property
    def verb(self) -> str:
        return self.words.partition(" ")[0]

    @property
    def noun(self) -> str:
        return self.words.partition(" ")[2]


GROUPS: dict[str, tuple[Command, ...]] = {
    "This machine": (
        Command("up", "server.main:up", "Start the platform, or say that it runs already"),
        Command("down", "server.machine:down", "End the platform of this home; what it runs goes on"),
        Command("status", "server.machine:status", "What runs where, in one table"),
        Command("doctor", "server.doctor:doctor", "Check each part and say what to do"),
        Command("version", "cli.version:version", "The version of this program and of the server"),
    ),
    "Signing in": (
        Command("login", "cli.sign_in:login", "Sign in at a platform and remember it"),
        Command("env", "cli.environment:env", "Print the variables for every client, for `eval`"),
        Command("use project", "cli.projects:use", "Choose the project for the commands that follow"),
    ),
    "Making": (
        Command("create project", "cli.projects:create", "Make a project, with you as its owner"),
        Command("create program", "cli.programs:create", "Upload a program: folder, git address or archive"),
        Command("create user", "cli.users:create_user", "Make a user (administrators)"),
        Command("create key", "cli.users:create_key", "Make an access key; its secret is shown once"),
        Command("create member", "cli.projects:create_member", "Give a user a role in a project"),
        Command("import program", "cli.programs:import_program", "Take in a program from an export file"),
        Command("export program", "cli.programs:export", "Write a program, its history and data to one file"),
        Command("verify program", "cli.programs:verify", "Say whether a program can run here, and why not"),
        Command("register model", "cli.models:register", "Make a model version of what a run put out"),
        Command("alias model", "cli.models:alias", "Point an alias such as champion at a version"),
    ),
    "Running": (
        Command("run program", "cli.programs:run", "Run a program, with parameters changed by name"),
        Command("deploy model", "cli.deployments:deploy", "Serve a model version over HTTP"),
        Command("predict", "cli.deployments:predict", "Ask a deployment for predictions"),
        Command("rollback deployment", "cli.deployments:rollback", "Serve the revision before the present one again"),
        Command("stop run", "cli.runs:stop", "Stop what a run executes"),
        Command("stop workload", "cli.workloads:stop", "Stop a workload and everything it started"),
        Command("stop deployment", "cli.deployments:stop", "Stop serving; the deployment and its revisions stay"),
        Command("start deployment", "cli.deployments:start", "Serve a stopped deployment again"),
        Command("sync", "cli.sync:sync", "Send what runs logged while no server answered"),
    ),
    "Looking": (
        Command("list projects", "cli.projects:list_projects", "Projects that you may see"),
        Command("list programs", "cli.programs:list_programs", "Programs and their newest versions"),
        Command("list runs", "cli.runs:list_runs", "Runs, filtered and sorted"),
        Command("list models", "cli.models:list_models", "Models with versions and aliases"),
        Command("list deployments", "cli.deployments:list_deployments", "Deployments and their state"),
        Command("list workloads", "cli.workloads:list_workloads", "What is queued, runs and ran"),
        Command("list users", "cli.users:list_users", "Users (administrators)"),
        Command("list keys", "cli.users:list_keys", "Your access keys"),
        Command("list members", "cli.projects:list_members", "Who may do what in a project"),
        Command("list events", "cli.events:list_events", "The audit trail: who did what to which thing"),
        Command("show project", "cli.projects:show", "One project"),
        Command("show program", "cli.programs:show", "A program with its versions and parameters"),
        Command("show run", "cli.runs:show", "A run with parameters, metrics and artifacts"),
        Command("show model", "cli.models:show", "A model with its versions and aliases"),
        Command("show deployment", "cli.deployments:show", "A deployment with its revisions"),
        Command("show workload", "cli.workloads:show", "A workload with its specification and attempts"),
        Command("logs", "cli.logs:logs", "The output of a run or workload; -f follows it"),
    ),
    "Removing": (
        Command("delete project", "cli.projects:delete", "A project with everything in it"),
        Command("delete program", "cli.programs:delete", "A program, or one version of it"),
        Command("delete run", "cli.runs:delete", "Runs, with their curves, logs and artifacts"),
        Command("delete model", "cli.models:delete", "A model, or one version of it"),
        Command("delete deployment", "cli.deployments:delete", "A deployment and what it serves"),
        Command("delete workload", "cli.workloads:delete", "A workload that has ended, with its log"),
        Command("delete user", "cli.users:delete_user", "A user (administrators)"),
        Command("delete key", "cli.users:delete_key", "An access key; it stops working at once"),
        Command("delete member", "cli.projects:delete_member", "Take away a user's role in a project"),
    ),
    "Shell": (Command("completion", "cli.completion:completion", "Print the completion script of bash, zsh or fish"),),
}

COMMANDS: tuple[Command, ...] = tuple(command for group in GROUPS.values() for command in group)

VERBS = {
    "alias": "Point a name at a version",
    "create": "Make something new",
    "delete": "Remove for good",
    "deploy": "Serve a model",
    "export": "Write to a file that travels",
    "import": "Take in a file that travelled",
    "list": "Tables of what there is",
    "register": "Make a model version",
    "rollback": "Go back to what was served before",
    "run": "Run a program",
    "show": "Everything about one thing",
    "start": "Start what was stopped",
    "stop": "Stop what runs",
    "use": "Remember a choice",
    "verify": "Check before anything starts",
}


def overview(verb: str | None = None) -> str:
    """The help page of `wardian` itself, or of one verb."""
    if verb:
        chosen = [command for command in COMMANDS if command.verb == verb]
        nouns = [f"  {command.noun:<12} {command.help}" for command in chosen]
        return "\n".join([f"Usage: wardian {verb} NOUN …   {VERBS[verb]}", "", *nouns])
    lines = ["Usage: wardian COMMAND …   (wardian COMMAND --help says more)"]
    for title, commands in GROUPS.items():
        lines += ["", title, *(f"  {command.words:<21} {command.help}" for command in commands)]
    lines += [
        "",
        "Everywhere: -p PROJECT, --home FOLDER, --json. Exit status: 0 done, 1 failed, 2 wrong command line,",
        "3 not found, 4 not allowed, 5 conflict, 6 refused as invalid, 7 nothing answers, 130 interrupted.",
    ]
    return "\n".join(lines)


class UnknownCommand(Exception):
    """No such command; the text says which is nearest."""


def find(words: Sequence[str]) -> tuple[Command, list[str]]:
    """The command that the words begin with, and the words that are left for it."""
    verb, rest = words[0], list(words[1:])
    if verb not in VERBS:
        return _named(verb, verb, {command.words: command for command in COMMANDS}, known_by="verb"), rest
    if not rest:
        raise UnknownCommand(f"`wardian {verb}` needs to know what: {', '.join(_nouns(verb))}")
    return _named(f"{verb} {rest[0]}", _spelled(verb, rest[0]), _nouns(verb), known_by="noun"), rest[1:]


def _nouns(verb: str) -> dict[str, Command]:
    return {command.noun: command for command in COMMANDS if command.verb == verb}


def _spelled(verb: str, noun: str) -> str:
    """Singular and plural mean the same: `list run` and `delete models` are understood."""
    known = _nouns(verb)
    return next((word for word in (noun, f"{noun}s", noun.removesuffix("s")) if word in known), noun)


def _named(said: str, word: str, known: dict[str, Command], known_by: str) -> Command:
    if word in known:
        return known[word]
    words = [*known, *VERBS] if known_by == "verb" else list(known)
    near = difflib.get_close_matches(word, words, n=1)
    meant = f"did you mean `{near[0]}`? " if near else ""
    raise UnknownCommand(f"there is no command `wardian {said}`: {meant}`wardian --help` lists them all")
