"""What people do to a command line: interrupt it, cut its pipe, mistype, ask nobody, want JSON of everything."""

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.home import DEADLINE_S, PROJECT, WARDIAN, Home, program
from tests.platform import wait_until
from wardian.cli import exits
from wardian.sdk.sign_in import SignIn

pytestmark = pytest.mark.slow

WAITS = {
    "wardian.yaml": """
        name: waits
        version: 1.0.0
        parameters:
          gate: {type: string}
          text: {type: string, default: "Größe: {a} # 'q' \\"d\\" $HOME 🎉"}
          empty: {type: list, default: []}
          large: {type: int, default: 0}
        steps: [{name: wait, script: wait.py}]
    """,
    "wait.py": """
        import time
        from pathlib import Path

        import wardian

        chosen = wardian.parameters()
        print("began", chosen["text"], chosen["empty"], chosen["large"], flush=True)
        while not Path(chosen["gate"]).exists():
            time.sleep(0.05)
        print("line\\n" * 20_000, end="")
    """,
}


@pytest.fixture(scope="module")
def waits(home: Home, tmp_path_factory: pytest.TempPathFactory) -> str:
    home.wardian("create", "program", "-f", program(tmp_path_factory.mktemp("waits"), WAITS))
    return "waits"


@pytest.fixture(scope="module")
def done(home: Home, waits: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A run with odd values and a long log."""
    gate = tmp_path_factory.mktemp("gate") / "open"
    gate.write_text("")
    odd = ["--large=9007199254740993", "--empty=[]", "-n", "試し — größer", "--experiment", "été/1"]
    return home.json("run", "program", waits, f"--gate={gate}", *odd)


@pytest.mark.parametrize("command", [["run", "program", "waits"], ["logs", "-f"]])
def test_ctrl_c_ends_the_watching_and_not_the_run(home: Home, waits: str, tmp_path: Path, command: list[str]):
    gate = tmp_path / "gate"
    started = []
    if command[0] == "logs":
        started = [home.json("run", "program", waits, f"--gate={gate}", "-d")["id"]]
    words = [*command, *(started or [f"--gate={gate}"])]
    with home.start(*words) as watching:
        assert watching.stdout is not None
        wait_until(lambda: watching.stdout.readline().startswith("began"))
        watching.send_signal(signal.SIGINT)
        _, said = watching.communicate(timeout=DEADLINE_S)
    assert watching.returncode == exits.INTERRUPTED
    assert "Traceback" not in said
    (run,) = [each["id"] for each in home.json("list", "runs", "-f", "status = 'running'")]
    gate.write_text("")
    assert home.ended(run)["status"] == "succeeded"


@pytest.mark.parametrize("words", [["logs"], ["list", "events", "--limit=500"], ["list", "runs", "--json"], ["--help"]])
def test_a_pipe_that_is_closed_early(home: Home, done: dict[str, Any], words: list[str]):
    whole = [*words, *([done["id"]] if words == ["logs"] else [])]
    with home.start(*whole) as listing:
        assert listing.stdout is not None
        assert listing.stdout.readline()
        listing.stdout.close()
        assert listing.wait(DEADLINE_S) == exits.DONE
        assert listing.stderr is not None
        assert listing.stderr.read() == ""


def test_odd_values_arrive_whole(home: Home, done: dict[str, Any]):
    assert done["params"]["large"] == 9007199254740993
    assert (done["params"]["empty"], done["name"], done["experiment"]) == ([], "試し — größer", "été/1")
    assert "began Größe: {a} # 'q' \"d\" $HOME 🎉 [] 9007199254740993\n" in home.log(done["id"])
    assert [each["id"] for each in home.json("list", "runs", "--experiment", "été/1")] == [done["id"]]
    assert "試し — größer" in home.wardian("list", "runs").stdout
    assert "試し — größer" in home.wardian("show", "run", done["id"]).stdout


def test_everything_answers_in_json(home: Home, done: dict[str, Any]):
    nouns = ("projects", "programs", "runs", "models", "deployments", "workloads", "users", "keys", "members", "events")
    for noun in nouns:
        assert isinstance(home.json("list", noun), list), noun
    for words in (
        ("status",),
        ("version",),
        ("env",),
        ("doctor",),
        ("show", "project"),
        ("show", "program", "waits"),
        ("show", "run", done["id"]),
        ("show", "workload", done["workload"]),
        ("sync",),
        ("use", "project", PROJECT),
    ):
        assert isinstance(home.json(*words), dict), words
    assert home.json("version")["server"] == home.json("version")["wardian"]


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["lst", "runs"], exits.USAGE, "did you mean `list`?"),
        (["list", "rnus"], exits.USAGE, "did you mean `runs`?"),
        (["delete", "run"], exits.USAGE, "requires an argument"),
        (["list", "runs", "--limit=0"], exits.INVALID, "a limit must be at least 1"),
        (["list", "runs", "--limit=many"], exits.USAGE, "limit"),
        (["list", "runs", "-f", "metrics.loss <"], exits.INVALID, "at character"),
        (["list", "runs", "-p", "nowhere"], exits.NOT_FOUND, "no project 'nowhere'"),
        (["show", "run", ""], exits.INVALID, "a name is missing"),
        (["show", "run", "../../users"], exits.NOT_FOUND, "no"),
        (["logs", "nothing"], exits.NOT_FOUND, "no run or workload 'nothing'"),
        (["create", "project", "Über Projekt"], exits.INVALID, "name: 'Über Projekt' must be lower-case letters"),
        (["create", "program", "-f", "/nowhere"], exits.INVALID, "no folder, no file and no git address"),
        (["import", "program", "/nowhere"], exits.INVALID, "is no file"),
        (["predict", "nothing", "-d", "[[1]]"], exits.NOT_FOUND, "wardian: no deployment 'nothing'"),
        (["predict", "nothing", "-d", "[1"], exits.INVALID, "not JSON"),
        (["deploy", "model", "nothing"], exits.NOT_FOUND, "no model 'nothing'"),
        (["deploy", "model", "a b:"], exits.INVALID, "NAME:VERSION"),
        (["delete", "project", "nowhere", "--yes"], exits.NOT_FOUND, "no project 'nowhere'"),
    ],
)
def test_a_slip_is_one_sentence_with_its_own_status(home: Home, words: list[str], status: int, told: str):
    assert told in home.refusal(*words, expected=status)


def test_without_a_server_and_with_a_wrong_key(home: Home, tmp_path: Path):
    alone = Home(tmp_path / "alone")
    assert "`wardian up`" in alone.refusal("list", "runs", expected=exits.NOT_ALLOWED)
    alone.folder.mkdir()
    SignIn(alone.folder).write(url=alone.url, access_key="a", secret_key="hidden")
    said = alone.refusal("list", "runs", expected=exits.UNAVAILABLE)
    assert f"nothing answers at {alone.url}" in said
    SignIn(alone.folder).write(url=home.url)
    said = alone.refusal("list", "runs", expected=exits.NOT_ALLOWED)
    assert "`wardian login" in said
    assert "hidden" not in said
    assert alone.json("version")["server"]


def test_the_variables_of_env_serve_a_shell_and_python(home: Home, tmp_path: Path):
    python = Path(WARDIAN).with_name("python")
    line = f'eval "$({WARDIAN} env)"; unset WARDIAN_HOME; {python} -c "import wardian; print(wardian.Client().url)"'
    shell = subprocess.run(
        ["sh", "-c", line], env=home.variables, capture_output=True, text=True, timeout=DEADLINE_S, check=True
    )
    assert shell.stdout.strip() == home.url
    assert json.loads(home.wardian("env", "--json").stdout)["variables"]["WARDIAN_PROJECT"] == PROJECT
