import subprocess

import pytest

from wardian.sdk import gpu, machine, source


def git(folder, *arguments):
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, timeout=30)


@pytest.fixture
def repository(tmp_path):
    git(tmp_path, "init", "-b", "main")
    (tmp_path / "train.py").write_text("one\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    git(tmp_path, "remote", "add", "origin", "https://someone:hush@example.com/lab.git")
    return tmp_path


class TestCode:
    def test_a_clean_tree(self, repository):
        found, diff = source.code(repository, "train.py")
        assert (found["branch"], found["dirty"], diff) == ("main", False, "")
        assert len(found["commit"]) == 40
        assert found["remote"] == "https://example.com/lab.git"

    def test_what_is_not_committed_is_kept(self, repository):
        (repository / "train.py").write_text("two\n")
        found, diff = source.code(repository, "train.py")
        assert found["dirty"]
        assert "+two" in diff
        assert found["diff"] == "code/uncommitted.diff"

    def test_no_repository(self, tmp_path):
        assert source.code(tmp_path, "x.py") == ({"entry": "x.py"}, "")


class TestSecrets:
    @pytest.mark.parametrize(
        ("url", "shown"),
        [
            ("https://token@example.com/a", "https://example.com/a"),
            ("git@example.com:a/b.git", "git@example.com:a/b.git"),
            ("/a/path", "/a/path"),
        ],
    )
    def test_a_remote_shows_no_password(self, url, shown):
        assert source.without_password(url) == shown

    def test_neither_does_the_command_line(self):
        given = ["train.py", "--lr=1", "--api-token=x", "--password", "y", "--verbose", "--secret-key", "--z"]
        assert source.hide_secrets(given) == [
            "train.py",
            "--lr=1",
            "--api-token=***",
            "--password",
            "***",
            "--verbose",
            "--secret-key",
            "--z",
        ]


class TestMachine:
    def test_a_sample_has_the_figures_of_this_machine(self):
        samples = []
        watch = machine.Machine(lambda metrics, step: samples.append((step, metrics)), 0.01)
        watch.start()
        while len(samples) < 2:
            watch._thread.join(0.01)
            assert watch._thread.is_alive()
        watch.stop()
        step, metrics = samples[1]
        assert step == 1
        assert 0 < metrics["system/memory"] < 100
        assert metrics["system/process.memory"] > 1_000_000
        assert {"system/cpu", "system/process.cpu", "system/disk.read", "system/network.sent"} <= set(metrics)

    def test_both_sources_agree(self):
        psutil = pytest.importorskip("psutil")
        one, other = machine.Linux(), machine.Psutil(psutil)
        assert one.gauges()["memory.used"] == pytest.approx(other.gauges()["memory.used"], rel=0.2)
        assert one.totals()["cpu"] == pytest.approx(other.totals()["cpu"], rel=0.2)
        assert set(one.totals()) == set(other.totals())

    def test_without_a_driver_there_are_no_gpus(self, monkeypatch):
        def missing(name):
            raise OSError(name)

        monkeypatch.setattr(gpu.ctypes, "CDLL", missing)
        assert gpu.Gpus().sample() == {}

    def test_a_gpu_that_tells_some_of_its_figures(self, monkeypatch):
        monkeypatch.setattr(gpu.ctypes, "CDLL", lambda _: Driver())
        assert gpu.Gpus().sample() == {
            "gpu.0.utilization": 42.0,
            "gpu.0.memory": float(3 << 30),
            "gpu.0.power": 250.5,
        }


class Driver:
    """NVML with one GPU, whose temperature is not supported."""

    def nvmlInit_v2(self):
        return 0

    def nvmlDeviceGetCount_v2(self, count):
        count._obj.value = 1
        return 0

    def nvmlDeviceGetHandleByIndex_v2(self, index, handle):
        handle._obj.value = 7
        return 0

    def nvmlDeviceGetUtilizationRates(self, handle, use):
        assert handle.value == 7
        use._obj.gpu = 42
        return 0

    def nvmlDeviceGetMemoryInfo(self, handle, memory):
        memory._obj.used = 3 << 30
        return 0

    def nvmlDeviceGetPowerUsage(self, handle, milliwatts):
        milliwatts._obj.value = 250_500
        return 0

    def nvmlDeviceGetTemperature(self, handle, sensor, degrees):
        return 3
