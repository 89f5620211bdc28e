"""How the built app is served: headers, compression, addresses."""

import re
from pathlib import Path

import httpx2
import pytest

from tests.platform import Platform
from wardian.server.web import WebApp

pytestmark = pytest.mark.browser


def get(platform: Platform, path: str, **headers: str) -> httpx2.Response:
    with platform.anonymous() as client:
        return client.get(path, headers=headers)


class TestPages:
    @pytest.mark.parametrize("path", ["/", "/sign-in", "/projects/demo/runs/0123/logs", "/projects/v1.2/models"])
    def test_every_address_of_the_app_gives_its_page(self, platform: Platform, path: str) -> None:
        answer = get(platform, path)
        assert answer.status_code == 200
        assert '<div id="root">' in answer.text
        assert answer.headers["cache-control"] == "no-cache"

    @pytest.mark.parametrize("path", ["/api/v1/nothing", "/api"])
    def test_an_unknown_path_of_an_api_is_an_error_in_json(self, platform: Platform, path: str) -> None:
        answer = get(platform, path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/json"

    def test_other_methods_find_no_page(self, platform: Platform) -> None:
        with platform.anonymous() as client:
            assert client.post("/projects").status_code == 404

    def test_only_own_scripts_may_run(self, platform: Platform) -> None:
        policy = get(platform, "/").headers["content-security-policy"]
        scripts = re.search(r"script-src ([^;]*)", policy)
        assert scripts is not None
        assert re.fullmatch(r"'self' 'sha256-[\w+/=]+'", scripts[1])
        assert "object-src 'none'" in policy

    def test_it_says_when_the_browser_brought_no_session(self, platform: Platform) -> None:
        assert 'data-session="none"' in get(platform, "/").text
        assert 'data-session="maybe"' in get(platform, "/", Cookie="wardian_session=x").text


class TestAssets:
    def test_they_are_compressed_and_kept_for_ever(self, platform: Platform) -> None:
        script = re.search(r'src="\./(assets/[^"]+\.js)"', get(platform, "/").text)
        assert script is not None
        for encoding in ("br", "gzip"):
            answer = get(platform, f"/{script[1]}", **{"Accept-Encoding": encoding})
            assert answer.headers["content-encoding"] == encoding
            assert "immutable" in answer.headers["cache-control"]
            assert answer.headers["content-type"].startswith("text/javascript")

    @pytest.mark.parametrize("path", ["/assets/gone.js", "/assets/../index.html", "/assets/%2e%2e/.built-from"])
    def test_what_is_not_there_is_not_found(self, platform: Platform, path: str) -> None:
        answer = get(platform, path)
        assert answer.status_code == 404 or '<div id="root">' in answer.text


class TestBelowASubPath:
    def test_the_base_follows_the_proxy(self, tmp_path: Path) -> None:
        (tmp_path / "index.html").write_text('<base href="/" /><p data-session="maybe">')
        app = WebApp(_nothing, tmp_path)
        transport = httpx2.ASGITransport(app, root_path="/ml")
        text = _ask(transport, "/ml/projects")
        assert '<base href="/ml/"' in text

    def test_an_app_that_is_not_built_says_so(self, tmp_path: Path) -> None:
        assert "make web" in _ask(httpx2.ASGITransport(WebApp(_nothing, tmp_path)), "/projects")


def _ask(transport: httpx2.ASGITransport, path: str) -> str:
    import asyncio  # noqa: PLC0415 - one use

    async def ask() -> str:
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            return (await client.get(path)).text

    return asyncio.run(ask())


async def _nothing(scope: object, receive: object, send: object) -> None:
    raise AssertionError("asked for something that is no page")
