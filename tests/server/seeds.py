"""One thing of every kind in the project `demo`, so that every route has something to show."""

from tests.platform import Platform


def seeded(server: Platform) -> dict[str, str]:
    """Values for the path parameters of the OpenAPI document, all of things that exist."""
    with server.client() as admin:
        me = admin.get("/api/v1/session").json()["user"]
        key = admin.post("/api/v1/keys", json={"name": "seed"}).json()["key"]
        waiting = {"name": "seed", "spec": {"command": ["python", "-c", "print('seed')"]}}
        workload = admin.post("/api/v1/projects/demo/workloads", json=waiting).json()
    return {"project": "demo", "user": me["id"], "key_id": key["id"], "workload_id": workload["id"]}
