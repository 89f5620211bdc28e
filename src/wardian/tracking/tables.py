"""Tables of runs, their metric series, artifacts and lineage. Only this feature reads them."""

from typing import Any

import sqlalchemy as sa

from wardian.storage.types import Float, Hash, Id, Json, Utc, metadata

MAX_KEY = 250
HEAD = 200
"""Characters of a parameter or tag that are kept beside it for filters and order."""
_Serial = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _project() -> sa.Column[Any]:
    return sa.Column("project", sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=False)


def _run(*, primary_key: bool) -> sa.Column[Any]:
    return sa.Column("run", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=primary_key, nullable=False)


experiments = sa.Table(
    "experiments",
    metadata,
    sa.Column("id", Id, primary_key=True),
    _project(),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("project", "name"),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", Id, primary_key=True),
    _project(),
    sa.Column("experiment", Id, sa.ForeignKey("experiments.id"), nullable=False),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("notes", sa.Text, nullable=False, server_default=""),
    sa.Column("summary", Json, nullable=False),
    sa.Column("source", Json),
    sa.Column("environment", Json, nullable=False),
    sa.Column("parent", Id),
    sa.Column("workload", Id),
    sa.Column("program", sa.String(64)),
    sa.Column("program_version", sa.String(64)),
    sa.Column("stop_requested", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("created_by", sa.String(128), nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("started_at", Utc),
    sa.Column("finished_at", Utc),
    sa.Column("heard_at", Utc, nullable=False),
    sa.Index("ix_runs_created", "project", "created_at", "id"),
    sa.Index("ix_runs_experiment", "experiment", "created_at", "id"),
    sa.Index("ix_runs_name", "project", "name", "id"),
    sa.Index("ix_runs_status", "project", "status", "created_at", "id"),
    sa.Index("ix_runs_silent", "status", "heard_at"),
    sa.Index("ix_runs_workload", "workload"),
    sa.Index("ix_runs_parent", "parent"),
)

params = sa.Table(
    "params",
    metadata,
    _run(primary_key=True),
    sa.Column("key", sa.String(MAX_KEY), primary_key=True),
    _project(),
    sa.Column("text", sa.String(HEAD), nullable=False),
    sa.Column("number", Float),
    sa.Column("value", Json, nullable=False),
    sa.Index("ix_params_number", "project", "key", "number", "run"),
    sa.Index("ix_params_text", "project", "key", "text", "run"),
)

tags = sa.Table(
    "tags",
    metadata,
    _run(primary_key=True),
    sa.Column("key", sa.String(MAX_KEY), primary_key=True),
    _project(),
    sa.Column("text", sa.String(HEAD), nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Index("ix_tags_text", "project", "key", "text", "run"),
)

writers = sa.Table(
    "run_writers",
    metadata,
    _run(primary_key=True),
    sa.Column("writer", Id, primary_key=True),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

series = sa.Table(
    "series",
    metadata,
    sa.Column("id", _Serial, primary_key=True),
    _run(primary_key=False),
    sa.Column("key", sa.String(MAX_KEY), nullable=False),
    _project(),
    sa.Column("points", sa.BigInteger, nullable=False),
    sa.Column("first", Float),
    sa.Column("first_step", sa.BigInteger, nullable=False),
    sa.Column("first_time", sa.BigInteger, nullable=False),
    sa.Column("last", Float),
    sa.Column("last_step", sa.BigInteger, nullable=False),
    sa.Column("last_time", sa.BigInteger, nullable=False),
    sa.Column("min", Float),
    sa.Column("min_step", sa.BigInteger, nullable=False),
    sa.Column("max", Float),
    sa.Column("max_step", sa.BigInteger, nullable=False),
    sa.Column("unsettled", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("run", "key"),
    sa.Index("ix_series_last", "project", "key", "last", "run"),
    sa.Index("ix_series_min", "project", "key", "min", "run"),
    sa.Index("ix_series_max", "project", "key", "max", "run"),
    sa.Index(
        "ix_series_unsettled", "unsettled", sqlite_where=sa.text("unsettled"), postgresql_where=sa.text("unsettled")
    ),
)
"""What is known of a series without touching points. A value that is NULL is NaN (SQLite cannot hold NaN)."""

tails = sa.Table(
    "series_tails",
    metadata,
    _run(primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
"""Flushes of a run that are not sealed yet; `total` counts the points of this and all earlier ones."""

chunks = sa.Table(
    "series_chunks",
    metadata,
    sa.Column("series", _Serial, sa.ForeignKey("series.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("layer", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("first_step", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("last_step", sa.BigInteger, nullable=False),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("time_rises", sa.Boolean, nullable=False),
    sa.Column("rollup", sa.LargeBinary, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
"""Sealed points. Chunks of a layer do not overlap; a higher layer was written later and overrides the lower ones."""

artifacts = sa.Table(
    "artifacts",
    metadata,
    _run(primary_key=True),
    sa.Column("path", sa.String(1000), primary_key=True),
    sa.Column("hash", Hash, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("key", sa.String(MAX_KEY)),
    sa.Column("step", sa.BigInteger),
    sa.Column("caption", sa.String(1000), nullable=False),
    sa.Column("media_type", sa.String(200), nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Index("ix_artifacts_media", "run", "key", "step"),
)

edges = sa.Table(
    "edges",
    metadata,
    sa.Column("id", Id, primary_key=True),
    _run(primary_key=False),
    sa.Column("direction", sa.String(8), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("name", sa.String(500), nullable=False),
    sa.Column("version", sa.String(128), nullable=False),
    sa.Column("uri", sa.Text),
    sa.Column("hash", Hash),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("run", "direction", "kind", "name", "version"),
    sa.Index("ix_edges_thing", "kind", "name", "version"),
)
"""What went into a run and what came out of it."""
