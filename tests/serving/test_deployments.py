"""Deployments of a running platform, with real model servers."""

import json
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from tests.candidates import stored_candidate
from tests.platform import wait_until
from tests.serving.conftest import infer_request
from wardian.identity.models import SYSTEM, Role
from wardian.registry import service as registry
from wardian.registry.schemas import NewVersion
from wardian.workloads import service as workloads

pytestmark = pytest.mark.slow
DEPLOYMENTS = "/api/v1/projects/demo/deployments"
ASK = infer_request("x", [[1.0, 2.0]])


def constant(number):
    """A model that answers with its number, so that one sees which version answered."""
    source = f"import os\ndef model(x):\n    return x[:, 0] * 0 + ({number})\n"
    return {"m.py": source.encode(), "model.json": json.dumps({"flavour": "python", "file": "m.py"}).encode()}


class Desk:
    """What a user does with models and deployments."""

    def __init__(self, server, client):
        self.server, self.client = server, client

    def register(self, name, files):
        house, project = self.server.house, self.server.project.id
        candidate = stored_candidate(house, files)
        body = NewVersion(run=candidate.run, path=candidate.path)
        return house.db.write_now(registry.register, SYSTEM, project, name, body, candidate)

    def deploy(self, model, **more):
        answer = self.client.post(DEPLOYMENTS, json={"model": model, **more})
        assert answer.status_code == 201, answer.text
        return self.settled(answer.json()["name"])

    def revise(self, name, model):
        answer = self.client.post(f"{DEPLOYMENTS}/{name}/revisions", json={"model": model})
        assert answer.status_code == 201, answer.text
        return self.settled(name)

    def act(self, name, verb):
        answer = self.client.post(f"{DEPLOYMENTS}/{name}/{verb}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def show(self, name):
        return self.client.get(f"{DEPLOYMENTS}/{name}").json()

    def revisions(self, name):
        return {each["number"]: each for each in self.client.get(f"{DEPLOYMENTS}/{name}/revisions").json()["items"]}

    def settled(self, name):
        wait_until(lambda: self.show(name)["status"] in {"ready", "failed", "stopped"}, 60)
        return self.show(name)

    def ask(self, name, body=ASK, prefix=""):
        return self.client.post(f"{prefix}/v2/models/{name}/infer", json=body)

    def answered(self, name):
        answer = self.ask(name)
        assert answer.status_code == 200, answer.text
        return answer.json()["outputs"][0]["data"][0]

    def process_of(self, name):
        """The operating system's id of the model server."""
        workload = self.server.house.db.read_now(workloads.get, SYSTEM, self.show(name)["workload"])
        port = int(workload.address["http"].rpartition(":")[2])
        return next(pid for pid in _listeners(port))


def _listeners(port):
    for connection in psutil.net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port:
            yield connection.pid


@pytest.fixture
def desk(server):
    with server.client() as client:
        desk = Desk(server, client)
        yield desk
        names = [each["name"] for each in client.get(DEPLOYMENTS).json()["items"]]
        for name in names:
            client.delete(f"{DEPLOYMENTS}/{name}")
        going = "/api/v1/workloads?status=starting&status=running&status=stopping"
        wait_until(lambda: not client.get(going).json()["items"])


class TestLife:
    def test_from_a_model_to_a_prediction_and_its_trace(self, desk, digits, digits_folder):
        version = desk.register("digits", {file.name: file.read_bytes() for file in digits_folder.glob("model.*")})
        deployment = desk.deploy("digits")
        assert (deployment["status"], deployment["model"], deployment["live"]) == ("ready", "digits:1", 1)
        x, y = digits
        answer = desk.ask("digits", infer_request("pixels", x[:100], id="mine"))
        assert answer.status_code == 200, answer.text
        assert answer.json()["id"] == "mine"
        assert (answer.json()["outputs"][0]["data"] == y[:100]).mean() > 0.9
        assert answer.headers["x-wardian-deployment"] == "digits"
        assert answer.headers["x-wardian-revision"] == "1"
        assert answer.headers["x-wardian-model-version"] == f"digits:{version.version}"
        assert answer.headers["x-request-id"]
        wrong = desk.ask("digits", infer_request("pixels", x[:2, :60]))
        assert wrong.status_code == 400
        assert "the model takes [-1, 64]" in wrong.json()["error"]
        for prefix in ("/projects/demo", "/api/v1/projects/demo"):
            assert desk.ask("digits", infer_request("pixels", x[:1]), prefix).status_code == 200
        assert desk.client.get("/v2/models/digits").json()["inputs"][0]["shape"] == [-1, 64]
        assert desk.client.get("/v2/models/digits/versions/1/ready").status_code == 200
        assert desk.client.get("/v2/models/digits/versions/2").status_code == 404
        traffic = f"{DEPLOYMENTS}/digits/traffic"
        wait_until(lambda: desk.client.get(traffic).json()["count"] == 4)
        seen = desk.client.get(traffic).json()
        assert (seen["refused"], seen["failed"]) == (1, 0)
        assert seen["p99_ms"] > 0

    def test_stop_and_start(self, desk):
        desk.register("m", constant(1))
        desk.deploy("m", name="served")
        desk.act("served", "stop")
        wait_until(lambda: desk.show("served")["status"] == "stopped")
        refused = desk.ask("served")
        assert refused.status_code == 409
        assert "wardian start deployment served" in refused.json()["error"]
        assert desk.client.get("/v2/models/served/ready").status_code == 400
        desk.act("served", "start")
        assert desk.settled("served")["status"] == "ready"
        assert desk.answered("served") == 1
        assert desk.client.delete(f"{DEPLOYMENTS}/served").status_code == 204
        assert desk.ask("served").status_code == 404


class TestRevisions:
    def test_no_request_fails_while_revisions_change_and_roll_back(self, desk):
        for number in (1, 2):
            desk.register("m", constant(number))
        desk.deploy("m:1")
        done = threading.Event()

        def keep_asking():
            seen = []
            with desk.server.client() as client:
                while not done.is_set():
                    answer = client.post("/v2/models/m/infer", json=ASK)
                    data = answer.json()["outputs"][0]["data"][0] if answer.status_code == 200 else answer.text
                    seen.append((answer.status_code, data))
            return seen

        with ThreadPoolExecutor(4) as pool:
            asking = [pool.submit(keep_asking) for _ in range(4)]
            try:
                assert desk.revise("m", "m:2")["live"] == 2
                wait_until(lambda: desk.revisions("m")[1]["status"] == "retired")
                desk.act("m", "rollback")
                assert desk.settled("m")["live"] == 1
                wait_until(lambda: desk.revisions("m")[2]["status"] == "retired")
            finally:
                done.set()
            answers = [seen for each in asking for seen in each.result()]
        assert {status for status, _ in answers} == {200}, [a for a in answers if a[0] != 200][:5]
        assert {number for _, number in answers} == {1, 2}
        assert desk.answered("m") == 1

    def test_one_that_never_becomes_ready_changes_nothing_and_says_why(self, desk):
        desk.register("m", constant(1))
        desk.register("m", constant("1 / 0") | {"m.py": b"raise RuntimeError('no such luck')"})
        desk.deploy("m:1")
        deployment = desk.revise("m", "m:2")
        assert (deployment["status"], deployment["live"], deployment["target"]) == ("ready", 1, None)
        assert "revision 2 (m:2) did not become ready" in deployment["reason"]
        assert "no such luck" in deployment["reason"]
        assert desk.revisions("m")[2]["status"] == "failed"
        assert desk.answered("m") == 1
        again = desk.client.post(f"{DEPLOYMENTS}/m/rollback")
        assert again.status_code == 409
        assert "no earlier revision" in again.json()["error"]["message"]

    def test_the_first_one_may_fail_too(self, desk):
        desk.register("m", constant(1) | {"m.py": b"import absent_package"})
        deployment = desk.deploy("m")
        assert deployment["status"] == "failed"
        assert "absent_package" in deployment["reason"]
        answer = desk.ask("m")
        assert answer.status_code == 503
        assert "absent_package" in answer.json()["error"]


class TestFaults:
    def test_a_killed_model_server_comes_back(self, desk):
        desk.register("m", constant(1))
        desk.deploy("m")
        killed = desk.process_of("m")
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: desk.ask("m").status_code == 503)
        wait_until(lambda: desk.ask("m").status_code == 200)
        assert desk.show("m")["live"] == 1
        assert desk.process_of("m") != killed


