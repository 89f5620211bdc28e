"""The whole life of a program, told while it happens: what `make demo` shows.

Every step is a command that can be typed. Ends with exit status 0 only if every step did what it should.
"""

import argparse
import contextlib
import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
EPOCHS = 40
PATIENCE_S = 1200
"""For one step: the first one that needs the program's environment downloads and builds it."""
STOPPED_WITHIN_S = 30
USUAL_PORT = 8080
console = Console(highlight=False)


class Failed(Exception):
    """A step did not do what it should."""


class Platform:
    """One platform on a home of its own, driven by its command line."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.url = ""

    def start(self, port: int) -> None:
        self.show("up", "--detach", "--port", str(port))
        self.url = self.ask("status")["url"]

    def show(self, *words: str) -> None:
        """Run a command where everybody can see it."""
        console.print(f"\n[bold cyan]$ wardian {shlex.join(words)}[/]", soft_wrap=True)
        status = subprocess.run(
            self._command(words), env=self._environment(), cwd=ROOT, timeout=PATIENCE_S, check=False
        )
        if status.returncode:
            raise Failed(f"`wardian {shlex.join(words)}` ended with status {status.returncode}")

    def ask(self, *words: str) -> Any:
        """The JSON answer of a command."""
        command = self._command((*words, "--json"))
        done = subprocess.run(
            command, env=self._environment(), cwd=ROOT, timeout=PATIENCE_S, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise Failed(f"`wardian {shlex.join(words)}` ended with status {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def end(self) -> None:
        """Stop the work, which would outlive its server, then the server. Never fails: it is the way out."""
        with contextlib.suppress(Failed, subprocess.TimeoutExpired):
            self.ask("status")
            until = time.monotonic() + STOPPED_WITHIN_S
            while (left := self._working()) and time.monotonic() < until:
                for workload in left:
                    if workload["status"] != "stopping":
                        self.ask("stop", "workload", workload["id"])
                time.sleep(0.5)
        if self.home.exists():
            subprocess.run(
                self._command(("down",)), env=self._environment(), timeout=60, check=False, stdout=subprocess.DEVNULL
            )

    def _working(self) -> list[dict[str, Any]]:
        final = {"succeeded", "failed", "stopped", "lost"}
        return [each for each in self.ask("list", "workloads") if each["status"] not in final]

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "wardian", *words]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WARDIAN_")}
        return kept | {"WARDIAN_HOME": str(self.home)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".demo"), help="folder of the two platforms; emptied first")
    parser.add_argument("--exit", action="store_true", help="end instead of serving until Ctrl-C")
    options = parser.parse_args()
    home: Path = options.home.absolute()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    first, second = Platform(home / "first"), Platform(home / "second")
    for platform in (first, second):
        platform.end()
    shutil.rmtree(home, ignore_errors=True)
    started = time.monotonic()
    try:
        story = live(first, second, home / "digits.tgz")
        say_ending(story, time.monotonic() - started)
        if not options.exit:
            serve(first, second)
    except Failed as reason:
        console.print(f"\n[bold red]The demo failed:[/] {reason}", soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        for platform in (first, second):
            platform.end()
    return 0


def live(first: Platform, second: Platform, file: Path) -> list[tuple[str, str, str]]:
    """The story, as (what, result, where to look) for the table at its end."""
    title("1  A platform starts: web app, API, database and executor in one process")
    first.start(free_port(USUAL_PORT))

    title("2  A program is created: code, parameters and environment in one folder")
    first.show("create", "program", "-f", "examples/digits")
    first.show("show", "program", "digits")
    first.show("verify", "program", "digits")

    title(f"3  It runs with one parameter changed, epochs={EPOCHS}, and is followed live")
    run = run_program(first)
    base = f"{first.url}/projects/default"

    title("4  Its best model is registered and served")
    first.show("register", "model", run["id"], "model", "--name", "digits", "--alias", "champion")
    first.show("deploy", "model", "digits@champion")

    title("5  Predictions are asked for over HTTP: five handwritten digits the model has not seen")
    right, asked = predictions(first)

    title("6  The program with its history travels in one file to a second, empty platform")
    first.show("export", "program", "-n", "digits", "-o", str(file), "--with-history")
    second.start(0)
    second.show("import", "program", str(file))
    second.show("list", "runs")

    title("7  There it runs again, with the same result")
    again = run_program(second)
    same = compare(run, again)
    elsewhere = f"{second.url}/projects/default"
    return [
        ("program", "digits, created from examples/digits", f"{base}/programs/digits"),
        ("run", f"epochs={EPOCHS}, {said(run)}", f"{base}/runs/{run['id']}"),
        ("model", "digits@champion", f"{base}/models/digits"),
        ("deployment", f"{right} of {asked} digits read right", f"{base}/deployments/digits"),
        ("export file", f"{file.stat().st_size / 1024:.0f} KiB, with history", str(file)),
        ("run elsewhere", f"{same} metrics equal, {said(again)}", f"{elsewhere}/runs/{again['id']}"),
    ]


def run_program(platform: Platform) -> dict[str, Any]:
    platform.show("run", "program", "digits", f"--epochs={EPOCHS}", "--follow")
    newest = platform.ask("list", "runs", "--limit", "1")[0]
    run: dict[str, Any] = platform.ask("show", "run", newest["id"])
    if run["params"].get("epochs") != EPOCHS:
        raise Failed(f"the run has epochs={run['params'].get('epochs')}, not {EPOCHS}")
    return run


def predictions(platform: Platform) -> tuple[int, int]:
    """Ask over plain HTTP; at least four of five digits must be read right."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 - a second, and only here

    digits = load_digits()
    rows, wanted = digits.data[-5:], digits.target[-5:].tolist()
    url = f"{platform.url}/v2/models/digits"
    key = platform.ask("env")["variables"]
    described = http(url, key)
    tensor = described["inputs"][0]
    values = rows.flatten().tolist()
    question = {
        "inputs": [{"name": tensor["name"], "datatype": tensor["datatype"], "shape": list(rows.shape), "data": values}]
    }
    console.print(f"\n[bold cyan]$ curl {url}/infer -d '{{\"inputs\": …}}'[/]", soft_wrap=True)
    outputs = {each["name"]: each for each in http(f"{url}/infer", key, question)["outputs"]}
    found = [int(value) for value in next(iter(outputs.values()))["data"]]
    for row, truth, answer in zip(rows, wanted, found, strict=True):
        drawn = [
            " ".join(" .:-=+*#%@"[int(ink * 9 / 16)] for ink in row[start : start + 8]) for start in range(0, 64, 8)
        ]
        console.print("\n".join(f"    {line}" for line in drawn), markup=False)
        console.print(f"    it is {truth}, the model says {answer}\n")
    right = sum(truth == answer for truth, answer in zip(wanted, found, strict=True))
    if right < len(wanted) - 1:
        raise Failed(f"the model read {found} where {wanted} was written")
    return right, len(wanted)


