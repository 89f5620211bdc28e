"""Writes the parts of the documentation that the code knows best: cli.md and api.md below a mark, and settings.md.

`python scripts/reference.py` writes them; `--check` says whether they are as the code is.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel

from wardian.cli.commands import GROUPS
from wardian.cli.parser import application
from wardian.kernel import settings as module
from wardian.kernel.settings import Settings
from wardian.server.app import create_app

DOCS = Path(__file__).resolve().parent.parent / "docs"
MARK = "<!-- From here on: written by scripts/reference.py -->\n"
SETTINGS = """# Settings

Every setting has a default, so that `wardian up` needs none. The first that says something wins: the command line
(`--port 9000`, and the four others that `wardian up` has), variables (`WARDIAN_PORT=9000`; two underscores between
levels: `WARDIAN_LIMITS__BODY_BYTES=1048576`), and `config.toml` in the home:

```toml
port = 9000

[limits]
body_bytes = 1048576
```

`wardian doctor` tells when a setting makes no sense.

"""


def cli() -> str:
    """A heading for each command, with its options."""
    kept = (DOCS / "cli.md").read_text().partition(MARK)[0]
    parts = [kept.rstrip("\n"), "", MARK]
    for title, commands in GROUPS.items():
        parts.append(f"## {title}\n")
        for command in commands:
            page = application(command).generate_docs(heading_level=3)
            page = page.replace(f"wardian {command.words} {command.words}", f"wardian {command.words}", 1)
            page = re.sub(r"\*\*(Arguments|Parameters)\*\*:\n\n", "", page)
            page = re.sub(r"^(\* `--(home|json|project).*\n)", "", page, flags=re.MULTILINE) if command.noun else page
            parts.append(page.strip() + "\n")
    return "\n".join(parts)


def api() -> str:
    """A heading for each group of routes, with its routes."""
    kept = (DOCS / "api.md").read_text().partition(MARK)[0]
    groups: dict[str, list[str]] = {}
    for path, methods in create_app(None).openapi()["paths"].items():
        for method, route in methods.items():
            said = inspect.cleandoc(route.get("description") or route["summary"]).split("\n\n")[0].replace("\n", " ")
            groups.setdefault(route["tags"][0], []).append(
                f"| {method.upper()} | `{path}` | {said.replace('|', '/')} |"
            )
    parts = [kept.rstrip("\n"), "", MARK]
    for group, rows in sorted(groups.items()):
        parts += [f"## {group.capitalize()}\n", "| method | path | what it does |\n|---|---|---|", *rows, ""]
    return "\n".join(parts).rstrip("\n") + "\n"


def settings() -> str:
    """A heading for each setting, with its type, default and variable."""
    return SETTINGS + "\n".join(_settings_of(Settings, "")).rstrip("\n") + "\n"


def _settings_of(group: type[BaseModel], prefix: str) -> Iterator[str]:
    said = _docstrings(group)
    for name, field in group.model_fields.items():
        kind = field.annotation
        if inspect.isclass(kind) and issubclass(kind, BaseModel):
            yield from _settings_of(kind, f"{prefix}{name}.")
            continue
        variable = "WARDIAN_" + f"{prefix}{name}".upper().replace(".", "__")
        default = "none" if field.default in (None, "") else f"`{field.default}`"
        yield f"## {prefix}{name}\n"
        yield f"`{variable}`, default {default}. {said.get(name, '')}".rstrip() + "\n"


def _docstrings(group: type[BaseModel]) -> dict[str, str]:
    """What stands below each field in the source."""
    tree = ast.parse(Path(module.__file__).read_text())
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == group.__name__)
    found: dict[str, str] = {}
    for field, below in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            found[ast.unparse(field.target)] = inspect.cleandoc(str(below.value.value))
    return found


def main() -> None:
    pages = {DOCS / "cli.md": cli(), DOCS / "api.md": api(), DOCS / "settings.md": settings()}
    stale = [path for path, text in pages.items() if not path.is_file() or path.read_text() != text]
    if "--check" in sys.argv:
        sys.exit(f"{', '.join(map(str, stale))} is not as the code is: run scripts/reference.py" if stale else 0)
    for path in stale:
        path.write_text(pages[path])
        print(f"{path} written")


if __name__ == "__main__":
    main()
