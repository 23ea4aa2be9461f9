"""The ledger names a proof for each lab as its mutants and exercises are now.

Nothing is judged here: `make stale`, which CI runs, proves what changed since.
"""

from pathlib import Path

import pytest

from autograder.course import load_course, load_lab
from autograder.verify import load_mutants
from autograder.verify.ledger import read_ledger

ROOT = Path(__file__).parents[2]
LABS = load_course(ROOT).lab_ids
LEDGER = read_ledger(ROOT)


@pytest.fixture(params=LABS)
def lab(request):
    return load_lab(ROOT, request.param)


def test_the_ledger_knows_the_labs_of_the_course():
    assert sorted(LEDGER) == sorted(LABS)


def test_every_mutant_was_killed_by_a_hidden_test_in_each_exercise_that_must_notice(lab):
    killed = {name: set(known["killed_by"]) for name, known in LEDGER[lab.id].mutants.items()}
    assert killed == {mutant.name: set(mutant.must_lose) for mutant in load_mutants(lab)}


def test_the_tests_that_killed_are_hidden_tests_of_their_exercise(lab):
    hidden = {(test.exercise, test.name) for test in lab.tests if test.hidden}
    killers = {
        killer for known in LEDGER[lab.id].mutants.values() for killer in known["killed_by"].items()
    }
    assert killers <= hidden


def test_hidden_tests_of_every_exercise_see_more_than_its_public_ones(lab):
    seen = {id for known in LEDGER[lab.id].mutants.values() for id in known["unseen"]}
    assert seen == {exercise.id for exercise in lab.exercises}


def test_the_counts_are_those_of_today(lab):
    hidden = sum(test.hidden for test in lab.tests)
    known = LEDGER[lab.id]
    assert (known.public_tests, known.hidden_tests) == (len(lab.tests) - hidden, hidden)
