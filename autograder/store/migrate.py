"""Brings a store to the schema of this program, or says why that cannot be."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from autograder.errors import NothingStored, StoreError
from autograder.store.migrations import HEAD, VERSION_TABLE

_LOCK = 0x6175746F  # any number that all graders agree on


def ensure_schema(connection: Connection, place: str, *, read_only: bool) -> None:
    """Create or upgrade the tables within the transaction of `connection`; read-only: only check.

    Raises:
        StoreError: the schema is newer than this program, or the tables are somebody else's.
    """
    if _current(connection, place) == HEAD:
        if not read_only:
            _check_writable(connection)
        return
    if read_only:
        raise NothingStored(
            f"the store {place} has no tables of this version yet; `autograder grade` makes them"
        )
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    if _current(connection, place) != HEAD:  # nobody else did it while we waited
        _upgrade(connection)


def _current(connection: Connection, place: str) -> str | None:
    """Return the revision the tables have; None if there are none at all."""
    tables = inspect(connection).get_table_names()
    if VERSION_TABLE not in tables:
        if tables:
            raise StoreError(
                f"{place} is a database of another program (it holds {tables[0]!r}); "
                "name another store with --store"
            )
        return None
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    if found is not None and str(found) > HEAD:
        raise StoreError(
            f"the store {place} was written by a newer autograder (schema {found}, this one knows "
            f"{HEAD}); upgrade autograder, or name another store with --store"
        )
    return None if found is None else str(found)


def _check_writable(connection: Connection) -> None:
    # Changes nothing, but fails where nothing can be changed: better now than after the judging.
    connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = version_num WHERE 1 = 0"))


def _upgrade(connection: Connection) -> None:
    # Alembic takes as long to import as all else together, and is needed once in a store's life.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
