"""Servers die between any two steps; workloads do not."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable

import pytest

from tests.platform import wait_until
from tests.workloads.dying import COUNT, MOMENTS, controllers
from wardian.executors.local import LocalExecutor
from wardian.identity.models import SYSTEM
from wardian.kernel.settings import Settings
from wardian.projects import service as projects
from wardian.projects.schemas import NewProject
from wardian.runner import shim
from wardian.server.wiring import House, open_house
from wardian.workloads import control, service
from wardian.workloads.models import Resources, Spec, Workload
from wardian.workloads.schemas import LogQuery, NewWorkload

_WITHIN_S = 60


def killed_server(settings: Settings, moment: str) -> str:
    """Run a server until it kills itself; the id of its workload."""
    command = [sys.executable, "-m", "tests.workloads.dying", settings.home, settings.database, moment]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_WITHIN_S, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    return done.stdout.strip()


@contextlib.asynccontextmanager
async def next_server(settings: Settings) -> AsyncIterator[House]:
    house = open_house(settings)
    house.bus.attach(asyncio.get_running_loop())
    running = asyncio.gather(*controllers(house))
    try:
        yield house
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        house.db.close()


async def seen(house: House, workload_id: str, wanted: Callable[[Workload], bool]) -> Workload:
    async with asyncio.timeout(_WITHIN_S):
        while not wanted(found := await house.db.read(service.get, SYSTEM, workload_id)):  # noqa: ASYNC110 - rows, not events
            await asyncio.sleep(0.02)
    return found


async def whole_log(house: House, workload_id: str) -> str:
    text, start = "", 0
    while (part := await house.db.read(service.read_log, SYSTEM, workload_id, LogQuery(start=start))).text:
        text, start = text + part.text, part.end
    return text


class TestKillOfTheServer:
    @pytest.mark.parametrize("moment", MOMENTS)
    def test_at_any_moment_the_work_is_done_once_and_its_log_is_whole(self, settings: Settings, moment: str) -> None:
        workload_id = killed_server(settings, moment)

        async def go_on() -> tuple[Workload, str]:
            async with next_server(settings) as house:
                (settings.home / "go").touch()
                ended = await seen(house, workload_id, lambda one: one.status.is_final)
                return ended, await whole_log(house, workload_id)

        ended, log = asyncio.run(go_on())
        assert (ended.status, ended.attempt, ended.exit_code) == ("succeeded", 0, 0), ended.reason
        assert log.splitlines()[1:] == [*(f"line {i}" for i in range(COUNT)), "the end"]
        assert (settings.home / "runs").read_text() == "x"

    def test_what_ended_meanwhile_is_found_ended(self, settings: Settings) -> None:
        workload_id = killed_server(settings, "running")
        (settings.home / "go").touch()
        state = settings.home / "workloads" / workload_id / "0" / "state.json"

        wait_until(lambda: '"finished"' in state.read_text())

        async def go_on() -> Workload:
            async with next_server(settings) as house:
                return await seen(house, workload_id, lambda one: one.status.is_final)

        assert asyncio.run(go_on()).status == "succeeded"


class TestKillOfTheShim:
    def test_the_workload_is_lost_and_what_it_left_is_ended(self, settings: Settings) -> None:
        workload_id = killed_server(settings, "running")
        folder = settings.home / "workloads" / workload_id / "0"

        async def go_on() -> tuple[Workload, int, str]:
            async with next_server(settings) as house:
                state = json.loads((folder / "state.json").read_text())
                os.kill(state["shim"], signal.SIGKILL)
                ended = await seen(house, workload_id, lambda one: one.status.is_final)
                return ended, state["child"], await whole_log(house, workload_id)

        ended, child, log = asyncio.run(go_on())
        assert (ended.status, ended.reason) == ("lost", "its supervisor process was killed")
        assert shim.identity(child) is None
        assert log.splitlines()[1] == "line 0"


class TestTwoControllersOfOnePlace:
    def test_one_takes_over_what_the_other_held(
        self, settings: Settings, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(LocalExecutor, "is_sole", False)
        monkeypatch.setattr(control, "LEASE_S", 1.5)
        project = house.db.write_now(projects.create, SYSTEM, NewProject(name="demo"))
        code = "import os, time\nprint('ran')\nwhile not os.path.exists(os.environ['GO']): time.sleep(0.01)"
        spec = Spec(
            command=["python", "-c", code], variables={"GO": f"{settings.home}/go"}, resources=Resources(cpu=0.1)
        )
        made = [
            house.db.write_now(service.create, SYSTEM, project.id, NewWorkload(name="w", spec=spec)).id
            for _ in range(6)
        ]

        async def go_on() -> list[tuple[Workload, str]]:
            async with contextlib.AsyncExitStack() as later:
                async with next_server(settings) as first:
                    for one in made:
                        await seen(first, one, lambda found: found.status == "running")
                    survivor = await later.enter_async_context(next_server(settings))
                (settings.home / "go").touch()  # seen once the leases of the first run out
                ended = [await seen(survivor, one, lambda found: found.status.is_final) for one in made]
                return [(one, await whole_log(survivor, one.id)) for one in ended]

        for ended, log in asyncio.run(go_on()):
            assert (ended.status, ended.attempt) == ("succeeded", 0), ended.reason
            assert log.count("ran") == 1
