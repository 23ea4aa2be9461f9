"""Judges one job: the whole function that travels to a worker."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from autograder import __version__
from autograder.box import layout
from autograder.box.base import sandbox
from autograder.course import load_lab
from autograder.course.probes import MAIN, read_probes
from autograder.course.secret import seed_epoch
from autograder.course.tree import files_under
from autograder.errors import InfraError
from autograder.judge.cached import CachedCalls, cache_folder
from autograder.judge.calls import Calls
from autograder.judge.keeper import BoxKeeper
from autograder.judge.kept import reference_box
from autograder.judge.kernels import KernelCalls, machine_needs
from autograder.judge.largest import LargestLaunches
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
    part = part_of(lab, job)
    absent = [p for p in lab.required if not any(matches([p], name) for name in job.files)]
    try:
        if absent:
            return result_of(job, part, _all_missing(part, absent))
        with opened(job, lab) as boxes:
            student = Student(boxes.student)
            reference = Reference(boxes.reference, boxes.uncached)
            plugin = plugin_for(job, lab, lambda: student, reference)
            run_suite(part, plugin)
        result = result_of(job, part, plugin.cases, stopped=plugin.stopped)
    except InfraError as failure:
        return unjudged(job, part, Status.BROKEN, str(failure))
    if job.device == "virtual":
        return result
    # Here, not above: it brings the virtual GPU into this process, which most gradings do without.
    from autograder.judge.repeated import repeated

    return repeated(job, lab, result, boxes.largest.chosen(plugin.cases))


def unjudged(job: Job, lab: Lab, status: Status, reason: str) -> Result:
    """Return the result of a submission that no test saw: rejected, or broken by us."""
    exercises = (ExerciseScore(e.id, e.title, e.points, e.bonus, ()) for e in lab.exercises)
    return _result(job, lab, tuple(exercises), {"autograder": __version__}, status, reason)


def part_of(lab: Lab, job: Job) -> Lab:
    """Return what `job` judges of `lab`, under a digest that no judging of the whole lab has."""
    if job.is_whole:
        return lab
    ids = job.exercises or tuple(exercise.id for exercise in lab.exercises)
    return replace(
        lab,
        exercises=tuple(lab.exercise(id) for id in ids),
        tests=tuple(test for id in ids for test in lab.tests if test.exercise == id),
        digest=f"part of {lab.digest}",
    )


class Boxes(NamedTuple):
    """What answers the calls of a lab's tests."""

    student: Calls
    reference: Calls
    uncached: Calls  # the reference, really run
    largest: LargestLaunches  # of the student's kernels; none unless a real device is asked for


@contextmanager
def opened(job: Job, lab: Lab) -> Iterator[Boxes]:
    """Yield what answers for the job's files and for the solution, closed afterwards."""
    layout.keep_private(Path(job.course))
    needs = _needs(lab, job.image)
    machine = machine_needs(lab.limits, job.image)
    solution = files_to_hand_in(lab, lab.solution)
    with (
        BoxKeeper(sandbox(job.sandbox), job.files, needs) as mine,
        reference_box(job.sandbox, lab, solution, needs) as kept,
        # One for each: a student who uses up a machine's time uses up their own.
        BoxKeeper(sandbox(job.sandbox), {}, machine) as their_machine,
        BoxKeeper(sandbox(job.sandbox), {}, machine) as our_machine,
    ):
        ours = KernelCalls(kept, solution, our_machine)
        cached = CachedCalls(ours, cache_folder(), lab.digest)
        student = KernelCalls(mine, job.files, their_machine)
        largest = LargestLaunches(student)
        yield Boxes(student if job.device == "virtual" else largest, cached, ours, largest)


def _needs(lab: Lab, image: str) -> Needs:
    probes = read_probes(lab)
    main = probes.pop(MAIN)
    return Needs(
        lab.packages,
        main,
        lab.limits,
        more_probes=probes,
        image=image,
        compilers=lab.compilers,
    )


def plugin_for(
    job: Job, lab: Lab, student: Callable[[], Student], reference: Reference
) -> JudgePlugin:
    """Return the plugin under which the job's tests judge what `student()` answers."""
    return JudgePlugin(
        lab_id=lab.id,
        tests={test.name for test in lab.tests},
        files=job.files,
        secret=job.secret,
        student=student,
        reference=lambda: reference,
        only=None if job.is_whole else [test.name for test in part_of(lab, job).tests],
        stop_early=job.stop_early,
    )


def files_to_hand_in(lab: Lab, folder: Path) -> dict[str, bytes]:
    """Return the files under `folder`, one of the course's own, that a student would hand in."""
    named = {str(name): path for name, path in files_under(folder).items()}
    return {name: path.read_bytes() for name, path in named.items() if matches(lab.files, name)}


def _all_missing(lab: Lab, absent: list[str]) -> dict[str, list[Case]]:
    verdict = Verdict(Outcome.MISSING, 0.0, note=f"{', '.join(absent)} was not handed in")
    return {test.name: [(Trial(), verdict)] for test in lab.tests}


def result_of(
    job: Job, lab: Lab, cases: Mapping[str, list[Case]], *, stopped: bool = False
) -> Result:
    """Return what `cases` earned; of a run that `stopped`, the tests that were run."""
    if stopped:
        lab = replace(lab, tests=tuple(test for test in lab.tests if test.name in cases))
    return _result(job, lab, scores(lab, cases), versions(job, lab))


def _result(
    job: Job,
    lab: Lab,
    exercises: tuple[ExerciseScore, ...],
    versions: Mapping[str, str],
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
        versions=versions,
        status=status,
        reason=reason,
        exercises=exercises,
    )


def versions(job: Job, lab: Lab) -> dict[str, str]:
    """Return the versions that decide a result: ours, and those of the place where code runs.

    Raises:
        InfraError: that place cannot be had.
    """
    needs = Needs(lab.packages, probes=b"", image=job.image, compilers=lab.compilers)
    inside = sandbox(job.sandbox).versions(needs)
    return {"autograder": __version__, **inside}
