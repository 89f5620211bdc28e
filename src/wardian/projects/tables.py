"""Tables of projects. Only this feature reads them."""

import sqlalchemy as sa

from wardian.storage.types import Id, Utc, metadata

projects = sa.Table(
    "projects",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.String(64), nullable=False, unique=True),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
    sa.Column("created_at", Utc, nullable=False),
)
