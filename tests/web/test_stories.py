"""What people do in the app, in a real browser against a running platform."""

import re
import time

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.web import runs
from tests.web.conftest import NewPage, sign_in

pytestmark = pytest.mark.browser
CONTAINS = re.compile


class TestSigningIn:
    def test_a_wrong_password_is_said_and_the_right_one_leads_back(self, new_page: NewPage) -> None:
        page = new_page(refusals=True)
        page.context.clear_cookies()
        page.goto("/projects/demo/runs")
        page.get_by_label("Name").fill("admin")
        page.get_by_role("textbox", name="Password").fill("wrong-password")
        with page.expect_response("**/api/v1/session"):
            page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("name or password is wrong")
        page.get_by_role("textbox", name="Password").fill("admin-password")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Runs", level=1)).to_be_visible()
        assert page.url.endswith("/projects/demo/runs")

    def test_signing_out_ends_the_session(self, new_page: NewPage) -> None:
        page = new_page()
        page.context.clear_cookies()
        sign_in(page)
        page.get_by_role("button", name="Signed in as admin").click()
        page.get_by_role("menuitem", name="Sign out").click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        page.goto("/projects")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()


class TestFrame:
    def test_a_project_is_made_and_the_palette_goes_there(self, page: Page) -> None:
        page.goto("/projects")
        page.get_by_role("button", name="New project").click()
        page.get_by_role("textbox", name="Name").fill("herbarium")
        page.get_by_role("button", name="Create").click()
        expect(page.get_by_role("heading", name="Log the first run")).to_be_visible()
        page.keyboard.press("Control+k")
        page.get_by_placeholder("Go to a page").fill("demo")
        page.keyboard.press("Enter")
        expect(page).to_have_url(CONTAINS(r"/projects/demo$"))

    def test_dark_stays_dark(self, page: Page) -> None:
        page.goto("/projects")
        page.get_by_role("button", name="Theme").click()
        page.get_by_role("menuitem", name="Dark").click()
        page.reload()
        expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")

    def test_keys_lead_to_pages(self, page: Page) -> None:
        page.goto("/projects/demo")
        page.get_by_role("heading", name="demo", level=1).wait_for()
        page.keyboard.press("g")
        page.keyboard.press("r")
        expect(page.get_by_role("heading", name="Runs", level=1)).to_be_visible()


