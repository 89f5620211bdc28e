"""A platform, a real browser, and a signed-in page."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.platform import Platform, running_platform
from wardian.kernel.settings import Settings
from wardian.server.web import FOLDER

CHROMIUM = "/usr/bin/chromium"
PASSWORD = "admin-password"
LIMIT_MS = 20_000

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the built web app."""
    if not (FOLDER / "index.html").is_file():
        pytest.fail("the web app is not built: run `make web`")
    return FOLDER


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Iterator[Platform]:
    home = tmp_path_factory.mktemp("home")
    with running_platform(Settings.load(home=home, port=0)) as running:
        yield running


@pytest.fixture(scope="module")
def api(platform: Platform) -> Iterator[httpx2.Client]:
    """What a program would do beside the person at the browser."""
    with platform.client() as client:
        yield client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def cookies(browser: Browser, platform: Platform) -> list[dict[str, object]]:
    """Of a browser that signed in through the form."""
    context = browser.new_context(base_url=platform.url)
    page = context.new_page()
    sign_in(page)
    found = context.cookies()
    context.close()
    return found  # type: ignore[return-value]


@pytest.fixture
def new_page(browser: Browser, platform: Platform, cookies: list[dict[str, object]]) -> Iterator[NewPage]:
    """Pages signed in as the admin. At the end none may have seen an error on its console."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def make(*, refusals: bool = False, **options: object) -> Page:
        """`refusals`: the test is about requests that are refused; the browser notes those by itself."""

        def note(text: str) -> None:
            if not (refusals and "Failed to load resource" in text):
                troubles.append(f"{page.url}: {text}")

        context = browser.new_context(base_url=platform.url, reduced_motion="reduce", **options)  # type: ignore[arg-type]
        context.add_cookies(cookies)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(LIMIT_MS)
        page.on("console", lambda message: note(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: note(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.set_default_timeout(LIMIT_MS)
    page.goto("/")
    page.get_by_label("Name").fill("admin")
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Projects", level=1).wait_for()
