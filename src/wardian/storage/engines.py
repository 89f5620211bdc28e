"""How connections are opened on each database."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from wardian.kernel.errors import Invalid

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000", "temp_store=MEMORY")


def make_engine(url: str, size: int, *, read_only: bool = False) -> sa.Engine:
    """An engine with `size` connections. Reading SQLite goes through connections that cannot write."""
    if url.startswith("sqlite"):
        return _sqlite(url, size, read_only=read_only)
    if url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        address = sa.make_url(url).set(drivername="postgresql+psycopg")
        return sa.create_engine(
            address,
            pool_size=size,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 10, "application_name": "wardian"},
        )
    raise Invalid("the database must be sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME")


def _sqlite(url: str, size: int, *, read_only: bool) -> sa.Engine:
    engine = sa.create_engine(url, pool_size=size, max_overflow=0, connect_args={"check_same_thread": False})
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: the driver's guessing breaks savepoints
        for pragma in (*_PRAGMAS, *(["query_only=ON"] if read_only else [])):
            connection.execute(f"PRAGMA {pragma}")

    def on_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine
