"""Every method of the client calls a route that the server has."""

import inspect
import json
import re
from pathlib import Path

import httpx2
import pytest

from wardian.sdk import nouns
from wardian.sdk.client import Client
from wardian.server.app import create_app

GIVEN = {"parameters": {}, "inputs": {}, "spec": {}}
EMPTY = {"items": [], "status": "failed", "text": "", "end": 0, "step": [], "time": [], "value": []}
PLAIN = "/v2/"
"""Inference is served by plain routes that the OpenAPI document does not list."""

METHODS = [
    (noun, name)
    for noun, kind in inspect.getmembers(nouns, inspect.isclass)
    if issubclass(kind, nouns.Noun) and kind is not nouns.Noun
    for name, _ in inspect.getmembers(kind, inspect.isfunction)
    if not name.startswith("_")
]


@pytest.fixture(scope="module")
def routes(tmp_path_factory):
    """(method, pattern) of all that the server's own description names."""
    from wardian.kernel.settings import Settings  # noqa: PLC0415
    from wardian.server.wiring import open_house  # noqa: PLC0415

    home = tmp_path_factory.mktemp("home")
    house = open_house(Settings.load(home=home, database=f"sqlite:///{home / 'wardian.db'}", port=0))
    described = create_app(house).openapi()["paths"]
    house.db.close()
    return [(method.upper(), pattern(path)) for path, methods in described.items() for method in methods]


def pattern(path):
    """`/runs/{run_id}/series/{key}`: a metric's key and an artifact's path may hold slashes, other parts may not."""
    names = re.sub(r"\{(key|path)\}", ".+", path) if "/series/" in path or "/artifacts/" in path else path
    return re.compile(re.sub(r"\{[^}]+\}", "[^/]+", names))


def argument(name, folder):
    if name in GIVEN:
        return GIVEN[name]
    if name in {"source", "archive", "file"}:
        (folder / "given").write_bytes(b"x")
        return folder / "given"
    return folder / "target" if name == "target" else f"a-{name}"


@pytest.mark.parametrize(("noun", "name"), METHODS)
def test_the_server_has_it(routes, tmp_path: Path, noun, name):
    calls = []

    def answer(request):
        calls.append((request.method, request.url.path))
        return httpx2.Response(200, content=json.dumps(EMPTY).encode(), headers={"content-type": "application/json"})

    with Client("http://server", "a", "b", transport=httpx2.MockTransport(answer)) as client:
        method = getattr(getattr(client, noun.lower()), name)
        needed = [it.name for it in inspect.signature(method).parameters.values() if it.default is it.empty]
        optional = {"more", "filters", "options", "changes", "fields"}
        if noun == "Events" and name == "follow":
            pytest.skip("a stream: tested in its own place")
        result = method(*(argument(it, tmp_path) for it in needed if it not in optional))
        if inspect.isgenerator(result):
            list(result)
    assert calls
    for verb, path in calls:
        assert PLAIN in path or any(verb == known and it.fullmatch(path) for known, it in routes), f"{verb} {path}"
