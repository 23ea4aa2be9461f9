"""What an executor is, whichever machine it uses."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from autograder.model import Job, Result
from autograder.plugins import load

EXECUTORS = {"local": "autograder.executor.local:LocalExecutor"}


class Executor(Protocol):
    """Decides where jobs are judged."""

    def run(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """Judge `jobs`, taken one by one as places get free; yield results in any order.

        Every job has one result: what our own failures leave unjudged is `broken`, with a reason.

        Raises:
            CourseError: the author's mistake, found while judging.
            UsageError: a job names a sandbox or device that does not exist.
        """


def executor(name: str, workers: int) -> Executor:
    """Return the executor `name` with `workers` places. Raises UsageError for an unknown name."""
    found: Executor = load("executor", EXECUTORS, name)(workers)
    return found
