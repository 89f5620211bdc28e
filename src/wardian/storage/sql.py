"""The seam between plain functions and the two databases.

A use-case is a sync function `(tx, …)`. `Database` runs it in one transaction, off the event loop, in one thread hop.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import exc

from wardian.kernel.clock import utc_now
from wardian.storage.engines import make_engine
from wardian.storage.faults import translated

P = ParamSpec("P")
R = TypeVar("R")
Reactions = Mapping[str, Sequence[Callable[..., None]]]
Publish = Callable[[str, dict[str, Any]], None]
Job = tuple[Callable[["Tx"], Any], "Future[Any]"]

READERS = 4
"""Threads and connections that read SQLite."""
POOL = 16
"""Threads and connections to PostgreSQL."""
SHARED_COMMIT = 64
"""At most so many waiting writes share one commit, and so one fsync, on SQLite."""
_RETRIES = 3


class Tx:
    """One open transaction: what a use-case may do to the database, and when it is."""

    def __init__(self, conn: sa.Connection, now: datetime, reactions: Reactions, publish: Publish) -> None:
        self.conn = conn
        self.now = now
        """The moment of the transaction; every row that it writes carries the same."""
        self.reactions = reactions
        """What higher features do, in this same transaction, when something is emitted (`events.service.emit`)."""
        self._publish = publish
        self._hints: list[tuple[str, dict[str, Any]]] = []

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.conn.dialect.name

    def one(self, statement: sa.Executable) -> sa.Row[Any]:
        return self.conn.execute(statement).one()

    def one_or_none(self, statement: sa.Executable) -> sa.Row[Any] | None:
        return self.conn.execute(statement).one_or_none()

    def all(self, statement: sa.Executable) -> Sequence[sa.Row[Any]]:
        return self.conn.execute(statement).all()

    def scalar(self, statement: sa.Executable) -> Any:
        return self.conn.execute(statement).scalar()

    def scalars(self, statement: sa.Executable) -> Sequence[Any]:
        return self.conn.execute(statement).scalars().all()

    def run(self, statement: sa.Executable, rows: list[dict[str, Any]] | None = None) -> int:
        """Execute, once per row of `rows` where given; returns how many rows were touched."""
        return (
            self.conn.execute(statement, rows).rowcount if rows is not None else self.conn.execute(statement).rowcount
        )

    def insert(self, table: sa.Table, **values: Any) -> None:
        self.conn.execute(table.insert(), values)

    def upsert(self, table: sa.Table, rows: list[dict[str, Any]], *, key: list[str], update: list[str]) -> None:
        """Insert rows; where `key` exists already, overwrite the columns `update` (none: keep the old row)."""
        if not rows:
            return
        statement = _insert(self.dialect)(table)
        if update:
            new = {name: statement.excluded[name] for name in update}
            statement = statement.on_conflict_do_update(index_elements=key, set_=new)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=key)
        self.conn.execute(statement, rows)

    def publish(self, topic: str, **data: Any) -> None:
        """Hint to whoever listens on the bus; leaves when, and only when, this transaction has been committed."""
        self._hints.append((topic, data))

    def committed(self) -> None:
        """Called by `Database` after the commit: the hints leave."""
        for topic, data in self._hints:
            self._publish(topic, data)


def _insert(dialect: str) -> Callable[[sa.Table], Any]:
    """The dialect's own INSERT, which knows ON CONFLICT; only the one in use is ever loaded."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert


def record(row: sa.Row[Any]) -> dict[str, Any]:
    """A row as a plain dict by column name."""
    return dict(row._mapping)  # pyright: ignore[reportPrivateUsage] - SQLAlchemy's documented way


