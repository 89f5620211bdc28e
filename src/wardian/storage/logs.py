"""Logs in compressed chunks, addressed by byte offset.

The writer says at which offset its bytes start; bytes before the known end are ignored, so sending twice is harmless.
"""

from dataclasses import dataclass

import sqlalchemy as sa
import zstandard

from wardian.kernel.errors import Conflict
from wardian.storage.sql import Tx
from wardian.storage.tables import log_chunks as t

CHUNK = 64 * 1024
"""Uncompressed bytes to which small appends are gathered."""


@dataclass(frozen=True)
class LogSlice:
    start: int
    end: int
    size: int
    """Bytes that the whole log has now."""
    data: bytes


def size(tx: Tx, owner: str) -> int:
    """How many bytes the log of `owner` has."""
    last = tx.one_or_none(
        sa.select(t.c.start, t.c.length).where(t.c.owner == owner).order_by(t.c.start.desc()).limit(1)
    )
    return 0 if last is None else last.start + last.length


def append(tx: Tx, owner: str, start: int, data: bytes) -> int:
    """Add bytes that begin at offset `start`; returns the new end. A gap is a Conflict naming the offset expected."""
    last = tx.one_or_none(sa.select(t).where(t.c.owner == owner).order_by(t.c.start.desc()).limit(1).with_for_update())
    end = 0 if last is None else last.start + last.length
    if start > end:
        raise Conflict(f"the log has {end} bytes; bytes from {start} would leave a gap", expected=end)
    data = data[end - start :]
    if not data:
        return end
    if last is not None and last.length + len(data) <= CHUNK:
        whole = zstandard.decompress(last.data) + data
        joined = {"length": len(whole), "data": zstandard.compress(whole, 3)}
        tx.run(t.update().where(t.c.owner == owner, t.c.start == last.start).values(**joined))
        return last.start + len(whole)
    pieces = [(at, data[at : at + CHUNK]) for at in range(0, len(data), CHUNK)]
    rows = [{"owner": owner, "start": end + at, "length": len(p), "data": zstandard.compress(p, 3)} for at, p in pieces]
    tx.run(t.insert(), rows)
    return end + len(data)


def read(tx: Tx, owner: str, start: int, limit: int) -> LogSlice:
    """Up to `limit` bytes from offset `start`; a negative `start` counts from the end."""
    whole = size(tx, owner)
    start = max(0, whole + start) if start < 0 else min(start, whole)
    end = min(whole, start + limit)
    chunks = tx.all(
        sa.select(t).where(t.c.owner == owner, t.c.start < end, t.c.start + t.c.length > start).order_by(t.c.start)
    )
    data = b"".join(zstandard.decompress(chunk.data) for chunk in chunks)
    first = chunks[0].start if chunks else start
    return LogSlice(start=start, end=end, size=whole, data=data[start - first : end - first])


def drop(tx: Tx, owner: str) -> None:
    tx.run(t.delete().where(t.c.owner == owner))
