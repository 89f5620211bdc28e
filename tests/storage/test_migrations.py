import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from wardian.kernel.errors import Conflict
from wardian.storage import migrations
from wardian.storage.sql import Database
from wardian.storage.types import metadata


class TestHistory:
    def test_from_empty_it_leads_to_the_tables_that_the_code_knows(self, empty_database: Database) -> None:
        database = empty_database
        assert migrations.current(database) is None
        migrations.migrate(database)
        assert migrations.current(database) == migrations.known()[-1]
        with database.connect() as conn:
            assert compare_metadata(MigrationContext.configure(conn), metadata) == []

    def test_going_on_from_where_it_is_changes_nothing(self, database: Database) -> None:
        migrations.migrate(database)
        assert migrations.check(database) == migrations.known()[-1]

    def test_a_newer_database_is_refused_untouched(self, database: Database) -> None:
        with database.connect() as conn:
            conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
            conn.commit()
        with pytest.raises(Conflict, match="schema 9999, newer than this release knows"):
            migrations.migrate(database)
        assert migrations.current(database) == "9999"
