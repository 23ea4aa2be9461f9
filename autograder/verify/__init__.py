"""Proves that a lab's tests bite: the solution passes, the starter does not, no mutant survives."""

from autograder.verify.finding import Fate, Finding, Mark, Proof
from autograder.verify.mutants import Mutant, load_mutants, mutate
from autograder.verify.plan import Plan, plan
from autograder.verify.proof import conclude

__all__ = [
    "Fate",
    "Finding",
    "Mark",
    "Mutant",
    "Plan",
    "Proof",
    "conclude",
    "load_mutants",
    "mutate",
    "plan",
]
