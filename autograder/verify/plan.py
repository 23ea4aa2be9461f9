"""What must be judged to prove a lab: the jobs, and the key by which each result is found again."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.judge.grade import files_to_hand_in
from autograder.model import Job, Lab
from autograder.verify.mutants import Mutant, load_mutants, mutate
from autograder.verify.replay import Replay
from autograder.verify.watch import Watch

# Fixed, so that a proof says the same everywhere; the course's own secret stays out of it.
SECRETS = tuple(f"the numbers of a proof, {n} of 3, are no secret".encode() for n in (1, 2, 3))
_SAMPLE = 1  # exercises that a mutant should not touch, judged all the same


@dataclass(frozen=True)
class Plan:
    """A lab, and the jobs that prove it. A job's digest is its key: no result of it is stored."""

    lab: Lab
    exercises: tuple[str, ...]  # what is claimed about; all of the lab's, unless some were chosen
    mutants: tuple[Mutant, ...]
    jobs: tuple[Job, ...]


def plan(lab: Lab, template: Job, chosen: Collection[str] = ()) -> Plan:
    """Plan the proof of `lab`, or of the exercises `chosen` alone.

    Args:
        lab: the lab to prove.
        template: course, sandbox and device of the jobs; its files and secret do not matter.
        chosen: ids of exercises.

    Raises:
        CourseError: a mutant cannot be read, or no longer fits the solution.
    """
    ids = tuple(e.id for e in lab.exercises if not chosen or e.id in chosen)
    mutants = tuple(m for m in load_mutants(lab) if m.must_lose & set(ids))
    base = replace(template, lab=lab.id, exercises=ids if chosen else ())
    jobs = (*_long(lab, base, ids), *_starters(lab, base), *_mutated(lab, base, ids, mutants))
    return Plan(lab, ids, mutants, jobs)


def _long(lab: Lab, base: Job, ids: Sequence[str]) -> Iterator[Job]:
    """The jobs that take long come first, so that no worker idles at the end."""
    solution = files_to_hand_in(lab, lab.solution)
    for id in ids:
        yield replace(_job(base, f"hostile {id}", solution, kind=Replay), exercises=(id,))
    yield _job(base, "solution again", solution, kind=Watch)
    for n, secret in enumerate(SECRETS, 1):
        yield _job(base, f"solution {n}", solution, secret, kind=Watch)


def _starters(lab: Lab, base: Job) -> Iterator[Job]:
    starter = files_to_hand_in(lab, lab.starter)
    for n, secret in enumerate(SECRETS, 1):
        yield _job(base, f"starter {n}", starter, secret)


def _mutated(lab: Lab, base: Job, ids: Sequence[str], mutants: Sequence[Mutant]) -> Iterator[Job]:
    solution = files_to_hand_in(lab, lab.solution)
    for mutant in mutants:
        job = _job(base, f"mutant {mutant.name}", mutate(solution, mutant))
        yield replace(job, exercises=exercises_for(mutant, ids))


def _job(
    base: Job,
    key: str,
    files: Mapping[str, bytes],
    secret: bytes = SECRETS[0],
    kind: type[Job] = Job,
) -> Job:
    return kind(**vars(base) | {"digest": key, "files": files, "secret": secret})


def exercises_for(mutant: Mutant, ids: Sequence[str]) -> tuple[str, ...]:
    """Return which of `ids` to run: where it must lose, and a sample of where it must not.

    Its name decides the sample. Where it may lose, nothing that came of it would prove anything.
    """
    touched = mutant.must_lose | mutant.may_lose
    others = sorted((id for id in ids if id not in touched), key=lambda id: _rank(mutant, id))
    run = mutant.must_lose.union(others[:_SAMPLE])
    return tuple(id for id in ids if id in run)


def _rank(mutant: Mutant, exercise: str) -> bytes:
    return hashlib.sha256(f"{mutant.name}\0{exercise}".encode()).digest()
