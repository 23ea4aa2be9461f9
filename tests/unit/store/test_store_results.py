import json
from dataclasses import replace

import pytest

from autograder.errors import UsageError
from autograder.model import DeviceRun, Result, Row, Status, digest_of
from autograder.store import Store
from autograder.store.codec import from_document, to_document
from tests.unit.store.samples import FILES, attempt, result

TERMS = (digest_of(FILES), "lab1", "sha256:lab", "1f0c", "namespace", "virtual")


def test_a_result_comes_back_equal(store: Store) -> None:
    given = result()
    found = store.result(store.record_result(given))
    assert found == given
    assert isinstance(found.status, Status)
    assert found.exercises[0].tests[0].counters == {"calls": 3, "seconds": 0.25}


def test_what_a_real_device_did_comes_back_equal(store: Store) -> None:
    run = DeviceRun("test_k", "a.py", "k", "NVIDIA H200", 2e-5, 1e-5, None, "a note", "more")
    given = replace(result(), device="gpu", device_runs=(run,))
    assert store.result(store.record_result(given)) == given


def test_a_result_from_before_there_were_devices_is_read() -> None:
    document = json.loads(to_document(result()))
    del document["device_runs"]
    assert from_document(json.dumps(document)) == result()


def test_an_unknown_id_is_a_usage_error(store: Store) -> None:
    with pytest.raises(UsageError, match="no result 7; there are none yet"):
        store.result(7)
    last = store.record_result(result())
    with pytest.raises(UsageError, match=f"they go up to {last}"):
        store.result(last + 1)


def test_the_newest_result_under_the_same_terms_is_found(store: Store) -> None:
    assert store.find_result(*TERMS) is None
    store.record_result(result())
    newer = result(versions={"python": "3.12"})
    store.record_result(newer)
    assert store.find_result(*TERMS) == newer


@pytest.mark.parametrize("place", range(len(TERMS)))
def test_a_result_under_other_terms_is_not_found(sqlite_url: str, place: int) -> None:
    with Store(sqlite_url) as store:
        store.record_result(result())
        other = [*TERMS[:place], "another", *TERMS[place + 1 :]]
        assert store.find_result(*other) is None


def test_a_broken_result_is_never_found_again(store: Store) -> None:
    graded = result()
    store.record_result(graded)
    store.record_result(result(status=Status.BROKEN, exercises=()))
    assert store.find_result(*TERMS) == graded


def test_rows_pair_each_attempt_with_the_newest_result(store: Store) -> None:
    ada = store.record_attempt(attempt())
    bob = store.record_attempt(attempt(student="bob"))
    store.record_attempt(attempt({"a.py": b""}, student="eve"))
    store.record_result(result())
    newer = result(seed_epoch="2222")
    store.record_result(newer)
    store.record_result(result(lab="lab2"))
    assert store.rows("lab1") == [Row(ada, newer, 2), Row(bob, newer, 2)]
    assert store.rows("lab1", student="bob") == [Row(bob, newer, 2)]
    assert [a.student for a in store.unjudged("lab1")] == ["eve"]


def test_a_rejected_attempt_has_a_row_of_its_own_reason(store: Store) -> None:
    store.record_attempt(attempt({}, rejected="a zip bomb"))
    store.record_attempt(attempt({}, student="bob", rejected="encrypted"))
    store.record_attempt(attempt({}, student="eve"))
    missing = result({})
    store.record_result(missing)
    told = [(row.result.status, row.result.reason) for row in store.rows("lab1")]
    assert told == [
        (Status.REJECTED, "a zip bomb"),
        (Status.REJECTED, "encrypted"),
        (Status.GRADED, None),
    ]
    assert store.unjudged("lab1") == []


def test_a_recorded_rejection_is_nobody_elses_result(store: Store) -> None:
    rejection: Result = replace(result({}), status=Status.REJECTED, reason="a zip bomb")
    store.record_result(rejection)
    store.record_attempt(attempt({}))
    assert store.rows("lab1") == []
    assert store.find_result(digest_of({}), *TERMS[1:]) is None
    assert len(store.unjudged("lab1")) == 1
