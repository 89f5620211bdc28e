"""Tracking through HTTP: a client's whole story."""

import array
import math
import struct
import uuid
from collections.abc import Iterator, Sequence

import httpx2
import pytest
import sqlalchemy as sa

from tests.platform import Platform
from wardian.identity.models import Role
from wardian.kernel.ids import new_id
from wardian.storage.tables import objects

RUNS = "/api/v1/projects/demo/runs"


def frame(
    points: dict[str, Sequence[tuple[int, float, float]]], *, writer: bytes | None = None, sequence: int = 1
) -> bytes:
    """Points (step, time, value) by key, as the standard library alone can make them."""
    keys = list(points)
    table = "\n".join(keys).encode()
    flat = [(index, *point) for index, key in enumerate(keys) for point in points[key]]
    header = struct.pack(
        "<4sI16sQIIII", b"WPT1", 0, writer or uuid.uuid4().bytes, sequence, len(keys), len(flat), len(table), 0
    )
    columns = (
        [array.array(kind, column) for kind, column in zip("Iqdd", zip(*flat, strict=True), strict=True)]
        if flat
        else []
    )
    return header + table + b"".join(column.tobytes() for column in columns)


@pytest.fixture
def client(server: Platform) -> Iterator[httpx2.Client]:
    with server.client() as opened:
        yield opened


def made(client: httpx2.Client, **body: object) -> str:
    answer = client.post(RUNS, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def send(client: httpx2.Client, run: str, body: bytes) -> httpx2.Response:
    return client.post(f"{RUNS}/{run}/points", content=body, headers={"Content-Type": "application/vnd.wardian.points"})


class TestRuns:
    def test_a_run_has_what_it_was_given(self, client: httpx2.Client) -> None:
        run = made(client, name="first", params={"lr": 0.1, "deep": {"a": [1, None]}}, tags={"team": "a"})
        shown = client.get(f"{RUNS}/{run}").json()
        assert shown["params"] == {"lr": 0.1, "deep": {"a": [1, None]}}
        assert (shown["name"], shown["status"], shown["experiment"]) == ("first", "running", "default")
        assert client.get("/api/v1/projects/demo/experiments").json()[0]["runs"] == 1

    def test_creating_again_with_the_same_id_is_harmless(self, client: httpx2.Client) -> None:
        body = {"id": new_id(), "name": "again", "params": {"a": 1}}
        assert [client.post(RUNS, json=body).status_code for _ in range(2)] == [201, 200]
        assert len(client.get(RUNS).json()["items"]) == 1

    def test_the_first_word_about_the_end_counts(self, client: httpx2.Client) -> None:
        run = made(client)
        assert (
            client.post(f"{RUNS}/{run}/finish", json={"status": "failed", "reason": "why"}).json()["status"] == "failed"
        )
        assert client.post(f"{RUNS}/{run}/finish", json={"status": "succeeded"}).json()["reason"] == "why"
        assert client.post(f"{RUNS}/{run}/resume").json()["status"] == "running"

    def test_a_stop_is_heard_at_the_next_heartbeat(self, client: httpx2.Client) -> None:
        run = made(client)
        assert client.post(f"{RUNS}/{run}/heartbeat").json() == {"status": "running", "stop": False}
        client.post(f"{RUNS}/{run}/stop")
        assert client.post(f"{RUNS}/{run}/heartbeat").json()["stop"] is True

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ({"id": "short"}, "id"),
            ({"params": {"": 1}}, "parameter|record|characters"),
            ({"params": {"a": "nul\x00"}}, "NUL"),
            ({"surprise": 1}, "surprise"),
            ({"status": "succeeded"}, "status"),
        ],
    )
    def test_what_makes_no_sense_is_refused_by_name(self, client: httpx2.Client, body: dict, words: str) -> None:
        answer = client.post(RUNS, json=body)
        assert answer.status_code == 422
        assert any(word in answer.json()["error"]["message"] for word in words.split("|"))


class TestRecords:
    def test_facts_are_merged_once(self, client: httpx2.Client) -> None:
        run, writer = made(client, params={"a": 1}), uuid.uuid4().hex
        body = {
            "writer": writer,
            "sequence": 3,
            "params": {"b": "NaN", "a": 2},
            "tags": {"x": "y"},
            "summary": {"best": 0.5},
            "environment": {"python": "3.11"},
            "source": {"commit": "abc", "dirty": True},
            "inputs": [{"kind": "data", "name": "digits", "version": "1"}],
        }
        assert client.post(f"{RUNS}/{run}/records", json=body).json()["applied"] is True
        assert client.post(f"{RUNS}/{run}/records", json=body | {"params": {"a": 9}}).json()["applied"] is False
        assert client.post(f"{RUNS}/{run}/records", json={"source": {"branch": "main"}}).json()["applied"] is True
        shown = client.get(f"{RUNS}/{run}").json()
        assert shown["params"] == {"a": 2, "b": "NaN"}
        assert (shown["source"]["commit"], shown["source"]["branch"]) == ("abc", "main")
        assert [edge["name"] for edge in client.get(f"{RUNS}/{run}/lineage").json()["inputs"]] == ["digits"]


