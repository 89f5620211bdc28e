"""Tables of storage itself: objects and logs."""

import sqlalchemy as sa

from wardian.storage.types import Hash, Id, Utc, metadata

objects = sa.Table(
    "objects",
    metadata,
    sa.Column("hash", Hash, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("refs", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("pins", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("pinned_until", Utc, nullable=False),
    sa.Column("stored", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("sweeping", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_objects_unreferenced", "refs", "pinned_until"),
)

log_chunks = sa.Table(
    "log_chunks",
    metadata,
    sa.Column("owner", Id, primary_key=True),
    sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("length", sa.BigInteger, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
