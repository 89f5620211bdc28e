"""Who needs which object: pins while it is uploaded, references while something points at it.

upload: `pin` → bytes → `stored` · in the transaction that points at it: `hold` · when the pointer goes: `release`.
What nobody holds or pins is swept.
"""

from datetime import timedelta

import sqlalchemy as sa

from wardian.kernel.errors import Conflict
from wardian.storage.sql import Tx
from wardian.storage.tables import objects as t

PIN = timedelta(hours=1)
"""An upload that is not referenced after this long is swept."""


def pin(tx: Tx, object_hash: str, size: int) -> bool | None:
    """Keep the object from the sweeper. True: its bytes are here already; None: it is being swept, try again."""
    row = tx.one_or_none(sa.select(t.c.stored, t.c.sweeping).where(t.c.hash == object_hash).with_for_update())
    if row is None:
        tx.insert(
            t, hash=object_hash, size=size, refs=0, pins=1, pinned_until=tx.now + PIN, stored=False, sweeping=False
        )
        return False
    if row.sweeping:
        return None
    tx.run(t.update().where(t.c.hash == object_hash).values(pins=t.c.pins + 1, pinned_until=tx.now + PIN))
    return bool(row.stored)


def stored(tx: Tx, object_hash: str) -> None:
    """Its bytes are durable now."""
    tx.run(t.update().where(t.c.hash == object_hash).values(stored=True))


def hold(tx: Tx, object_hash: str, *, pinned: bool = True) -> int:
    """Count one more pointer at the object; returns its size. `pinned`: the caller just uploaded it; its pin ends."""
    spent = sa.case((t.c.pins > 0, t.c.pins - 1), else_=0) if pinned else t.c.pins
    here = sa.and_(t.c.hash == object_hash, t.c.stored, ~t.c.sweeping)
    if tx.run(t.update().where(here).values(refs=t.c.refs + 1, pins=spent)) == 0:
        raise Conflict(f"object {object_hash} is not here (any more); upload it again", hash=object_hash)
    return int(tx.scalar(sa.select(t.c.size).where(t.c.hash == object_hash)))


def release(tx: Tx, object_hash: str, count: int = 1) -> None:
    """One pointer less."""
    tx.run(t.update().where(t.c.hash == object_hash).values(refs=t.c.refs - count))


def size(tx: Tx, object_hash: str) -> int | None:
    """Bytes of a stored object, None when it is not here."""
    return tx.scalar(sa.select(t.c.size).where(t.c.hash == object_hash, t.c.stored, ~t.c.sweeping))


def to_sweep(tx: Tx, limit: int) -> list[str]:
    """Mark objects that nobody holds or pins as going, and return them."""
    idle = sa.or_(t.c.pins == 0, t.c.pinned_until < tx.now)
    gone = sa.or_(t.c.sweeping, sa.and_(t.c.refs <= 0, idle))
    hashes = list(tx.scalars(sa.select(t.c.hash).where(gone).limit(limit).with_for_update(skip_locked=True)))
    if hashes:
        tx.run(t.update().where(t.c.hash.in_(hashes)).values(sweeping=True))
    return hashes


def swept(tx: Tx, hashes: list[str]) -> None:
    tx.run(t.delete().where(t.c.hash.in_(hashes), t.c.sweeping))
