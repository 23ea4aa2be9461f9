"""An oracle is asked once for each question, and nobody can spoil its answers."""

import numpy as np
import pytest

from autograder.box.wire import WireError
from autograder.errors import CourseError
from autograder.judge.marked import refuse_marked
from autograder.judge.oracle import oracle


@pytest.fixture
def asked():
    return []


@pytest.fixture
def square(asked):
    @oracle
    def square(x, *, scale=1.0):
        asked.append(x)
        if scale < 0:
            raise ValueError("no such scale")
        return {"all": scale * x**2, "seen": [len(asked)]}

    return square


def test_each_question_is_asked_once(square, asked):
    for _ in range(3):
        assert square(np.arange(3.0))["all"].tolist() == [0.0, 1.0, 4.0]
    assert len(asked) == 1


def test_other_arguments_are_another_question(square, asked):
    questions = [(np.arange(3.0), {}), (np.arange(3), {}), (np.arange(3.0), {"scale": 2.0})]
    questions += [(np.zeros((3, 1)), {}), (np.zeros((1, 3)), {})]
    answers = [square(x, **more)["all"] for x, more in questions]
    assert len(asked) == len(questions)
    assert [a.shape for a in answers] == [(3,), (3,), (3,), (3, 1), (1, 3)]
    assert answers[2].tolist() == [0.0, 2.0, 8.0]


def test_an_answer_changed_by_a_test_is_the_same_for_the_next(square):
    first = square(np.arange(3.0))
    first["all"][:] = 7.0
    first["seen"].append(2)
    assert square(np.arange(3.0))["seen"] == [1]
    assert square(np.arange(3.0))["all"].tolist() == [0.0, 1.0, 4.0]


def test_an_answer_never_travels_to_a_student(square):
    with pytest.raises(CourseError):
        refuse_marked("probe", [square(np.arange(3.0))["all"] + 1])


def test_what_it_raises_is_raised_again(square, asked):
    for _ in range(2):
        with pytest.raises(ValueError, match="no such scale"):
            square(np.arange(3.0), scale=-1.0)
    assert len(asked) == 2


def test_only_plain_data(square):
    with pytest.raises(WireError):
        square(object())
