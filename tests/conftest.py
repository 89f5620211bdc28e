"""Fixtures of all tests: both databases, actors in their roles, a running server."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.actors import Make
from tests.platform import Platform, running_platform
from tests.postgres import fresh_postgresql
from wardian.kernel.settings import Settings
from wardian.server.wiring import REACTIONS, House, open_house
from wardian.storage import migrations
from wardian.storage.sql import Database, Tx

signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job of a shell starts with Ctrl-C ignored
DATABASES = tuple(os.environ.get("TEST_DATABASES", "sqlite,postgresql").split(","))


@pytest.fixture(scope="session", params=DATABASES)
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of each kind with the schema of this release and nothing in it: others are copied from it."""
    if request.param == "sqlite":
        yield _with_schema(f"sqlite:///{tmp_path_factory.mktemp('schema') / 'wardian.db'}")
    else:
        with fresh_postgresql() as url:
            yield _with_schema(url)


@pytest.fixture
def database_url(migrated: str, tmp_path: Path) -> Iterator[str]:
    """A migrated database of its own for the test."""
    with _copied(migrated, tmp_path) as url:
        yield url


@pytest.fixture(params=DATABASES)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a schema."""
    if request.param == "sqlite":
        yield from _opened(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        with fresh_postgresql() as url:
            yield from _opened(url)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings.load(home=tmp_path / "home", database=database_url, port=0)


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """An opened and migrated house whose controllers do not run."""
    settings.home.mkdir(parents=True, exist_ok=True)
    opened = open_house(settings)
    migrations.migrate(opened.db)
    yield opened
    opened.db.close()


@pytest.fixture
def database(house: House) -> Database:
    return house.db


@pytest.fixture(scope="session")
def shared_database(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A migrated database for tests that roll back what they do."""
    with _copied(migrated, tmp_path_factory.mktemp("shared")) as url:
        yield from _opened(url)


@pytest.fixture
def tx(shared_database: Database) -> Iterator[Tx]:
    """One open transaction on each database, rolled back at the end."""
    with shared_database.connect() as conn:
        transaction = conn.begin()
        yield Tx(conn, shared_database.clock(), REACTIONS, shared_database.publish)
        transaction.rollback()


@pytest.fixture
def make(tx: Tx) -> Make:
    """Makes projects, users and actors in the test's transaction."""
    return Make(tx)


@pytest.fixture
def server(settings: Settings) -> Iterator[Platform]:
    """A running platform in this process: its address, an admin's key, clients for other actors."""
    with running_platform(settings) as platform:
        yield platform


@contextmanager
def _copied(migrated: str, folder: Path) -> Iterator[str]:
    if not migrated.startswith("sqlite"):
        with fresh_postgresql(like=migrated) as url:
            yield url
        return
    copy = folder / "wardian.db"
    shutil.copyfile(migrated.removeprefix("sqlite:///"), copy)
    yield f"sqlite:///{copy}"


def _with_schema(url: str) -> str:
    for database in _opened(url):
        migrations.migrate(database)
        if url.startswith("sqlite"):  # into the one file, so that the file can be copied
            with database.connect() as conn:
                conn.commit()
                conn.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return url


def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()
