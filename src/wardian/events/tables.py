"""Tables of events. Only this feature reads them."""

import sqlalchemy as sa

from wardian.storage.types import Hash, Id, Json, Utc, metadata

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("seq", sa.BigInteger, unique=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("verb", sa.String(64), nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("actor_name", sa.String(128), nullable=False),
    sa.Column("project", Id),
    sa.Column("noun", sa.String(32), nullable=False),
    sa.Column("thing", sa.String(128), nullable=False),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("detail", Json, nullable=False),
    sa.Column("hash", Hash),
    sa.Index("ix_events_project_seq", "project", "seq"),
    sa.Index("ix_events_thing_seq", "thing", "seq"),
    sa.Index("ix_events_unsealed", "id", sqlite_where=sa.text("seq IS NULL"), postgresql_where=sa.text("seq IS NULL")),
)

trail = sa.Table(
    "trail",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", Hash, nullable=False),
)
