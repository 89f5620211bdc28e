"""The local executor by itself: real processes, no controller."""

import asyncio
import io
import json
import os
import signal
import tarfile
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.platform import wait_until
from wardian.executors.local import LocalExecutor
from wardian.kernel.errors import Invalid
from wardian.kernel.ids import new_id
from wardian.runner import shim
from wardian.server.wiring import House
from wardian.storage.cas import key_of
from wardian.workloads.executor import Order, Phase, Seen
from wardian.workloads.models import Environment, Spec, Status, Workload

_WITHIN_S = 60


def workload(program: str, *, kind: Any = "job", gpus: list[str] | None = None, **spec: Any) -> Workload:
    return Workload(
        id=new_id(), project="p", kind=kind, name="w", status=Status.STARTING, created_by="me", gpus=gpus or [],
        created_at=datetime.now(UTC), spec=Spec(command=["python", "-c", program], **spec),
    )  # fmt: skip


class Machine:
    """The executor, spoken to without an event loop."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.executor = LocalExecutor(house.settings, house.cas)
        self.submitted: list[Workload] = []

    def do(self, what: Awaitable[Any]) -> Any:
        async def done() -> Any:
            return await what

        return asyncio.run(done())

    def folder(self, one: Workload) -> Path:
        return self.house.settings.home / "workloads" / one.id / str(one.attempt)

    def submit(self, one: Workload, **variables: str) -> Workload:
        self.submitted.append(one)
        self.do(self.executor.submit(Order(workload=one, variables=variables)))
        return one

    def look(self, one: Workload) -> Seen | None:
        return self.do(self.executor.observe(one))

    def wait(self, one: Workload, wanted: Callable[[Seen], bool] = lambda seen: seen.is_end) -> Seen:
        wait_until(lambda: (seen := self.look(one)) is not None and wanted(seen), _WITHIN_S)
        seen = self.look(one)
        assert seen is not None
        return seen

    def output(self, one: Workload) -> str:
        """The whole log but for the mark of the attempt."""
        return self.do(self.executor.log(one, 0, 1 << 20)).decode().partition("\n")[2]

    def keep(self, data: bytes) -> str:
        return self.do(self.house.cas.put(data)).hash


@pytest.fixture
def machine(house: House) -> Iterator[Machine]:
    one = Machine(house)
    yield one
    for each in one.submitted:
        one.do(one.executor.forget(each.id))


class TestTheWorkingFolder:
    def test_holds_code_and_files(self, machine: Machine) -> None:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as tar:
            member = tarfile.TarInfo("pkg/part.py")
            member.size = 7
            tar.addfile(member, io.BytesIO(b"VALUE=5"))
        code = machine.keep(packed.getvalue())
        files = {"data/in.txt": machine.keep(b"input")}
        one = machine.submit(
            workload("import pkg.part as p; print(p.VALUE, open('data/in.txt').read())", code=code, files=files)
        )
        assert machine.wait(one).exit_code == 0
        assert machine.output(one) == "5 input\n"

    def test_broken_code_fails_the_attempt_in_words(self, machine: Machine) -> None:
        one = workload("", code=machine.keep(b"no archive"))
        with pytest.raises(Invalid, match=r"no whole \.tar\.gz"):
            machine.submit(one)
        assert machine.look(one) is None

    def test_a_damaged_object_is_noticed(self, machine: Machine) -> None:
        stored = machine.keep(b"input")
        machine.do(machine.house.blobs.put(key_of(stored), b"inpux"))
        with pytest.raises(Invalid, match="damaged"):
            machine.submit(workload("", files={"a": stored}))

    def test_is_private(self, machine: Machine) -> None:
        one = machine.submit(workload("pass"))
        machine.wait(one)
        assert machine.folder(one).stat().st_mode & 0o077 == 0
        assert (machine.folder(one) / "order.json").stat().st_mode & 0o077 == 0


class TestVariables:
    def test_secrets_of_the_server_stay_there(self, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("WARDIAN_DATABASE", "AWS_SECRET_ACCESS_KEY", "UV_INDEX"):
            monkeypatch.setenv(name, "secret")
        one = machine.submit(workload("import json, os; print(json.dumps(dict(os.environ)))"), WARDIAN_URL="http://x")
        assert machine.wait(one).exit_code == 0
        met = json.loads(machine.output(one))
        assert "secret" not in met.values()
        assert (met["WARDIAN_URL"], met["WARDIAN_WORKLOAD"], met["WARDIAN_ATTEMPT"]) == ("http://x", one.id, "0")

    @pytest.mark.parametrize(("gpus", "visible"), [([], ""), (["0", "3"], "0,3")])
    def test_only_the_given_gpus_are_seen(self, machine: Machine, gpus: list[str], visible: str) -> None:
        one = machine.submit(workload("import os; print(os.environ['CUDA_VISIBLE_DEVICES'])", gpus=gpus))
        machine.wait(one)
        assert machine.output(one).strip() == visible

    def test_each_port_is_free_and_known(self, machine: Machine) -> None:
        code = (
            "import os, time; e = os.environ; print(e['WARDIAN_PORT_HTTP'], e['WARDIAN_PORT_METRICS']); time.sleep(600)"
        )
        one = machine.submit(workload(code, ports=["http", "metrics"]))
        seen = machine.wait(one, lambda seen: seen.phase is Phase.RUNNING)
        wait_until(lambda: machine.output(one))
        assert machine.output(one).split() == [where.rpartition(":")[2] for where in seen.address.values()]
        assert len(set(seen.address.values())) == 2


class TestTheEnvironment:
    def test_is_the_one_that_the_lock_names(self, machine: Machine, make_wheel: Callable[[str, str, str], str]) -> None:
        lock = make_wheel("greeting", "1.0", "words = 'hello'")
        locked = Environment(kind="locked", lock=lock)
        code = "import sys, greeting, wardian.runner.shim; print(greeting.words, sys.prefix)"
        first, second = (machine.submit(workload(code, environment=locked)) for _ in range(2))
        for one in (first, second):
            assert machine.wait(one).exit_code == 0, machine.output(one)
            words, prefix = machine.output(one).splitlines()[-1].split()
            assert words == "hello"
            assert Path(prefix).parent == machine.house.settings.home / "environments"
        assert (machine.output(first) + machine.output(second)).count("environment: building") == 1

    def test_that_cannot_be_made_says_why(self, machine: Machine, make_wheel: Callable[[str, str, str], str]) -> None:
        make_wheel("greeting", "1.0", "")
        locked = Environment(kind="locked", lock="greeting==2.0 --hash=sha256:" + "0" * 64)
        seen = machine.wait(machine.submit(workload("print('never')", environment=locked)))
        assert (seen.ended_by, seen.exit_code) == ("prepare", None)
        assert seen.reason.startswith("the environment cannot be made: ")
        assert "greeting==2.0" in seen.reason


class TestAgainAndAgain:
    def test_submitting_twice_runs_once(self, machine: Machine) -> None:
        one = machine.submit(workload("print('ran')"))
        machine.submit(one, WARDIAN_URL="another")
        assert machine.wait(one).exit_code == 0
        assert machine.output(one) == "ran\n"

    def test_an_order_whose_shim_never_came_is_started_by_a_look(self, machine: Machine) -> None:
        one = workload("print('ran')")
        machine.submitted.append(one)
        launch, machine.executor._launch = machine.executor._launch, lambda folder: None  # type: ignore[method-assign]
        machine.submit(one)  # the server dies here
        machine.executor._launch = launch  # type: ignore[method-assign]
        assert machine.wait(one).exit_code == 0
        assert machine.output(one) == "ran\n"

    def test_what_was_never_submitted_is_unknown(self, machine: Machine) -> None:
        assert machine.look(workload("")) is None

    def test_a_pid_used_again_by_another_process_is_not_taken_for_the_shim(self, machine: Machine) -> None:
        one = machine.submit(workload("import time; time.sleep(600)"))
        machine.wait(one, lambda seen: seen.phase is Phase.RUNNING)
        path = machine.folder(one) / "state.json"
        state = json.loads(path.read_text())
        os.kill(state["shim"], signal.SIGKILL)
        path.write_text(json.dumps(state | {"shim": os.getpid()}))
        assert machine.wait(one).phase is Phase.LOST
        assert shim.identity(state["child"]) is None
        assert shim.identity(os.getpid()) is not None


class TestStopping:
    def test_a_shim_that_is_stuck_is_killed_and_its_tree_ended(self, machine: Machine) -> None:
        one = machine.submit(workload("import time; time.sleep(600)"))
        machine.wait(one, lambda seen: seen.phase is Phase.RUNNING)
        state = json.loads((machine.folder(one) / "state.json").read_text())
        os.kill(state["shim"], signal.SIGSTOP)
        machine.do(machine.executor.stop(one))
        os.utime(machine.folder(one) / "stop", (0, 0))  # it was asked long ago
        machine.do(machine.executor.stop(one))
        assert machine.wait(one).phase is Phase.LOST
        assert shim.identity(state["child"]) is None


class TestForgetting:
    def test_ends_what_runs_and_frees_its_files(self, machine: Machine) -> None:
        one = machine.submit(workload("import time; time.sleep(600)"))
        machine.wait(one, lambda seen: seen.phase is Phase.RUNNING)
        child = json.loads((machine.folder(one) / "state.json").read_text())["child"]
        assert machine.do(machine.executor.kept()) == [one.id]
        machine.do(machine.executor.forget(one.id))
        assert machine.do(machine.executor.kept()) == []
        assert shim.identity(child) is None


class TestReadiness:
    def test_a_service_is_ready_when_it_answers(self, machine: Machine) -> None:
        code = (
            "import os, time, http.server as h\n"
            "while not os.path.exists('../go'): time.sleep(0.01)\n"
            "where = ('127.0.0.1', int(os.environ['WARDIAN_PORT_HTTP']))\n"
            "h.ThreadingHTTPServer(where, h.SimpleHTTPRequestHandler).serve_forever()\n"
        )
        one = machine.submit(workload(code, kind="service", ports=["http"], ready_path="/"))
        waiting = machine.wait(one, lambda seen: seen.phase is Phase.RUNNING)
        assert (waiting.ready, waiting.reason) == (False, "waits until / answers")
        (machine.folder(one) / "go").touch()
        assert machine.wait(one, lambda seen: seen.ready).ready