def http(url: str, key: Mapping[str, str], body: object = None) -> Any:
    token = f"{key['WARDIAN_ACCESS_KEY']}.{key['WARDIAN_SECRET_KEY']}"
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urlopen(Request(url, data, headers), timeout=60) as answer:
        return json.load(answer)


def compare(run: Mapping[str, Any], again: Mapping[str, Any]) -> int:
    """How many metrics are equal to the last bit; Failed names those that are not. Durations may differ."""
    left, right = measured(run), measured(again)
    differing = [key for key in left.keys() | right.keys() if left.get(key) != right.get(key)]
    if differing or not left:
        raise Failed(f"the second platform computed other metrics: {', '.join(sorted(differing)) or 'none at all'}")
    table = Table("metric", "first platform", "second platform", box=None, header_style="bold")
    for key, value in sorted(left.items()):
        table.add_row(key, repr(value), repr(right[key]))
    console.print()
    console.print(table)
    return len(left)


def measured(run: Mapping[str, Any]) -> dict[str, float]:
    """The last value of every metric of the program; what the machine did is not the program's."""
    skipped = ("system", "sys", "time", "seconds")
    return {key: each["last"] for key, each in run["metrics"].items() if not key.startswith(skipped)}


def said(run: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value:.4g}" for key, value in list(measured(run).items())[:2])


def free_port(wished: int) -> int:
    """The wished port, or 0 for any when it is taken."""
    with socket.socket() as probe:
        return wished if probe.connect_ex(("127.0.0.1", wished)) else 0


def title(text: str) -> None:
    console.rule(f"[bold]{text}", align="left")


def say_ending(story: list[tuple[str, str, str]], seconds: float) -> None:
    console.print()
    console.rule(f"[bold]What happened, in {seconds:.0f} seconds", align="left")
    table = Table("what", "result", "look at", box=None, header_style="bold")
    for row in story:
        table.add_row(*row)
    Console(highlight=False, width=None if sys.stdout.isatty() else 200).print(table)


def serve(first: Platform, second: Platform) -> None:
    """Keep both platforms up until Ctrl-C; sign in with the name and password that were shown above."""
    console.print(
        f"\nBoth platforms keep serving: [bold]{first.url}[/] and [bold]{second.url}[/]. "
        "Sign in with the name and password shown where each started. Ctrl-C ends them.",
        soft_wrap=True,
    )
    while True:
        signal.pause()


if __name__ == "__main__":
    sys.exit(main())