class TestRuns:
    def test_an_empty_project_gives_a_working_key_and_turns_into_its_first_run(
        self, page: Page, api: httpx2.Client
    ) -> None:
        api.post("/api/v1/projects", json={"name": "fresh"}).raise_for_status()
        page.goto("/projects/fresh")
        page.get_by_role("button", name="Make a key").click()
        shell = page.get_by_label("Shell").first
        expect(shell).not_to_contain_text("SECRET_KEY=SECRET_KEY")
        found = dict(re.findall(r"export WARDIAN_(\w+)=(\S+)", shell.inner_text()))
        with httpx2.Client(base_url=found["URL"], auth=(found["ACCESS_KEY"], found["SECRET_KEY"])) as program:
            program.post("/api/v1/projects/fresh/runs", json={"name": "sprout"}).raise_for_status()
        expect(page.get_by_text("sprout")).to_be_visible()

    def test_the_list_filters_sorts_and_keeps_it_in_the_address(self, page: Page, api: httpx2.Client) -> None:
        for place, name in enumerate(["alder", "beech", "maple"]):
            run = runs.create(api, name, experiment="trees")
            runs.log(api, run, 0, 10 * (place + 1))
            runs.finish(api, run)
        page.goto("/projects/demo/runs?view=table")
        table = page.get_by_role("table", name="Runs")
        expect(table.get_by_role("link", name="maple")).to_be_visible()
        page.get_by_role("button", name="train/loss", exact=True).click()
        expect(page).to_have_url(CONTAINS("sort=-metrics.train"))
        expect(table.get_by_role("link").first).to_have_text("alder")
        page.get_by_role("button", name="Filter", exact=True).click()
        page.get_by_label("Field").first.click()
        page.get_by_role("option", name="train/loss").click()
        page.get_by_role("textbox", name="Value").fill("0.06")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(table.get_by_role("link", name="alder")).to_have_count(0)
        expect(table.get_by_role("link", name="beech")).to_be_visible()
        page.reload()
        expect(table.get_by_role("link", name="beech")).to_be_visible()
        expect(table.get_by_role("link", name="alder")).to_have_count(0)
        page.go_back()
        expect(table.get_by_role("link", name="alder")).to_be_visible()

    def test_a_filter_that_makes_no_sense_says_so(self, new_page: NewPage) -> None:
        page = new_page(refusals=True)
        page.goto("/projects/demo/runs?view=table&filter=metrics.loss+%3C%3C+1")
        expect(page.get_by_label("Filter", exact=True)).to_have_attribute("aria-invalid", "true")

    def test_several_are_selected_and_deleted(self, page: Page, api: httpx2.Client) -> None:
        names = ["weed-1", "weed-2"]
        for name in names:
            runs.finish(api, runs.create(api, name))
        page.goto("/projects/demo/runs?view=table&search=weed")
        table = page.get_by_role("table", name="Runs")
        expect(table.get_by_role("link", name="weed-1")).to_be_visible()
        table.get_by_label("Select all loaded rows").check()
        bar = page.get_by_role("toolbar", name="Selected runs")
        bar.get_by_role("button", name="Delete").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete 2 runs").click()
        expect(page.get_by_text("No run matches")).to_be_visible()

    def test_a_live_run_shows_its_curve_and_log_without_a_reload(self, page: Page, api: httpx2.Client) -> None:
        run = runs.create(api, "vine")
        runs.log(api, run, 0, 20)
        end = runs.write(api, run, 0, "first line\n")
        page.goto(f"/projects/demo/runs/{run}/charts")
        panel = page.get_by_role("img", name=CONTAINS("Chart of train.loss"))
        expect(panel).to_have_attribute("aria-label", CONTAINS("0.05$"))
        runs.log(api, run, 20, 20)
        expect(panel).to_have_attribute("aria-label", CONTAINS("0.025$"))
        page.get_by_role("tab", name="Logs").click()
        expect(page.get_by_role("log")).to_contain_text("first line")
        runs.write(api, run, end, "second \x1b[31mline\x1b[0m\n")
        expect(page.get_by_role("log")).to_contain_text("second line")
        runs.finish(api, run)
        expect(page.get_by_text("succeeded")).to_be_visible()

    def test_artifacts_are_shown_by_kind(self, page: Page, api: httpx2.Client) -> None:
        run = runs.create(api, "press")
        runs.keep(api, run, "data/table.csv", b'name,size\n"oak, old",12\n', "text/csv")
        runs.keep(api, run, "notes.md", b"# Heading\n", "text/markdown")
        page.goto(f"/projects/demo/runs/{run}/artifacts?file=data/table.csv")
        expect(page.get_by_role("cell", name="oak, old")).to_be_visible()
        page.get_by_role("button", name="notes.md").click()
        expect(page.get_by_role("heading", name="Heading")).to_be_visible()
        expect(page).to_have_url(CONTAINS("file=notes.md"))

    def test_a_long_list_stays_quick(self, page: Page, api: httpx2.Client) -> None:
        api.post("/api/v1/projects", json={"name": "meadow"}).raise_for_status()
        for place in range(450):
            api.post("/api/v1/projects/meadow/runs", json={"name": f"grass-{place}"}).raise_for_status()
        page.goto("/projects/meadow/runs?view=table")
        table = page.get_by_role("table", name="Runs")
        expect(table.get_by_role("link", name="grass-449")).to_be_visible()
        last = table.get_by_role("link", name="grass-0", exact=True)
        deadline = time.monotonic() + 30
        while last.count() == 0:
            assert time.monotonic() < deadline, "the end of the list did not come"
            table.hover()
            page.mouse.wheel(0, 4000)
            page.wait_for_timeout(50)
        assert table.get_by_role("row").count() < 100, "only rows on screen should exist"
