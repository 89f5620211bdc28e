"""Tables of the registry. Only this feature reads them."""

import sqlalchemy as sa

from wardian.storage.types import Hash, Id, Json, Utc, metadata

models = sa.Table(
    "models",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("project", Id, sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("tags", Json, nullable=False),
    sa.Column("counter", sa.Integer, nullable=False, server_default="0"),
    sa.Column("created_by", sa.String(128), nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("project", "name"),
)
"""`counter` is how many versions there ever were: the order of registration, and where counted names go on."""

versions = sa.Table(
    "model_versions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("model", Id, sa.ForeignKey("models.id", ondelete="CASCADE"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("run", Id, nullable=False),
    sa.Column("path", sa.String(1000), nullable=False),
    sa.Column("flavour", sa.String(64), nullable=False),
    sa.Column("signature", Json, nullable=False),
    sa.Column("example", Json),
    sa.Column("environment", Json, nullable=False),
    sa.Column("metrics", Json, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("notes", sa.Text, nullable=False),
    sa.Column("created_by", sa.String(128), nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("model", "name"),
    sa.UniqueConstraint("model", "number"),
    sa.Index("ix_model_versions_run", "run"),
)

files = sa.Table(
    "model_files",
    metadata,
    sa.Column("version", Id, sa.ForeignKey("model_versions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("path", sa.String(1000), primary_key=True),
    sa.Column("hash", Hash, nullable=False),
)
"""Each row holds its object (`storage.references`), so that a version outlives its run."""

aliases = sa.Table(
    "model_aliases",
    metadata,
    sa.Column("model", Id, sa.ForeignKey("models.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("version", Id, sa.ForeignKey("model_versions.id", ondelete="CASCADE"), nullable=False, index=True),
)
