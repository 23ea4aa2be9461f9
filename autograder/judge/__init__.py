"""The judge: runs a lab's tests against one submission, outside the box.

The names exported here are for authors of tests.
"""

from autograder.judge.author import award, case, exercise
from autograder.judge.compare import assert_close, assert_equal
from autograder.judge.launched import assert_near, orders, performed, rung, unwritten
from autograder.judge.oracle import oracle
from autograder.judge.paired import paired_ratio
from autograder.judge.subject import CallFailed, Reference, Student
from autograder.model import Observation, Outcome

__all__ = [
    "CallFailed",
    "Observation",
    "Outcome",
    "Reference",
    "Student",
    "assert_close",
    "assert_equal",
    "assert_near",
    "award",
    "case",
    "exercise",
    "oracle",
    "orders",
    "paired_ratio",
    "performed",
    "rung",
    "unwritten",
]
