"""Fixtures of all tests: both databases, actors in their roles, a running server."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actors import Make
from tests.platform import Platform, running_platform
from tests.postgres import fresh_postgresql
from wardian.kernel.settings import Settings
from wardian.server.wiring import House, open_house
from wardian.storage import migrations
from wardian.storage.sql import Database, Tx

DATABASES = tuple(os.environ.get("TEST_DATABASES", "sqlite,postgresql").split(","))


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'wardian.db'}"
    else:
        with fresh_postgresql() as url:
            yield url


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


@pytest.fixture
def tx(database: Database) -> Iterator[Tx]:
    """One open transaction on each database, rolled back at the end."""
    with database.connect() as conn:
        transaction = conn.begin()
        yield Tx(conn, database.clock(), database.reactions, database.publish)
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
