"""Programs through HTTP, on a platform that really runs them."""

import gzip
import io
import tarfile
import time
from pathlib import Path

import pytest

from tests.platform import running_platform
from tests.programs.conftest import HELLO
from wardian.kernel.settings import Settings
from wardian.programs import packing

GZIP = {"Content-Type": "application/gzip"}
DEADLINE_S = 90
FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def api(server):
    with api_of(server) as client:
        yield client


def api_of(platform):
    client = platform.client()
    client.base_url = f"{platform.url}/api/v1/projects/demo"
    client.timeout = DEADLINE_S
    return client


def create(api, archive, expected=201, **query):
    answer = api.post("/programs", content=archive, headers=GZIP, params=query)
    assert answer.status_code == expected, answer.text
    return answer.json()


def start(api, program, parameters=None, **more):
    answer = api.post(f"/programs/{program}/versions/latest/run", json={"parameters": parameters or {}, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def run(api, program, parameters=None, **more):
    """The run once it has ended, and its log."""
    started = start(api, program, parameters, **more)
    end = time.monotonic() + DEADLINE_S
    while (found := api.get(f"/runs/{started['id']}").json())["status"] not in ("succeeded", "failed", "lost"):
        assert time.monotonic() < end, found
        time.sleep(0.1)
    return found, api.get(f"/runs/{started['id']}/log").json()["text"]


def verify(api, program):
    answer = api.post(f"/programs/{program}/versions/latest/verify")
    assert answer.status_code == 200, answer.text
    return answer.json()


def folder_archive(folder: Path) -> bytes:
    with packing.packed(str(folder)) as packed:
        return packed.archive.read_bytes()


class TestCreate:
    def test_twice_the_same_is_the_same_and_other_content_is_refused(self, api, pack):
        first = create(api, pack(HELLO))
        assert create(api, pack(HELLO), expected=200) == first
        refused = create(api, pack(HELLO | {"greet.py": "changed"}), expected=409)
        assert "greet.py changed" in refused["error"]["message"]

    def test_a_folder_within_the_archive_is_the_same_program(self, api, pack):
        first = create(api, pack(HELLO))
        assert create(api, pack({f"hello-main/{path}": text for path, text in HELLO.items()}), expected=200) == first

    @pytest.mark.parametrize(
        ("body", "told"),
        [
            (b"", "no body"),
            (b"nonsense", "damaged or no .tar.gz"),
            ({"a.txt": ""}, "no wardian.yaml and no same.yaml"),
            (HELLO | {"../x": "x"}, "does not stay inside"),
            (HELLO | {"wardian.yaml": "name: Bad Name\nversion: 1\nsteps: []"}, "wardian.yaml line 1, name"),
        ],
    )
    def test_what_cannot_be_one_says_why(self, api, pack, body, told):
        refused = create(api, pack(body) if isinstance(body, dict) else body, expected=422)
        assert told in refused["error"]["message"]


class TestRun:
    def test_only_what_is_named_changes(self, api, pack):
        create(api, pack(HELLO))
        found, log = run(api, "hello", {"times": "3"})
        assert found["status"] == "succeeded", log
        assert "['--times', '3'] {'times': 3, 'whom': 'world'}" in log
        assert found["params"] == {"times": 3, "whom": "world"}
        assert found["program"] == {"name": "hello", "version": "1.0.0"}
        assert found["summary"]["parameters_given"] == ["times"]
        assert [step["status"] for step in found["summary"]["steps"]] == ["succeeded"]

    def test_a_wrong_parameter_is_refused_by_name_and_leaves_nothing(self, api, pack):
        create(api, pack(HELLO))
        for given, told in (
            ({"tims": 1}, "unknown parameter tims: did you mean times"),
            ({"times": "many"}, "times must be"),
        ):
            refused = api.post("/programs/hello/versions/1.0.0/run", json={"parameters": given})
            assert refused.status_code == 422
            assert told in refused.json()["error"]["message"]
        assert not api.get("/runs").json()["items"]
        assert not api.get("/workloads").json()["items"]

    def test_a_step_that_fails_ends_the_run(self, api, pack):
        steps = "  - {name: a, command: [sh, -c, exit 3]}\n  - {name: b, command: [echo, never]}\n"
        create(api, pack({"wardian.yaml": f"name: fails\nversion: 1\nsteps:\n{steps}"}))
        found, log = run(api, "fails")
        assert (found["status"], found["summary"]["steps"][0]["exit_code"]) == ("failed", 3)
        assert "never" not in log

    def test_a_step_killed_while_the_points_are_on_disk_loses_none(self, api, pack):
        code = """
            import os, signal, time, pathlib
            import wardian
            run = wardian.init()
            for step in range(500):
                run.log({"loss": step}, step=step)
            spool = pathlib.Path(os.environ["WARDIAN_HOME"], "spool")
            while not any(path.stat().st_size > 4000 for path in spool.rglob("*") if path.is_file()):
                time.sleep(0.01)  # recorded on disk, sent or not
            os.kill(os.getpid(), signal.SIGKILL)
        """
        step = "steps: [{name: a, command: python main.py}]"
        create(api, pack({"wardian.yaml": f"name: dies\nversion: 1\n{step}\n", "main.py": code}))
        found, log = run(api, "dies")
        assert found["status"] == "failed"
        assert found["summary"]["steps"][0]["exit_code"] == 128 + 9
        assert found["metrics"]["loss"]["count"] == 500, log

    def test_outputs_become_artifacts(self, api, pack):
        step = "{name: a, command: [sh, -c, 'mkdir out; echo hi > out/x.txt'], outputs: [out]}"
        create(api, pack({"wardian.yaml": f"name: makes\nversion: 1\nsteps: [{step}]\n"}))
        found, log = run(api, "makes")
        assert found["status"] == "succeeded", log
        assert api.get(f"/runs/{found['id']}/artifacts/out/x.txt").text == "hi\n"


class TestSame:
    def test_the_newer_form_runs_unchanged(self, api):
        create(api, folder_archive(FIXTURES / "newer"))
        found, log = run(api, "sample-program", {"lr": "0.5"})
        assert found["status"] == "succeeded", log
        assert "parameters 0.5 {'a': 1, 'b': [1, 2], 'c': 3} ['x', 'y'] True plain None" in log
        assert "weights [0.5, 0.5, 0.9] 3.0 from step 1 default" in log
        assert "exploded connection could not be handed on" in log
        assert "exploded large was not handed on: it takes 200,0" in log
        assert [step["name"] for step in found["summary"]["steps"]] == [f"same_step_00{n}" for n in range(4)]
        found, log = run(api, "sample-program", {"lr": "0.5", "word": "other"})
        assert "step same_step_002: cached from run" in log
        assert "weights [0.5, 0.5, 0.9]" in log
        assert found["summary"]["steps"][2]["cached_from"]
        _, log = run(api, "sample-program", {"lr": "0.6"})
        assert "cached from" not in log

    def test_the_older_form_runs_unchanged(self, api):
        create(api, folder_archive(FIXTURES / "older"))
        found, log = run(api, "kubeflowpipeline", {"layers": [1, 2]})
        assert found["status"] == "succeeded", log
        assert "total 4 two one 2 {'a': {'b': 1}}" in log
        assert "sorted by number (0, 3, 20)" in log
        assert "left out '!echo shell'" in log

    def test_a_notebook_that_describes_itself(self, api):
        create(api, folder_archive(FIXTURES / "metadata"))
        found, log = run(api, "from-metadata")
        assert found["status"] == "succeeded", log
        assert "answer 42\n{" in log


class TestVerify:
    def test_what_can_run(self, api, pack):
        create(api, pack(HELLO))
        report = verify(api, "hello")
        assert (report["can_run"], report["misses"]) == (True, [])
        assert not api.get("/workloads").json()["items"]

    def test_every_miss_is_named_and_nothing_is_left(self, api, pack):
        text = """
            name: wants
            version: 1.0.0
            parameters: {needed: {type: int}}
            resources: {gpu: 99, cpu: 4000, memory: 4000 GiB}
            steps: [{name: s, script: s.py}]
            data:
              - {name: here, uri: here.csv}
              - {name: gone, uri: gone.csv}
              - {name: away, uri: "http://127.0.0.1:9/x.csv"}
        """
        code = "import json, no_such_module, local\nfrom sklearn import datasets\n"
        create(api, pack({"wardian.yaml": text, "s.py": code, "local.py": "raise SystemExit('ran')", "here.csv": "a"}))
        report = verify(api, "wants")
        assert not report["can_run"]
        named = {(miss["kind"], miss["name"]) for miss in report["misses"]}
        hardware = {("gpu", "gpu"), ("cpu", "cpu"), ("memory", "memory")}
        assert named == hardware | {("import", "no_such_module"), ("data", "gone"), ("data", "away")}
        assert not api.get("/workloads").json()["items"]


class TestExport:
    def export(self, api, program, **query):
        answer = api.get(f"/programs/{program}/versions/latest/export", params=query)
        assert answer.status_code == 200, answer.text
        return answer.content

    def import_file(self, api, data, expected=200):
        answer = api.post("/programs/import", content=data, headers=GZIP)
        assert answer.status_code == expected, answer.text
        return answer.json()

    @pytest.fixture
    def elsewhere(self, tmp_path):
        """A second, empty platform."""
        with (
            running_platform(Settings.load(home=tmp_path / "elsewhere", port=0)) as platform,
            api_of(platform) as client,
        ):
            yield client

    @pytest.fixture
    def traveller(self, api, pack, tmp_path):
        """A program with data on this machine and a run with metrics, a log and an artifact."""
        data = tmp_path / "numbers" / "n.csv"
        data.parent.mkdir()
        data.write_text("1\n2\n")
        text = f"""
            name: traveller
            version: 2.0.0
            steps: [{{name: s, script: s.py}}]
            data: [{{name: numbers, uri: "file://{data}"}}]
        """
        code = """
            import wardian
            from wardian.runner.datasets import address_of
            total = sum(map(int, open(address_of("numbers"))))
            with wardian.init() as run:
                for step, value in enumerate([1.5, float("nan"), float("-inf"), total]):
                    run.log({"loss": value}, step=step)
                open("out.txt", "w").write("kept")
                run.log_artifact("out.txt")
            print("total", total)
        """
        create(api, pack({"wardian.yaml": text, "s.py": code}))
        found, log = run(api, "traveller")
        assert found["status"] == "succeeded", log
        return found

    def test_history_and_data_arrive_as_they_were(self, api, elsewhere, traveller, tmp_path):
        bundle = self.export(api, "traveller", history=True, data=True)
        (tmp_path / "numbers" / "n.csv").unlink()
        made = self.import_file(elsewhere, bundle)
        assert (made["created"], made["runs"], made["data_files"]) == (True, 1, 1)
        there = elsewhere.get(f"/runs/{traveller['id']}").json()
        for field in (
            "name",
            "status",
            "params",
            "created_at",
            "started_at",
            "finished_at",
            "program",
            "metrics",
            "created_by",
        ):
            assert there[field] == traveller[field], field
        assert "imported" in there["tags"]
        series = f"/runs/{traveller['id']}/series/loss?raw=1"
        assert elsewhere.get(series).json() == api.get(series).json()
        assert elsewhere.get(f"/runs/{traveller['id']}/artifacts/out.txt").text == "kept"
        log = f"/runs/{traveller['id']}/log"
        assert elsewhere.get(log).json()["text"] == api.get(log).json()["text"]
        again = self.import_file(elsewhere, bundle)
        assert (again["created"], again["runs"], again["runs_skipped"]) == (False, 0, 1)
        found, log = run(elsewhere, "traveller")
        assert found["status"] == "succeeded", log
        assert "total 3" in log
        assert self.export(elsewhere, "traveller", data=True)

    def test_a_flipped_byte_is_refused_with_the_member_it_hit(self, api, elsewhere, pack):
        create(api, pack(HELLO))
        bundle = gzip.decompress(self.export(api, "hello"))
        with tarfile.open(fileobj=io.BytesIO(bundle)) as tar:
            names = tar.getnames()
            places = {member.name: member.offset_data for member in tar}
        assert names[0] == "manifest.json"
        for name in ("code.tar.gz", "wardian.yaml"):
            damaged = bytearray(bundle)
            damaged[places[name] + 5] ^= 1
            refused = self.import_file(elsewhere, gzip.compress(bytes(damaged)), expected=422)
            assert f"{name} has another checksum" in refused["error"]["message"]
        assert not elsewhere.get("/programs").json()["items"]

    def test_every_kind_of_damage_is_refused(self, api, elsewhere, pack):
        create(api, pack(HELLO))
        bundle = self.export(api, "hello")
        for place in range(30, len(bundle) - 8, max(1, len(bundle) // 25)):
            damaged = bytearray(bundle)
            damaged[place] ^= 0x10
            refused = self.import_file(elsewhere, bytes(damaged), expected=422)
            assert any(word in refused["error"]["message"] for word in ("damaged", "no exported program", "manifest"))
        self.import_file(elsewhere, bundle[: len(bundle) // 2], expected=422)
        assert not elsewhere.get("/programs").json()["items"]

    def test_content_survives(self, api, elsewhere, pack):
        before = create(api, pack(HELLO))
        self.import_file(elsewhere, self.export(api, "hello"))
        after = elsewhere.get("/programs/hello/versions/latest").json()
        assert (after["hash"], after["code"]) == (before["hash"], before["code"])


class TestExamples:
    def test_the_notebook(self, api, example):
        create(api, example("notebook"))
        found, log = run(api, "notebook", {"grid": "{depths: [2, 3], folds: 3}"})
        assert found["status"] == "succeeded", log
        assert "of the flowers right" in log
        assert found["metrics"]["accuracy"]["count"] == 2
        _, log = run(api, "notebook", {"grid": {"depths": [2, 3], "folds": 3}})
        assert "cached from run" in log

    def test_checkpoints_and_going_on(self, api, example):
        create(api, example("numpy-resume"))
        whole, _ = run(api, "numpy-resume", {"epochs": 60})
        stopped, _ = run(api, "numpy-resume", {"epochs": 60, "stop_after": 45})
        assert stopped["status"] == "failed"
        resumed, log = run(api, "numpy-resume", {"epochs": 60, "resume": stopped["id"]})
        assert "going on after epoch 40" in log
        assert resumed["metrics"]["loss"]["last"] == whole["metrics"]["loss"]["last"]
