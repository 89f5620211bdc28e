"""The audit trail and the live stream over HTTP."""

import threading

from tests.platform import Platform, wait_until
from wardian.identity.models import Role


class TestTrail:
    def test_says_who_did_what_to_those_who_may_read_it(self, server: Platform) -> None:
        guest, stranger = server.user(Role.GUEST), server.user()
        server.wait_for_seal()
        with server.client(guest) as reader, server.client(stranger) as other, server.client() as admin:
            seen = reader.get("/api/v1/events", params={"project": "demo"}).json()["items"]
            assert {event["verb"] for event in seen} == {"project.created", "member.set"}
            assert other.get("/api/v1/events").json()["items"] == []
            assert other.get("/api/v1/events", params={"project": "demo"}).status_code == 404
            assert reader.get("/api/v1/events/verify").status_code == 403
            assert admin.get("/api/v1/events/verify").json()["intact"] is True


class TestStream:
    def test_brings_what_happens_and_resumes(self, server: Platform) -> None:
        lines: list[str] = []
        with server.client() as client:
            server.wait_for_seal()
            head = client.get("/api/v1/events").json()["items"][0]["seq"]

            def follow() -> None:
                with client.stream("GET", "/api/v1/stream", headers={"Last-Event-ID": str(head - 1)}) as answer:
                    for line in answer.iter_lines():
                        lines.append(line)
                        if "project.changed" in line:
                            return

            follower = threading.Thread(target=follow, daemon=True)
            follower.start()
            wait_until(lambda: any(line == f"id: {head}" for line in lines))
            with server.client() as other:
                assert other.patch("/api/v1/projects/demo", json={"description": "new"}).status_code == 200
            follower.join(20)
            assert not follower.is_alive()
            assert f"id: {head + 1}" in lines
