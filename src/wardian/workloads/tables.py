"""Tables of workloads. Only this feature reads them."""

import sqlalchemy as sa

from wardian.storage.leases import lease_columns
from wardian.storage.types import Float, Id, Json, Utc, metadata

workloads = sa.Table(
    "workloads",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("project", Id, sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("exit_code", sa.Integer),
    sa.Column("spec", Json, nullable=False),
    sa.Column("address", Json, nullable=False),
    sa.Column("place", sa.String(128)),
    sa.Column("gpus", Json, nullable=False),
    sa.Column("ending", sa.String(16)),
    sa.Column("waits_until", Utc),
    sa.Column("created_by", sa.String(128), nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("started_at", Utc),
    sa.Column("finished_at", Utc),
    # where the log of the present attempt begins in the log of the workload
    sa.Column("log_start", sa.BigInteger, nullable=False, server_default="0"),
    *lease_columns(),
    sa.Index("ix_workloads_project_id", "project", "id"),
    sa.Index("ix_workloads_status_id", "status", "id"),
)

executors = sa.Table(
    "executors",
    metadata,
    sa.Column("place", sa.String(128), primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("cpu", Float, nullable=False),
    sa.Column("memory", sa.BigInteger, nullable=False),
    sa.Column("gpus", Json, nullable=False),
    sa.Column("gpu_kind", sa.String(128), nullable=False),
    sa.Column("seen_at", Utc, nullable=False),
)
