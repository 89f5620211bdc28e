"""axe finds no violation on any page, light and dark, wide and on a phone."""

import json
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.web import runs
from tests.web.conftest import NewPage

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RUN_TABS = (
    "overview", "charts", "logs", "parameters", "artifacts", "media", "system", "code", "lineage", "activity",
)  # fmt: skip
PAGES = ("/projects", "/projects/demo", "/projects/empty", "/projects/demo/runs")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def run(api: httpx2.Client) -> str:
    api.post("/api/v1/projects", json={"name": "empty"}).raise_for_status()
    made = runs.create(api, "seen", tags={"team": "vision"}, notes="Some *notes*.")
    runs.log(api, made, 0, 50)
    runs.log(api, made, 0, 50, "system/cpu")
    runs.write(api, made, 0, "\x1b[32mINFO\x1b[0m hello\nTraceback (most recent call last):\nValueError: no\n")
    runs.keep(
        api,
        made,
        "media/t/0.json",
        b'{"columns":["a"],"rows":[[1]]}',
        "application/json",
        kind="table",
        key="t",
        step=0,
    )
    runs.keep(api, made, "README.md", b"# Hello\n\ntext", "text/markdown")
    return made


@pytest.fixture(params=[("light", 1440), ("dark", 1440), ("light", 390)], ids=lambda p: f"{p[0]}-{p[1]}")
def any_page(new_page: NewPage, request: pytest.FixtureRequest) -> Page:
    scheme, width = request.param
    return new_page(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)


def test_pages(any_page: Page, run: str) -> None:
    found: dict[str, list[str]] = {}
    for path in [*PAGES, *(f"/projects/demo/runs/{run}/{tab}" for tab in RUN_TABS)]:
        any_page.goto(path)
        any_page.get_by_role("heading", level=1).first.wait_for()
        expect(any_page.get_by_label("Loading", exact=True)).to_have_count(0)
        if violations := check(any_page):
            found[path] = violations
    assert json.dumps(found, indent=1) == json.dumps({}, indent=1)


def test_sign_in(new_page: NewPage) -> None:
    page = new_page(bypass_csp=True)
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in").wait_for()
    assert check(page) == []


def test_the_palette(new_page: NewPage) -> None:
    page = new_page(bypass_csp=True)
    page.goto("/projects/demo")
    page.get_by_role("button", name="Search or jump to").click()
    page.get_by_placeholder("Go to a page").wait_for()
    assert check(page) == []


def check(page: Page) -> list[str]:
    """Violations, each with the first element it was found at."""
    page.evaluate(AXE.read_text())
    result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [f"{v['id']} ({v['impact']}): {json.dumps(v['nodes'][0]['html'])[:300]}" for v in result["violations"]]
