"""Programs, models, deployments, the queue, the trail and the settings, as people use them."""

import re
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.web import things
from tests.web.conftest import NewPage

pytestmark = pytest.mark.browser
MATCHES = re.compile
SLOW_MS = 90_000
"""For what starts a process."""


class TestPrograms:
    def test_files_are_uploaded_the_form_is_typed_and_the_run_is_followed(self, page: Page, tmp_path: Path) -> None:
        page.goto("/projects/demo/programs")
        page.get_by_label("Files of a program").set_input_files(things.files_of_garden(tmp_path))
        expect(page.get_by_role("heading", name="garden", level=1)).to_be_visible()
        expect(page.get_by_role("article", name="README").get_by_text("plant")).to_be_visible()
        expect(page.get_by_role("img", name="grow, report after grow")).to_be_visible()

        page.get_by_role("tab", name="Run", exact=True).click()
        command = page.get_by_label("Command line")
        expect(command).to_have_text("wardian run program garden:1.0 --project demo")
        page.get_by_label("days").fill("99")
        expect(page.get_by_text("It must be at most 50.")).to_be_visible()
        start = page.locator("form").get_by_role("button", name="Run")
        expect(start).to_be_disabled()
        page.get_by_label("days").fill("7")
        page.get_by_label("rates").fill("[4]")
        expect(command).to_have_text("wardian run program garden:1.0 --days=7 --rates='[4]' --project demo")
        with page.expect_request("**/run") as asked:
            start.click()
        assert asked.value.post_data_json["parameters"] == {"days": 7, "rates": [4]}

        expect(page).to_have_url(MATCHES(r"/runs/[0-9a-f]{32}"))
        expect(page.get_by_text("succeeded").first).to_be_visible(timeout=SLOW_MS)
        page.get_by_role("link", name="Run again").click()
        expect(page.get_by_label("days")).to_have_value("7")

        page.get_by_role("tab", name="Runs", exact=True).click()
        expect(page.get_by_role("table", name="Runs of garden").get_by_text("succeeded")).to_be_visible()
        page.get_by_role("button", name="Export").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download").click()
        page.goto("/projects/demo/programs")
        page.get_by_label("Files of a program").set_input_files(download.value.path().rename(tmp_path / "garden.tgz"))
        expect(page.get_by_text("It was here already")).to_be_visible()

    def test_what_is_no_program_is_refused_before_it_is_sent(self, page: Page, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("nothing to run")
        page.goto("/projects/demo/programs")
        page.get_by_label("Files of a program").set_input_files(tmp_path / "notes.txt")
        expect(page.get_by_role("alert")).to_contain_text("No program in it")


class TestModels:
    def test_a_run_becomes_a_version_that_is_deployed_and_asked_by_drawing(
        self, page: Page, api: httpx2.Client
    ) -> None:
        run = things.run_with_model(api, "drawer")
        page.goto(f"/projects/demo/runs/{run}")
        page.get_by_role("button", name="Register model").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("combobox", name="Model").fill("drawn")
        dialog.get_by_label("Alias").fill("champion")
        dialog.get_by_role("button", name="Register").click()

        expect(page.get_by_role("heading", name="drawn", level=1)).to_be_visible()
        expect(page.get_by_role("table", name="Versions").get_by_text("@champion")).to_be_visible()
        page.get_by_role("button", name="Deploy", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Deploy").click()

        expect(page.get_by_role("heading", name="drawn", level=1)).to_be_visible()
        expect(page.get_by_text("ready", exact=True)).to_be_visible(timeout=SLOW_MS)
        page.get_by_role("tab", name="Try it").click()
        paper = page.get_by_role("application")
        paper.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        answer = page.get_by_role("region", name="Answer")
        expect(answer.get_by_text("1", exact=True)).to_be_visible()
        expect(answer).to_contain_text("revision 1")

        page.get_by_role("tab", name="Use it").click()
        expect(page.get_by_label("curl", exact=True).last).to_contain_text("/projects/demo/v2/models/drawn/infer")
        page.get_by_role("tab", name="Overview").click()
        expect(page.get_by_role("img", name=MATCHES("1 request over"))).to_be_visible(timeout=SLOW_MS)

        page.get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name="Stop…").click()
        page.get_by_role("dialog").get_by_role("button", name="Stop").click()
        expect(page.get_by_role("button", name="Start")).to_be_visible(timeout=SLOW_MS)

    def test_the_refusal_to_delete_says_why(self, new_page: NewPage, api: httpx2.Client) -> None:
        things.register(api, things.run_with_model(api, "kept"), "kept")
        api.post(f"{things.PROJECT}/deployments", json={"model": "kept@champion"}).raise_for_status()
        page = new_page(refusals=True)
        page.goto("/projects/demo/models/kept")
        page.get_by_role("button", name="Delete version 1").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Delete").click()
        expect(dialog.get_by_role("alert")).to_contain_text("kept")
        api.delete(f"{things.PROJECT}/deployments/kept").raise_for_status()

    def test_an_alias_moves(self, page: Page, api: httpx2.Client) -> None:
        run = things.run_with_model(api, "twice")
        things.register(api, run, "twice")
        api.post(f"{things.PROJECT}/models/twice/versions", json={"run": run, "path": "model"}).raise_for_status()
        page.goto("/projects/demo/models/twice?version=2")
        page.get_by_role("button", name="Set an alias").click()
        page.get_by_role("button", name="@champion").click()
        expect(page.get_by_text("It moves here from version 1.")).to_be_visible()
        page.get_by_role("button", name="Move here").click()
        expect(page.get_by_role("row", name=MATCHES("^2")).get_by_text("@champion")).to_be_visible()


class TestQueue:
    def test_what_runs_is_stopped_after_a_question(self, page: Page, api: httpx2.Client) -> None:
        workload = things.sleeping_workload(api, "sleeper")
        page.goto("/projects/demo/queue?name=sleeper")
        expect(page.get_by_role("row", name=MATCHES("running sleeper"))).to_be_visible(timeout=SLOW_MS)
        expect(page.get_by_role("meter", name="CPU")).to_have_attribute("aria-valuetext", MATCHES("^1 of "))
        page.goto(f"/projects/demo/queue/{workload}")
        expect(page.get_by_role("log").get_by_text("asleep")).to_be_visible()
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Stop").click()
        expect(page.get_by_text("stopped", exact=True).first).to_be_visible(timeout=SLOW_MS)


class TestActivity:
    def test_the_trail_reads_as_sentences_and_grows_by_itself(self, page: Page, api: httpx2.Client) -> None:
        page.goto("/projects/demo/activity?noun=model")
        expect(page.get_by_role("heading", name="Activity", level=1)).to_be_visible()
        api.post(f"{things.PROJECT}/models", json={"name": "fern"}).raise_for_status()
        expect(page.get_by_text("admin created the model fern")).to_be_visible()
        page.get_by_role("link", name="fern").click()
        expect(page).to_have_url(MATCHES("/models/fern$"))

    def test_an_admin_proves_that_nobody_tampered(self, page: Page) -> None:
        page.goto("/activity")
        page.get_by_role("button", name="Verify the trail").click()
        expect(page.get_by_role("status").filter(has_text="The trail is whole")).to_be_visible()


class TestSettings:
    def test_the_secret_of_a_key_is_shown_once(self, page: Page) -> None:
        page.goto("/account")
        page.get_by_role("button", name="New key").click()
        page.get_by_role("dialog").get_by_label("Name").fill("laptop")
        page.get_by_role("button", name="Make the key").click()
        secret = page.get_by_label("Secret key", exact=True).inner_text().strip()
        expect(page.get_by_label("Lines for the environment")).to_contain_text(f"WARDIAN_SECRET_KEY={secret}")
        page.get_by_role("button", name="I have copied it").click()
        expect(page.get_by_role("button", name="Delete the key laptop")).to_be_visible()
        assert secret not in page.content()

    def test_somebody_is_let_in_gets_a_role_and_goes(self, page: Page) -> None:
        page.goto("/users")
        page.get_by_role("button", name="New user").click()
        page.get_by_role("dialog").get_by_label("Name").fill("ada")
        page.get_by_role("dialog").get_by_role("textbox", name="Password").fill("correct-horse")
        page.get_by_role("button", name="Create").click()
        expect(page.get_by_role("button", name="What to do with ada")).to_be_visible()
        page.goto("/projects/demo/settings")
        page.get_by_role("combobox", name="Add somebody").click()
        page.get_by_role("option", name="ada").click()
        page.get_by_role("button", name="Add", exact=True).click()
        role = page.get_by_role("combobox", name="Role of ada")
        role.click()
        page.get_by_role("option", name="guest: reads").click()
        expect(role).to_have_value("guest: reads")
        page.get_by_role("button", name="Take ada out of the project").click()
        page.get_by_role("button", name="Take out").click()
        expect(role).to_have_count(0)

    def test_a_project_is_deleted_by_typing_its_name(self, page: Page, api: httpx2.Client) -> None:
        api.post("/api/v1/projects", json={"name": "compost"}).raise_for_status()
        page.goto("/projects/compost/settings")
        page.get_by_role("button", name="Delete…").click()
        last = page.get_by_role("button", name="Delete the project")
        expect(last).to_be_disabled()
        page.get_by_role("dialog").get_by_role("textbox").fill("compost")
        last.click()
        expect(page).to_have_url(MATCHES("/projects$"))
        assert api.get("/api/v1/projects/compost").status_code == 404