class Database:
    """Runs plain functions in transactions, off the event loop.

    SQLite: one writer thread (WAL, `synchronous=FULL`, `BEGIN IMMEDIATE`); writes that wait share one commit, each in
    a savepoint of its own; four reader threads. PostgreSQL: one pool; a write is tried again after a serialization
    failure.
    """

    def __init__(
        self,
        url: str,
        *,
        reactions: Reactions | None = None,
        publish: Publish = lambda topic, data: None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.url = url
        self.clock = clock
        self.reactions: Reactions = reactions or {}
        self.publish = publish
        self.is_sqlite = url.startswith("sqlite")
        self._engine = make_engine(url, POOL)
        self._readers_engine = make_engine(url, READERS, read_only=True) if self.is_sqlite else self._engine
        self._pool = ThreadPoolExecutor(READERS if self.is_sqlite else POOL, thread_name_prefix="sql")
        self._writer = _SharedCommitWriter(self) if self.is_sqlite else None

    async def read(self, fn: Callable[Concatenate[Tx, P], R], *args: P.args, **kw: P.kwargs) -> R:
        return await asyncio.wrap_future(self._pool.submit(self.read_now, fn, *args, **kw))

    async def write(self, fn: Callable[Concatenate[Tx, P], R], *args: P.args, **kw: P.kwargs) -> R:
        return await asyncio.wrap_future(self._submit_write(fn, *args, **kw))

    def read_now(self, fn: Callable[Concatenate[Tx, P], R], *args: P.args, **kw: P.kwargs) -> R:
        """`read` for callers without an event loop."""
        with translated(), self._readers_engine.connect() as conn:
            with conn.begin():
                tx = self._tx(conn)
                result = fn(tx, *args, **kw)
            tx.committed()
            return result

    def write_now(self, fn: Callable[Concatenate[Tx, P], R], *args: P.args, **kw: P.kwargs) -> R:
        """`write` for callers without an event loop."""
        return self._submit_write(fn, *args, **kw).result()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._readers_engine.dispose()
        self._engine.dispose()

    @contextmanager
    def connect(self) -> Generator[sa.Connection]:
        """A bare connection, for migrations and checks only."""
        with translated(), self._engine.connect() as conn:
            yield conn

    def _submit_write(self, fn: Callable[Concatenate[Tx, P], R], *args: P.args, **kw: P.kwargs) -> "Future[R]":
        def work(tx: Tx) -> R:
            return fn(tx, *args, **kw)

        return (
            self._writer.submit(work) if self._writer is not None else self._pool.submit(self._write_postgresql, work)
        )

    def _write_postgresql(self, work: Callable[[Tx], R]) -> R:
        for attempt in range(_RETRIES):
            try:
                with translated(), self._engine.connect() as conn:
                    with conn.begin():
                        tx = self._tx(conn)
                        result = work(tx)
                    tx.committed()
                    return result
            except exc.OperationalError as error:
                if attempt == _RETRIES - 1 or getattr(error.orig, "sqlstate", None) not in {"40001", "40P01"}:
                    raise
        raise AssertionError("unreachable: the last try returns or raises")

    def _tx(self, conn: sa.Connection) -> Tx:
        return Tx(conn, self.clock(), self.reactions, self.publish)


class _SharedCommitWriter:
    """The one thread that writes SQLite: what queues while it commits shares the next commit."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="sql-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Tx], R]) -> "Future[R]":
        future: Future[R] = Future()
        self._jobs.put((work, future))
        return future

    def close(self) -> None:
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            batch = [job]
            while len(batch) < SHARED_COMMIT and not self._jobs.empty():
                more = self._jobs.get()
                if more is None:
                    self._jobs.put(None)
                    break
                batch.append(more)
            self._commit(batch)

    def _commit(self, batch: list[Job]) -> None:
        done: list[tuple[Future[Any], Any, Tx]] = []
        try:
            with translated(), self._database._engine.connect() as conn, conn.begin():  # pyright: ignore[reportPrivateUsage]
                for work, future in batch:
                    if not future.set_running_or_notify_cancel():
                        continue
                    outcome = self._in_savepoint(conn, work, future)
                    if outcome is not None:
                        done.append((future, *outcome))
        except BaseException as error:  # noqa: BLE001 - the commit itself failed: each waiting caller must hear of it
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for future, result, tx in done:
            tx.committed()
            future.set_result(result)

    def _in_savepoint(
        self, conn: sa.Connection, work: Callable[[Tx], Any], future: "Future[Any]"
    ) -> tuple[Any, Tx] | None:
        tx = self._database._tx(conn)  # pyright: ignore[reportPrivateUsage]
        conn.exec_driver_sql("SAVEPOINT job")
        try:
            with translated():
                result = work(tx)
        except BaseException as error:  # noqa: BLE001 - carried to whoever waits for this job; the others go on
            conn.exec_driver_sql("ROLLBACK TO job")
            conn.exec_driver_sql("RELEASE job")
            future.set_exception(error)
            return None
        conn.exec_driver_sql("RELEASE job")
        return result, tx
