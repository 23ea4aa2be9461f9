"""What goes wrong with a store: one sentence with a way out, and nothing lost."""

import builtins
import os
import shutil
import sqlite3
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from autograder.errors import StoreError
from autograder.store import Store, default_url
from tests.unit.store.samples import FILES, attempt, result

_NOBODY = 65534


def _filled(url: str) -> None:
    with Store(url) as store:
        store.record_attempt(attempt())
        store.record_result(result())


@contextmanager
def _as_ordinary_user() -> Iterator[None]:
    """Drop what root may do, for a while: permissions mean nothing to root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of an ordinary user (pytest's own are closed to others)."""
    made = Path(tempfile.mkdtemp())
    _give(made)
    yield made
    made.chmod(0o700)
    shutil.rmtree(made)


def _give(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")) if os.geteuid() == 0 else ():
        os.chown(path, _NOBODY, _NOBODY)


def test_a_locked_store_says_so_and_can_be_read(tmp_path: Path, sqlite_url: str) -> None:
    _filled(sqlite_url)
    with (
        Store(sqlite_url, busy_seconds=0.05) as store,
        closing(sqlite3.connect(tmp_path / "store.sqlite")) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="is locked by another program; wait until"):
            store.record_attempt(attempt(student="bob"))
        with pytest.raises(StoreError, match="is locked by another program"):
            Store(sqlite_url, busy_seconds=0.05)
        assert [a.student for a in store.attempts("lab1")] == ["ada"]
        with Store(sqlite_url, read_only=True) as reader:
            assert len(reader.rows("lab1")) == 1
        other.rollback()
        assert store.record_attempt(attempt(student="bob")).number == 1


def test_a_writer_waits_for_the_other(tmp_path: Path, sqlite_url: str) -> None:
    _filled(sqlite_url)
    with Store(sqlite_url, busy_seconds=30) as store:
        file = tmp_path / "store.sqlite"
        other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        let_go = threading.Timer(0.2, other.execute, ["COMMIT"])
        let_go.start()
        assert store.record_attempt(attempt(student="bob")).number == 1
        let_go.join()
        other.close()


def _locked_file(folder: Path) -> None:
    (folder / "store.sqlite").chmod(0o444)


def _locked_folder(folder: Path) -> None:
    (folder / "store.sqlite").chmod(0o444)
    folder.chmod(0o555)


@pytest.mark.parametrize("lock", [_locked_file, _locked_folder])
def test_a_read_only_store_can_still_be_read(folder: Path, lock: Callable[[Path], None]) -> None:
    url = f"sqlite:///{folder}/store.sqlite"
    _filled(url)
    _give(folder)
    with _as_ordinary_user():
        lock(folder)
        with pytest.raises(StoreError, match=r"is read-only here; make .* writable, or name"):
            Store(url)
        with Store(url, read_only=True) as store:
            assert [row.attempt.student for row in store.rows("lab1")] == ["ada"]
            assert store.files(attempt().digest) == FILES


def test_a_store_left_in_the_middle_of_a_run(folder: Path) -> None:
    url = f"sqlite:///{folder}/store.sqlite"
    copy = folder / "copy"
    copy.mkdir()
    with Store(url) as store:
        store.record_attempt(attempt())
        for name in ("store.sqlite", "store.sqlite-wal"):
            shutil.copy(folder / name, copy / name)
    _give(folder)
    with _as_ordinary_user():
        copy.chmod(0o555)
        with pytest.raises(
            StoreError, match=r"copy store\.sqlite and store\.sqlite-wal to a folder"
        ):
            Store(f"sqlite:///{copy}/store.sqlite", read_only=True)
        copy.chmod(0o700)
        with Store(f"sqlite:///{copy}/store.sqlite", read_only=True) as reader:
            assert len(reader.attempts("lab1")) == 1


def test_a_folder_where_none_can_be_made(folder: Path) -> None:
    folder.chmod(0o555)
    with _as_ordinary_user(), pytest.raises(StoreError, match=r"cannot be created \(Permission"):
        Store(f"sqlite:///{folder}/new/store.sqlite")


def test_a_full_disk(sqlite_url: str) -> None:
    _filled(sqlite_url)
    big = {"a.py": os.urandom(100_000)}
    with Store(sqlite_url) as store:
        _let_grow_no_more(store._engine)
        with pytest.raises(StoreError, match="the disk is full; free some space"):
            store.record_attempt(attempt(big))
        assert len(store.rows("lab1")) == 1
    with Store(sqlite_url) as store:
        assert store.record_attempt(attempt(big)).number == 2


def _let_grow_no_more(engine: Engine) -> None:
    def begin(connection: Any) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    event.listen(engine, "begin", begin)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_that_is_no_database(tmp_path: Path, sqlite_url: str, read_only: bool) -> None:
    file = tmp_path / "store.sqlite"
    file.write_bytes(b"my holiday diary\n" * 100)
    with pytest.raises(StoreError, match="is not a store of this program; name another"):
        Store(sqlite_url, read_only=read_only)
    assert file.read_bytes() == b"my holiday diary\n" * 100


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(f"sqlite:///{tmp_path}")


def test_a_missing_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    Store(f"sqlite:///{tmp_path}/course/store.sqlite").close()
    assert stat.S_IMODE((tmp_path / "course").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "course/store.sqlite").stat().st_mode) == 0o600


