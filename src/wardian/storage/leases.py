"""Work to do is a row with a lease: who works on it, until when.

load (`take`) → act, with no transaction open → apply, guarded by the token (`holds`, `release`). A crash only means
that the lease runs out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from wardian.kernel.ids import new_id
from wardian.storage.sql import Tx
from wardian.storage.types import Id, Utc


@dataclass(frozen=True)
class Lease:
    id: str
    """The row's id."""
    token: str


def lease_columns() -> list[sa.Column[object]]:
    """The columns that make a table leasable; it needs `id` as its key."""
    return [
        sa.Column("lease_token", Id),
        sa.Column("lease_until", Utc),
        sa.Column("look_at", Utc, nullable=False, index=True),
    ]


def take(tx: Tx, table: sa.Table, where: sa.ColumnElement[bool], *, limit: int, seconds: float) -> list[Lease]:
    """Lease up to `limit` rows that are due and that nobody works on, those due longest first."""
    free = sa.or_(table.c.lease_until.is_(None), table.c.lease_until < tx.now)
    due = sa.select(table.c.id).where(where, free, table.c.look_at <= tx.now).order_by(table.c.look_at).limit(limit)
    if tx.dialect == "postgresql":
        due = due.with_for_update(skip_locked=True)
    token, until = new_id(), tx.now + timedelta(seconds=seconds)
    ids = tx.scalars(due)
    if ids:
        tx.run(table.update().where(table.c.id.in_(ids)).values(lease_token=token, lease_until=until))
    return [Lease(id=row_id, token=token) for row_id in ids]


def guard(table: sa.Table, lease: Lease) -> sa.ColumnElement[bool]:
    """The WHERE of every write under a lease."""
    return sa.and_(table.c.id == lease.id, table.c.lease_token == lease.token)


def holds(tx: Tx, table: sa.Table, lease: Lease) -> bool:
    return tx.scalar(sa.select(sa.literal(1)).select_from(table).where(guard(table, lease))) is not None


def release(tx: Tx, table: sa.Table, lease: Lease, look_at: datetime) -> bool:
    """Give the row back, to be looked at again not before `look_at`; False when the lease was lost."""
    free = {"lease_token": None, "lease_until": None, "look_at": look_at}
    return tx.run(table.update().where(guard(table, lease)).values(**free)) == 1
