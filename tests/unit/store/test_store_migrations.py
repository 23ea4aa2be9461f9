from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from autograder.errors import StoreError
from autograder.store import Store, migrations
from autograder.store.location import parsed
from autograder.store.schema import Base
from tests.unit.store.samples import attempt


def test_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_the_revisions_make_the_tables_of_the_schema(url: str) -> None:
    Store(url).close()
    engine = create_engine(parsed(url))
    with engine.connect() as connection:
        options = {"version_table": migrations.VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_opening_says_nothing(sqlite_url: str, capfd: pytest.CaptureFixture[str]) -> None:
    Store(sqlite_url).close()
    Store(sqlite_url).close()
    assert capfd.readouterr() == ("", "")


def _set_version(url: str, version: str) -> None:
    engine = create_engine(parsed(url))
    with engine.begin() as connection:
        statement = text(f"UPDATE {migrations.VERSION_TABLE} SET version_num = :version")
        connection.execute(statement, {"version": version})
    engine.dispose()


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_schema_is_left_alone(url: str, read_only: bool) -> None:
    with Store(url) as store:
        store.record_attempt(attempt())
    _set_version(url, "9000")
    with pytest.raises(StoreError, match=r"newer autograder .*upgrade autograder, or .*--store"):
        Store(url, read_only=read_only)
    _set_version(url, migrations.HEAD)
    with Store(url, read_only=read_only) as store:
        assert len(store.attempts("lab1")) == 1


def test_the_database_of_another_program_is_left_alone(url: str) -> None:
    engine = create_engine(parsed(url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE invoices (id INTEGER)"))
    with pytest.raises(StoreError, match=r"another program \(it holds 'invoices'\)"):
        Store(url)
    assert inspect(engine).get_table_names() == ["invoices"]
    engine.dispose()


def test_a_reader_makes_no_tables(postgres_url: str) -> None:
    with pytest.raises(StoreError, match="has no tables"):
        Store(postgres_url, read_only=True)
    engine = create_engine(parsed(postgres_url))
    assert inspect(engine).get_table_names() == []
    engine.dispose()
