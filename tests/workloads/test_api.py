"""Workloads through HTTP, run for real by the local executor."""

import sys
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.platform import Platform, wait_until

_ENDED = {"succeeded", "failed", "stopped", "lost"}
ROOT = "/api/v1/projects/demo/workloads"


class Workloads:
    """What a user does with workloads."""

    def __init__(self, http: httpx2.Client) -> None:
        self.http = http

    def python(self, code: str, *, kind: str = "job", name: str = "work", **spec: Any) -> str:
        """Create one that runs this program; its id."""
        body = {"name": name, "kind": kind, "spec": {"command": ["python", "-c", code], **spec}}
        answer = self.http.post(ROOT, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def show(self, workload_id: str) -> dict[str, Any]:
        return self.http.get(f"{ROOT}/{workload_id}").json()

    def wait(self, workload_id: str, *statuses: str) -> dict[str, Any]:
        wanted = set(statuses) or _ENDED
        wait_until(lambda: self.show(workload_id)["status"] in wanted | _ENDED)
        return self.show(workload_id)

    def log(self, workload_id: str) -> str:
        return self.http.get(f"{ROOT}/{workload_id}/log").json()["text"]

    def stop(self, workload_id: str) -> httpx2.Response:
        return self.http.post(f"{ROOT}/{workload_id}/stop")


@pytest.fixture
def work(server: Platform) -> Iterator[Workloads]:
    with server.client() as http:
        workloads = Workloads(http)
        yield workloads
        for one in http.get("/api/v1/workloads").json()["items"]:
            if one["status"] not in _ENDED:
                workloads.stop(one["id"])
                workloads.wait(one["id"])


class TestAJob:
    def test_runs_and_leaves_its_log(self, work: Workloads) -> None:
        one = work.python(
            "import os, sys; print('hello', os.environ['GREET']); sys.exit(0)", variables={"GREET": "you"}
        )
        ended = work.wait(one)
        assert (ended["status"], ended["exit_code"], ended["reason"]) == ("succeeded", 0, "")
        lines = work.log(one).splitlines()
        assert lines[0].startswith("[wardian] attempt 0, ")
        assert lines[1:] == ["hello you"]
        assert work.http.get(f"{ROOT}/{one}/log/download").text == work.log(one)

    def test_a_failure_says_how_it_ended(self, work: Workloads) -> None:
        ended = work.wait(work.python("raise SystemExit(7)"))
        assert (ended["status"], ended["exit_code"], ended["reason"]) == ("failed", 7, "ended with exit status 7")

    def test_can_sign_in_with_its_own_key_while_it_lives(self, work: Workloads) -> None:
        code = (
            "import base64, json, os, urllib.request as u\n"
            "env = os.environ\n"
            "pair = env['WARDIAN_ACCESS_KEY'] + ':' + env['WARDIAN_SECRET_KEY']\n"
            "where = '/api/v1/projects/' + env['WARDIAN_PROJECT'] + '/workloads/' + env['WARDIAN_WORKLOAD']\n"
            "ask = u.Request(env['WARDIAN_URL'] + where)\n"
            "ask.add_header('Authorization', 'Basic ' + base64.b64encode(pair.encode()).decode())\n"
            "print(json.load(u.urlopen(ask, timeout=20))['status'])\n"
            "print(pair)\n"
        )
        one = work.python(code)
        assert work.wait(one)["status"] == "succeeded", work.log(one)
        _, status, pair = work.log(one).splitlines()
        assert status in {"starting", "running"}
        with httpx2.Client(base_url=work.http.base_url, auth=tuple(pair.split(":"))) as late:
            assert late.get(ROOT).status_code == 401

    def test_is_stopped(self, work: Workloads) -> None:
        one = work.python("import time; time.sleep(600)")
        assert work.wait(one, "running")["status"] == "running"
        assert work.stop(one).json()["status"] == "stopping"
        assert work.wait(one)["status"] == "stopped"
        assert work.stop(one).status_code == 409

    def test_is_restarted_with_a_mark_in_its_log(self, work: Workloads) -> None:
        one = work.python("print('no'); raise SystemExit(1)", restarts={"limit": 2, "delay_s": 0.1})
        ended = work.wait(one)
        assert (ended["status"], ended["attempt"], ended["failures"]) == ("failed", 2, 2)
        said = [line.split(",")[0] for line in work.log(one).splitlines()]
        assert said == ["[wardian] attempt 0", "no", "[wardian] attempt 1", "no", "[wardian] attempt 2", "no"]

    def test_more_gpus_than_there_are_fails_at_once(self, work: Workloads) -> None:
        ended = work.wait(work.python("", resources={"gpu": 1000}))
        assert (ended["status"], ended["started_at"]) == ("failed", None)
        assert ended["reason"].startswith("needs 1000 gpu; this machine has ")

    def test_waits_for_slots_and_says_for_which(self, work: Workloads) -> None:
        cpu = work.http.get("/api/v1/executors").json()[0]["capacity"]["cpu"]
        first = work.python("import time; time.sleep(600)", resources={"cpu": cpu})
        work.wait(first, "running")
        second = work.python("print('mine now')", resources={"cpu": cpu})
        wait_until(lambda: work.show(second)["reason"] == f"waits for {cpu:g} cpu; 0 free")
        assert work.http.get("/api/v1/executors").json()[0]["used"]["cpu"] == cpu
        work.stop(first)
        assert work.wait(second)["status"] == "succeeded"

    def test_is_deleted_with_log_and_files(self, work: Workloads, server: Platform) -> None:
        one = work.python("print('x')")
        folder = server.house.settings.home / "workloads" / one
        assert work.wait(one)["status"] == "succeeded"
        assert folder.exists()
        assert work.http.delete(f"{ROOT}/{one}").status_code == 204
        assert work.http.get(f"{ROOT}/{one}/log").status_code == 404
        wait_until(lambda: not folder.exists())

    def test_one_that_runs_is_not_deleted(self, work: Workloads) -> None:
        one = work.python("import time; time.sleep(600)")
        answer = work.http.delete(f"{ROOT}/{one}")
        assert answer.status_code == 409
        assert "stop it" in answer.json()["error"]["message"]


_SERVICE = """
import http.server, os, sys, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        ready = os.path.exists(os.environ['READY'])
        if self.path == '/exit': os._exit(3)
        self.send_response(200 if ready else 503); self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(('127.0.0.1', int(os.environ['WARDIAN_PORT_HTTP'])), Handler).serve_forever()
"""


class TestAService:
    def test_is_running_once_it_answers_and_comes_back_after_a_crash(self, work: Workloads, server: Platform) -> None:
        gate = server.house.settings.home / "ready"
        about: dict[str, Any] = {"ports": ["http"], "ready_path": "/ready", "variables": {"READY": str(gate)}}
        one = work.python(_SERVICE, kind="service", restarts={"limit": 3, "delay_s": 0.1}, **about)
        wait_until(lambda: work.show(one)["reason"] == "waits until /ready answers")
        assert work.show(one)["status"] == "starting"
        gate.touch()
        running = work.wait(one, "running")
        assert running["status"] == "running"
        with pytest.raises(httpx2.HTTPError):
            httpx2.get(f"http://{running['address']['http']}/exit")
        wait_until(lambda: (now := work.show(one))["attempt"] == 1 and now["status"] == "running")
        assert httpx2.get(f"http://{work.show(one)['address']['http']}/").status_code == 200


class TestWhoMay:
    def test_an_unknown_one_is_missing(self, work: Workloads) -> None:
        assert work.http.get(f"{ROOT}/{'0' * 32}").status_code == 404

    @pytest.mark.parametrize(
        "spec",
        [
            {"command": []},
            {"command": ["a\0b"]},
            {"command": ["a"], "files": {"../../etc/passwd": "0" * 64}},
            {"command": ["a"], "files": {"/etc/passwd": "0" * 64}},
            {"command": ["a"], "variables": {"A=B": "x"}},
            {"command": ["a"], "resources": {"cpu": -1}},
            {"command": ["a"], "ready_path": "/up"},
        ],
    )
    def test_nonsense_is_refused(self, work: Workloads, spec: dict[str, Any]) -> None:
        assert work.http.post(ROOT, json={"name": "x", "spec": spec}).status_code == 422

    def test_code_that_is_not_stored_is_refused(self, work: Workloads) -> None:
        spec = {"command": [sys.executable], "code": "0" * 64}
        assert work.http.post(ROOT, json={"name": "x", "spec": spec}).status_code == 409
