"""Nothing lost, nothing twice: the whole way from `log` to a server that misbehaves."""

import math
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
import time

import pytest

import wardian
from tests.sdk.fake import BUSY, CUTTING, LOSING
from wardian.kernel.errors import Conflict, Invalid, NotSignedIn, WardianError
from wardian.kernel.names import TITLE
from wardian.sdk import exits, recorder, shipping, start

PLAIN = {"console": False, "machine": None}


@pytest.fixture(autouse=True)
def quick(monkeypatch, environ):
    """Short pauses; no run outlives its test."""
    monkeypatch.setattr(shipping, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(shipping, "LONGEST_PAUSE_S", 0.05)
    monkeypatch.setattr(recorder, "INTERVAL_S", 0.02)
    yield
    exits._active.clear()


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def script(code, *, environ, **more):
    """A training program of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, **environ, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


class TestRun:
    def test_what_is_logged_arrives(self, fake):
        with wardian.init(name="first", params={"lr": 0.1}, tags={"by": "me"}, **PLAIN) as run:
            run.log({"loss": 0.5, "accuracy": 1})
            run.log({"loss": 0.25})
            run.log({"loss": 0.125}, step=10)
            run.log({"loss": 0.0})
            run.params["layers"] = [1, 2]
            run.tags["x"] = "y"
            del run.tags["by"]
            run.notes = "remember"
        kept = fake.run(run.id)
        assert fake.points(run.id, "loss") == [(0, 0.5), (1, 0.25), (10, 0.125), (11, 0.0)]
        assert fake.points(run.id, "accuracy") == [(0, 1.0)]
        assert kept["params"] == {"lr": 0.1, "layers": [1, 2]}
        assert kept["tags"] == {"by": None, "x": "y"}
        assert kept["finish"]["status"] == "succeeded"
        assert [record["notes"] for record in kept["records"] if "notes" in record] == ["remember"]

    def test_code_and_environment_are_recorded(self, fake):
        wardian.init(**PLAIN).finish()
        (kept,) = fake.runs.values()
        assert kept["environment"]["python"].startswith("3.")
        assert "pytest" in kept["environment"]["packages"]
        assert "entry" in kept["source"]

    def test_numbers_that_json_has_not_survive(self, fake):
        with wardian.init(**PLAIN) as run:
            for value in (math.nan, math.inf, -math.inf):
                run.log({"x": value})
        values = [value for _, value in fake.points(run.id, "x")]
        assert math.isnan(values[0])
        assert values[1:] == [math.inf, -math.inf]

    def test_a_hundred_thousand_points(self, fake):
        with wardian.init(**PLAIN) as run:
            for step in range(100_000):
                run.log({"loss": step / 3}, step=step)
        assert fake.points(run.id, "loss") == [(step, step / 3) for step in range(100_000)]
        assert fake.run(run.id)["times"] == 100_000

    def test_threads_log_side_by_side(self, fake):
        with wardian.init(**PLAIN) as run:

            def work(name):
                for step in range(2_000):
                    run.log({name: step}, step=step)

            threads = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert all(len(fake.points(run.id, f"t{n}")) == 2_000 for n in range(8))
        assert fake.run(run.id)["times"] == 16_000

    def test_a_project_is_made_when_there_is_none(self, fake):
        wardian.init("new-lab", **PLAIN).finish()
        assert "new-lab" in fake.projects

    @pytest.mark.parametrize("name", [" x", "a\nb", "x ", "x" * 129])
    def test_a_bad_name_shows_at_once(self, name):
        with pytest.raises(Invalid, match="cannot be a name"):
            wardian.init(name=name, offline=True, **PLAIN)
        assert f"^{start.NAME.pattern}$" == TITLE

    def test_a_wrong_key_shows_at_once(self, monkeypatch):
        monkeypatch.setenv("WARDIAN_SECRET_KEY", "wrong")
        with pytest.raises(NotSignedIn, match="no such key"):
            wardian.init(**PLAIN)

    def test_words_are_no_numbers(self, fake):
        with wardian.init(**PLAIN) as run, pytest.raises(Invalid, match="use log_text"):
            run.log({"loss": "low"})

    def test_a_finished_run_takes_no_more(self, fake):
        run = wardian.init(**PLAIN)
        run.finish()
        assert run.finish()
        with pytest.raises(Conflict, match="resume"):
            run.log({"loss": 1})

    def test_going_on_with_a_run(self, fake):
        with wardian.init(**PLAIN) as first:
            first.log({"loss": 1})
        fake.run(first.id)["document"]["metrics"] = {"loss": {"last_step": 0}, "system/cpu": {"last_step": 99}}
        with wardian.init(resume=first.id, **PLAIN) as second:
            assert fake.run(first.id)["finish"] is None
            second.log({"loss": 2})
        assert fake.run(first.id)["finish"]["status"] == "succeeded"
        assert fake.points(first.id, "loss") == [(0, 1.0), (1, 2.0)]

    def test_inside_a_workload_it_is_the_workloads_run(self, fake, monkeypatch):
        outside = wardian.init(**PLAIN)
        outside.finish()
        monkeypatch.setenv("WARDIAN_RUN", outside.id)
        monkeypatch.setenv("WARDIAN_WORKLOAD", "w")
        run = wardian.init(params={"lr": 1})
        assert run.id == outside.id
        assert wardian.init() is run
        run.finish()
        assert len(fake.runs) == 1
        assert fake.run(run.id)["params"] == {"lr": 1}
        assert fake.run(run.id)["log"] == b""

    @pytest.mark.parametrize("busy", [False, True])
    def test_somebody_asks_it_to_stop(self, fake, monkeypatch, busy):
        monkeypatch.setattr(shipping, "HEARTBEAT_S", 0.05)
        monkeypatch.setattr(recorder, "INTERVAL_S", 0.01)
        run = wardian.init(**PLAIN)
        fake.run(run.id)["stop"] = True
        with pytest.raises(KeyboardInterrupt), run:
            until(lambda: busy and run.log({"loss": 1}))
        assert run.stop_requested
        assert fake.run(run.id)["finish"]["status"] == "stopped"


class TestConsole:
    def test_output_is_kept_and_still_shown(self, fake, capsys):
        with wardian.init(machine=None):
            sys.stdout.write("epoch 1 ✓\n")
            sys.stderr.write("a warning\n")
        (kept,) = fake.runs.values()
        assert kept["log"].decode() == "epoch 1 ✓\na warning\n"
        assert "epoch 1" in capsys.readouterr().out

    def test_a_run_that_goes_on_adds_to_its_log(self, fake):
        with wardian.init(machine=None) as run:
            sys.stdout.write("one\n")
        with wardian.init(resume=run.id, machine=None):
            sys.stdout.write("two\n")
        assert fake.run(run.id)["log"] == b"one\ntwo\n"


class TestFaults:
    """Every request of a run may meet a fault; the books stay right."""

    @pytest.mark.parametrize("fault", [LOSING, CUTTING, BUSY])
    def test_each_request_in_turn(self, fake, fault):
        for place in range(6):
            fake.faults = [None] * place + [fault]
            with wardian.init(machine=None) as run:
                sys.stdout.write("out\n")
                for step in range(10):
                    run.log({"loss": step}, step=step)
                run.params["a"] = 1
                run.log_text("note", "hello")
            kept = fake.run(run.id)
            assert fake.points(run.id, "loss") == [(step, float(step)) for step in range(10)]
            assert kept["times"] == 10
            assert kept["log"] == b"out\n"
            assert [record["params"] for record in kept["records"] if "params" in record] == [{"a": 1}]
            assert len([path for path in kept["artifacts"] if path.startswith("media/")]) == 1
            assert kept["finish"]["status"] == "succeeded"

    def test_a_storm_of_faults(self, fake):
        with wardian.init(**PLAIN) as run:
            for step in range(300):
                run.log({"loss": step}, step=step)
                if step % 10 == 0:
                    fake.faults = [LOSING, BUSY, CUTTING, LOSING]
                    run.flush()
        assert fake.points(run.id, "loss") == [(step, float(step)) for step in range(300)]
        assert fake.run(run.id)["times"] == 300

    def test_a_server_that_goes_away_and_comes_back(self, fake):
        with wardian.init(**PLAIN) as run:
            run.log({"loss": 0}, step=0)
            until(lambda: fake.points(run.id, "loss"))
            fake.stop()
            for step in range(1, 500):
                run.log({"loss": step}, step=step)
            run.flush()
            until(lambda: run._recorder.trouble)
            fake.start()
        assert fake.points(run.id, "loss") == [(step, float(step)) for step in range(500)]
        assert fake.run(run.id)["times"] == 500

    def test_a_server_that_is_away_from_the_start(self, fake):
        fake.stop()
        with wardian.init(**PLAIN) as run:
            run.log({"loss": 1})
            fake.start()
        assert fake.points(run.id, "loss") == [(0, 1.0)]

    def test_what_the_server_refuses_is_left_out_and_the_rest_goes_on(self, fake):
        with wardian.init(**PLAIN) as run:
            run._recorder.write(shipping.Kind.RECORDS, b'{"nonsense": 1}')
            run.log({"loss": 1})
        assert fake.points(run.id, "loss") == [(0, 1.0)]
        assert fake.run(run.id)["finish"]

    def test_a_key_that_is_revoked_loses_nothing(self, fake, spools):
        run = wardian.init(**PLAIN)
        run.log({"loss": 1})
        fake.authorization, right = "Basic other", fake.authorization
        assert run.finish() is False
        fake.authorization = right
        assert wardian.sync().sent.keys() == {run.id}
        assert fake.points(run.id, "loss") == [(0, 1.0)]
        assert list(spools.iterdir()) == []

    def test_a_full_disk_is_waited_for(self, fake, monkeypatch):
        run = wardian.init(**PLAIN)
        append = run._recorder.spool.append

        def full(kind, payload):
            raise OSError(28, "No space left on device")

        run._recorder.spool.append = full
        run.log({"loss": 1})
        run.flush()
        run._recorder.spool.append = append
        run.finish()
        assert fake.points(run.id, "loss") == [(0, 1.0)]


class TestOffline:
    def test_the_server_is_not_met_until_sync_creates_the_run(self, fake, spools):
        with wardian.init(name="at sea", params={"a": 1}, offline=True, machine=None) as run:
            sys.stdout.write("hello\n")
            run.log({"loss": 1})
            run.log_text("note", "x")
        assert run.url is None
        assert fake.requests == []
        report = wardian.sync()
        assert report.sent.keys() == {run.id}
        assert report.kept == {}
        kept = fake.run(run.id)
        assert kept["document"]["name"] == "at sea"
        assert kept["log"] == b"hello\n"
        assert fake.points(run.id, "loss") == [(0, 1.0)]
        assert kept["finish"]["status"] == "succeeded"
        assert list(spools.iterdir()) == []

    def test_sync_again_after_a_lost_answer_doubles_nothing(self, fake):
        with wardian.init(offline=True, **PLAIN) as run:
            run.log({"loss": 1})
        for place in range(8):
            fake.faults = [None] * place + [LOSING, LOSING]
            wardian.sync()
        assert wardian.sync().kept == {}
        assert fake.run(run.id)["times"] == 1

    def test_a_spool_of_another_server_is_kept_unless_it_is_named(self, fake, spools, monkeypatch):
        fake.stop()
        run = wardian.init(**PLAIN)
        run.log({"loss": 1})
        monkeypatch.setattr("wardian.sdk.run.PATIENCE_S", 0.01)
        assert run.finish() is False
        fake.port = 0
        fake.start()
        monkeypatch.setenv("WARDIAN_URL", fake.url)
        assert "belongs to" in next(iter(wardian.sync().kept.values()))
        assert wardian.sync(spools).sent.keys() == {run.id}

    def test_the_next_run_brings_home_what_was_left(self, fake):
        with wardian.init(offline=True, **PLAIN) as left:
            left.log({"loss": 1})
        with wardian.init(**PLAIN):
            until(lambda: left.id in fake.runs and fake.run(left.id)["finish"])


LOGGING = "import wardian, os, sys, signal, time; run = wardian.init(machine=None);"


class TestEnds:
    def test_kill_9_loses_only_what_was_not_spooled(self, fake, environ):
        code = LOGGING + "[run.log({'loss': n}, step=n) for n in range(1000)]; run.flush(); os.kill(os.getpid(), 9)"
        fake.faults = [None] + [BUSY] * 10_000
        process = script(code, environ=environ)
        process.communicate(timeout=60)
        assert process.returncode == -9
        fake.faults = []
        (run_id,) = fake.runs
        assert wardian.sync().sent.keys() == {run_id}
        assert fake.points(run_id, "loss") == [(n, float(n)) for n in range(1000)]
        assert fake.run(run_id)["times"] == 1000

    def test_kill_9_while_sending_doubles_nothing(self, fake, environ):
        code = LOGGING + "[(run.log({'loss': n}, step=n), run.flush()) for n in range(5000)]; print('done')"
        process = script(code, environ=environ)
        until(lambda: fake.runs and next(iter(fake.runs.values()))["times"] > 50)
        process.kill()
        process.communicate(timeout=60)
        wardian.sync()
        (run_id,) = fake.runs
        points = fake.points(run_id, "loss")
        assert points == [(n, float(n)) for n in range(len(points))]
        assert fake.run(run_id)["times"] == len(points)

    @pytest.mark.parametrize(
        ("end", "code", "status", "reason"),
        [
            ("pass", 0, "succeeded", "^$"),
            ("sys.exit(0)", 0, "succeeded", "^$"),
            ("sys.exit(3)", 3, "failed", "exit status 3"),
            ("1 / 0", 1, "failed", "ZeroDivisionError: division by zero"),
            ("os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)", 143, "stopped", "SIGTERM"),
            ("run.__enter__(); run.__exit__(None, SystemExit(1), None); sys.exit(1)", 1, "failed", "exit status 1"),
            ("raise KeyboardInterrupt", -signal.SIGINT, "stopped", "interrupted"),
        ],
    )
    def test_how_the_program_ends_is_how_the_run_ends(self, fake, environ, end, code, status, reason):
        process = script(f"{LOGGING} run.log({{'loss': 1}}); {end}", environ=environ)
        output, _ = process.communicate(timeout=60)
        assert process.returncode == code, output
        (kept,) = fake.runs.values()
        assert kept["finish"]["status"] == status
        assert re.search(reason, kept["finish"]["reason"])
        assert kept["times"] == 1

    def test_sigterm_in_the_block_does_not_wait_for_an_absent_server(self, fake, environ):
        code = (
            f"{LOGGING}\nwith run:\n  run.log({{'loss': 1}}); run.flush(); print('ready', flush=True); time.sleep(60)"
        )
        process = script(code, environ=environ)
        assert process.stdout.readline() == "ready\n"
        fake.stop()
        began = time.monotonic()
        process.terminate()
        process.communicate(timeout=60)
        assert process.returncode == 143
        assert time.monotonic() - began < 25, "an executor's patience"
        fake.start()
        (run_id,) = wardian.sync().sent
        assert fake.points(run_id, "loss") == [(0, 1.0)]
        assert fake.run(run_id)["finish"]["status"] == "stopped"

    def test_an_exception_in_the_block_keeps_its_traceback(self, fake):
        with pytest.raises(ValueError, match="too hot"), wardian.init(**PLAIN) as run:
            raise ValueError("too hot")
        reason = fake.run(run.id)["finish"]["reason"]
        assert "Traceback" in reason
        assert "too hot" in reason


def log_in_child(run, name, count):
    for step in range(count):
        run.log({name: step}, step=step)


class TestFork:
    def test_children_are_writers_of_their_own_and_the_parent_finishes(self, fake):
        run = wardian.init(**PLAIN)
        run.log({"parent": 0}, step=0)
        fork = multiprocessing.get_context("fork")
        children = [fork.Process(target=log_in_child, args=(run, f"child{n}", 200)) for n in range(3)]
        for child in children:
            child.start()
        run.log({"parent": 1}, step=1)
        for child in children:
            child.join(60)
        assert [child.exitcode for child in children] == [0, 0, 0]
        assert fake.run(run.id)["finish"] is None
        run.finish()
        assert fake.points(run.id, "parent") == [(0, 0.0), (1, 1.0)]
        assert all(len(fake.points(run.id, f"child{n}")) == 200 for n in range(3))
        assert fake.run(run.id)["times"] == 602
        assert len(fake.run(run.id)["applied"]) == 4

    def test_what_a_killed_child_left_is_brought_home_by_the_parent(self, fake):
        run = wardian.init(**PLAIN)
        child = os.fork()
        if not child:
            run.log({"child": 1}, step=1)
            run.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)
        run.finish()
        assert fake.points(run.id, "child") == [(1, 1.0)]


class TestLight:
    def test_import_and_logging_need_only_the_standard_library(self, fake, environ, tmp_path):
        source = os.path.dirname(os.path.dirname(wardian.__file__))
        code = (
            "import sys, wardian\n"
            "assert len([m for m in sys.modules if m.startswith('wardian')]) == 1\n"
            "run = wardian.init(name='bare')\n"
            "run.log({'loss': 1}); run.log_table('t', [{'a': 1}]); run.log_text('x', 'y')\n"
            "run.finish()\n"
            "heavy = {'pydantic', 'httpx2', 'numpy', 'sqlalchemy', 'psutil'} & set(sys.modules)\n"
            "assert not heavy, heavy\n"
        )
        done = subprocess.run(
            [sys.executable, "-S", "-c", code],
            env={**environ, "PYTHONPATH": source, "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        (kept,) = fake.runs.values()
        assert kept["times"] >= 1

    def test_an_unknown_name_says_so(self):
        with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
            wardian.nonsense  # noqa: B018
        assert set(wardian.__all__) <= set(dir(wardian))

    def test_no_server_known(self, monkeypatch):
        monkeypatch.delenv("WARDIAN_URL")
        with pytest.raises(WardianError, match="wardian up"):
            wardian.init()
