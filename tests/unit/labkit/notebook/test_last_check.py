"""What is remembered of checks, from one to the next."""

import pytest

from labkit.notebook.last_check import recall, remember


def checked(**exercises):
    """A document of `autograder check`, outcomes by exercise."""
    tests = [{"exercise": id, "outcome": o} for id, seen in exercises.items() for o in seen]
    return {"tests": tests}


def test_an_exercise_shows_how_many_passed_and_what_went_wrong_first(tmp_path):
    remember(tmp_path, checked(add=["pass", "wrong", "crashed"], mul=["pass"]))
    found = recall(tmp_path)
    assert {name: found["add"][name] for name in ("tests", "passed", "outcome")} == {
        "tests": 3,
        "passed": 1,
        "outcome": "wrong",
    }
    assert found["mul"]["outcome"] == "pass"


def test_a_check_of_one_exercise_leaves_the_others(tmp_path):
    remember(tmp_path, checked(add=["wrong"], mul=["wrong"]))
    remember(tmp_path, checked(mul=["pass"]))
    assert {id: one["outcome"] for id, one in recall(tmp_path).items()} == {
        "add": "wrong",
        "mul": "pass",
    }


DAMAGED = ["", "[]", '{"add": 1}', '{"add": {"outcome": {}}}', "\x00", "[" * 100_000]


@pytest.mark.parametrize("text", DAMAGED)
def test_what_is_damaged_is_as_good_as_nothing(tmp_path, text):
    (tmp_path / ".labkit").mkdir()
    (tmp_path / ".labkit/last-check.json").write_text(text)
    assert recall(tmp_path) == {}
    remember(tmp_path, checked(add=["pass"]))
    assert list(recall(tmp_path)) == ["add"]


def test_where_nothing_can_be_written_a_check_goes_on(tmp_path):
    (tmp_path / ".labkit").write_text("a file in the way")
    remember(tmp_path, checked(add=["pass"]))
    assert recall(tmp_path) == {}
