"""Judges one job: the whole function that travels to a worker."""

import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from autograder import __version__
from autograder.box.base import Sandbox, sandbox
from autograder.course import load_lab
from autograder.course.secret import seed_epoch
from autograder.course.tree import files_under
from autograder.errors import InfraError
from autograder.judge.cached import CachedCalls, cache_folder
from autograder.judge.keeper import BoxKeeper
from autograder.judge.plugin import JudgePlugin
from autograder.judge.scoring import Case, scores
from autograder.judge.subject import Reference, Student
from autograder.judge.suite import run_suite
from autograder.judge.trial import Trial
from autograder.judge.verdict import Verdict
from autograder.model import ExerciseScore, Job, Lab, Needs, Outcome, Result, Status
from autograder.model.patterns import matches


def grade(job: Job) -> Result:
    """Run the tests of the job's lab against its files and return what they earned.

    Raises:
        CourseError: the lab is wrong.
    """
    lab = load_lab(Path(job.course), job.lab)
    absent = [p for p in lab.required if not any(matches([p], name) for name in job.files)]
    if absent:
        return _result(job, lab, scores(lab, _all_missing(lab, absent)))
    try:
        return _result(job, lab, scores(lab, _judge(job, lab)))
    except InfraError as failure:
        return unjudged(job, lab, Status.BROKEN, str(failure))


def unjudged(job: Job, lab: Lab, status: Status, reason: str) -> Result:
    """Return the result of a submission that no test saw: rejected, or broken by us."""
    exercises = (ExerciseScore(e.id, e.title, e.points, e.bonus, ()) for e in lab.exercises)
    return _result(job, lab, tuple(exercises), status, reason)


def _judge(job: Job, lab: Lab) -> Mapping[str, list[Case]]:
    walls: Sandbox = sandbox(job.sandbox)
    needs = Needs(lab.packages, (lab.path / "probes.py").read_bytes(), lab.limits)
    solution = files_to_hand_in(lab, lab.solution)
    with BoxKeeper(walls, job.files, needs) as mine, BoxKeeper(walls, solution, needs) as ours:
        student = Student(mine)
        reference = Reference(CachedCalls(ours, cache_folder(), lab.digest), uncached=ours)
        plugin = JudgePlugin(
            lab_id=lab.id,
            tests={test.name for test in lab.tests},
            files=job.files,
            secret=job.secret,
            student=lambda: student,
            reference=lambda: reference,
        )
        run_suite(lab, plugin)
    return plugin.cases


def files_to_hand_in(lab: Lab, folder: Path) -> dict[str, bytes]:
    """Return the files under `folder`, one of the course's own, that a student would hand in."""
    named = {str(name): path for name, path in files_under(folder).items()}
    return {name: path.read_bytes() for name, path in named.items() if matches(lab.files, name)}


def _all_missing(lab: Lab, absent: list[str]) -> dict[str, list[Case]]:
    verdict = Verdict(Outcome.MISSING, 0.0, note=f"{', '.join(absent)} was not handed in")
    return {test.name: [(Trial(), verdict)] for test in lab.tests}


def _result(
    job: Job,
    lab: Lab,
    exercises: tuple[ExerciseScore, ...],
    status: Status = Status.GRADED,
    reason: str | None = None,
) -> Result:
    broken = (t for e in exercises for t in e.tests if t.outcome is Outcome.BROKEN)
    if (first := next(broken, None)) is not None:
        status, reason = Status.BROKEN, f"{first.name}: {first.message}"
    return Result(
        lab=lab.id,
        digest=job.digest,
        lab_digest=lab.digest,
        seed_epoch=seed_epoch(job.secret),
        sandbox=job.sandbox,
        device=job.device,
        versions=versions(lab),
        status=status,
        reason=reason,
        exercises=exercises,
    )


def versions(lab: Lab) -> dict[str, str]:
    """Return the versions that decide a result: ours, Python's, and those of the lab's packages."""
    packages = {name: metadata.version(name) for name in lab.packages}
    return {"autograder": __version__, "python": platform.python_version(), **packages}
