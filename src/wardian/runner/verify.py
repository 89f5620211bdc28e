"""Tries whether a program could run here, without running it: `python -m wardian.runner.verify`.

Every import of its code is tried in the environment it would run in, every data pointer is looked for. What was found
is the last line of the log, behind a marker.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from wardian.runner import folder as folders
from wardian.runner import imports
from wardian.runner import plan as plans
from wardian.runner.plan import Plan

MARKER = "wardian-findings: "
_IMPORT_S = 300
_HEAD_S = 20.0
_TRIER = """
import importlib, json, sys
for module in json.loads(sys.argv[1]):
    print("trying", module, file=sys.stderr, flush=True)
    try:
        importlib.import_module(module)
        reason = ""
    except BaseException as fault:
        reason = f"{type(fault).__name__}: {fault}"
    sys.__stdout__.write(json.dumps([module, reason]) + "\\n")
    sys.__stdout__.flush()
"""


@dataclass(frozen=True)
class Finding:
    kind: str
    name: str
    reason: str


@dataclass(frozen=True)
class Findings:
    """What is missing, and how much was looked at."""

    misses: list[Finding] = field(default_factory=list[Finding])
    imports: int = 0
    data: int = 0

    @classmethod
    def in_log(cls, log: str) -> "Findings | None":
        """From the log of a verification; None if it did not come so far."""
        for line in reversed(log.splitlines()):
            if line.startswith(MARKER):
                found = json.loads(line.removeprefix(MARKER))
                return cls([Finding(**miss) for miss in found["misses"]], found["imports"], found["data"])
        return None


def verify(folder: Path, plan: Plan) -> Findings:
    misses: list[Finding] = []
    wanted: dict[str, str] = {}
    for where, source in sources(folder, plan):
        try:
            modules = imports.modules_of(source) - imports.optional_modules_of(source)
        except (SyntaxError, ValueError) as fault:
            misses.append(Finding("import", where, f"it is not Python {sys.version_info.major}: {fault}"))
            continue
        for module in sorted(modules):
            wanted.setdefault(module, where)
    local = local_modules(folder)
    tried = [module for module in wanted if module.partition(".")[0] not in local]
    for module, reason in try_imports(tried, plans.step_variables(plan, folder)).items():
        if reason:
            misses.append(Finding("import", module, f"{reason} (wanted by {wanted[module]})"))
    for pointer in plan.data:
        if reason := look_for(pointer.address(plan.data_environment), folder):
            misses.append(Finding("data", pointer.name, reason))
    return Findings(misses, len(tried), len(plan.data))


def sources(folder: Path, plan: Plan) -> Iterable[tuple[str, str]]:
    """Every piece of Python of the program, with the words for where it stands."""
    notebooks = {step.notebook for step in plan.steps}
    for path in folders.files(folder):
        if path.endswith(".py") and path not in notebooks:
            yield path, (folder / path).read_text("utf-8", errors="replace")
    for step in plan.steps:
        for cell in step.cells:
            yield f"{step.notebook} cell {cell.index}", cell.source


def local_modules(folder: Path) -> set[str]:
    """Modules that the program's own folder provides: code in it is not executed to verify it."""
    return {Path(path).parts[0].removesuffix(".py") for path in folders.files(folder) if path.endswith(".py")}


def try_imports(modules: list[str], variables: dict[str, str]) -> dict[str, str]:
    """Module → why it cannot be imported, empty if it can. One that ends the whole process is named too."""
    found: dict[str, str] = {}
    left: list[str] = list(modules)
    while left:
        try:
            done = subprocess.run(  # noqa: S603 - our own code
                [sys.executable, "-c", _TRIER, json.dumps(left)],
                env=variables,
                stdout=subprocess.PIPE,
                stdin=subprocess.DEVNULL,
                timeout=_IMPORT_S,
                check=False,
            )
            out, ending = done.stdout, f"its import ended Python with exit status {done.returncode}"
        except subprocess.TimeoutExpired as late:
            out, ending = late.stdout or b"", f"its import took longer than {_IMPORT_S} s"
        lines = (line for line in out.decode(errors="replace").splitlines() if line.startswith('["'))
        results: list[tuple[str, str]] = [json.loads(line) for line in lines]
        found |= dict(results)
        left = [module for module in left if module not in found]
        if left:
            found[left.pop(0)] = ending
    return found


def look_for(address: str, folder: Path) -> str:
    """Why data is not there, or empty text."""
    parts = urlsplit(address)
    match parts.scheme:
        case "http" | "https":
            return _ask(address)
        case "s3":
            endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
            at = f"{endpoint.rstrip('/')}/{parts.netloc}" if endpoint else f"https://{parts.netloc}.s3.amazonaws.com"
            return _ask(at + quote(parts.path))
        case "ipfs":
            return _ask(f"https://ipfs.io/ipfs/{parts.netloc}{parts.path}")
        case "" | "file":
            path = folder / (parts.path if parts.scheme == "file" else address)
            return "" if path.exists() else f"there is no file or folder {address}"
        case scheme:
            return f"{address}: nothing here can look for {scheme} addresses"


def _ask(address: str) -> str:
    request = urllib.request.Request(address, method="HEAD", headers={"User-Agent": "wardian"})  # noqa: S310 - http(s)
    try:
        with urllib.request.urlopen(request, timeout=_HEAD_S):  # noqa: S310
            return ""
    except urllib.error.HTTPError as refused:
        return f"{address} answers {refused.code} {refused.reason}"
    except (urllib.error.URLError, OSError, ValueError) as fault:
        return f"{address} cannot be reached: {getattr(fault, 'reason', fault)}"


def main() -> int:
    folder = Path.cwd()
    findings = verify(folder, plans.load(folder))
    sys.stdout.write(MARKER + json.dumps(asdict(findings)) + "\n")
    return 1 if findings.misses else 0


if __name__ == "__main__":
    sys.exit(main())
