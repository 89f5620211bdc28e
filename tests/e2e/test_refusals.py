"""What `wardian up` refuses: the reason, the next step, and nothing touched."""

import os
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.e2e.home import Home
from wardian.cli import exits

pytestmark = pytest.mark.slow


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Home]:
    """A home that was never started; ended if a refusal failed to refuse."""
    home = Home(tmp_path / "new")
    yield home
    if (home.folder / "server.json").exists():
        home.wardian("down")


@contextmanager
def mounted(disk: Path, options: str) -> Iterator[Path]:
    """A disk in memory; needs the right to mount."""
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "none", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a disk")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def nothing_touched(home: Home) -> bool:
    return not home.folder.exists()


def test_a_port_in_use(new: Home):
    with socket.create_server(("127.0.0.1", new.port)):
        said = new.refusal("up", "--detach", expected=exits.CONFLICT)
    assert f"port {new.port} of 127.0.0.1 is in use by" in said
    assert f"(process {os.getpid()})" in said
    assert "--port" in said
    assert nothing_touched(new)


def test_a_second_up_on_the_same_home(home: Home):
    pid = home.pid
    for words in (("--detach",), (), ("--port", "0")):
        said = home.wardian("up", *words).stdout
        assert f"runs already on {home.folder}: {home.url} (process {pid})" in said
    assert home.json("up", "--detach")["already"] is True
    assert home.pid == pid


def test_a_file_where_the_home_should_be(new: Home):
    new.folder.write_text("mine")
    assert "is a file" in new.refusal("up", "--detach", expected=exits.INVALID)
    assert new.folder.read_text() == "mine"


def test_a_read_only_home(new: Home, tmp_path: Path):
    with mounted(tmp_path / "disk", "ro") as disk:
        for home in (disk, disk / "new"):
            said = new.refusal("up", "--detach", "--home", str(home), expected=exits.INVALID)
            assert "cannot be written" in said
            assert "--home" in said


def test_a_full_disk(new: Home, tmp_path: Path):
    with mounted(tmp_path / "disk", "size=1m") as disk:
        said = new.refusal("up", "--detach", "--home", str(disk / "home"), expected=exits.UNAVAILABLE)
        assert "1 MiB left" in said
        assert "WARDIAN_LIMITS__FREE_DISK_BYTES" in said
        assert list(disk.iterdir()) == []


def test_a_database_of_a_newer_release(own_home: Home):
    own_home.wardian("down")
    file = own_home.folder / "wardian.db"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()
    said = own_home.refusal("up", "--detach", expected=exits.CONFLICT)
    assert "9999, newer than this release" in said
    assert file.read_bytes() == before
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")
    own_home.up()


def test_a_database_that_does_not_answer(new: Home):
    url = "postgresql://wardian:hidden@127.0.0.1:9/none"
    said = new.refusal("up", "--detach", "--database", url, expected=exits.UNAVAILABLE)
    assert "127.0.0.1:9" in said
    assert "--database" in said
    assert "hidden" not in said
    assert nothing_touched(new)


def test_a_store_that_does_not_answer(new: Home):
    keys = {"ENDPOINT": "http://127.0.0.1:9", "ACCESS_KEY": "key", "SECRET_KEY": "hidden", "RETRY_TIMEOUT_S": "0.2"}
    new.variables |= {f"WARDIAN_S3__{name}": value for name, value in keys.items()}
    said = new.refusal("up", "--detach", "--blobs", "s3://bucket", expected=exits.UNAVAILABLE)
    assert "127.0.0.1:9" in said
    assert "WARDIAN_S3__ENDPOINT" in said
    assert "hidden" not in said
    assert nothing_touched(new)


def test_settings_that_make_no_sense(new: Home):
    assert "port" in new.refusal("up", "--port", "70000", expected=exits.INVALID)
    new.variables["WARDIAN_LOG_LEVEL"] = "loud"
    assert "log_level" in new.refusal("up", expected=exits.INVALID)
    assert nothing_touched(new)


def test_doctor_says_what_up_would(new: Home):
    with socket.create_server(("127.0.0.1", new.port)):
        findings = new.json("doctor", expected=exits.FAILED)["findings"]
    (failed,) = [each for each in findings if each["state"] not in {"ok", "warning"}]
    assert failed["part"] == "server"
    assert f"port {new.port} of 127.0.0.1 is in use" in failed["said"]
    assert nothing_touched(new)
