"""Replays every test with hostile values in place of the student's: none may pass, none may break.

The solution's own observations are recorded once, call by call. Then the test runs again and again
from the record, in which every value, or the value of one call alone, is made hostile.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import pytest
from _pytest.runner import runtestprotocol

from autograder.course import load_lab
from autograder.errors import InfraError
from autograder.judge.calls import Calls
from autograder.judge.grade import opened, part_of, plugin_for, result_of, unjudged
from autograder.judge.plugin import JudgePlugin, fresh_trial, name_of
from autograder.judge.subject import Reference, Student
from autograder.judge.suite import run_suite
from autograder.judge.verdict import Verdict
from autograder.model import Job, Observation, Outcome, Result, Status
from autograder.verify.recorder import Recorder
from autograder.verify.remembered import Remembered
from autograder.verify.tape import Player, Take, Way, ways

CPU_SECONDS = 5.0  # of one replay: a test that needs more hangs on what it was given


@dataclass(frozen=True)
class Replay(Job):
    """A job to be judged by `replay`: its files are the solution's."""


@dataclass(frozen=True)
class Replayed(Result):
    """The genuine result, and what the replays came to."""

    replays: int = 0
    slips: tuple[str, ...] = ()  # what passed, earned or broke, one line each


class Hung(BaseException):
    """A replay used up its time. No Exception, so that no test catches it."""


def replay(job: Replay) -> Result:
    """Judge `job`, and replay each of its tests that pass.

    Raises:
        CourseError: the lab is wrong.
    """
    lab = load_lab(Path(job.course), job.lab)
    part = part_of(lab, job)
    try:
        with opened(job, lab) as boxes:
            reference = Reference(Remembered(boxes.reference), Remembered(boxes.uncached))
            plugin = plugin_for(job, lab, lambda: Student(stage.calls), reference)
            stage = _Stage(plugin, boxes.student)
            run_suite(part, plugin, stage)
    except InfraError as failure:
        return unjudged(job, part, Status.BROKEN, str(failure))
    result = result_of(job, part, plugin.cases)
    return Replayed(**vars(result), replays=stage.replays, slips=tuple(stage.slips))


class _Stage:
    """Pytest plugin that runs each case once as it is, then in every hostile way.

    `calls` answers for the student in the run that is going on.
    """

    def __init__(self, plugin: JudgePlugin, student: Calls) -> None:
        self.calls = student
        self.replays = 0
        self.slips: list[str] = []
        self._plugin = plugin
        self._student = student

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        takes: list[Take] = []

        def keep(seen: Observation) -> None:
            takes.append(Take.of(seen))

        self.calls = Recorder(self._student, keep)
        with fresh_trial(item):
            runtestprotocol(item, log=False, nextitem=nextitem)
        booked = self._plugin.cases.get(name_of(item), [])
        if booked and booked[-1][1].fraction == 1:
            for way in ways(takes):
                self._replay(item, nextitem, takes, way)
        return True

    def _replay(
        self, item: pytest.Item, nextitem: pytest.Item | None, takes: list[Take], way: Way
    ) -> None:
        self.replays += 1
        self.calls = Player(takes, way)
        if slip := self._run(item, nextitem, way):
            self.slips.append(f"{item.name} {slip} on {way.told(len(takes))}")

    def _run(self, item: pytest.Item, nextitem: pytest.Item | None, way: Way) -> str:
        """Run one replay; return what is wrong with how it ended, if anything is."""
        booked = self._plugin.cases[name_of(item)]
        genuine = len(booked)
        try:
            with _bell() as rung, fresh_trial(item):
                runtestprotocol(item, log=False, nextitem=nextitem)
        except (Hung, pytest.exit.Exception) as escaped:
            return "hangs" if isinstance(escaped, Hung) else f"ends the whole run ({escaped})"
        else:
            return "hangs" if rung else _slip(booked[-1][1], way)
        finally:
            del booked[genuine:]


def _slip(judged: Verdict, way: Way) -> str:
    """Return what is wrong with a replay's verdict.

    Where one call alone is hostile, a ladder may keep what the others earned, but not everything.
    """
    if judged.outcome is Outcome.BROKEN:
        return f"breaks ({judged.message.partition(chr(10))[0]})"
    if judged.fraction == 1:
        return "passes"
    return f"earns {judged.fraction:g}" if judged.fraction and way.call is None else ""


@contextmanager
def _bell() -> Iterator[list[int]]:
    """Raise Hung in the body when it has used its CPU time; the list given then says so."""
    rung: list[int] = []

    def ring(number: int, frame: FrameType | None) -> None:
        rung.append(number)
        raise Hung

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS, CPU_SECONDS)
    try:
        yield rung
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
