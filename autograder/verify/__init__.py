"""Proves that a lab's tests bite: the solution passes, the starter does not, no mutant survives."""

from autograder.verify.mutants import Mutant, load_mutants, mutate
from autograder.verify.proof import Finding, verify

__all__ = ["Finding", "Mutant", "load_mutants", "mutate", "verify"]
