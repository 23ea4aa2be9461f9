import multiprocessing
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, text

from autograder.errors import StoreError
from autograder.model import digest_of
from autograder.store import Store
from autograder.store.location import parsed
from tests.unit.store.samples import FILES, NOON, attempt

OTHER = {"autograd/ops.py": b"print(2)\n"}


def test_a_recorded_attempt_comes_back_equal(store: Store) -> None:
    shanghai = timezone(timedelta(hours=8))
    given = attempt(submitted_at=datetime(2025, 10, 16, 21, 3, tzinfo=shanghai), group="g1")
    recorded = store.record_attempt(given)
    assert recorded == replace(given, number=1)
    assert recorded.files == FILES
    (found,) = store.attempts("lab1")
    assert found == recorded
    assert found.files == {}
    assert found.submitted_at.isoformat() == "2025-10-16T21:03:00+08:00"


def test_files_come_back_as_they_were(store: Store) -> None:
    store.record_attempt(attempt())
    assert store.files(digest_of(FILES)) == FILES


def test_an_attempt_without_files_has_none(store: Store) -> None:
    store.record_attempt(attempt({}))
    assert store.files(digest_of({})) == {}


def test_unknown_files_are_an_error(store: Store) -> None:
    with pytest.raises(StoreError, match="are not in the store; grade the submission again"):
        store.files(digest_of(OTHER))


def test_attempts_are_numbered_for_each_student_and_lab(store: Store) -> None:
    given = [
        attempt(),
        attempt(OTHER),
        attempt(student="bob"),
        attempt(lab="lab2"),
        attempt(student="Bob"),
    ]
    assert [store.record_attempt(a).number for a in given] == [1, 2, 1, 1, 1]


def test_the_same_files_and_source_are_the_same_attempt(store: Store) -> None:
    first = store.record_attempt(attempt())
    again = store.record_attempt(attempt(submitted_at=NOON + timedelta(hours=1)))
    assert again == first
    assert again.files == FILES
    assert len(store.attempts("lab1")) == 1


def test_going_back_to_older_files_is_a_new_attempt(store: Store) -> None:
    numbers = [store.record_attempt(a).number for a in (attempt(), attempt(OTHER), attempt())]
    assert numbers == [1, 2, 3]


def test_another_source_is_another_attempt(store: Store) -> None:
    store.record_attempt(attempt())
    assert store.record_attempt(attempt(source="/inbox/ada.zip")).number == 2


def test_a_known_time_tells_attempts_apart(store: Store) -> None:
    later = NOON + timedelta(seconds=1)
    given = [attempt(submitted_at=t, assumed=False) for t in (NOON, later, NOON)]
    assert [store.record_attempt(a).number for a in given] == [1, 2, 1]
    assert store.record_attempt(attempt(submitted_at=later)).number == 2  # assumed: as the last


def test_rejected_attempts_are_kept_with_their_reason(store: Store) -> None:
    store.record_attempt(attempt({}, rejected="a zip bomb"))
    empty = store.record_attempt(attempt({}))
    assert empty.number == 2  # an empty folder is not the same as a refused one
    assert [a.rejected for a in store.attempts("lab1")] == ["a zip bomb", None]


def test_attempts_of_a_student_or_since_a_time(store: Store) -> None:
    store.record_attempt(attempt())
    store.record_attempt(attempt(student="bob", submitted_at=NOON + timedelta(days=1)))
    since = (NOON + timedelta(hours=1)).astimezone(timezone(timedelta(hours=-5)))
    assert [a.student for a in store.attempts("lab1", since=since)] == ["bob"]
    assert [a.student for a in store.attempts("lab1", since=NOON)] == ["ada", "bob"]
    assert [a.student for a in store.attempts("lab1", student="ada")] == ["ada"]


def test_the_same_content_is_kept_once(store: Store, url: str) -> None:
    store.record_attempt(attempt({"a.py": b"same", "b.py": b"same"}))
    store.record_attempt(attempt({"c.py": b"same"}, student="bob"))
    engine = create_engine(parsed(url))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM blobs")).scalar() == 1
    engine.dispose()


def test_a_wrong_digest_is_not_stored(store: Store) -> None:
    with pytest.raises(ValueError, match="is not that of its files"):
        store.record_attempt(attempt(digest=digest_of(OTHER)))
    assert store.attempts("lab1") == []


def test_a_time_without_zone_is_not_stored(store: Store) -> None:
    with pytest.raises(ValueError, match="time zone"):
        store.record_attempt(attempt(submitted_at=NOON.replace(tzinfo=None)))


def _hand_in(url: str, source: str, count: int) -> None:
    with Store(url) as store:
        for i in range(count):
            # The first file is new to both programs at once, the second differs.
            files = {"a.py": b"%d" % i, "b.py": b"%d %s" % (i, source.encode())}
            store.record_attempt(attempt(files, source=source))


def test_two_graders_at_once_leave_no_gap_and_no_double(url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    graders = [spawn.Process(target=_hand_in, args=(url, s, 20)) for s in ("x", "y", "x")]
    for grader in graders:
        grader.start()
    for grader in graders:
        grader.join(60)
    assert [g.exitcode for g in graders] == [0, 0, 0]
    with Store(url) as store:
        found = store.attempts("lab1")
        assert [a.number for a in found] == list(range(1, len(found) + 1))
        assert len({a.digest for a in found}) == 40
        for one in found:
            assert digest_of(store.files(one.digest)) == one.digest
