"""Judges on this machine, in worker processes."""

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from autograder.course import load_lab
from autograder.errors import AutograderError, InfraError
from autograder.executor.worker import Answer, serve
from autograder.model import Job, Result, Status

_TRIES = 3
_GRACE_SECONDS = 2.0  # for a worker to close its boxes before it is killed


@dataclass(frozen=True)
class _Task:
    job: Job
    tries: int = 0  # that failed so far


@dataclass
class _Worker:
    process: SpawnProcess
    connection: "Connection[Job, Answer]"
    task: _Task | None = None

    def hand(self, task: _Task) -> None:
        """Give the idle worker a task; should it have died meanwhile, `take` tells."""
        self.task = task
        try:
            self.connection.send(task.job)
        except OSError:
            self.process.kill()

    def take(self) -> Answer | None:
        """Return the answer to the task in hand, or None if the process died over it."""
        self.task = None
        try:
            return self.connection.recv()
        except (EOFError, OSError):
            return None


class LocalExecutor:
    """Keeps up to `workers` processes busy, each with one job in hand."""

    def __init__(self, workers: int, grade: str = "autograder.judge.grade:grade") -> None:
        """Judge with the function `grade` (``"module:function"``), imported in the workers only."""
        self._places = max(1, workers)
        self._grade = grade
        self._workers: list[_Worker] = []

    def run(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """See `Executor.run`. A broken job is tried up to three times."""
        fresh = (_Task(job) for job in jobs)
        again: deque[_Task] = deque()
        try:
            while self._hand_out(fresh, again):
                for worker in self._ready():
                    task = worker.task
                    assert task is not None
                    result = self._settle(task, self._collect(worker), again)
                    if result is not None:
                        yield result
        finally:
            _stop(self._workers)
            self._workers.clear()

    def _hand_out(self, fresh: Iterator[_Task], again: deque[_Task]) -> bool:
        """Give every free place a task, while there are any; say whether some place is busy."""
        while sum(w.task is not None for w in self._workers) < self._places:
            task = again.popleft() if again else next(fresh, None)
            if task is None:
                break
            idle = next((w for w in self._workers if w.task is None), None)
            (idle or self._hire()).hand(task)
        return any(w.task is not None for w in self._workers)

    def _ready(self) -> list[_Worker]:
        """Wait until some busy worker has answered or died."""
        busy = {w.connection: w for w in self._workers if w.task is not None}
        return [busy[c] for c in wait(list(busy)) if isinstance(c, Connection)]

    def _hire(self) -> _Worker:
        # Spawned, not forked: a worker starts clean, without this process's threads and open store.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, self._grade), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _collect(self, worker: _Worker) -> Answer:
        answer = worker.take()
        if answer is not None:
            return answer
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.join()
        return InfraError(f"the process that judged it {_end_of(worker.process)}")

    def _settle(self, task: _Task, answer: Answer, again: deque[_Task]) -> Result | None:
        """Return the final result of a task, or None if it is to be tried again."""
        if isinstance(answer, AutograderError) and not isinstance(answer, InfraError):
            raise answer
        if isinstance(answer, Result) and answer.status is not Status.BROKEN:
            return answer
        if task.tries + 1 < _TRIES:
            again.append(_Task(task.job, task.tries + 1))
            return None
        return answer if isinstance(answer, Result) else _broken(task.job, answer)


def _broken(job: Job, error: InfraError) -> Result:
    # Here, not above: the parent of the workers starts faster without pytest and the judge.
    from autograder.judge.grade import unjudged

    lab = load_lab(Path(job.course), job.lab)
    return unjudged(job, lab, Status.BROKEN, f"{error} (tried {_TRIES} times)")


def _end_of(process: SpawnProcess) -> str:
    code = process.exitcode or 0
    if code == -signal.SIGKILL:
        return "was killed (out of memory?)"
    return f"died of {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def _stop(workers: Iterable[_Worker]) -> None:
    """End all worker processes: politely, so that they close their boxes, then by force."""
    for worker in workers:
        worker.connection.close()
        if worker.task is not None:
            worker.process.terminate()
    deadline = time.monotonic() + _GRACE_SECONDS
    for worker in workers:
        worker.process.join(max(0.0, deadline - time.monotonic()))
        worker.process.kill()
        worker.process.join()
