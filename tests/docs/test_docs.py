"""What is documented is tested: commands run, headings exist, links lead somewhere."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from wardian.cli.commands import COMMANDS
from wardian.server.wiring import ROUTERS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
"""`sh` blocks run as they stand; `console` blocks are for reading."""
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")


def shell_blocks() -> list[object]:
    pages = [(page, SHELL.findall(page.read_text())) for page in PAGES]
    return [pytest.param("".join(blocks), id=str(page.relative_to(ROOT))) for page, blocks in pages if blocks]


def headings(page: str) -> set[str]:
    return set(re.findall(r"^#+ (.+)$", (ROOT / "docs" / page).read_text(), re.MULTILINE))


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The variables of a shell in which `wardian` is on the path and a platform runs."""
    home = tmp_path_factory.mktemp("docs") / "home"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WARDIAN_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    shell = kept | {"WARDIAN_HOME": str(home), "WARDIAN_PORT": "0", "PATH": path}
    wardian = [sys.executable, "-m", "wardian"]
    subprocess.run([*wardian, "up", "--detach"], env=shell, check=True, timeout=90, stdout=subprocess.DEVNULL)
    yield shell
    subprocess.run([*wardian, "down"], env=shell, check=True, timeout=60, stdout=subprocess.DEVNULL)


@pytest.mark.slow
@pytest.mark.parametrize("script", shell_blocks())
def test_the_commands_of_a_page_work(script: str, platform: dict[str, str]):
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env=platform, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.words)
def test_every_command_has_its_heading(command):
    assert f"wardian {command.words}" in headings("cli.md")


def test_the_generated_pages_are_as_the_code_is():
    """So every setting and every route stands there, too."""
    script = [sys.executable, ROOT / "scripts" / "reference.py", "--check"]
    done = subprocess.run(script, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_every_group_of_routes_has_its_heading():
    groups = {tag for router in ROUTERS for tag in router.tags}
    assert {str(group).capitalize() for group in groups} <= headings("api.md")


def test_every_exit_status_is_told():
    from wardian.cli import exits  # noqa: PLC0415 - one use

    told = set(re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "cli.md").read_text(), re.MULTILINE))
    assert told == {str(value) for name, value in vars(exits).items() if name.isupper() and isinstance(value, int)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_within_the_repository_lead_somewhere(page: Path):
    targets = [target for target in LINK.findall(page.read_text()) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_page_is_listed_in_the_index():
    index = (ROOT / "docs" / "index.md").read_text()
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert [page for page in sorted(pages) if f"({page})" not in index] == []
