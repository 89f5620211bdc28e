import asyncio
import threading

import pytest
import sqlalchemy as sa

from wardian.kernel.errors import Conflict, Invalid
from wardian.storage.sql import Database, Tx
from wardian.storage.tables import log_chunks as t


def put(tx: Tx, owner: str, start: int = 0) -> None:
    tx.insert(t, owner=owner, start=start, length=1, data=b"x")


def owners(tx: Tx) -> set[str]:
    return set(tx.scalars(sa.select(t.c.owner)))


class TestWrite:
    def test_many_at_once_each_in_a_transaction_of_its_own(self, database: Database) -> None:
        async def story() -> list[object]:
            writes = [database.write(put, f"o{n % 40}") for n in range(80)]
            return list(await asyncio.gather(*writes, return_exceptions=True))

        outcomes = asyncio.run(story())
        assert sum(outcome is None for outcome in outcomes) == 40
        assert all(outcome is None or isinstance(outcome, Conflict) for outcome in outcomes)
        assert database.read_now(owners) == {f"o{n}" for n in range(40)}

    def test_what_fails_is_undone_whole(self, database: Database) -> None:
        def half(tx: Tx) -> None:
            put(tx, "half")
            raise LookupError("on purpose")

        with pytest.raises(LookupError):
            database.write_now(half)
        assert database.read_now(owners) == set()

    def test_hints_leave_only_after_the_commit(self, database: Database) -> None:
        heard: list[tuple[str, object]] = []
        database.publish = lambda topic, data: heard.append((topic, data))

        def work(tx: Tx, *, fail: bool) -> None:
            tx.publish("topic", n=1)
            if fail:
                raise LookupError("on purpose")

        with pytest.raises(LookupError):
            database.write_now(work, fail=True)
        assert heard == []
        database.write_now(work, fail=False)
        assert heard == [("topic", {"n": 1})]

    def test_values_no_database_can_hold_are_refused(self, database: Database) -> None:
        with pytest.raises(Invalid):
            database.write_now(put, "\ud800")
        with pytest.raises(Invalid):
            database.write_now(put, "o", 2**80)

    def test_a_reader_sees_one_moment_while_a_writer_goes_on(self, database: Database) -> None:
        opened, written = threading.Event(), threading.Event()

        def slow_read(tx: Tx) -> set[str]:
            seen = owners(tx)
            opened.set()
            assert written.wait(10)
            return seen

        async def story() -> set[str]:
            reading = asyncio.create_task(database.read(slow_read))
            await asyncio.to_thread(opened.wait, 10)
            await database.write(put, "later")
            written.set()
            return await reading

        assert asyncio.run(story()) == set()


class TestUpsert:
    def test_overwrites_or_keeps(self, tx: Tx) -> None:
        put(tx, "o")
        row = {"owner": "o", "start": 0, "length": 9, "data": b"y"}
        tx.upsert(t, [row], key=["owner", "start"], update=[])
        assert tx.scalar(sa.select(t.c.length)) == 1
        tx.upsert(t, [row], key=["owner", "start"], update=["length"])
        assert tx.one(sa.select(t.c.length, t.c.data)) == (9, b"x")
