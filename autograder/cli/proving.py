"""The work behind `lab verify`: proofs of labs, shown, written down, compared with the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from autograder.cli.output import people, write_json
from autograder.cli.progress import progress
from autograder.cli.proof_tables import document, show_proof
from autograder.cli.terms import choose_sandbox
from autograder.course import find_course, load_course, load_lab
from autograder.errors import UsageError
from autograder.executor import Executor
from autograder.model import Job, Lab
from autograder.plugins import suggest
from autograder.verify import Proof, conclude, plan
from autograder.verify.digest import proof_digest
from autograder.verify.ledger import LEDGER, Entry, entry_of, read_ledger, write_ledger

_FAILED = 1
_ADVICE = f"run make prove and commit {LEDGER}"


@dataclass(frozen=True)
class Wanted:
    """What a command line asks to prove."""

    course: Path | None
    lab: str | None  # None: every lab of the course
    exercises: tuple[str, ...] = ()  # of that lab; empty: all
    record: bool = False
    stale: bool = False
    sandbox: str = "auto"
    json_target: str | None = None


def prove(wanted: Wanted, place: Executor) -> int:
    """Prove the labs wanted, show what each claim came to, and return the exit code.

    Raises:
        CourseError: the author's mistake.
        UsageError: options that do not go together.
    """
    if wanted.record and wanted.stale:
        raise UsageError("--record proves every lab and --stale only some; choose one of them")
    if wanted.exercises and (wanted.record or wanted.stale):
        raise UsageError("a proof of some exercises proves no lab; leave out --exercise")
    root = find_course(wanted.course)
    console = people(wanted.json_target)
    labs = labs_of(root, wanted.lab, wanted.exercises)
    ledger = read_ledger(root)
    if wanted.stale:
        labs = [lab for lab in labs if _is_stale(lab, ledger, console)]
    proofs = [_prove(root, lab, wanted, place, console) for lab in labs]
    if wanted.record:
        _record(root, ledger, labs, proofs, console)
    write_json(wanted.json_target, {"schema": 1, "labs": [document(proof) for proof in proofs]})
    if wanted.stale and labs:
        names = ", ".join(lab.id for lab in labs)
        said = f"Not in the ledger as they are now: {names}; {_ADVICE}"
        console.print(said, markup=False, soft_wrap=True)
        return _FAILED
    return 0 if all(proof.holds for proof in proofs) else _FAILED


def labs_of(root: Path, lab: str | None, exercises: Sequence[str]) -> list[Lab]:
    """Return the lab named, or all of the course under `root`.

    Raises:
        CourseError: no such lab, or one that is wrong.
        UsageError: exercises of no lab, or that it does not have.
    """
    if exercises and lab is None:
        raise UsageError("--exercise needs a lab: autograder lab verify LAB -e EXERCISE")
    labs = [load_lab(root, id) for id in ([lab] if lab else load_course(root).lab_ids)]
    for id in exercises:
        if id not in (known := [e.id for e in labs[0].exercises]):
            raise UsageError(f"{labs[0].id} has no exercise {id!r}; {suggest(id, known)}")
    return labs


def template_for(root: Path, sandbox: str) -> Job:
    """Return a job of nothing yet, in the course under `root`, behind the wall `sandbox`."""
    return Job(str(root), "", "", {}, b"", sandbox=choose_sandbox(sandbox))


def _prove(root: Path, lab: Lab, wanted: Wanted, place: Executor, console: Console) -> Proof:
    planned = plan(lab, template_for(root, wanted.sandbox), wanted.exercises)
    results = []
    with progress(f"Verifying {lab.id}", len(planned.jobs)) as step:
        for result in place.run(planned.jobs):
            results.append(result)
            step()
    proof = conclude(planned, results)
    show_proof(console, proof, planned.exercises)
    return proof


def _is_stale(lab: Lab, ledger: dict[str, Entry], console: Console) -> bool:
    known = ledger.get(lab.id)
    if known is not None and known.digest == proof_digest(lab):
        console.print(f"{lab.id} is proven as it is.")
        return False
    return True


def _record(
    root: Path,
    ledger: dict[str, Entry],
    labs: Sequence[Lab],
    proofs: Sequence[Proof],
    console: Console,
) -> None:
    """Write down the proofs that hold; drop labs that the course no longer has."""
    for lab, proof in zip(labs, proofs, strict=True):
        if proof.holds:
            ledger[lab.id] = entry_of(lab, proof)
        else:
            console.print(f"{lab.id} is not recorded: not every claim holds.")
    known = load_course(root).lab_ids
    write_ledger(root, {id: entry for id, entry in ledger.items() if id in known})
