"""Tables of deployments. Only this feature reads them."""

import sqlalchemy as sa

from wardian.storage.types import Float, Id, Json, Utc, metadata

deployments = sa.Table(
    "deployments",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("project", Id, sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    sa.Column("name", sa.String(64), nullable=False, index=True),
    sa.Column("wanted", sa.Boolean, nullable=False),
    sa.Column("live", sa.Integer),
    sa.Column("target", sa.Integer),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("created_by", sa.String(128), nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("project", "name"),
)
"""`wanted`: it should be served. `live`, `target`: numbers of revisions."""

revisions = sa.Table(
    "deployment_revisions",
    metadata,
    sa.Column("deployment", Id, sa.ForeignKey("deployments.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("model", sa.String(64), nullable=False),
    sa.Column("version", sa.String(64), nullable=False),
    sa.Column("model_version", Id, nullable=False),
    sa.Column("resources", Json, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("workload", Id, nullable=False, index=True),
    sa.Column("created_by", sa.String(128), nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("started_at", Utc, nullable=False),
    sa.Column("ready_at", Utc),
    sa.Column("drained_at", Utc),
    sa.Index("ix_deployment_revisions_model_version", "model_version"),
    sa.Index("ix_deployment_revisions_status", "status"),
)
"""`started_at` is of its present workload; `drained_at` is when a draining one may end."""

traffic = sa.Table(
    "deployment_traffic",
    metadata,
    sa.Column("deployment", Id, sa.ForeignKey("deployments.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("minute", Utc, primary_key=True),
    sa.Column("bucket", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("times", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("refused", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("failed", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("seconds", Float, nullable=False, server_default="0"),
    sa.Index("ix_deployment_traffic_minute", "minute"),
)
"""Predictions of one minute that took as long as the bucket says (`traffic.BOUNDS`)."""
