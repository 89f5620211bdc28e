"""Programs run by their runner, without a server."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from wardian.runner import folder as folders
from wardian.runner import plan as plans
from wardian.runner.cache import Cache, data_version, used_parameters
from wardian.runner.datasets import READERS, address_of
from wardian.runner.link import Link
from wardian.runner.plan import CellText, Plan, PlannedStep, Pointer
from wardian.runner.state import State, StateStore
from wardian.runner.verify import Findings, look_for, try_imports


def command(name: str, *words: str, **more) -> PlannedStep:
    return PlannedStep(name, "command", list(words), **more)


def notebook(name: str, source: str, **more) -> PlannedStep:
    return PlannedStep(name, "notebook", cells=[CellText(0, source)], notebook="n.ipynb", chain="n", **more)


def run(folder: Path, plan: Plan) -> tuple[int, str]:
    (folder / plans.FOLDER).mkdir(exist_ok=True)
    (folder / plans.PLAN_FILE).write_text(plan.to_json())
    variables = {name: value for name, value in os.environ.items() if not name.startswith("WARDIAN_")}
    variables["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-m", "wardian.runner.program"],
        cwd=folder,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=90,
        check=False,
    )
    return done.returncode, done.stdout


class TestRun:
    def test_notebook_steps_share_a_folder_and_their_variables(self, tmp_path):
        plan = Plan(
            "p",
            "1",
            [
                notebook("a", "open('f.txt', 'w').write('kept')\nlr.append(2)\nimport os"),
                notebook("b", "print(open('f.txt').read(), lr, os.environ['SAME_ENV'])\nlr"),
            ],
            parameters={"lr": [1]},
            data_environment="PROD",
        )
        status, log = run(tmp_path, plan)
        assert status == 0, log
        assert "kept [1, 2] PROD\n[1, 2]\n" in log

    def test_an_error_in_a_cell_shows_the_cell_and_ends_the_run(self, tmp_path):
        plan = Plan("p", "1", [notebook("a", "x = 1\nraise ValueError('oh no')"), notebook("b", "print('never')")])
        status, log = run(tmp_path, plan)
        assert status == 1
        assert '<n.ipynb cell 0>", line 2' in log
        assert "raise ValueError('oh no')" in log
        assert "wardian/runner" not in log
        assert "never" not in log

    def test_the_exit_status_is_that_of_the_step(self, tmp_path):
        assert run(tmp_path, Plan("p", "1", [command("a", "sh", "-c", "exit 7")]))[0] == 7

    def test_a_command_that_is_not_there(self, tmp_path):
        status, log = run(tmp_path, Plan("p", "1", [command("a", "no-such-command")]))
        assert status == 127
        assert "no-such-command cannot be started" in log

    def test_the_sdk_of_same(self, tmp_path):
        (tmp_path / "d.csv").write_text("a,b\n1,2\n")
        cells = (
            "from sameproject import sdk\nimport sameproject.sdk as same\nprint(same.dataset('D').shape)\n"
            "sdk.import_packages(['json'])\nprint(json.dumps(1))"
        )
        status, log = run(tmp_path, Plan("p", "1", [notebook("a", cells)], data=[Pointer("D", "d.csv")]))
        assert status == 0, log
        assert "(1, 2)" in log

    def test_a_missing_output_fails_the_step(self, tmp_path):
        status, log = run(tmp_path, Plan("p", "1", [command("a", "true", outputs=["x"])]))
        assert status == 1
        assert "ended without its output x" in log

    def test_code_finds_a_same_yaml(self, tmp_path):
        plan = Plan("p", "1", [notebook("a", "print(open('same.yaml').read())")], same_config={"run": {"name": "r"}})
        assert '"name": "r"' in run(tmp_path, plan)[1]


class TestWords:
    @pytest.mark.parametrize(
        ("words", "filled"),
        [
            (["x", "{a}", "--b={b}"], ["x", "1", "--b=it's; rm"]),
            (["x", "{{a}}", '{"json": 1}'], ["x", "{a}", '{"json": 1}']),
            (["x", "{parameters}"], ["x", "--a", "1", "--b", "it's; rm", "--c", "[1, null]", "--d", "true"]),
        ],
    )
    def test_placeholders(self, words, filled):
        assert plans.words(words, {"a": 1, "b": "it's; rm", "c": [1, None], "d": True}) == filled

    def test_python_is_the_interpreter_of_the_run(self):
        assert plans.words(["python", "x.py"], {}) == [sys.executable, "x.py"]

    def test_a_plan_survives_json(self):
        plan = Plan("p", "1", [notebook("a", "x"), command("b", "y")], data=[Pointer("d", "u", {"PROD": "v"})])
        assert Plan.from_json(plan.to_json()) == plan


class TestCacheKey:
    @pytest.fixture
    def key(self, tmp_path):
        (tmp_path / "other.py").write_text("1")
        (tmp_path / "d.csv").write_text("1")
        (tmp_path / "n.ipynb").write_text("1")

        def make(step=notebook("a", "x = lr"), state=State(), **changes):
            plan = Plan(
                "p",
                "1",
                [step],
                parameters={"lr": 1, "other": 2},
                data=[Pointer("d", "d.csv")],
                descriptions=["n.ipynb"],
            )
            plan = replace(plan, **changes)
            return Cache(plan, tmp_path, Link(), StateStore(tmp_path / ".wardian/s", 1)).key(step, state)

        return make

    def test_what_it_does_not_depend_on(self, key, tmp_path):
        before = key()
        (tmp_path / "n.ipynb").write_text("another cell changed")
        (tmp_path / "README.md").write_text("words")
        assert key(parameters={"lr": 1, "other": 3}, version="2") == before

    def test_what_it_depends_on(self, key, tmp_path):
        keys = [
            key(),
            key(step=notebook("a", "x = lr + 1")),
            key(step=notebook("a", "x = lr", image="org/image")),
            key(parameters={"lr": 2, "other": 2}),
            key(environment_key="lock"),
            key(state=State(uses=["other"])),
        ]
        for name in ("other.py", "d.csv"):
            (tmp_path / name).write_text("2")
            keys.append(key())
        assert len(set(keys)) == len(keys)

    def test_parameters_that_are_used(self):
        plan = Plan("p", "1", [], parameters={"lr": 1, "depth": 2})
        assert used_parameters(plan, notebook("a", "x = lr"), State()) == ["lr"]
        assert used_parameters(plan, notebook("a", "x = 1"), State(uses=["depth"])) == ["depth"]
        assert used_parameters(plan, notebook("a", "wardian.parameters()"), State()) == ["depth", "lr"]
        assert used_parameters(plan, command("a", "x", "{lr}"), State()) == ["lr"]
        assert used_parameters(plan, command("a", "x"), State()) == ["depth", "lr"]

    def test_data_has_the_version_of_its_content(self, tmp_path):
        (tmp_path / "d.csv").write_text("1")
        before = data_version(Pointer("d", "d.csv"), "default", tmp_path)
        (tmp_path / "d.csv").write_text("2")
        assert data_version(Pointer("d", "d.csv"), "default", tmp_path) != before

    def test_named_inputs_alone_count(self, tmp_path):
        for name in ("in/a", "in/b", "c"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(name)
        assert list(folders.fingerprint(tmp_path, ["in"], [])) == ["in/a", "in/b"]
        assert list(folders.fingerprint(tmp_path, [], ["c"])) == ["in/a", "in/b"]


class TestDatasets:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("SAME_ENV", raising=False)
        datasets = {"H": {"environments": {"default": "h.csv", "PROD": "s3://b/h.parquet", "NET": "ipfs://abc/h.csv"}}}
        Path("same.yaml").write_text(json.dumps({"datasets": datasets}))

    def test_no_environment_means_default(self):
        assert address_of("H") == "h.csv"

    @pytest.mark.parametrize(
        ("environment", "address"), [("PROD", "s3://b/h.parquet"), ("NET", "https://ipfs.io/ipfs/abc/h.csv")]
    )
    def test_the_environment_chooses(self, monkeypatch, environment, address):
        monkeypatch.setenv("SAME_ENV", environment)
        assert address_of("H") == address

    def test_unknown_names_are_told_with_the_known_ones(self, monkeypatch):
        with pytest.raises(ValueError, match=r"'X' is not a dataset of same\.yaml; known: H"):
            address_of("X")
        monkeypatch.setenv("SAME_ENV", "NOWHERE")
        with pytest.raises(ValueError, match="no address for the environment 'NOWHERE'; known: default, PROD, NET"):
            address_of("H")

    def test_every_extension_of_the_original_is_read(self):
        wanted = "csv dta feather html json orc parquet pickle sas sav sql txt xml hdf h4 hdf4 he2 h5 hdf5 he5 xlsx ods"
        assert {f".{extension}" for extension in wanted.split()} <= READERS.keys()


class TestVerify:
    def test_a_module_that_ends_python_is_named_and_the_rest_is_tried(self, tmp_path):
        (tmp_path / "kills.py").write_text("import os; os._exit(3)")
        (tmp_path / "exits.py").write_text("raise SystemExit(1)")
        variables = dict(os.environ) | {"PYTHONPATH": str(tmp_path)}
        found = try_imports(["json", "kills", "exits", "no_such", "csv"], variables)
        assert (found["json"], found["csv"]) == ("", "")
        assert "exit status 3" in found["kills"]
        assert "SystemExit" in found["exits"]
        assert "ModuleNotFoundError" in found["no_such"]

    @pytest.mark.parametrize(
        ("address", "told"),
        [
            ("there.csv", ""),
            ("gone.csv", "no file or folder gone.csv"),
            ("http://127.0.0.1:9/x", "cannot be reached"),
            ("ftp://host/x", "nothing here can look for ftp"),
        ],
    )
    def test_data(self, tmp_path, address, told):
        (tmp_path / "there.csv").write_text("")
        found = look_for(address, tmp_path)
        assert told in found
        assert bool(found) == bool(told)

    def test_a_log_without_findings(self):
        assert Findings.in_log("died early\n") is None
