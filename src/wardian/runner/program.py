"""Runs a program: its steps one after the other, each in a process of its own, in one folder.

    python -m wardian.runner.program      in the run's folder, which holds `.wardian/plan.json`

Ends with the exit status of the first step that fails.
"""

import json
import platform
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from wardian.kernel.errors import WardianError
from wardian.runner import folder as folders
from wardian.runner import plan as plans
from wardian.runner.cache import Cache, describe
from wardian.runner.link import Link, say
from wardian.runner.notebook import open_store, read_state, write_state
from wardian.runner.plan import Plan, PlannedStep
from wardian.runner.state import State
from wardian.sdk.connection import surroundings
from wardian.sdk.sync import send, spool_root

_LAST_WORD_S = 600.0
"""How long the end of a run waits for a server that is away, so that its record is whole."""
SAME_FILE = "same.yaml"


@dataclass
class StepRecord:
    """What the run's record says of a step."""

    name: str
    status: str
    started_at: str
    seconds: float = 0
    environment: str = "default"
    exit_code: int | None = None
    cached_from: str | None = None
    handed_on: dict[str, Any] | None = None

    def shown(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if value is not None}


class ProgramRun:
    """One run of a program, from its first step to its last."""

    def __init__(self, folder: Path, plan: Plan, link: Link) -> None:
        self._folder, self._plan, self._link = folder, plan, link
        self._cache = Cache(plan, folder, link, open_store(folder, plan))
        self._records: list[StepRecord] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = False

    def run(self) -> int:
        """Run every step; returns the exit status."""
        self._announce()
        status = 0
        for number, step in enumerate(self._plan.steps, start=1):
            status = self._step(number, step)
            self._tell()
            if status or self._stopping:
                break
        if not self._link.flush(_LAST_WORD_S):
            say("the server stayed away; the record of the steps is only in this log")
        return status or (128 + signal.SIGTERM if self._stopping else 0)

    def stop(self, *_: int | FrameType | None) -> None:
        """Pass a request to end on to the step that runs."""
        self._stopping = True
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def _announce(self) -> None:
        plan = self._plan
        for warning in plan.warnings:
            say(f"note: {warning}")
        where = "the local interpreter" if plan.environment_key == "inherit" else "an environment of its own"
        say(f"{plan.program} {plan.version} in {where}, Python {platform.python_version()}")
        if plan.same_config is not None and not (self._folder / SAME_FILE).exists():
            (self._folder / SAME_FILE).write_text(json.dumps(plan.same_config, indent=2) + "\n", "utf-8")
        self._link.record(
            summary={"interpreter": where, "data_environment": plan.data_environment, "parameters_given": plan.given},
            inputs=[
                {"kind": "data", "name": one.name, "version": "", "uri": one.address(plan.data_environment)}
                for one in plan.data
            ],
        )

    def _step(self, number: int, step: PlannedStep) -> int:
        began, clock = datetime.now(UTC), time.monotonic()
        record = StepRecord(step.name, "running", began.isoformat(), environment=step.environment)
        self._records.append(record)
        say(f"step {number}/{len(self._plan.steps)} {step.name}")
        before = read_state(self._folder, step.chain) if step.kind == "notebook" else State()
        key = self._cache.key(step, before) if step.cache_s else None
        if key and (found := self._cache.restore(key, step)) is not None:
            state, record.cached_from = found
            if step.kind == "notebook":
                write_state(self._folder, step.chain, state)
            record.status = "succeeded"
            say(f"step {step.name}: cached from run {record.cached_from}")
        else:
            self._tell()
            seen = folders.snapshot(self._folder) if key else {}
            record.exit_code = self._execute(step)
            record.status = "stopped" if self._stopping else "failed" if record.exit_code else "succeeded"
            if record.status == "succeeded" and key:
                self._cache.keep(key, step, self._state(step), seen)
        if record.status == "succeeded":
            record.exit_code = self._keep_outputs(step)
            record.status = "failed" if record.exit_code else "succeeded"
        if step.kind == "notebook":
            record.handed_on = describe(self._state(step))
        record.seconds = round(time.monotonic() - clock, 3)
        say(f"step {step.name}: {record.status} after {record.seconds:.1f} s")
        return record.exit_code or 0

    def _execute(self, step: PlannedStep) -> int:
        if self._stopping:
            return 128 + signal.SIGTERM
        if step.kind == "notebook":
            command = [sys.executable, "-m", "wardian.runner.notebook", step.name]
        else:
            command = plans.words(step.command, self._plan.parameters)
        home = self._folder / ".wardian" / "home"
        variables = plans.step_variables(self._plan, self._folder) | {"WARDIAN_HOME": str(home)}
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the program's own command
                command, cwd=self._folder, env=variables, stdin=subprocess.DEVNULL
            )
        except OSError as fault:
            say(f"step {step.name}: {command[0]} cannot be started: {fault.strerror or fault}")
            return 127
        code = self._process.wait()
        _send_what_is_left(home)
        return 128 - code if code < 0 else code

    def _keep_outputs(self, step: PlannedStep) -> int:
        for output in step.outputs:
            path = self._folder / output
            if not path.exists():
                say(f"step {step.name} ended without its output {output}")
                return 1
            kept = [path] if path.is_file() else [path / inner for inner in folders.files(path)]
            for file in kept:
                try:
                    self._link.keep_artifact(file, file.relative_to(self._folder).as_posix())
                except WardianError as fault:
                    say(f"step {step.name}: its output {output} was not kept: {fault}")
                    return 1
        return 0

    def _state(self, step: PlannedStep) -> State:
        return read_state(self._folder, step.chain) if step.kind == "notebook" else State()

    def _tell(self) -> None:
        self._link.record(summary={"steps": [record.shown() for record in self._records]})


def _send_what_is_left(home: Path) -> None:
    """Send what a step that was cut short had recorded and not sent: nobody else would find it in this folder."""
    if not home.exists():
        return
    report = send(spool_root(home), surroundings().connection())
    if frames := sum(report.sent.values()):
        say(f"sent {frames} records that the step could not send itself")
    for reason in report.kept.values():
        say(f"records of the step could not be sent: {reason}")


def main() -> int:
    folder = Path.cwd()
    run = ProgramRun(folder, plans.load(folder), Link())
    signal.signal(signal.SIGTERM, run.stop)
    signal.signal(signal.SIGINT, run.stop)
    return run.run()


if __name__ == "__main__":
    sys.exit(main())