class TestDoors:
    def test_who_may_what(self, desk):
        desk.register("m", constant(1))
        desk.deploy("m")
        guest, stranger = desk.server.user(Role.GUEST), desk.server.user()
        with desk.server.client(guest) as client:
            assert client.post("/v2/models/m/infer", json=ASK).status_code == 200
            assert client.get(f"{DEPLOYMENTS}/m").status_code == 200
            assert client.post(f"{DEPLOYMENTS}/m/stop").status_code == 403
            assert client.delete(f"{DEPLOYMENTS}/m").status_code == 403
        with desk.server.client(stranger) as client:
            hidden = client.post("/v2/models/m/infer", json=ASK)
            missing = client.post("/v2/models/n/infer", json=ASK)
            assert (hidden.status_code, missing.status_code) == (404, 404)
            assert hidden.json()["error"] == missing.json()["error"].replace("'n'", "'m'")
        with desk.server.anonymous() as client:
            assert client.post("/v2/models/m/infer", json=ASK).status_code == 401
            assert client.get("/v2/health/ready").json() == {"ready": True}

    def test_a_name_in_two_projects_must_be_said_with_its_project(self, desk):
        desk.register("m", constant(1))
        desk.deploy("m")
        desk.client.post("/api/v1/projects", json={"name": "other"})
        with desk.server.client() as client:
            other = client.get("/api/v1/projects/other").json()["id"]
            house = desk.server.house
            candidate = stored_candidate(house, constant(2))
            body = NewVersion(run=candidate.run, path=candidate.path)
            house.db.write_now(registry.register, SYSTEM, other, "m", body, candidate)
            there = "/api/v1/projects/other/deployments"
            assert client.post(there, json={"model": "m"}).status_code == 201
            ambiguous = desk.ask("m")
            assert ambiguous.status_code == 409
            assert "/api/v1/projects/other/v2/models/m" in ambiguous.json()["error"]
            assert desk.ask("m", prefix="/projects/demo").json()["outputs"][0]["data"] == [1]
            assert client.delete(f"{there}/m").status_code == 204

    def test_large_questions_pass_through_in_parts(self, desk):
        desk.register("m", constant(1))
        desk.deploy("m")
        rows = 100_000
        body = infer_request("x", [[0.125, 0.25]] * rows)
        answer = desk.client.post("/v2/models/m/infer", json=body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["outputs"][0]["data"] == [1] * rows

    def test_a_served_version_cannot_be_deleted(self, desk):
        version = desk.register("m", constant(1))
        desk.deploy("m", name="served")
        house, project = desk.server.house, desk.server.project.id
        with pytest.raises(Exception, match="served serves m:1"):
            house.db.write_now(registry.delete_version, SYSTEM, project, "m", version.version)
        with pytest.raises(Exception, match="served serves model m"):
            house.db.write_now(registry.delete, SYSTEM, project, "m")
        desk.act("served", "stop")
        house.db.write_now(registry.delete_version, SYSTEM, project, "m", version.version)
        again = desk.client.post(f"{DEPLOYMENTS}/served/start")
        assert again.status_code == 409
        assert "served m:1, which has been deleted" in again.json()["error"]["message"]