class TestPoints:
    def test_points_come_back_bit_for_bit(self, client: httpx2.Client) -> None:
        run = made(client)
        points = [(0, 1.5, math.nan), (1, 2.5, math.inf), (2, 3.5, -0.0), (7, 4.25, 1e-300)]
        assert send(client, run, frame({"val/loss": points})).json() == {"applied": True, "points": 4}
        drawn = client.get(f"{RUNS}/{run}/series/val/loss").json()
        assert drawn["step"] == [0, 1, 2, 7]
        assert drawn["time"] == [1.5, 2.5, 3.5, 4.25]
        assert drawn["value"] == ["NaN", "Infinity", -0.0, 1e-300]
        assert (drawn["sampled"], drawn["points"], drawn["count"]) == (False, 4, 4)

    def test_a_repeated_frame_changes_nothing(self, client: httpx2.Client) -> None:
        run, writer = made(client), uuid.uuid4().bytes
        for sequence, applied in ((1, True), (1, False), (5, True), (4, False)):
            body = frame({"loss": [(sequence, 1.0, 1.0)]}, writer=writer, sequence=sequence)
            assert send(client, run, body).json()["applied"] is applied
        assert client.get(f"{RUNS}/{run}").json()["metrics"]["loss"]["count"] == 2

    def test_json_points(self, client: httpx2.Client) -> None:
        run = made(client)
        body = {"points": {"loss": {"step": [1, 2], "value": [0.5, "NaN"]}}}
        assert client.post(f"{RUNS}/{run}/points", json=body).json() == {"applied": True, "points": 2}
        assert client.get(f"{RUNS}/{run}").json()["metrics"]["loss"]["last"] == "NaN"

    def test_a_long_curve_is_sampled_and_says_so(self, client: httpx2.Client) -> None:
        run = made(client)
        for part in range(3):
            steps = range(part * 20_000, (part + 1) * 20_000)
            send(client, run, frame({"loss": [(step, float(step), math.sin(step)) for step in steps]}))
        drawn = client.get(f"{RUNS}/{run}/series/loss", params={"pixels": 100}).json()
        assert drawn["sampled"] is True
        assert drawn["count"] == 60_000
        assert len(drawn["step"]) == drawn["points"] <= 400
        assert max(drawn["value"]) == max(math.sin(step) for step in range(60_000))
        zoomed = client.get(f"{RUNS}/{run}/series/loss", params={"pixels": 100, "start": 500, "end": 600}).json()
        assert zoomed["step"] == list(range(500, 601))

    def test_raw_points_in_pages(self, client: httpx2.Client) -> None:
        run = made(client)
        send(client, run, frame({"loss": [(step, 0.0, float(step)) for step in range(1_000)]}))
        found, cursor = [], {}
        while True:
            page = client.get(f"{RUNS}/{run}/series/loss", params={"raw": 1, "limit": 300, **cursor}).json()
            found += page["step"]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert found == list(range(1_000))

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b"", "no frame"),
            (b"nonsense" * 10, "no frame"),
            (frame({"a": [(1, 1.0, 1.0)]})[:-1], "promises"),
            (frame({"": [(1, 1.0, 1.0)]}), "characters"),
            (frame({" a": [(1, 1.0, 1.0)]}), "spaces"),
            (frame({"a": [(1, math.nan, 1.0)]}), "time"),
            (frame({"a\nb": [(1, 1.0, 1.0)]}), "keys"),
        ],
        ids=["empty", "nonsense", "cut", "no key", "space", "no time", "two keys"],
    )
    def test_a_broken_frame_is_refused_by_name(self, client: httpx2.Client, body: bytes, words: str) -> None:
        answer = send(client, made(client), body)
        assert answer.status_code == 422
        assert words in answer.json()["error"]["message"]

    def test_too_much_at_once(self, client: httpx2.Client) -> None:
        answer = send(client, made(client), bytes(9 << 20))
        assert answer.status_code == 413
        assert answer.json()["error"]["detail"]["limit"] == 8 << 20


class TestLog:
    def test_sending_again_is_harmless_and_gaps_are_named(self, client: httpx2.Client) -> None:
        run = made(client)
        for start, data in ((0, b"hello "), (0, b"hello "), (6, "wörld".encode())):
            client.post(f"{RUNS}/{run}/log", params={"start": start}, content=data)
        assert client.get(f"{RUNS}/{run}/log").json()["text"] == "hello wörld"
        gap = client.post(f"{RUNS}/{run}/log", params={"start": 99}, content=b"x")
        assert (gap.status_code, gap.json()["error"]["detail"]["expected"]) == (409, 12)
        assert client.get(f"{RUNS}/{run}/log/download").content == "hello wörld".encode()


