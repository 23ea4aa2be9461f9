"""A lab and rows of submissions as they come from a course, for the tests of the reports."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from autograder.model import (
    Attempt,
    Exercise,
    ExerciseScore,
    Lab,
    Limits,
    Outcome,
    Result,
    Row,
    Status,
    TestReport,
    TestSpec,
    digest_of,
)

SHANGHAI = timezone(timedelta(hours=8))
MIB = 1024 * 1024

EXERCISES = (
    Exercise("broadcasting", "Broadcasting", 6),
    Exercise("elementwise", "Elementwise operations", 10),
    Exercise("reductions", "Reductions", 8),
    Exercise("backward", "The backward engine", 12, device="cpu"),
    Exercise("checkpoint", "Checkpointing", 5, bonus=True),
)

# exercise, name, title, points, hidden, hint
_TESTS = (
    ("broadcasting", "test_examples", "The examples of the handout.", 2, False, "Read 1.1 again."),
    ("broadcasting", "test_pairs", "All pairs of shapes up to four axes.", 3, True,
     "Sum over every axis that was added, then over those of size 1."),
    ("broadcasting", "test_scalar", "A scalar against a matrix.", 1, True,
     "`unbroadcast(g, ())` returns an array of shape `()`."),
    ("elementwise", "test_forward", "Values agree with NumPy.", 3, False, "Compare op by op."),
    ("elementwise", "test_upstream", "Gradients with a random upstream.", 5, True,
     "Multiply by the upstream gradient `g`, also in `Neg`."),
    ("elementwise", "test_same_twice", "The same tensor on both sides: `x * x`.", 2, True,
     "Both inputs get a gradient; they add up."),
    ("reductions", "test_axes", "Negative axes and tuples of axes.", 4, True,
     "Normalise the axes before you use them."),
    ("reductions", "test_logsumexp", "Logits in the thousands do not overflow.", 4, True,
     "Subtract the row maximum before `exp`."),
    ("backward", "test_small_graphs", "Small graphs.", 4, False, "Draw the graph first."),
    ("backward", "test_deep_chain", "A chain of 100 000 operations.", 4, True,
     "A recursive walk runs out of stack: use a list of your own."),
    ("backward", "test_diamonds", "Sixty diamonds in a row.", 4, True,
     "Visit each node once: an engine that walks every path needs 2**60 steps."),
    ("checkpoint", "test_same_gradients", "Same gradients as without.", 5, True,
     "Run the function again in backward."),
)  # fmt: skip

LAB = Lab(
    id="lab1_autograd",
    title="An automatic differentiation engine",
    lectures=("02",),
    files=("autograd/*.py",),
    required=("autograd/*.py",),
    packages=("numpy",),
    limits=Limits(cpu_seconds=10, memory_mb=2048),
    exercises=EXERCISES,
    tests=tuple(
        TestSpec(name, title, exercise, points, hint, hidden, Path("tests/test_lab.py"), 1)
        for exercise, name, title, points, hidden, hint in _TESTS
    ),
    path=Path("labs/lab1_autograd"),
    solution=Path("solutions/lab1_autograd"),
    starter=Path("starter/lab1_autograd"),
    digest="sha256:" + "5e" * 32,
)

Ending = tuple[Outcome, str, str]  # outcome, note, line

WRONG: Ending = (Outcome.WRONG, "", "")
CRASHED: Ending = (
    Outcome.CRASHED, "raised ValueError",
    "autograd/ops.py:42: return np.transpose(g.data, self.axes)",
)  # fmt: skip
TIMEOUT: Ending = (Outcome.TIMEOUT, "used more time than the limit", "")
MEMORY: Ending = (Outcome.MEMORY, "used more memory than the limit", "")
MISSING: Ending = (
    Outcome.MISSING, "not implemented yet",
    'autograd/engine.py:17: raise NotImplementedError("about 12 lines")',
)  # fmt: skip
PARTIAL: Ending = (Outcome.PARTIAL, "", "")
FORBIDDEN: Ending = (Outcome.FORBIDDEN, "uses something this lab does not allow", "")
BROKEN: Ending = (Outcome.BROKEN, "", "")


def report(spec: TestSpec, ending: Ending | None, cpu: float = 0.03) -> TestReport:
    """How `spec` went: None is a pass."""
    outcome, note, line = ending or (Outcome.PASS, "", "")
    fraction = {Outcome.PASS: 1.0, Outcome.PARTIAL: 0.5}.get(outcome, 0.0)
    return TestReport(
        name=spec.name,
        title=spec.title,
        outcome=outcome,
        score=spec.points * fraction,
        max_score=spec.points,
        hidden=spec.hidden,
        hint=spec.hint,
        note=note,
        line=line,
        message=""
        if outcome is Outcome.PASS
        else "got[2, 3] is 1.25, not 0.75: off by 0.5 (rtol 1e-5)",
        cpu_seconds=10.0 if outcome is Outcome.TIMEOUT else cpu,
        wall_seconds=cpu * 1.4,
        peak_bytes=2048 * MIB if outcome is Outcome.MEMORY else int(cpu * 900 * MIB),
        counters={"nodes": 61.0},
    )


def result(
    endings: Mapping[str, Ending], *, status: Status = Status.GRADED, reason: str | None = None
) -> Result:
    """What one judging said; tests not in `endings` pass."""
    return Result(
        lab=LAB.id,
        digest=digest_of({"autograd/ops.py": repr(sorted(endings.items())).encode()}),
        lab_digest=LAB.digest,
        seed_epoch="1f0c9a3e",
        sandbox="namespace",
        device="virtual",
        versions={"autograder": "0.1.0", "python": "3.11.9", "numpy": "2.4.6"},
        status=status,
        reason=reason,
        exercises=tuple(
            ExerciseScore(
                e.id, e.title, e.points, e.bonus,
                tuple(
                    report(t, endings.get(t.name), 0.01 * (i + 1))
                    for i, t in enumerate(LAB.tests) if t.exercise == e.id
                ),
            )
            for e in EXERCISES
        ),
    )  # fmt: skip


def row(
    student: str, endings: Mapping[str, Ending] | None = None, *, number: int = 1,
    status: Status = Status.GRADED, reason: str | None = None, assumed: bool = False,
) -> Row:  # fmt: skip
    """One attempt of `student` and what was said of it."""
    judged = result(endings or {}, status=status, reason=reason)
    if status is Status.REJECTED:
        judged = replace(judged, exercises=())
    attempt = Attempt(
        student=student,
        lab=LAB.id,
        source=f"inbox/{student}.zip",
        submitted_at=datetime(2025, 10, 16, 21, number, tzinfo=SHANGHAI),
        assumed=assumed,
        digest=judged.digest,
        rejected=reason if status is Status.REJECTED else None,
        number=number,
    )
    return Row(attempt, judged)


NO_BONUS = {"test_same_gradients": MISSING}
EVERYTHING = {
    "test_pairs": WRONG, "test_upstream": PARTIAL, "test_same_twice": CRASHED,
    "test_logsumexp": FORBIDDEN, "test_deep_chain": MEMORY, "test_diamonds": TIMEOUT, **NO_BONUS,
}  # fmt: skip


def batch_rows() -> list[Row]:
    """A small course's worth of submissions, one of every kind."""
    nothing = {test.name: MISSING for test in LAB.tests}
    return [
        row("ada", EVERYTHING, number=2),
        row("ada", nothing, number=1),
        row("张伟", NO_BONUS),
        row("Émile Borel", {"test_diamonds": TIMEOUT, **NO_BONUS}),
        row("grace", {}, assumed=True),
        row("linus", {"test_pairs": WRONG, "test_axes": WRONG, "test_deep_chain": CRASHED}),
        row("noor", {**nothing, "test_examples": PARTIAL}),
        row("olga", status=Status.REJECTED, reason="the zip names a file outside of itself: ../x"),
        row("pia", {t.name: BROKEN for t in LAB.tests}, status=Status.BROKEN,
            reason="test_pairs: bwrap: no permissions to create a namespace"),
    ]  # fmt: skip
