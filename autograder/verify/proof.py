"""The proof of a lab: plan the judging, judge, and read the claims from what came of it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.course import check_starter
from autograder.model import Result
from autograder.verify.claims import (
    deterministic,
    fresh,
    full_marks,
    hostile,
    judged,
    no_marks,
    sees_more,
    unproven,
)
from autograder.verify.digest import proof_digest
from autograder.verify.fate import fate_of, finding_of
from autograder.verify.finding import Fate, Finding, Proof
from autograder.verify.mutants import Mutant
from autograder.verify.plan import SECRETS, Plan


def conclude(plan: Plan, results: Iterable[Result]) -> Proof:
    """Return the proof that `results`, of all jobs of `plan`, amount to.

    Raises:
        CourseError: the starter cannot be generated.
    """
    by_key = {result.digest: result for result in results}
    fates, mutants = [], []
    for mutant in plan.mutants:
        fate, finding = _mutant(mutant, by_key[f"mutant {mutant.name}"], plan)
        fates += [fate] if fate else []
        mutants.append(finding)
    exercises = [sees_more(id, fates) for id in plan.exercises]
    findings = (*_basics(plan, by_key), *exercises, *mutants)
    return Proof(plan.lab.id, proof_digest(plan.lab), findings, tuple(fates))


def _basics(plan: Plan, by_key: dict[str, Result]) -> Iterator[Finding]:
    secrets = range(1, len(SECRETS) + 1)
    yield full_marks([by_key[f"solution {n}"] for n in secrets])
    yield no_marks([by_key[f"starter {n}"] for n in secrets])
    yield fresh(check_starter(_root(plan), plan.lab.id))
    yield deterministic(by_key["solution 1"], by_key["solution again"])
    yield hostile({id: by_key[f"hostile {id}"] for id in plan.exercises})


def _mutant(mutant: Mutant, result: Result, plan: Plan) -> tuple[Fate | None, Finding]:
    if not judged(result):
        return None, unproven(f"mutant {mutant.name}", result)
    fate = fate_of(mutant, result, plan.exercises)
    return fate, finding_of(mutant, fate, result)


def _root(plan: Plan) -> Path:
    return plan.lab.path.parents[1]
