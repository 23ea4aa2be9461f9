"""Each claim of a proof fails on a lab that violates it, and on no other."""

from dataclasses import replace

import pytest

from autograder.course import load_lab
from autograder.model import Status
from autograder.verify import Mark, conclude, plan
from tests.unit.verify import toy
from tests.unit.verify.toy import BODY, HIDDEN, SOLUTION, add_mutant, claims, edit, proof_of


def test_a_sound_lab_is_proven(root):
    proof = proof_of(root)
    assert [f"{f.claim}: {f.detail}" for f in proof.findings if not f.holds] == []
    assert [f.claim for f in proof.findings] == [
        *("solution", "starter", "fresh", "deterministic", "hostile"),
        *("exercise double", "exercise triple", "mutant double_adds", "mutant triple_adds"),
    ]
    (double, triple) = proof.fates
    assert double.marks == {"double": Mark.HIDDEN, "triple": Mark.UNTOUCHED}
    assert double.killed_by == {"double": "test_double"}
    assert (double.passes_public, double.unseen) == (True, ("double",))
    assert triple.killed_by == {"triple": "test_triple"}


@pytest.mark.parametrize("name", ["double", "triple"])
def test_a_solution_that_loses_a_point_is_found_bonus_too(root, name):
    factor = {"double": 2, "triple": 3}[name]
    edit(root, SOLUTION, f"return {factor} * x", f"return {factor} * x if x != 1 else 0")
    solution = claims(root)["solution"]
    assert not solution.holds
    assert f"secret 3: test_{name}_of_one" in solution.detail


def test_a_starter_that_earns_is_found(root):
    edit(root, HIDDEN, BODY, '    student.observe("double", x)\n')
    found = claims(root)
    assert found["solution"].holds
    assert not found["starter"].holds
    assert "earns points under secret 1: test_double" in found["starter"].detail


def test_a_mutant_that_survives_is_found(root):
    add_mutant(root, "m", "x * 2")
    mutant = claims(root)["mutant m"]
    assert (mutant.holds, mutant.detail) == (False, "survives double")


def test_a_mutant_that_only_public_tests_kill_is_found(root):
    add_mutant(root, "m", "2 * x if x != 1 else 0")
    mutant = claims(root)["mutant m"]
    assert (mutant.holds, mutant.detail) == (False, "is killed by public tests alone in double")
    assert mutant.killers == ("test_double_of_one",)


def test_a_mutant_that_spills_is_found(root):
    mutant = root / "labs/sums/mutants/double_adds.toml"
    mutant.write_text(
        mutant.read_text() + '[[edit]]\nfile = "answer.py"\nfind = "3 * x"\nreplace = "0"\n'
    )
    found = claims(root)["mutant double_adds"]
    assert (found.holds, found.detail) == (False, "loses in triple, which it may not")


def test_what_builds_on_the_mutated_part_may_lose_too(root):
    add_mutant(root, "m", "5 / 0", '"double", "triple"]\nmay_lose = ["triple"')
    assert claims(root)["mutant m"].detail == "survives triple"
    add_mutant(root, "m", "5 / 0", '"double"]\nmay_lose = ["triple"')
    assert claims(root)["mutant m"].holds


def test_an_exercise_needs_a_mutant_that_public_tests_let_pass(root):
    add_mutant(root, "double_adds", "7 * x")
    found = claims(root)
    assert found["mutant double_adds"].holds
    assert not found["exercise double"].holds
    assert found["exercise triple"].holds


def test_a_stale_starter_is_found(root):
    (root / "starter/sums/answer.py").write_text("def double(x): ...\n")
    found = claims(root)["fresh"]
    assert not found.holds
    assert "answer.py" in found.detail


def test_a_solution_that_is_not_deterministic_is_found(root):
    edit(root, HIDDEN, BODY, '    assert 2 * x <= student.run("double", x) < 2 * x + 1\n')
    edit(root, SOLUTION, "return 2 * x", "import random; return 2 * x + (x > 1) * random.random()")
    found = claims(root)
    assert found["solution"].holds
    assert (found["deterministic"].holds, found["deterministic"].notes) == (False, ("test_double",))


def test_a_test_that_passes_on_hostile_values_is_found(root):
    edit(root, HIDDEN, BODY, '    assert student.run("double", x) in (2 * x, None)\n')
    found = claims(root)["hostile"]
    assert (found.holds, found.notes) == (False, ("test_double passes on None in every call",))
    assert found.detail == found.notes[0]


def test_a_broken_judging_proves_nothing(root):
    planned = plan(load_lab(root, "sums"), toy.template(root))
    broken = (
        replace(result, status=Status.BROKEN, reason="disk full")
        for result in toy.Here().run(planned.jobs)
    )
    found = {f.claim: f for f in conclude(planned, broken).findings}
    assert [claim for claim, f in found.items() if f.holds] == ["fresh"]
    assert found["mutant double_adds"].detail == "disk full"


def test_a_part_of_a_lab_can_be_proven(root):
    claims = [finding.claim for finding in proof_of(root, "triple").findings]
    assert claims[5:] == ["exercise triple", "mutant triple_adds"]
    planned = plan(load_lab(root, "sums"), toy.template(root), ["triple"])
    assert {job.exercises for job in planned.jobs} == {("triple",)}
