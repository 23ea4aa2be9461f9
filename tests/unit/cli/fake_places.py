"""Where the commands of these tests judge: at once, by what the handed-in file says."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.course import load_lab
from autograder.course.secret import seed_epoch
from autograder.errors import InfraError
from autograder.model import ExerciseScore, Job, Needs, Outcome, Result, Status, TestReport

JUDGED: list[Job] = []  # in the order they were judged
VERSIONS = {"autograder": "0"}  # of whatever is judged
COUNTERS: dict[str, float] = {}  # of each test
IMAGES = {"sha256:kept"}  # on this machine


class OpenField:
    """A sandbox that can be had everywhere; nothing is run in it."""

    def available(self) -> str | None:
        return None

    def versions(self, needs: Needs) -> dict[str, str]:
        if needs.image not in IMAGES:
            raise InfraError(f"the image {needs.image} is not on this machine")
        return {"image": needs.image}


class NoWall(OpenField):
    """A sandbox that cannot be had."""

    def available(self) -> str | None:
        return "bubblewrap is missing: apt-get install bubblewrap"


class Instant:
    """An executor that gives each exercise the fraction that ``answer.py`` names."""

    def __init__(self, workers: int) -> None:
        pass

    def run(self, jobs: Iterable[Job]) -> Iterator[Result]:
        for job in jobs:
            JUDGED.append(job)
            yield _judge(job)


class Interrupted(Instant):
    """One that somebody stops after the first result."""

    def run(self, jobs: Iterable[Job]) -> Iterator[Result]:
        results = super().run(jobs)
        yield next(results)
        raise KeyboardInterrupt


class Faulty(Instant):
    """One with a defect."""

    def run(self, jobs: Iterable[Job]) -> Iterator[Result]:
        raise ValueError("a defect")


def _judge(job: Job) -> Result:
    lab = load_lab(Path(job.course), job.lab)
    lines = job.files.get("answer.py", b"0").decode().splitlines()
    said = next(line for line in lines if not line.startswith("#"))
    broken = said == "broken"
    fraction = 0.0 if broken else float(said)
    outcome = Outcome.PASS if fraction == 1 else Outcome.BROKEN if broken else Outcome.WRONG
    exercises = tuple(
        ExerciseScore(e.id, e.title, e.points, e.bonus, (_report(lab, e.id, fraction, outcome),))
        for e in lab.exercises
    )
    return Result(
        lab=lab.id,
        digest=job.digest,
        lab_digest=lab.digest,
        seed_epoch=seed_epoch(job.secret),
        sandbox=job.sandbox,
        device=job.device,
        versions=dict(VERSIONS),
        status=Status.BROKEN if broken else Status.GRADED,
        reason="the disk is full" if broken else None,
        exercises=exercises,
    )


def _report(lab, exercise: str, fraction: float, outcome: Outcome) -> TestReport:
    test = next(t for t in lab.tests if t.exercise == exercise)
    score = round(fraction * test.points, 6)
    counters = dict(COUNTERS)
    return TestReport(
        test.name, test.title, outcome, score, test.points, test.hidden, counters=counters
    )
