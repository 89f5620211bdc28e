"""Every route of the OpenAPI document, tried by a guest, a stranger and nobody."""

from collections.abc import Iterator

import httpx2

from tests.platform import Platform
from tests.server.seeds import filled, seeded
from wardian.identity.models import Role

API = "/api/v1"
OPEN = {("post", f"{API}/session"), ("get", "/healthz"), ("get", "/readyz"), ("get", "/metrics")}
"""Routes that nobody need sign in for."""
SELF = {("delete", f"{API}/session"), ("post", f"{API}/keys"), ("delete", f"{API}/keys/{{key_id}}")}
"""What everybody may do to themselves."""
ADMIN = {("get", f"{API}/events/verify")}
ENDLESS = {("get", f"{API}/stream")}
IN_PROJECT = f"{API}/projects/{{project}}"
QUERIES = {f"{IN_PROJECT}/step-cache/{{key}}": "?within=3600"}
"""What a route needs besides its path to show something."""


def routes(document: dict[str, dict[str, dict[str, object]]]) -> Iterator[tuple[str, str]]:
    for path, operations in document["paths"].items():
        for method in operations:
            yield method, path


def address(route: tuple[str, str], seeds: dict[str, str]) -> str:
    return filled(route[1], seeds) + (QUERIES.get(route[1], "") if route[0] == "get" else "")


def call(client: httpx2.Client, method: str, path: str) -> int:
    body = {} if method in {"get", "delete"} else {"json": {}}
    with client.stream(method.upper(), path, **body) as answer:
        return answer.status_code


class TestEveryRoute:
    def test_nobody_gets_401(self, server: Platform) -> None:
        with server.client() as admin, server.anonymous() as nobody:
            seeds = seeded(server)
            document = admin.get(f"{API}/openapi.json").json()
            got = {
                route: call(nobody, route[0], address(route, seeds)) for route in routes(document) if route not in OPEN
            }
        assert {route: status for route, status in got.items() if status != 401} == {}

    def test_a_guest_reads_and_writes_nothing(self, server: Platform) -> None:
        key = server.user(Role.GUEST)
        seeds = seeded(server) | {"key_id": key.key.id}
        with server.client() as admin, server.client(key) as guest:
            document = admin.get(f"{API}/openapi.json").json()
            got = {
                route: call(guest, route[0], address(route, seeds))
                for route in routes(document)
                if route not in OPEN | SELF | ADMIN | ENDLESS
            }
        reads = {route: status for route, status in got.items() if route[0] == "get"}
        writes = {route: status for route, status in got.items() if route[0] != "get"}
        assert {route: status for route, status in reads.items() if status != 200} == {}
        assert {route: status for route, status in writes.items() if status != 403} == {}

    def test_a_stranger_gets_404(self, server: Platform) -> None:
        seeds = seeded(server)
        with server.client() as admin, server.client(server.user()) as stranger:
            document = admin.get(f"{API}/openapi.json").json()
            owned = [route for route in routes(document) if "{" in route[1]]
            got = {route: call(stranger, route[0], address(route, seeds)) for route in owned}
        assert {route: status for route, status in got.items() if status != 404} == {}
