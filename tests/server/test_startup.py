"""What is refused before anything is touched, with the reason and the next step."""

import asyncio
import shutil
import socket
import sqlite3
from collections import namedtuple
from pathlib import Path

import pytest

from wardian.kernel.errors import Conflict, Invalid, Unavailable
from wardian.kernel.settings import Settings
from wardian.server import startup
from wardian.server.main import settings_of
from wardian.server.presence import HomeLock, Presence
from wardian.storage import migrations
from wardian.storage.sql import Database


def check(**given: object) -> None:
    asyncio.run(startup.check(Settings.load(**given)))


class TestFolder:
    def test_a_new_home_below_a_writable_folder_is_fine_and_not_made(self, tmp_path):
        check(home=tmp_path / "a" / "b")
        assert list(tmp_path.iterdir()) == []

    def test_a_file_in_the_way(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(Invalid, match=r"is a file.*--home"):
            check(home=tmp_path / "file" / "home")

    def test_a_folder_that_cannot_be_written(self, tmp_path, monkeypatch):
        """As on a read-only disk; tests may run as root, whom permissions do not stop."""
        monkeypatch.setattr(startup.os, "access", lambda path, mode: False)
        with pytest.raises(Invalid, match=r"cannot be written.*--home"):
            check(home=tmp_path)

    def test_a_full_disk(self, tmp_path, monkeypatch):
        usage = namedtuple("usage", "total used free")
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(1, 1, 10 << 20))
        with pytest.raises(Unavailable, match=r"10 MiB left.*WARDIAN_LIMITS__FREE_DISK_BYTES"):
            check(home=tmp_path)

    def test_the_floor_can_be_lowered(self, tmp_path, monkeypatch):
        monkeypatch.setenv("WARDIAN_LIMITS__FREE_DISK_BYTES", str(1 << 60))
        with pytest.raises(Unavailable, match="wants"):
            check(home=tmp_path)
        monkeypatch.setenv("WARDIAN_LIMITS__FREE_DISK_BYTES", "0")
        check(home=tmp_path)


class TestDatabase:
    def test_one_of_a_newer_release(self, database_url: str):
        database = Database(database_url)
        migrations.migrate(database)
        with database.connect() as conn:
            conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
            conn.commit()
        database.close()
        with pytest.raises(Conflict, match="9999, newer than this release"):
            startup.check_database(database_url)

    def test_one_of_this_release_is_fine(self, database_url: str):
        database = Database(database_url)
        migrations.migrate(database)
        database.close()
        startup.check_database(database_url)

    def test_a_file_that_is_no_database(self, tmp_path: Path):
        (tmp_path / "wardian.db").write_text("these are no pages" * 100)
        with pytest.raises(Invalid, match="no usable SQLite database"):
            check(home=tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["wardian.db"], "not even a journal beside it"

    def test_a_database_of_somebody_else_is_left_alone(self, tmp_path: Path):
        """It has no schema of ours: nothing is refused, and the check itself adds nothing."""
        with sqlite3.connect(tmp_path / "wardian.db") as connection:
            connection.execute("CREATE TABLE theirs (id INTEGER)")
        connection.close()
        check(home=tmp_path)

    def test_postgresql_that_does_not_answer_and_no_password_is_told(self, tmp_path):
        with pytest.raises(Unavailable) as refused:
            check(home=tmp_path, database="postgresql://user:secret@127.0.0.1:9/none")
        assert "127.0.0.1:9" in refused.value.message
        assert "--database" in refused.value.message
        assert "secret" not in refused.value.message

    def test_an_address_of_another_kind(self, tmp_path):
        with pytest.raises(Invalid, match="postgresql://"):
            check(home=tmp_path, database="mysql://127.0.0.1/x")


class TestBlobs:
    def test_s3_that_does_not_answer(self, tmp_path, monkeypatch):
        monkeypatch.setenv("WARDIAN_S3__ENDPOINT", "http://127.0.0.1:9")
        monkeypatch.setenv("WARDIAN_S3__ACCESS_KEY", "key")
        monkeypatch.setenv("WARDIAN_S3__SECRET_KEY", "hidden")
        monkeypatch.setenv("WARDIAN_S3__RETRY_TIMEOUT_S", "0.2")
        with pytest.raises(Unavailable, match="WARDIAN_S3__ENDPOINT") as refused:
            check(home=tmp_path, blobs="s3://bucket")
        assert "hidden" not in refused.value.message

    def test_an_unknown_kind_of_store(self, tmp_path):
        with pytest.raises(Invalid, match="s3://BUCKET"):
            check(home=tmp_path, blobs="ftp://host/folder")


class TestListen:
    def test_a_port_in_use_is_told_with_who_uses_it(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            with pytest.raises(Conflict, match=rf"port {port} of 127.0.0.1 is in use by .*--port 0"):
                startup.listen("127.0.0.1", port)

    def test_port_0_takes_any(self):
        with startup.listen("127.0.0.1", 0) as claimed:
            assert claimed.getsockname()[1] > 0

    def test_a_host_that_is_not_this_machine(self):
        with pytest.raises(Invalid, match="--host"):
            startup.listen("192.0.2.1", 0)


class TestSettings:
    @pytest.mark.parametrize(("given", "named"), [({"port": 70_000}, "port"), ({"port": -1}, "port")])
    def test_what_makes_no_sense_is_named(self, tmp_path, given, named):
        with pytest.raises(Invalid, match=named):
            settings_of(home=tmp_path, **given)

    def test_a_damaged_config_file_is_named(self, tmp_path):
        (tmp_path / "config.toml").write_text("port = = 1")
        with pytest.raises(Invalid, match=r"config\.toml"):
            settings_of(home=tmp_path)

    def test_command_line_beats_variable_beats_file(self, tmp_path, monkeypatch):
        (tmp_path / "config.toml").write_text('port = 1\nhost = "127.0.0.2"\nadmin_name = "root"')
        monkeypatch.setenv("WARDIAN_PORT", "2")
        monkeypatch.setenv("WARDIAN_HOST", "127.0.0.3")
        settings = settings_of(home=tmp_path, port=3)
        assert (settings.port, settings.host, settings.admin_name) == (3, "127.0.0.3", "root")


class TestPresence:
    def test_found_while_its_process_lives(self, tmp_path):
        here = Presence.here("http://127.0.0.1:1", "1")
        here.write(tmp_path)
        assert Presence.find(tmp_path) == here
        here.remove(tmp_path)
        assert Presence.find(tmp_path) is None

    def test_a_process_number_that_somebody_else_has_now_does_not_count(self, tmp_path):
        here = Presence.here("http://127.0.0.1:1", "1")
        Presence(here.pid, here.started - 1000, here.url, here.version).write(tmp_path)
        assert Presence.find(tmp_path) is None

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}'])
    def test_a_damaged_file_does_not_count(self, tmp_path, text):
        (tmp_path / "server.json").write_text(text)
        assert Presence.find(tmp_path) is None

    def test_a_home_has_one_lock(self, tmp_path):
        lock = HomeLock(tmp_path)
        with pytest.raises(Conflict, match="another server"):
            HomeLock(tmp_path)
        lock.close()
        HomeLock(tmp_path).close()
