"""Judges mutants that are made by rule: each until the first test that takes points."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from autograder.judge.grade import files_to_hand_in
from autograder.model import Job, Lab, Result
from autograder.verify.candidates import Candidate, candidates, viable
from autograder.verify.claims import full_marks, judged
from autograder.verify.fate import lost
from autograder.verify.finding import Finding
from autograder.verify.mutants import load_mutants
from autograder.verify.plan import SECRETS
from autograder.verify.relevance import Relevance
from autograder.verify.triage import Equivalent, load_triage

_SOLUTION = "solution"


@dataclass(frozen=True)
class Batch:
    """Some generated mutants of a lab, and the jobs that judge them."""

    mutants: tuple[Candidate, ...]
    jobs: tuple[Job, ...]  # the solution first, then one for each mutant
    triage: tuple[Equivalent, ...]
    stale: tuple[Equivalent, ...]  # entries of the triage file that match no candidate


@dataclass(frozen=True)
class Survey:
    """What became of a batch."""

    solution: Finding
    killed: tuple[tuple[Candidate, str], ...]  # with the test that took points
    survivors: tuple[Candidate, ...]  # that nobody has looked at yet
    triaged: tuple[tuple[Candidate, Equivalent], ...]
    unjudged: tuple[tuple[Candidate, str], ...]  # with the reason
    refuted: tuple[Equivalent, ...]  # said to be equivalent, yet a test killed one
    stale: tuple[Equivalent, ...]

    @property
    def holds(self) -> bool:
        """Whether the solution passes, and every survivor is known to be equivalent."""
        return self.solution.holds and not self.survivors and not self.unjudged


def batch(lab: Lab, template: Job, count: int, chosen: Collection[str] = ()) -> Batch:
    """Make up to `count` mutants of the lab's solution: fewer only if there are no more.

    Args:
        lab: its hand-written mutants tell which exercises to run first for which file.
        template: course, sandbox and device of the jobs.
        count: how many.
        chosen: ids of exercises; only files that concern one of them are changed.

    Raises:
        CourseError: a hand-written mutant or the triage file cannot be read.
    """
    solution = files_to_hand_in(lab, lab.solution)
    relevance = Relevance(lab, load_mutants(lab))
    everything = candidates(solution)
    ranked = [c for c in everything if not chosen or relevance.concerns(c.file, chosen)]
    triage = load_triage(lab)
    known = {candidate.change for candidate in everything}
    base = replace(template, lab=lab.id, secret=SECRETS[0])
    mutants, jobs = [], [replace(base, digest=_SOLUTION, files=solution)]
    for candidate, data in islice(viable(ranked, solution), count):
        order = sorted(relevance.order(candidate.file), key=lambda id: id not in chosen)
        files = solution | {candidate.file: data}
        job = replace(base, digest=_key(candidate), files=files, exercises=tuple(order))
        jobs.append(replace(job, stop_early=True))
        mutants.append(candidate)
    stale = tuple(entry for entry in triage if entry.change not in known)
    return Batch(tuple(mutants), tuple(jobs), triage, stale)


def survey(made: Batch, results: Iterable[Result]) -> Survey:
    """Sort the mutants of a batch by what became of them."""
    by_key = {result.digest: result for result in results}
    known = {entry.change: entry for entry in made.triage}
    killed, survivors, triaged, unjudged, refuted = [], [], [], [], []
    for mutant in made.mutants:
        result, entry = by_key[_key(mutant)], known.get(mutant.change)
        if not judged(result):
            unjudged.append((mutant, result.reason or str(result.status)))
        elif killer := _killer(result):
            killed.append((mutant, killer))
            refuted += [entry] if entry else []
        elif entry:
            triaged.append((mutant, entry))
        else:
            survivors.append(mutant)
    return Survey(
        full_marks([by_key[_SOLUTION]]),
        tuple(killed),
        _in_order(survivors),
        tuple(triaged),
        tuple(unjudged),
        tuple(refuted),
        made.stale,
    )


def _key(candidate: Candidate) -> str:
    return f"generated {candidate.rank.hex()}"


def _killer(result: Result) -> str:
    return next((test.name for e in result.exercises for test in lost(e)), "")


def _in_order(mutants: Sequence[Candidate]) -> tuple[Candidate, ...]:
    return tuple(sorted(mutants, key=lambda mutant: (mutant.file, mutant.line, mutant.rank)))
