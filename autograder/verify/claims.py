"""The claims about a lab's solution, starter, tests and exercises, each from results of judging."""

from collections.abc import Mapping, Sequence

from autograder.model import Result, Status
from autograder.verify.fate import lost
from autograder.verify.finding import Fate, Finding
from autograder.verify.replay import Replayed
from autograder.verify.watch import Watched

_SHOWN = 3  # notes that a finding's one line has room for


def full_marks(results: Sequence[Result]) -> Finding:
    """The solution earns all points, bonus included, under every secret."""
    problems = []
    for n, result in enumerate(results, 1):
        took = [test.name for exercise in result.exercises for test in lost(exercise)]
        if not judged(result):
            problems.append(_unjudged(result))
        elif took:
            problems.append(f"loses points under secret {n}: {', '.join(took)}")
    detail = "; ".join(problems) or f"full marks under {len(results)} secrets"
    return Finding("solution", not problems, detail)


def no_marks(results: Sequence[Result]) -> Finding:
    """The starter earns nothing, bonus included, under any secret."""
    problems = []
    for n, result in enumerate(results, 1):
        earned = [t.name for e in result.exercises for t in e.tests if t.score > 0]
        if not judged(result):
            problems.append(_unjudged(result))
        elif earned:
            problems.append(f"earns points under secret {n}: {', '.join(earned)}")
    detail = "; ".join(problems) or f"earns nothing under {len(results)} secrets"
    return Finding("starter", not problems, detail)


def fresh(stale: Sequence[str]) -> Finding:
    """The starter is what would be generated."""
    named = ", ".join(stale)
    detail = f"out of date: {named}; run autograder lab build" if stale else "as generated"
    return Finding("fresh", not stale, detail, notes=tuple(stale))


def deterministic(first: Result, second: Result) -> Finding:
    """Two runs under one secret agree in outcomes, points and every observed value."""
    for result in (first, second):
        if not isinstance(result, Watched) or not judged(result):
            return Finding("deterministic", False, _unjudged(result))
    assert isinstance(first, Watched) and isinstance(second, Watched)
    names = sorted(first.seen.keys() | second.seen.keys())
    differ = [name for name in names if first.seen.get(name) != second.seen.get(name)]
    detail = f"two runs agree in all values of {len(names)} tests"
    if differ:
        detail = f"two runs differ in {', '.join(differ)}"
    return Finding("deterministic", not differ, detail, notes=tuple(differ))


def hostile(results: Mapping[str, Result]) -> Finding:
    """No test passes or breaks on hostile values; `results` by exercise."""
    slips: list[str] = []
    replays = 0
    for id, result in results.items():
        if isinstance(result, Replayed) and judged(result):
            slips += result.slips
            replays += result.replays
        else:
            slips.append(f"{id}: {_unjudged(result)}")
    more = f"; and {len(slips) - _SHOWN} more" if len(slips) > _SHOWN else ""
    detail = "; ".join(slips[:_SHOWN]) + more or f"none of {replays} replays passes or breaks"
    return Finding("hostile", not slips, detail, notes=tuple(slips))


def sees_more(exercise: str, fates: Sequence[Fate]) -> Finding:
    """Hidden tests of `exercise` see more than its public ones: a mutant that only they kill."""
    unseen = [fate.mutant for fate in fates if exercise in fate.unseen]
    hint = f"write one for {exercise} that its public tests let pass"
    detail = f"mutants that its public tests let pass: {len(unseen)}"
    return Finding(
        f"exercise {exercise}",
        bool(unseen),
        detail if unseen else f"no mutant shows that hidden tests see more: {hint}",
        notes=tuple(unseen),
    )


def judged(result: Result) -> bool:
    """Whether all of it was judged."""
    return result.status is Status.GRADED


def unproven(claim: str, result: Result) -> Finding:
    """Return the finding of a claim whose judging broke."""
    return Finding(claim, False, _unjudged(result))


def _unjudged(result: Result) -> str:
    return result.reason or f"was not judged ({result.status})"
