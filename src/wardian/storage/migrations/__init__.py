"""The one history of the schema, for SQLite and PostgreSQL: expand first, contract a release later.

It imports no feature: whoever migrates hands over the metadata of all tables.
"""

from pathlib import Path

import sqlalchemy as sa

from wardian.kernel.errors import Conflict
from wardian.storage.sql import Database

_FOLDER = Path(__file__).parent


def known() -> list[str]:
    """All revisions of this release, oldest first. Files are called `NNNN_what.py` and revisions `NNNN`."""
    return sorted(path.stem[:4] for path in (_FOLDER / "versions").glob("[0-9]*_*.py"))


def current(database: Database) -> str | None:
    """The revision that the database has; None when it is empty."""
    with database.connect() as conn:
        if not sa.inspect(conn).has_table("alembic_version"):
            return None
        return conn.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def check(database: Database) -> str | None:
    """The database's revision, or Conflict when a newer release wrote it. Touches nothing."""
    revision = current(database)
    if revision is not None and revision not in known():
        raise Conflict(
            f"the database has schema {revision}, newer than this release knows ({known()[-1]}); "
            "start the release that wrote it, or restore a backup made before the upgrade",
            revision=revision,
        )
    return revision


def migrate(database: Database, to: str = "head") -> None:
    """Bring the schema up to `to`. Cheap when it is there already."""
    if check(database) == known()[-1] and to == "head":
        return
    from alembic import command  # noqa: PLC0415 - a quarter of a second that most starts need not pay
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    with database.connect() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, to)
        conn.commit()
