"""Who gets which slots."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.workloads.models import Capacity, Resources, Spec, Status, Workload
from wardian.workloads.placement import place, used

T0 = datetime(2026, 11, 21, tzinfo=UTC)
MACHINE = Capacity(cpu=4, memory=8 << 30, gpus=["0", "1"])


def workload(name: str, *, kind: Any = "job", gpus: list[str] | None = None, **resources: Any) -> Workload:
    return Workload(
        id=name, project="p", kind=kind, name=name, status=Status.QUEUED, created_by="me", created_at=T0,
        spec=Spec(command=["x"], resources=Resources(**resources)), gpus=gpus or [],
    )  # fmt: skip


def decided(
    queue: list[Workload], placed: list[Workload] | None = None, capacity: Capacity = MACHINE
) -> dict[str, Any]:
    """Name → devices given, or the reason for waiting."""
    return {p.workload.name: p.gpus if p.gpus is not None else p.reason for p in place(queue, placed or [], capacity)}


def test_slots_are_given_until_there_are_none() -> None:
    assert decided([workload("a", cpu=3), workload("b", cpu=2), workload("c", cpu=1)]) == {
        "a": [],
        "b": "waits for 2 cpu; 1 free",
        "c": "waits for 1 cpu; 0 free",  # b waits for jobs alone, which end: the one that is free is kept for it
    }


def test_behind_a_service_the_smaller_pass() -> None:
    stays = workload("stays", kind="service", cpu=3)
    assert decided([workload("b", cpu=2), workload("c", cpu=1)], [stays]) == {"b": "waits for 2 cpu; 1 free", "c": []}


def test_one_who_waits_for_a_gpu_does_not_hold_up_those_who_want_none() -> None:
    busy = workload("busy", cpu=1, gpu=2, gpus=["0", "1"])
    assert decided([workload("b", cpu=1, gpu=1), workload("c", cpu=1)], [busy]) == {
        "b": "waits for 1 gpu; 0 free",
        "c": [],
    }


def test_each_gets_devices_of_its_own() -> None:
    busy = workload("busy", cpu=1, gpu=1, gpus=["0"])
    assert decided([workload("b", gpu=1)], [busy]) == {"b": ["1"]}
    assert decided([workload("a", gpu=1), workload("b", gpu=1)]) == {"a": ["0"], "b": ["1"]}


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({"gpu": 3}, "needs 3 gpu; this machine has 2"),
        ({"cpu": 8}, "needs 8 cpu; this machine has 4"),
        ({"memory": 16 << 30}, "needs 16,384 MiB of memory; this machine has 8,192 MiB"),
    ],
)
def test_more_than_the_machine_has_is_refused(wanted: dict[str, Any], reason: str) -> None:
    (one,) = place([workload("a", **wanted)], [], MACHINE)
    assert (one.never, one.reason) == (True, reason)


def test_a_machine_without_gpus_says_none() -> None:
    assert decided([workload("a", gpu=1)], capacity=Capacity(cpu=4, memory=1)) == {
        "a": "needs 1 gpu; this machine has none"
    }


_resources = st.fixed_dictionaries(
    {"cpu": st.sampled_from([0, 0.5, 1, 2, 4, 8]), "memory": st.integers(0, 9 << 30), "gpu": st.integers(0, 3)}
)


@given(
    wanted=st.lists(st.tuples(st.sampled_from(["job", "service"]), _resources), max_size=20), split=st.integers(0, 20)
)
def test_never_gives_more_than_there_is(wanted: list[tuple[str, dict[str, Any]]], split: int) -> None:
    queue = [workload(f"w{index:02}", kind=kind, **resources) for index, (kind, resources) in enumerate(wanted)]
    running: list[Workload] = []
    for part in (queue[:split], queue[split:]):
        for one in place(part, running, MACHINE):
            if one.gpus is not None:
                running.append(one.workload.model_copy(update={"gpus": one.gpus}))
    total = used(running)
    devices = [gpu for one in running for gpu in one.gpus]
    assert total.cpu <= MACHINE.cpu
    assert total.memory <= MACHINE.memory
    assert len(devices) == len(set(devices)) == total.gpu
