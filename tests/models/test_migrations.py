from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from models import Base, migrations
from zeren.database import engine_for


def test_migrations_and_models_make_the_same_tables(database_url: str) -> None:
    with engine_for(database_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": migrations.VERSION_TABLE})
        assert compare_metadata(context, Base.metadata) == []


def test_the_version_that_the_code_asks_for_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.__path__[0]))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == migrations.HEAD
    assert [script.revision for script in scripts.walk_revisions()] == sorted(
        (script.revision for script in scripts.walk_revisions()), reverse=True
    )


def test_every_constraint_has_the_name_that_the_models_give_it(database_url: str) -> None:
    tables = inspect(engine_for(database_url))
    for table in Base.metadata.sorted_tables:
        assert tables.get_pk_constraint(table.name)["name"] == f"pk_{table.name}"
        named = {str(constraint.name) for constraint in table.constraints}
        found = {str(c["name"]) for c in tables.get_unique_constraints(table.name)} | {
            str(c["name"]) for c in tables.get_foreign_keys(table.name)
        }
        assert found == named - {f"pk_{table.name}"}
