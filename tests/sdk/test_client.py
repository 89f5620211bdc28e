import io
import json

import httpx2
import pytest

import wardian
from wardian.kernel.errors import Conflict, Invalid, NotFound, NotSignedIn, Unavailable
from wardian.sdk.client import Client
from wardian.sdk.connection import parameters, surroundings


def client(answer):
    return Client("http://127.0.0.1:1/base", "access", "secret", transport=httpx2.MockTransport(answer))


class TestRequest:
    def test_it_signs_in_and_keeps_the_base_path_of_the_server(self):
        def answer(request):
            assert request.url.path == "/base/api/v1/projects"
            assert request.headers["authorization"] == "Basic YWNjZXNzOnNlY3JldA=="
            return httpx2.Response(201, json=json.loads(request.content))

        assert client(answer).projects.create("digits")["name"] == "digits"

    def test_no_body_is_none(self):
        assert client(lambda _: httpx2.Response(204)).request("DELETE", "/keys/k") is None

    def test_parts_of_a_path_are_quoted_and_the_folders_of_an_artifact_stay(self):
        seen = []

        def answer(request):
            seen.append(request.url.raw_path.decode())
            return httpx2.Response(200, json={"items": []})

        client(answer).request("GET", "/projects/a%2Fb/runs/r/artifacts/model%20one/x.bin")
        assert seen == ["/base/api/v1/projects/a%2Fb/runs/r/artifacts/model%20one/x.bin"]


class TestErrors:
    @pytest.mark.parametrize(
        ("status", "code", "kind"), [(404, "not_found", NotFound), (409, "conflict", Conflict), (503, "x", Exception)]
    )
    def test_the_servers_words_become_the_error(self, status, code, kind):
        body = {"error": {"code": code, "message": "no run 'r'", "detail": {"kind": "run"}, "request_id": "q"}}
        with pytest.raises(kind) as caught:
            client(lambda _: httpx2.Response(status, json=body)).runs.get("p", "r")
        assert caught.value.message == "no run 'r'"

    def test_a_proxys_page_is_an_error_by_its_status(self):
        with pytest.raises(Unavailable, match="503 from"):
            client(lambda _: httpx2.Response(503, text="<html>down</html>")).session.get()

    def test_nobody_there(self):
        with pytest.raises(Unavailable, match="nothing answers"), Client("http://127.0.0.1:1", "a", "b") as lonely:
            lonely.session.get()


class TestPages:
    @pytest.mark.parametrize(("limit", "expected"), [(None, 5), (3, 3), (9, 5)])
    def test_all_pages_follow_each_other(self, limit, expected):
        def answer(request):
            start, count = int(request.url.params.get("cursor", 0)), int(request.url.params["limit"])
            stop = min(start + min(count, 2), 5)
            items = [{"n": n} for n in range(start, stop)]
            return httpx2.Response(200, json={"items": items, "next": str(stop) if stop < 5 else None})

        assert [item["n"] for item in client(answer).projects.list(limit=limit)] == list(range(expected))

    def test_a_limit_of_nothing_is_refused(self):
        with pytest.raises(Invalid, match="at least 1"):
            list(client(lambda _: httpx2.Response(200)).projects.list(limit=0))


class TestFiles:
    def test_an_upload_streams_and_tells_how_far_it_is(self, tmp_path):
        file, moved = tmp_path / "x", []
        file.write_bytes(b"a" * 3_000_000)

        def answer(request):
            return httpx2.Response(201, json={"size": len(request.read())})

        done = client(answer).artifacts.upload("p", "r", "x", file, progress=lambda n, of: moved.append((n, of)))
        assert done == {"size": 3_000_000}
        assert moved[-1] == (3_000_000, 3_000_000)

    def test_an_upload_of_a_stream_has_no_length(self):
        def answer(request):
            assert "content-length" not in request.headers or request.headers["content-length"] == "3"
            return httpx2.Response(201, json=request.read().decode())

        assert client(answer).upload("/x", io.BytesIO(b"abc")) == "abc"

    def test_a_download_that_breaks_leaves_nothing(self, tmp_path):
        def body():
            yield b"half"
            raise httpx2.ReadError("cut")

        with pytest.raises(Unavailable):
            client(lambda _: httpx2.Response(200, content=body())).artifacts.download("p", "r", "x", tmp_path / "x")
        assert list(tmp_path.iterdir()) == []


class TestLog:
    def test_following_ends_with_the_run_and_misses_nothing(self):
        parts = iter([{"text": "a", "end": 1}, {"text": "", "end": 1}, {"text": "b", "end": 2}, {"text": "", "end": 2}])
        states = iter(["running", "succeeded"])

        def answer(request):
            if request.url.path.endswith("/log"):
                return httpx2.Response(200, json=next(parts))
            return httpx2.Response(200, json={"status": next(states)})

        assert "".join(client(answer).runs.log("p", "r", follow=True)) == "ab"


class TestConnection:
    def test_variables_win(self, tmp_path):
        environ = {"WARDIAN_URL": "http://h/", "WARDIAN_ACCESS_KEY": "a", "WARDIAN_SECRET_KEY": "s"}
        found = surroundings({**environ, "WARDIAN_HOME": str(tmp_path)}).connection()
        assert (found.url, found.access_key, found.secret_key) == ("http://h", "a", "s")
        assert "secret_key" not in repr(found)

    def test_the_sign_in_of_the_command_line(self, tmp_path):
        kept = {"url": "http://h", "access_key": "a", "secret_key": "s"}
        (tmp_path / "cli.json").write_text(json.dumps(kept))
        assert surroundings({"WARDIAN_HOME": str(tmp_path)}).connection().access_key == "a"

    def test_a_kept_key_is_never_sent_to_another_server(self, tmp_path):
        kept = {"url": "http://h", "access_key": "a", "secret_key": "s"}
        (tmp_path / "cli.json").write_text(json.dumps(kept))
        with pytest.raises(NotSignedIn, match="wardian login http://other"):
            surroundings({"WARDIAN_HOME": str(tmp_path), "WARDIAN_URL": "http://other"}).connection()

    def test_nothing_known(self, tmp_path):
        with pytest.raises(NotSignedIn, match="wardian up"):
            surroundings({"WARDIAN_HOME": str(tmp_path)}).connection()

    def test_parameters(self, monkeypatch):
        monkeypatch.setenv("WARDIAN_PARAMETERS", '{"epochs": 3, "layers": [1, 2]}')
        assert parameters() == wardian.parameters() == {"epochs": 3, "layers": [1, 2]}
