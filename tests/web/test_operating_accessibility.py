"""axe finds no violation on the pages of programs, models, deployments, the queue, the trail and the settings."""

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.web import things
from tests.web.test_accessibility import any_page, check

__all__ = ["any_page"]
pytestmark = pytest.mark.browser

PROGRAM_TABS = ("", "/run", "/history", "/versions")
DEPLOYMENT_TABS = ("", "/try", "/use", "/log")
IN_PROJECT = (
    "programs",
    *(f"programs/garden{tab}" for tab in PROGRAM_TABS),
    "models",
    "models/drawn",
    "deployments",
    *(f"deployments/drawn{tab}" for tab in DEPLOYMENT_TABS),
    "queue?show=all",
    "activity",
    "settings",
)
ANYWHERE = ("/queue", "/activity", "/account", "/users")


@pytest.fixture(scope="module", autouse=True)
def furnished(api: httpx2.Client) -> str:
    """Id of a workload in a project that has one of each thing."""
    things.create_garden(api)
    things.register(api, things.run_with_model(api, "drawer"), "drawn")
    api.post(f"{things.PROJECT}/deployments", json={"model": "drawn"}).raise_for_status()
    return things.sleeping_workload(api, "sleeper")


def test_pages(any_page: Page, furnished: str) -> None:
    found: dict[str, list[str]] = {}
    paths = [f"/projects/demo/{path}" for path in (*IN_PROJECT, f"queue/{furnished}")]
    for path in [*paths, *ANYWHERE]:
        any_page.goto(path)
        any_page.get_by_role("heading", level=1).first.wait_for()
        expect(any_page.get_by_label("Loading", exact=True)).to_have_count(0)
        overflow = any_page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if violations := [*check(any_page), *(["wider than the window"] if overflow else [])]:
            found[path] = violations
    assert found == {}


@pytest.mark.parametrize(
    ("path", "button"),
    [
        ("programs/garden", "Export"),
        ("models/drawn", "Register a version"),
        ("models/drawn", "Deploy"),
        ("settings", "Delete…"),
    ],
)
def test_dialogs(any_page: Page, path: str, button: str) -> None:
    any_page.goto(f"/projects/demo/{path}")
    any_page.get_by_role("button", name=button, exact=True).click()
    any_page.get_by_role("dialog").wait_for()
    assert check(any_page) == []