def test_a_reader_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no store at .*`autograder grade` makes one"):
        Store(f"sqlite:///{tmp_path}/course/store.sqlite", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_cannot_write(url: str) -> None:
    _filled(url)
    with (
        Store(url, read_only=True) as store,
        pytest.raises(StoreError, match="is read-only here"),
    ):
        store.record_attempt(attempt(student="bob"))


@pytest.mark.parametrize(
    ("url", "match"),
    [
        ("store.sqlite", "is not the address of a store; write sqlite:////"),
        ("", "is not the address of a store"),
        ("postgresql://host:port/x", "is not the address of a store"),
        ("mysql://host/db", "cannot be kept in 'mysql'"),
        ("sqlite://", "names no file or database"),
        ("postgresql://teacher:secret@host", r"'postgresql://teacher:\*\*\*@host' names no"),
    ],
)
def test_a_bad_address(url: str, match: str) -> None:
    with pytest.raises(StoreError, match=match) as caught:
        Store(url)
    assert "secret" not in str(caught.value)


def test_a_missing_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_psycopg(name: str, *rest: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "psycopg":
            raise ModuleNotFoundError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without_psycopg)
    with pytest.raises(StoreError, match=r"pip install 'systems-for-ai\[postgres\]'"):
        Store("postgresql://localhost/course")


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("psycopg", reason="no PostgreSQL driver here")
    with pytest.raises(StoreError, match="cannot be reached; check that its server runs") as caught:
        Store(f"postgresql://teacher:secret@/course?host={tmp_path}")
    assert "secret" not in str(caught.value)


@pytest.mark.postgres
def test_a_database_that_is_not_there(postgres_socket: str) -> None:
    with pytest.raises(StoreError, match=r'cannot be reached.*"nothing" does not exist'):
        Store(f"postgresql://postgres@/nothing?host={postgres_socket}")


def test_damaged_files_are_noticed(tmp_path: Path, sqlite_url: str) -> None:
    _filled(sqlite_url)
    with closing(sqlite3.connect(tmp_path / "store.sqlite")) as other:
        other.execute("UPDATE blobs SET data = x'00' WHERE size > 0")
        other.commit()
    with Store(sqlite_url) as store, pytest.raises(StoreError, match="damaged in the store"):
        store.files(attempt().digest)


def test_the_default_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AUTOGRADER_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert default_url("sai") == f"sqlite:///{tmp_path}/data/autograder/sai/store.sqlite"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_url("sai") == f"sqlite:///{tmp_path}/.local/share/autograder/sai/store.sqlite"
    monkeypatch.setenv("AUTOGRADER_STORE", "postgresql://host/db")
    assert default_url("sai") == "postgresql://host/db"
