"""Signing in over HTTP."""

import httpx2

from tests.platform import Platform


def sign_in(client: httpx2.Client, password: str = "admin-password") -> httpx2.Response:
    return client.post("/api/v1/session", json={"name": "admin", "password": password})


class TestSignIn:
    def test_with_a_cookie_and_its_token_against_forgery(self, server: Platform) -> None:
        with server.anonymous() as browser:
            signed_in = sign_in(browser)
            assert signed_in.status_code == 200
            cookie = signed_in.headers["set-cookie"].lower()
            assert "httponly" in cookie
            assert "samesite=lax" in cookie
            assert browser.get("/api/v1/projects").json()["items"][0]["name"] == "demo"
            assert browser.post("/api/v1/projects", json={"name": "forged"}).status_code == 403
            token = {"X-CSRF-Token": signed_in.json()["csrf"]}
            assert browser.post("/api/v1/projects", json={"name": "wanted"}, headers=token).status_code == 201
            assert browser.delete("/api/v1/session", headers=token).status_code == 204
            assert browser.get("/api/v1/projects").status_code == 401

    def test_guessing_is_braked(self, server: Platform) -> None:
        with server.anonymous() as guesser:
            answers = [sign_in(guesser, "wrong-password").status_code for _ in range(12)]
            assert answers[0] == 401
            assert answers[-1] == 429
            refused = sign_in(guesser)
            assert refused.status_code == 429
            assert 0 < int(refused.headers["retry-after"]) <= 60

    def test_an_error_carries_the_request_id_and_the_next_step(self, server: Platform) -> None:
        with server.anonymous() as nobody:
            refused = nobody.get("/api/v1/projects")
            error = refused.json()["error"]
            assert error["code"] == "not_signed_in"
            assert "wardian login" in error["message"]
            assert error["request_id"] == refused.headers["x-request-id"]


class TestLimits:
    def test_a_body_too_large_is_refused(self, server: Platform) -> None:
        big = b'{"name": "' + b"x" * (server.house.settings.limits.body_bytes + 1) + b'"}'
        with server.client() as client:
            answer = client.post("/api/v1/projects", content=big, headers={"Content-Type": "application/json"})
            assert answer.status_code == 413
            assert answer.json()["error"]["code"] == "too_large"
