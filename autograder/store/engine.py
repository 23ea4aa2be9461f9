"""A connection pool to the store, with the settings that each database needs."""

import os
import sqlite3
import time
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event

from autograder.errors import NothingStored, StoreError

_PAUSE = 0.02  # seconds between two tries to switch a file to WAL
# What SQLite says when it may not, or cannot for lack of space, make the files that WAL needs.
_NO_ROOM = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR_SHM")
_CONNECT_SECONDS = 10  # for a server to answer


def open_engine(url: URL, *, read_only: bool, busy_seconds: float) -> Engine:
    """Return an engine whose writing transactions (option ``write=True``) lock from their start.

    Raises:
        StoreError: the file or the driver is missing.
    """
    if url.drivername == "sqlite":
        return _sqlite(Path(str(url.database)), read_only, busy_seconds)
    return _postgres(url, read_only, busy_seconds)


def _sqlite(file: Path, read_only: bool, busy_seconds: float) -> Engine:
    if read_only:
        query = _read_only_query(file)
    else:
        _create(file)
        query = "mode=rw"

    def connect() -> sqlite3.Connection:
        connection = _connect(file, query, busy_seconds)
        connection.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            _use_wal(connection, busy_seconds)
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)
    event.listen(engine, "begin", _begin)
    return engine


def _connect(file: Path, query: str, busy_seconds: float) -> sqlite3.Connection:
    # isolation_level None: Python's own BEGIN comes too late for a lock, so `_begin` says it.
    return sqlite3.connect(
        f"file:{quote(os.fsencode(file.absolute()))}?{query}",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
    )


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _use_wal(connection: sqlite3.Connection, busy_seconds: float) -> None:
    # SQLite does not wait for this lock, whatever the timeout: two first graders would collide.
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)


def _create(file: Path) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StoreError(
            f"the store {file} cannot be created ({error.strerror}); name another with --store"
        ) from error


def _read_only_query(file: Path) -> str:
    """Say how to open `file` for reading; in a folder we may not write, WAL needs other words."""
    try:
        file.stat()
    except OSError as error:
        raise NothingStored(
            f"there is no store at {file} ({error.strerror}); `autograder grade` makes one"
        ) from error
    try:
        probe = _connect(file, "mode=ro", 0)
        probe.execute("PRAGMA schema_version")
        probe.close()
    except sqlite3.OperationalError as error:
        if not error.sqlite_errorname.startswith(_NO_ROOM):
            return "mode=ro"  # locked, say: the real connection waits, and reports it
        if _unmerged(file):
            raise StoreError(
                f"the store {file} was left in the middle of a run, in a folder that is read-only; "
                f"copy {file.name} and {file.name}-wal to a folder of your own and read them there"
            ) from error
        return "immutable=1"
    except sqlite3.DatabaseError:
        return "mode=ro"
    return "mode=ro"


def _unmerged(file: Path) -> bool:
    log = file.with_name(f"{file.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _postgres(url: URL, read_only: bool, busy_seconds: float) -> Engine:
    wait = f"-c lock_timeout={max(1, round(busy_seconds * 1000))}"
    never_write = " -c default_transaction_read_only=on" if read_only else ""
    try:
        return create_engine(
            url,
            connect_args={"connect_timeout": _CONNECT_SECONDS, "options": wait + never_write},
        )
    except ImportError:
        raise StoreError(
            "the PostgreSQL driver is not installed; pip install 'systems-for-ai[postgres]'"
        ) from None
