"""Tables of programs and of results that steps left for later runs. Only this feature reads them."""

import sqlalchemy as sa

from wardian.storage.types import Float, Hash, Id, Json, Utc, metadata

_Ordered = sa.JSON(none_as_null=True)
"""PostgreSQL's JSONB forgets the order of keys, and parameters keep theirs: in forms, and as words of a command."""


def _project(*, primary_key: bool = False) -> sa.Column[str]:
    cascade = sa.ForeignKey("projects.id", ondelete="CASCADE")
    return sa.Column("project", cascade, primary_key=primary_key, nullable=False)


def _program() -> sa.Column[str]:
    return sa.Column("program", sa.ForeignKey("programs.id", ondelete="CASCADE"), nullable=False)


programs = sa.Table(
    "programs",
    metadata,
    sa.Column("id", Id, primary_key=True),
    _project(),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("created_by", sa.String(128), nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("project", "name"),
)

versions = sa.Table(
    "program_versions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    _program(),
    sa.Column("version", sa.String(64), nullable=False),
    sa.Column("hash", Hash, nullable=False),
    sa.Column("code", Hash, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("digests", Json, nullable=False),
    sa.Column("manifest", _Ordered, nullable=False),
    sa.Column("plan", _Ordered, nullable=False),
    sa.Column("lock", sa.Text),
    sa.Column("python", sa.String(16)),
    sa.Column("readme", sa.Text, nullable=False),
    sa.Column("source", Json, nullable=False),
    sa.Column("described_by", sa.String(1024), nullable=False),
    sa.Column("data", Json, nullable=False),
    sa.Column("created_by", sa.String(128), nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("program", "version"),
)
"""`digests`: path → digest of each file, to say what differs. `plan`: what the runner follows, still without values."""

step_cache = sa.Table(
    "step_cache",
    metadata,
    _project(primary_key=True),
    sa.Column("key", Hash, primary_key=True),
    sa.Column("run", Id, nullable=False),
    sa.Column("step", sa.String(128), nullable=False),
    sa.Column("content", Json, nullable=False),
    sa.Column("objects", Json, nullable=False),
    sa.Column("valid_s", Float, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("valid_until", Utc, nullable=False),
    sa.Index("ix_step_cache_valid_until", "project", "valid_until"),
)
