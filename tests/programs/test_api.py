"""Programs through HTTP, on a platform that really runs them."""

import time

import pytest

from tests.programs.conftest import HELLO

GZIP = {"Content-Type": "application/gzip"}
DEADLINE_S = 60


@pytest.fixture
def api(server):
    with server.client() as client:
        client.base_url = f"{server.url}/api/v1/projects/demo"
        yield client


def create(api, archive, expected=201):
    answer = api.post("/programs", content=archive, headers=GZIP)
    assert answer.status_code == expected, answer.text
    return answer.json()


def run(api, program, parameters=None, **more):
    answer = api.post(f"/programs/{program}/versions/latest/run", json={"parameters": parameters or {}, **more})
    assert answer.status_code == 201, answer.text
    return finished(api, answer.json())


def finished(api, run):
    end = time.monotonic() + DEADLINE_S
    while (workload := api.get(f"/workloads/{run['workload']}").json())["status"] not in ("succeeded", "failed"):
        assert time.monotonic() < end, workload
        time.sleep(0.1)
    return run, workload, api.get(f"/workloads/{run['workload']}/log").json()["text"]


class TestRun:
    def test_only_what_is_named_changes(self, api, pack):
        create(api, pack(HELLO))
        started, workload, log = run(api, "hello", {"times": "3"})
        assert workload["status"] == "succeeded", log
        assert "['--times', '3'] {'times': 3, 'whom': 'world'}" in log
        assert started["params"] == {"times": 3, "whom": "world"}
        assert started["program"] == {"name": "hello", "version": "1.0.0"}
