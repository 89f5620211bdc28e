"""From a run's artifacts to a version, over HTTP."""

import json

import pytest

from wardian.registry import service
from wardian.storage import references

MODELS = "/api/v1/projects/demo/models"
RUNS = "/api/v1/projects/demo/runs"
MANIFEST = {"flavour": "python", "file": "model.py", "example": {"inputs": []}}


@pytest.fixture
def client(server):
    with server.client() as client:
        yield client


@pytest.fixture
def run(client):
    """A run with a model under `model/` and a metric."""
    answer = client.post(RUNS, json={"name": "trained"})
    assert answer.status_code == 201, answer.text
    run = answer.json()["id"]
    put(client, run, "model/model.json", json.dumps(MANIFEST).encode())
    put(client, run, "model/model.py", b"def model(x):\n    return x\n")
    put(client, run, "model-old/model.json", b"{}")
    points = {"points": {"loss": {"step": [1, 2], "value": [0.5, 0.25]}}}
    assert client.post(f"{RUNS}/{run}/points", json=points).is_success
    return run


def put(client, run, path, data):
    answer = client.put(f"{RUNS}/{run}/artifacts/{path}", content=data)
    assert answer.is_success, answer.text


def register(client, run, path="model", model="digits", **more):
    return client.post(f"{MODELS}/{model}/versions", json={"run": run, "path": path, **more})


class TestRegister:
    def test_a_run_becomes_a_version_that_outlives_it(self, client, run, server):
        answer = register(client, run, notes="first")
        assert answer.status_code == 201, answer.text
        version = answer.json()
        assert (version["model"], version["version"], version["run"], version["flavour"]) == (
            "digits",
            "1",
            run,
            "python",
        )
        assert version["run"] == run
        assert (version["metrics"], version["environment"], version["notes"]) == ({"loss": 0.25}, "inherit", "first")
        assert version["size"] == len(json.dumps(MANIFEST)) + 27
        outputs = client.get(f"{RUNS}/{run}/lineage").json()["outputs"]
        assert [(each["kind"], each["name"], each["version"]) for each in outputs] == [("model", "digits", "1")]
        assert client.delete(f"{RUNS}/{run}").status_code == 204
        held = server.house.db.read_now(service.servable, version["id"]).files
        sizes = {path: server.house.db.read_now(references.size, each) for path, each in held.items()}
        assert sizes == {"model.json": len(json.dumps(MANIFEST)), "model.py": 27}
        assert client.get(f"{MODELS}/digits/versions/1").json() == version

    def test_the_platform_answers_for_each_route(self, client, run):
        register(client, run, version="v1.0")
        register(client, run)
        assert [v["version"] for v in client.get(f"{MODELS}/digits/versions").json()["items"]] == ["2", "v1.0"]
        assert client.put(f"{MODELS}/digits/aliases/champion", json={"version": "v1.0"}).json()["aliases"] == {
            "champion": "v1.0"
        }
        assert client.get(f"{MODELS}/digits").json()["latest"] == "2"
        changed = client.patch(f"{MODELS}/digits/versions/2", json={"notes": "better"})
        assert changed.json()["notes"] == "better"
        assert client.patch(f"{MODELS}/digits", json={"description": "reads"}).json()["description"] == "reads"
        assert client.delete(f"{MODELS}/digits/aliases/champion").status_code == 204
        assert client.delete(f"{MODELS}/digits/versions/2").status_code == 204
        assert client.delete(f"{MODELS}/digits").status_code == 204
        assert client.get(MODELS).json()["items"] == []
        assert client.post(MODELS, json={"name": "empty"}).status_code == 201


class TestRefusals:
    @pytest.mark.parametrize(
        ("path", "status", "reason"),
        [
            ("absent", 422, "no absent/model.json"),
            ("mod", 422, "no mod/model.json"),
            ("", 422, "no model.json"),
            ("model-old", 422, "not a model manifest: flavour"),
        ],
    )
    def test_what_is_no_model(self, client, run, path, status, reason):
        answer = register(client, run, path)
        assert answer.status_code == status
        assert reason in answer.json()["error"]["message"]
        assert client.get(f"{MODELS}/digits").status_code == 404

    def test_a_manifest_that_names_what_is_not_there(self, client, run):
        put(client, run, "half/model.json", json.dumps(MANIFEST).encode())
        assert (
            "'model.py', which is not among the artifacts" in register(client, run, "half").json()["error"]["message"]
        )

    def test_a_run_that_is_not_there_and_names_that_cannot_be(self, client, run):
        assert register(client, "0" * 32).status_code == 404
        assert register(client, run, model="Not A Slug").status_code == 422
        assert register(client, run, version="..").status_code == 422
        assert register(client, run, version="v1").status_code == 201
        assert register(client, run, version="v1").status_code == 409
