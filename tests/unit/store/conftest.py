from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from autograder.store import Store
from tests.unit.store import postgres

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    pytest.importorskip("psycopg", reason="no PostgreSQL driver here")
    reason = postgres.why_not()
    if reason:
        pytest.skip(reason)
    with postgres.server() as folder:
        yield folder


@pytest.fixture
def postgres_url(postgres_socket: str) -> str:
    """The URL of a fresh database."""
    name = f"store_{next(_NUMBERS)}"
    admin = f"postgresql+psycopg://postgres@/postgres?host={postgres_socket}"
    engine = create_engine(admin, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"postgresql://postgres@/{name}?host={postgres_socket}"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.sqlite"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store(url) as opened:
        yield opened
