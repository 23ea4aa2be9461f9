"""The judge and its boxes: grade an attack, then an honest submission, in the same process."""

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from autograder.box import janitor
from autograder.course import load_lab
from autograder.inbox import collect
from autograder.judge.grade import grade
from autograder.model import Attempt, Job, Result, Row, Status, digest_of
from autograder.report import student_view
from tests.attacks import containment
from tests.attacks.archives import build
from tests.attacks.attack import COURSE, SECRET, Attack, honest
from tests.attacks.surroundings import (
    Surroundings,
    descendants,
    end,
    names_of,
    surroundings,
    traces,
)
from tests.attacks.walls import weakened_sandbox

_COURSE_SECRET = b"a secret of thirty-two bytes....."


@dataclass
class Findings:
    """What came of an attack on a grader."""

    score: float = 0.0  # of the attack, or of its accomplice
    unchanged: float = 0.0  # what the lab is worth
    outcomes: list[str] = field(default_factory=list)  # of the tests that were not missing
    status: str = ""
    honest: float = 1.0  # share of the points that the next, honest submission got
    leaked: bool = False  # the student's report holds what only hidden tests know
    left: list[str] = field(default_factory=list)  # files and processes

    def faults(self, attack: Attack) -> list[str]:
        """What is not as it must be against a real box."""
        status = attack.real.get("status", Status.GRADED)
        wanted = self.unchanged if attack.real.get("score") == "unchanged" else 0.0
        foul = sorted(set(self.outcomes) - {*attack.real["outcomes"], "missing"})
        return [
            text
            for wrong, text in (
                (self.status != status, f"the status is {self.status}"),
                (self.score != wanted, f"scored {self.score:g} instead of {wanted:g}"),
                (foul, f"outcomes not expected: {foul}"),
                (self.leaked, "the student's report holds the secret"),
                (self.honest != 1, f"the honest submission got {self.honest:.0%}"),
                (self.left, f"left behind: {self.left}"),
            )
            if wrong
        ]


def attacked(attack: Attack, sandbox: str) -> Findings:
    """Grade `attack` in `sandbox`, then the honest submission for the same lab."""
    containment.require()
    if sandbox == "docker":
        janitor.hire()  # stays, as long as this process does
    with surroundings("real") as around:
        before = descendants()
        if attack.archive:
            found = _handed_in(attack, sandbox, around)
        else:
            found = _grade(attack, sandbox, around, "real")
        result = _judge(attack.lab, honest(attack.lab), sandbox)
        found.honest = result.score / result.max_score
        after = descendants() - before
        found.left = names_of(after) + traces(around)
        if sandbox == "docker":
            found.left += janitor.left_behind()
        end(after)
        return found


def succeeds_in_weakened_box(attack: Attack) -> bool:
    """Whether `attack` earns points, or leaves a process, where its wall is left out."""
    containment.require()
    with (
        surroundings("weak") as around,
        weakened_sandbox(attack, around.mark) as sandbox,
    ):
        before = descendants()
        try:
            found = _grade(attack, sandbox, around, "weak")
            if attack.weakened.get("proof") == "survivor":
                return any(name.startswith("ag-") for name in names_of(descendants() - before))
            return found.score > 0
        finally:
            end(descendants() - before)


def _grade(attack: Attack, sandbox: str, around: Surroundings, side: str) -> Findings:
    numbers = {name: str(value) for name, value in attack.set.get(side, {}).items()}
    shown, results = "", []
    for round in range(attack.real.get("attempts", 1)):
        more = {"REPORT": shown, "ROUND": str(round)}
        results.append(_judge(attack.lab, attack.files(around.tokens | numbers | more), sandbox))
        shown = _shown(attack.lab, results[-1])
    result = max(results, key=lambda result: result.score)
    if (attack.folder / "then").is_dir():
        result = _judge(attack.lab, attack.files(around.tokens, "then"), sandbox)
    return _findings(result, shown)


def _findings(result: Result, shown: str) -> Findings:
    tests = [test for exercise in result.exercises for test in exercise.tests]
    return Findings(
        score=result.score,
        unchanged=result.max_score,
        outcomes=sorted({str(test.outcome) for test in tests}),
        status=result.status if result.reason is None else f"{result.status}: {result.reason}",
        leaked=SECRET in shown,
    )


def _handed_in(attack: Attack, sandbox: str, around: Surroundings) -> Findings:
    """Collect the archive of `attack`; grade what the inbox accepts of it."""
    assert attack.archive
    path = build(attack.archive, around.mark / "mine.zip", around.mark)
    lab = load_lab(COURSE, attack.lab)
    (attempt,) = collect(lab, [path], now=datetime.now(UTC))
    path.unlink()
    if attempt.rejected:
        return Findings(status=Status.REJECTED, unchanged=lab.max_score)
    return _findings(_judge(attack.lab, dict(attempt.files), sandbox), "")


def _judge(lab: str, files: dict[str, bytes], sandbox: str) -> Result:
    return grade(
        Job(str(COURSE), lab, digest_of(files), files, secret=_COURSE_SECRET, sandbox=sandbox)
    )


def _shown(lab_id: str, result: Result) -> str:
    """All that the student is shown, as one text."""
    attempt = Attempt("somebody", lab_id, "", datetime.now(UTC), True, result.digest, number=1)
    lab = load_lab(COURSE, lab_id)
    return json.dumps(student_view(lab, Row(attempt, result)))


def as_text(found: Findings) -> str:
    """One line that `from_text` understands."""
    return json.dumps(asdict(found))


def from_text(line: str) -> Findings:
    """The findings that `as_text` wrote."""
    return Findings(**json.loads(line))
