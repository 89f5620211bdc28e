"""Tables of identity. Only this feature reads them."""

import sqlalchemy as sa

from wardian.storage.types import Id, Utc, metadata

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.String(64), nullable=False, unique=True),
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("admin", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("disabled", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("created_at", Utc, nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("user", Id, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("expires_at", Utc, nullable=False),
)

keys = sa.Table(
    "keys",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("access", sa.String(32), nullable=False, unique=True),
    sa.Column("secret_hash", sa.String(64), nullable=False),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column("user", Id, sa.ForeignKey("users.id", ondelete="CASCADE"), index=True),
    sa.Column("workload", Id, index=True),
    sa.Column("project", Id, sa.ForeignKey("projects.id", ondelete="CASCADE")),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("expires_at", Utc),
    sa.Column("last_used_at", Utc),
    sa.CheckConstraint('("user" IS NULL) <> (workload IS NULL)', name="one_holder"),
)

members = sa.Table(
    "members",
    metadata,
    sa.Column("project", Id, sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("user", Id, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("since", Utc, nullable=False),
)
