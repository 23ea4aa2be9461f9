"""Judges a job and tells what was observed, so that two runs can be compared bit for bit."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.box import wire
from autograder.course import load_lab
from autograder.errors import InfraError
from autograder.judge.grade import opened, part_of, plugin_for, result_of, unjudged
from autograder.judge.scoring import Case
from autograder.judge.subject import Reference, Student
from autograder.judge.suite import run_suite
from autograder.judge.trial import current_trial
from autograder.model import Job, Observation, Result, Status
from autograder.verify.recorder import Recorder


@dataclass(frozen=True)
class Watch(Job):
    """A job to be judged by `watch`."""


@dataclass(frozen=True)
class Watched(Result):
    """A result that remembers what was observed."""

    seen: Mapping[str, str] = field(default_factory=dict)  # test -> digest of all its calls said


def watch(job: Watch) -> Result:
    """Judge `job` as `grade` does; time and memory are no part of what is remembered.

    Raises:
        CourseError: the lab is wrong.
    """
    lab = load_lab(Path(job.course), job.lab)
    said: dict[int, list[bytes]] = defaultdict(list)

    def keep(seen: Observation) -> None:
        said[id(current_trial())].append(wire.encode([seen.outcome.value, seen.value]))

    try:
        with opened(job, lab) as boxes:
            student = Student(Recorder(boxes.student, keep))
            reference = Reference(boxes.reference, boxes.uncached)
            plugin = plugin_for(job, lab, lambda: student, reference)
            run_suite(part_of(lab, job), plugin)
    except InfraError as failure:
        return unjudged(job, part_of(lab, job), Status.BROKEN, str(failure))
    result = result_of(job, part_of(lab, job), plugin.cases)
    seen = {name: _digest(cases, said) for name, cases in plugin.cases.items()}
    return Watched(**vars(result), seen=seen)


def _digest(cases: list[Case], said: Mapping[int, list[bytes]]) -> str:
    total = hashlib.sha256()
    for trial, verdict in cases:
        total.update(f"{verdict.outcome} {verdict.fraction!r}".encode())
        for data in said.get(id(trial), []):
            total.update(hashlib.sha256(data).digest())
    return total.hexdigest()
