"""A server that kills itself with SIGKILL at a chosen moment: `python -m tests.workloads.dying HOME DATABASE MOMENT`.

It migrates, makes the project `demo` and one workload that counts to 2000, prints the id, and goes on until the moment.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from wardian.executors.local import LocalExecutor
from wardian.identity.models import SYSTEM
from wardian.kernel.settings import Settings
from wardian.projects import service as projects
from wardian.projects.schemas import NewProject
from wardian.server.wiring import House, open_house
from wardian.storage import migrations
from wardian.workloads import control, service
from wardian.workloads.models import Spec
from wardian.workloads.reconcile import Controller
from wardian.workloads.schemas import NewWorkload

COUNT = 2000
CODE = f"""
import os, time
with open(os.environ['RUNS'], 'a') as runs: runs.write('x')
for i in range({COUNT}):
    print(f'line {{i}}', flush=True)
    if i % 100 == 0: time.sleep(0.05)
while not os.path.exists(os.environ['GO']): time.sleep(0.01)
print('the end')
"""
MOMENTS = ("placed", "credentials", "submit", "append_log", "running")


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dies_after(function: Callable[..., Any]) -> Callable[..., Any]:
    async def dying(*given: Any, **named: Any) -> Any:
        await function(*given, **named)
        die()

    return dying


def controllers(house: House) -> list[Awaitable[None]]:
    return [each.run() for each in house.controllers if isinstance(each, Controller)]


async def live(house: House, moment: str) -> None:
    house.bus.attach(asyncio.get_running_loop())
    write = house.db.write

    async def dying_write(function: Callable[..., Any], *given: Any, **named: Any) -> Any:
        result = await write(function, *given, **named)
        status = getattr(result, "status", "")
        if function.__name__ == moment or (function is control.apply and status == moment):
            die()
        if function is control.place_queued and result and moment == "placed":
            die()
        return result

    house.db.write = dying_write  # type: ignore[method-assign]
    if moment == "submit":
        LocalExecutor.submit = dies_after(LocalExecutor.submit)  # type: ignore[method-assign]
    await asyncio.gather(*controllers(house))


def main(home: str, database: str, moment: str) -> None:
    settings = Settings.load(home=Path(home), database=database)
    settings.home.mkdir(parents=True, exist_ok=True)
    house = open_house(settings)
    migrations.migrate(house.db)
    project = house.db.write_now(projects.create, SYSTEM, NewProject(name="demo"))
    variables = {"RUNS": f"{home}/runs", "GO": f"{home}/go"}
    body = NewWorkload(name="count", spec=Spec(command=["python", "-c", CODE], variables=variables))
    sys.stdout.write(house.db.write_now(service.create, SYSTEM, project.id, body).id)
    sys.stdout.flush()
    asyncio.run(live(house, moment))


if __name__ == "__main__":
    main(*sys.argv[1:])
