"""What a database says when it fails, as one sentence with a way out."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from autograder.errors import StoreError

_ELSEWHERE = "name another store with --store"

_LOCKED = "is locked by another program; wait until it has finished, then run this again"
_READ_ONLY = f"is read-only here; make the file and its folder writable, or {_ELSEWHERE}"
_FULL = "cannot grow: the disk is full; free some space, then run this again (nothing was lost)"
_FAILING = f"could not be read or written: is its disk full, or failing? If so, {_ELSEWHERE}"
_NOT_OURS = f"is not a store of this program; {_ELSEWHERE}"
_DAMAGED = f"is damaged; restore it from a backup, or {_ELSEWHERE}"
_CANNOT_OPEN = f"cannot be opened; check its folder and its permissions, or {_ELSEWHERE}"
_NO_ANSWER = "cannot be reached; check that its server runs, and the address, user and database"
_NOT_LET_IN = "does not let this user write; ask for the rights, or name another with --store"

# Beginnings of SQLite's error names and of PostgreSQL's SQLSTATE, the longer ones first.
_SQLITE = {
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_PERM": _READ_ONLY,
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR_SHM": _FULL,
    "SQLITE_IOERR": _FAILING,
    "SQLITE_NOTADB": _NOT_OURS,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_CANTOPEN": _CANNOT_OPEN,
}
_POSTGRES = {
    "55P03": _LOCKED,
    "57014": _LOCKED,
    "25006": _READ_ONLY,
    "53100": _FULL,
    "42501": _NOT_LET_IN,
    "08": _NO_ANSWER,
    "57P": _NO_ANSWER,
}
_TRY_AGAIN = ("40001", "40P01")  # serialization failure, deadlock


class Contended(StoreError):
    """Another program wrote the same thing at the same moment; trying again settles it."""


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Turn what the database of `place` raises into a StoreError."""
    try:
        yield
    except IntegrityError as error:
        raise Contended(f"the store {place} {_LOCKED}") from error
    except DBAPIError as error:
        raise _explained(place, error.orig or error) from error
    except PoolTimeout as error:
        raise StoreError(f"the store {place} {_LOCKED}") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _explained(place, error) from error


def _explained(place: str, error: BaseException) -> StoreError:
    name = getattr(error, "sqlite_errorname", None)
    state = getattr(error, "sqlstate", None)
    if state in _TRY_AGAIN:
        return Contended(f"the store {place} {_LOCKED}")
    if name is None and state is None and type(error).__module__.startswith("psycopg"):
        return StoreError(f"the store {place} {_NO_ANSWER} ({_last_line(error)})")
    for start, sentence in (_SQLITE | _POSTGRES).items():
        if (name or state or "").startswith(start):
            return StoreError(f"the store {place} {sentence}")
    return StoreError(f"the store {place} failed: {_last_line(error)}; {_ELSEWHERE}")


def _last_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]
