"""The SDK and the real server: what is logged is what is read."""

import math
import threading

import numpy as np
import pytest
from matplotlib.figure import Figure

import wardian
from wardian.kernel.errors import NotFound
from wardian.sdk import exits, shipping


@pytest.fixture
def signed_in(server, tmp_path, monkeypatch):
    """Variables as on a machine of a user of the running server."""
    for name in ("WARDIAN_RUN", "WARDIAN_WORKLOAD", "WARDIAN_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WARDIAN_HOME", str(tmp_path / "user"))
    monkeypatch.setenv("WARDIAN_URL", server.url)
    monkeypatch.setenv("WARDIAN_ACCESS_KEY", server.admin.access)
    monkeypatch.setenv("WARDIAN_SECRET_KEY", server.admin.secret)
    monkeypatch.setenv("WARDIAN_PROJECT", "demo")
    monkeypatch.setenv("WARDIAN_QUIET", "1")
    monkeypatch.setattr(shipping, "FIRST_PAUSE_S", 0.01)
    yield
    exits._active.clear()


@pytest.fixture
def api(signed_in):
    with wardian.Client() as client:
        yield client


class TestRun:
    def test_everything_that_was_recorded_can_be_read(self, api, tmp_path):
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "weights.bin").write_bytes(b"w" * 3_000_000)
        with wardian.init(name="whole", params={"lr": 0.1, "deep": {"a": [1, None]}}, tags={"by": "me"}) as run:
            for step in range(1000):
                run.log({"loss": 1 / (step + 1), "odd": math.nan if step % 2 else math.inf}, step=step)
            run.params["late"] = math.inf
            del run.tags["by"]
            run.notes = "remember"
            run.summary["best"] = 0.5
            run.log_input("data", "digits", uri="https://example.com/digits")
            run.log_image("samples/first", np.zeros((4, 4, 3)), step=3, caption="två & three")
            run.log_table("table", [{"a": 1, "b": math.nan}])
            run.log_figure("figure", Figure())
            run.log_text("text", "hello")
            run.log_artifact(tmp_path / "out", "model")
        kept = api.runs.get("demo", run.id)
        assert (kept["status"], kept["name"], kept["notes"]) == ("succeeded", "whole", "remember")
        assert kept["params"] == {"lr": 0.1, "deep": {"a": [1, None]}, "late": "Infinity"}
        assert kept["tags"] == {}
        assert kept["metrics"]["loss"]["count"] == 1000
        assert kept["environment"]["python"].startswith("3.")
        assert list(api.runs.points("demo", run.id, "loss"))[999][::2] == (999, 0.001)
        odd = [value for _, _, value in api.runs.points("demo", run.id, "odd")]
        assert odd[0] == math.inf
        assert math.isnan(odd[1])
        curve = api.runs.curve("demo", run.id, "loss", pixels=50)
        assert max(curve["value"]) == 1.0
        artifacts = {artifact["path"]: artifact for artifact in api.artifacts.list("demo", run.id)}
        assert artifacts["model/weights.bin"]["size"] == 3_000_000
        media = api.request("GET", f"/projects/demo/runs/{run.id}/media")["items"]
        picture = next(piece for piece in media if piece["kind"] == "image")
        assert (picture["key"], picture["step"], picture["caption"]) == ("samples/first", 3, "två & three")
        assert {piece["kind"] for piece in media} == {"image", "table", "figure", "text"}
        target = api.artifacts.download("demo", run.id, "model/weights.bin", tmp_path / "back.bin")
        assert target.read_bytes() == b"w" * 3_000_000
        assert [thing["name"] for thing in api.runs.lineage("demo", run.id)["inputs"]] == ["digits"]

    def test_the_log_is_what_was_printed(self, api, capsys):
        with wardian.init(machine=None) as run:
            for line in range(2000):
                print(f"line {line} ✓")  # noqa: T201 - what is tested
        assert "".join(api.runs.log("demo", run.id, follow=True)) == "".join(f"line {n} ✓\n" for n in range(2000))

    def test_an_offline_run_is_created_by_sync_with_its_own_times(self, api):
        with wardian.init(name="at sea", offline=True, machine=None) as run:
            run.log({"loss": 1})
        with pytest.raises(NotFound):
            api.runs.get("demo", run.id)
        assert wardian.sync().kept == {}
        kept = api.runs.get("demo", run.id)
        assert (kept["status"], kept["metrics"]["loss"]["last"]) == ("succeeded", 1.0)
        assert kept["started_at"] < kept["finished_at"] <= kept["created_at"]

    def test_going_on_with_an_ended_run(self, api):
        with wardian.init(machine=None) as first:
            first.log({"loss": 3})
        with wardian.init(resume=first.id, machine=None) as second:
            assert api.runs.get("demo", first.id)["status"] == "running"
            second.log({"loss": 2})
        kept = api.runs.get("demo", first.id)
        assert kept["status"] == "succeeded"
        assert [point[::2] for point in api.runs.points("demo", first.id, "loss")] == [(0, 3.0), (1, 2.0)]

    def test_a_failure_keeps_its_traceback(self, api):
        with pytest.raises(ZeroDivisionError), wardian.init(machine=None) as run:
            1 / 0  # noqa: B018
        kept = api.runs.get("demo", run.id)
        assert kept["status"] == "failed"
        assert "ZeroDivisionError" in kept["reason"]

    def test_a_new_project_is_made(self, api):
        wardian.init("fresh-lab", machine=None).finish()
        assert "fresh-lab" in [project["name"] for project in api.projects.list()]

    def test_pages_follow_each_other(self, api):
        ids = [api.runs.create("demo", name=f"r{n}")["id"] for n in range(5)]
        listed = [run["id"] for run in api.runs.list("demo", order="name")]
        assert sorted(listed) == sorted(ids)
        assert len(list(api.runs.list("demo", limit=3))) == 3


class TestEvents:
    def test_what_happens_is_heard(self, api):
        heard = api.events.follow("demo")
        made = []

        def make():
            made.append(api.runs.create("demo", name="heard")["id"])

        timer = threading.Timer(0.3, make)
        timer.start()
        event = next(event for event in heard if event["data"]["verb"] == "run.created")
        timer.join()
        heard.close()
        assert event["event"] == "trail"
        assert made[0] in event["data"].values()
        assert api.events.verify()["intact"]