class TestArtifacts:
    def test_put_get_range_replace_delete(self, client: httpx2.Client) -> None:
        run = made(client)
        url = f"{RUNS}/{run}/artifacts/out/model.bin"
        data = bytes(range(256)) * 20_000
        kept = client.put(url, content=data, params={"kind": "model"})
        assert kept.status_code == 201
        assert kept.json()["size"] == len(data)
        assert client.get(url).content == data
        part = client.get(url, headers={"Range": "bytes=10-19"})
        assert (part.status_code, part.content) == (206, data[10:20])
        assert client.get(url, headers={"Range": "bytes=-5"}).content == data[-5:]
        assert client.get(url, headers={"Range": f"bytes={len(data)}-"}).status_code == 416
        assert client.get(url, headers={"If-None-Match": f'"{kept.json()["hash"]}"'}).status_code == 304
        assert client.put(url, content=b"new").json()["size"] == 3
        assert [
            a["path"] for a in client.get(f"{RUNS}/{run}/artifacts", params={"prefix": "out/"}).json()["items"]
        ] == ["out/model.bin"]
        assert client.delete(url).status_code == 204
        assert client.get(url).status_code == 404

    @pytest.mark.parametrize("path", ["..%2Fx", "a/%2E%2E/b", "a//b", "%00", "a%5Cb", "x" * 1_001])
    def test_paths_stay_inside(self, client: httpx2.Client, path: str) -> None:
        assert client.put(f"{RUNS}/{made(client)}/artifacts/{path}", content=b"x").status_code in (404, 422)

    def test_pages_of_users_are_shown_in_a_sandbox(self, client: httpx2.Client) -> None:
        run = made(client)
        for name in ("page.html", "drawing.svg"):
            client.put(f"{RUNS}/{run}/artifacts/{name}", content=b"<script>alert(1)</script>")
            headers = client.get(f"{RUNS}/{run}/artifacts/{name}").headers
            assert headers["content-security-policy"].startswith("sandbox")
            assert "allow-same-origin" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"

    def test_a_damaged_upload_is_refused(self, client: httpx2.Client) -> None:
        url = f"{RUNS}/{made(client)}/artifacts/a.txt"
        answer = client.put(url, content=b"x", headers={"Content-Digest": "sha-256=:AAAA:"})
        assert answer.status_code == 422
        assert client.get(url).status_code == 404

    def test_media_by_key_and_step(self, client: httpx2.Client) -> None:
        run = made(client)
        for step in (10, 2, 1):
            facts = {"kind": "image", "key": "samples", "step": step, "caption": f"at {step}"}
            client.put(f"{RUNS}/{run}/artifacts/media/samples/{step}.png", content=b"png%d" % step, params=facts)
        client.put(f"{RUNS}/{run}/artifacts/notes.txt", content=b"no media")
        first = client.get(f"{RUNS}/{run}/media", params={"key": "samples", "limit": 2}).json()
        rest = client.get(f"{RUNS}/{run}/media", params={"key": "samples", "cursor": first["next"]}).json()
        assert [item["step"] for item in first["items"] + rest["items"]] == [1, 2, 10]
        assert first["items"][0]["media_type"] == "image/png"

    def test_deleting_a_run_frees_its_space(self, server: Platform, client: httpx2.Client) -> None:
        run, other = made(client), made(client)
        for owner in (run, run, other):
            client.put(f"{RUNS}/{owner}/artifacts/shared", content=b"shared")
        hash_ = client.put(f"{RUNS}/{run}/artifacts/mine", content=b"mine").json()["hash"]
        assert client.delete(f"{RUNS}/{run}").status_code == 204
        assert client.get(f"{RUNS}/{run}").status_code == 404
        refs = server.house.db.read_now(lambda tx: tx.scalar(sa.select(objects.c.refs).where(objects.c.hash == hash_)))
        assert refs in (0, None)
        assert client.get(f"{RUNS}/{other}/artifacts/shared").content == b"shared"


class TestWhoMay:
    def test_guests_read_strangers_see_nothing(self, server: Platform, client: httpx2.Client) -> None:
        run = made(client)
        send(client, run, frame({"loss": [(1, 1.0, 1.0)]}))
        with server.client(server.user(Role.GUEST)) as guest, server.client(server.user()) as stranger:
            self.look_around(run, guest, stranger)

    def look_around(self, run: str, guest: httpx2.Client, stranger: httpx2.Client) -> None:
        for path in (
            "",
            f"/{run}",
            f"/{run}/series",
            f"/{run}/series/loss",
            f"/{run}/log",
            f"/{run}/artifacts",
            f"/{run}/lineage",
        ):
            assert guest.get(RUNS + path).status_code == 200, path
            assert stranger.get(RUNS + path).status_code == 404, path
        assert send(guest, run, frame({"loss": [(1, 1.0, 1.0)]})).status_code == 403
        assert guest.put(f"{RUNS}/{run}/artifacts/a", content=b"").status_code == 403
        assert guest.delete(f"{RUNS}/{run}").status_code == 403
