"""Where a store is: the default place, and what a URL means."""

import os
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from autograder.errors import StoreError

_FORMS = "write sqlite:////folder/store.sqlite or postgresql://user@host/database"
_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def default_url(course_id: str) -> str:
    """Return a course's store: AUTOGRADER_STORE, else a file in the user's data folder."""
    named = os.environ.get("AUTOGRADER_STORE")
    if named:
        return named
    data = os.environ.get("XDG_DATA_HOME")
    base = Path(data) if data else Path.home() / ".local" / "share"
    file = base / "autograder" / course_id / "store.sqlite"
    return URL.create("sqlite", database=str(file)).render_as_string()


def parsed(url: str) -> URL:
    """Return `url` taken apart, with the driver we use.

    Raises:
        StoreError: it is no URL of a store.
    """
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError(f"{url!r} is not the address of a store; {_FORMS}") from None
    if found.drivername not in _DRIVERS:
        raise StoreError(f"a store cannot be kept in {found.drivername!r}; {_FORMS}")
    if found.database in (None, "", ":memory:"):
        raise StoreError(f"{_shown(found)!r} names no file or database; {_FORMS}")
    return found.set(drivername=_DRIVERS[found.drivername])


def place(url: URL) -> str:
    """Return how messages call the store at `url`: its file, or the URL without the password."""
    return str(url.database) if url.drivername == "sqlite" else _shown(url)


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)
