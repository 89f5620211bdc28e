"""What the machine has to give."""

from pathlib import Path

import pytest

from wardian.executors.local import machine
from wardian.kernel.settings import LocalExecutor


def test_a_container_gives_no_more_than_its_quota(tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text("100000 100000\n")
    (tmp_path / "memory.max").write_text(f"{64 << 20}\n")
    assert machine.processors(tmp_path) == 1
    assert machine.total_memory(tmp_path) == 64 << 20


def test_without_a_quota_all_is_there(tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text("max 100000\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.processors(tmp_path) >= 1
    assert machine.total_memory(tmp_path) > 64 << 20


@pytest.mark.parametrize(("visible", "expected"), [(None, ["0", "1", "10"]), ("1,10", ["1", "10"]), ("", [])])
def test_gpus_are_the_device_files_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, visible: str | None, expected: list[str]
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    for name in ("nvidia0", "nvidia10", "nvidia1", "nvidiactl", "nvidia-uvm", "null"):
        (tmp_path / name).touch()
    assert machine.find_gpus(tmp_path, visible)[0] == expected


def test_no_device_files_no_gpus(tmp_path: Path) -> None:
    assert machine.find_gpus(tmp_path) == ([], "")


def test_settings_stand_above_what_was_found() -> None:
    given = machine.capacity(LocalExecutor(cpu=3, memory=5, gpu=2))
    assert (given.cpu, given.memory, len(given.gpus)) == (3, 5, 2)
