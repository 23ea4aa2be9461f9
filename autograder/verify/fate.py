"""What became of a mutant: which exercises noticed it, and by which tests."""

from collections.abc import Sequence

from autograder.model import ExerciseScore, Result, TestReport
from autograder.verify.finding import Fate, Finding, Mark
from autograder.verify.mutants import Mutant


def fate_of(mutant: Mutant, result: Result, ids: Sequence[str]) -> Fate:
    """Read from `result` what the mutant met in each of the exercises `ids`."""
    ran = {exercise.id: exercise for exercise in result.exercises}
    marks = {id: _mark(ran[id]) if id in ran else Mark.NOT_RUN for id in ids}
    must = [id for id in ids if id in mutant.must_lose and id in ran]
    hidden = {id: [t.name for t in lost(ran[id]) if t.hidden] for id in must}
    return Fate(
        mutant=mutant.name,
        marks=marks,
        killed_by={id: tests[0] for id, tests in hidden.items() if tests},
        unseen=tuple(id for id in must if marks[id] is Mark.HIDDEN),
        passes_public=Mark.PUBLIC not in marks.values(),
    )


def finding_of(mutant: Mutant, fate: Fate, result: Result) -> Finding:
    """Tell whether the mutant lost where it must, to a hidden test, and nowhere else."""
    lost_in = {id for id, mark in fate.marks.items() if mark in (Mark.PUBLIC, Mark.HIDDEN)}
    problems = []
    for id in sorted(mutant.must_lose & fate.marks.keys() - fate.killed_by.keys()):
        only = "is killed by public tests alone in" if id in lost_in else "survives"
        problems.append(f"{only} {id}")
    spills = sorted(lost_in - mutant.must_lose - mutant.may_lose)
    problems += [f"loses in {id}, which it may not" for id in spills]
    detail = "; ".join(problems) or f"killed in {', '.join(sorted(lost_in))}"
    if not problems and fate.passes_public:
        detail += "; public tests would let it pass"
    tests = [test for exercise in result.exercises for test in lost(exercise)]
    tests.sort(key=lambda test: not test.hidden)
    killers = tuple(test.name for test in tests)
    return Finding(f"mutant {mutant.name}", not problems, detail, killers)


def lost(exercise: ExerciseScore) -> list[TestReport]:
    """Return the tests that took points."""
    return [test for test in exercise.tests if test.score < test.max_score]


def _mark(exercise: ExerciseScore) -> Mark:
    took = lost(exercise)
    if not took:
        return Mark.UNTOUCHED
    return Mark.HIDDEN if all(test.hidden for test in took) else Mark.PUBLIC
