"""Pictures of every page, light and dark, wide and on a phone, of a platform that runs.

`python scripts/screenshots.py --url http://127.0.0.1:8080 --password … --project demo --out .demo/pictures`
`--only NAME` takes just the pages whose name begins like that; `--fast` just the wide ones in light.
"""

import argparse
import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
WIDTHS = {"wide": (1440, 900), "phone": (390, 844)}
SCHEMES = ("light", "dark")
LIMIT_MS = 20_000


def pages(api: httpx2.Client, project: str) -> Iterator[tuple[str, str]]:
    """Name and address of each page; pages of one thing appear when there is one."""
    here = f"/projects/{project}"
    yield from [
        ("projects", "/projects"),
        ("overview", here),
        ("runs", f"{here}/runs"),
        *((name, f"{here}/{name}") for name in ("programs", "models", "deployments", "queue", "activity", "settings")),
        ("all-work", "/queue"),
        ("all-activity", "/activity"),
        ("account", "/account"),
        ("users", "/users"),
    ]
    if program := _first(api, f"/api/v1/projects/{project}/programs"):
        for tab in ("", "run", "history", "versions"):
            yield f"program-{tab or 'overview'}", f"{here}/programs/{program['name']}/{tab}"
    if model := _first(api, f"/api/v1/projects/{project}/models"):
        yield "model", f"{here}/models/{model['name']}"
    if deployment := _first(api, f"/api/v1/projects/{project}/deployments"):
        for tab in ("", "try", "use", "log"):
            yield f"deployment-{tab or 'overview'}", f"{here}/deployments/{deployment['name']}/{tab}"
    if run := _first(api, f"/api/v1/projects/{project}/runs"):
        for tab in (
            "overview",
            "charts",
            "logs",
            "parameters",
            "artifacts",
            "media",
            "system",
            "code",
            "lineage",
            "activity",
        ):
            yield f"run-{tab}", f"{here}/runs/{run['id']}/{tab}"


def _first(api: httpx2.Client, path: str) -> dict[str, str] | None:
    answer = api.get(path, params={"limit": 1})
    items = answer.json().get("items", []) if answer.is_success else []
    return items[0] if items else None


def main() -> None:
    args = _arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            troubles = _take_all(browser, args)
        finally:
            browser.close()
    for trouble in troubles:
        print(trouble)
    sys.exit(1 if troubles else 0)


def _take_all(browser: Browser, args: argparse.Namespace) -> list[str]:
    troubles: list[str] = []
    kinds = [("light", "wide")] if args.fast else list(itertools.product(SCHEMES, WIDTHS))
    for scheme, width in kinds:
        size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
        context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
        page = context.new_page()
        page.set_default_timeout(LIMIT_MS)
        _listen(page, troubles)
        page.goto(f"{args.url}/sign-in")
        page.get_by_label("Name").wait_for()
        if "sign-in".startswith(args.only):
            _take(page, args.out / f"sign-in-{width}-{scheme}.png")
        page.get_by_label("Name").fill(args.name)
        page.get_by_role("textbox", name="Password").fill(args.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/projects")
        api = httpx2.Client(base_url=args.url, cookies={c["name"]: c["value"] for c in context.cookies()})
        for name, address in pages(api, args.project):
            if name.startswith(args.only):
                page.goto(args.url + address)
                _take(page, args.out / f"{name}-{width}-{scheme}.png")
        context.close()
    return troubles


def _listen(page: Page, troubles: list[str]) -> None:
    page.on("console", lambda m: troubles.append(f"{page.url}: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))


def _take(page: Page, path: Path) -> None:
    """When nothing loads any more: no skeleton is left on screen."""
    page.get_by_role("heading", level=1).first.wait_for()
    expect(page.get_by_label("Loading", exact=True)).to_have_count(0, timeout=LIMIT_MS)
    page.wait_for_timeout(400)  # curves are drawn when their panel has come into view
    expect(page.get_by_label("Loading", exact=True)).to_have_count(0, timeout=LIMIT_MS)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=path)
    print(path)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default=os.environ.get("WARDIAN_URL", "http://127.0.0.1:8080"))
    parser.add_argument("--name", default="admin")
    parser.add_argument("--password", default=os.environ.get("WARDIAN_ADMIN_PASSWORD", ""))
    parser.add_argument("--project", default="demo")
    parser.add_argument("--out", type=Path, default=Path(".demo/pictures"))
    parser.add_argument("--only", default="")
    parser.add_argument("--fast", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
