"""The work behind `lab verify --generate`: which generated mutants no test notices."""

from typing import Any

from rich.console import Console
from rich.text import Text

from autograder.cli.output import people, write_json
from autograder.cli.progress import progress
from autograder.cli.proving import Wanted, labs_of, template_for
from autograder.course import find_course
from autograder.errors import UsageError
from autograder.executor import Executor
from autograder.model import Lab
from autograder.verify.candidates import Candidate
from autograder.verify.generated import Survey, batch, survey
from autograder.verify.triage import TRIAGE_FILE, Equivalent

_FAILED = 1


def survive(wanted: Wanted, count: int, place: Executor) -> int:
    """Judge `count` generated mutants of each lab, show the survivors, and return the exit code.

    Raises:
        CourseError: the author's mistake.
        UsageError: options that do not go together.
    """
    if wanted.record or wanted.stale:
        raise UsageError("generated mutants are no part of a proof: leave out --record, --stale")
    root = find_course(wanted.course)
    console, documents, failed = people(wanted.json_target), [], False
    for lab in labs_of(root, wanted.lab, wanted.exercises):
        made = batch(lab, template_for(root, wanted.sandbox), count, wanted.exercises)
        if len(made.mutants) < count:
            console.print(f"{lab.id}: there are only {len(made.mutants)} mutants to be made")
        results = []
        with progress(f"Judging mutants of {lab.id}", len(made.jobs)) as step:
            for result in place.run(made.jobs):
                results.append(result)
                step()
        found = survey(made, results)
        _show(console, lab, found)
        documents.append(_document(lab, found))
        failed |= not found.holds
    write_json(wanted.json_target, {"schema": 1, "generated": documents})
    return _FAILED if failed else 0


def _show(console: Console, lab: Lab, found: Survey) -> None:
    if not found.solution.holds:
        console.print(Text(f"the solution {found.solution.detail}", "red"), soft_wrap=True)
    for mutant in found.survivors:
        _show_one(console, "survives", mutant)
    for mutant, reason in found.unjudged:
        _show_one(console, f"was not judged ({reason})", mutant)
    for entry in found.refuted:
        _show_entry(console, "is not equivalent, a test killed it", entry)
    for entry in found.stale:
        _show_entry(console, "matches nothing in the solution any more", entry)
    console.print(
        f"{lab.id}: {len(found.killed)} generated mutants killed, {len(found.survivors)} survive, "
        f"{len(found.triaged)} triaged as equivalent."
    )
    if found.survivors:
        hint = f"write a test that notices, or say why none can in {lab.path / TRIAGE_FILE}"
        console.print(hint, markup=False, soft_wrap=True)


def _show_one(console: Console, what: str, mutant: Candidate) -> None:
    where = f"{mutant.file}:{mutant.line} in {mutant.function}"
    head = Text.assemble((what, "bold red"), f" {where}: {mutant.operator}")
    console.print(head, soft_wrap=True)
    change = f"  {mutant.before}\n  -> {mutant.after}"
    console.print(Text(change), soft_wrap=True)


def _show_entry(console: Console, what: str, entry: Equivalent) -> None:
    line = f"{TRIAGE_FILE}: {entry.file} {entry.function}: {entry.before} -> {entry.after}: {what}"
    console.print(Text(line, "yellow"), soft_wrap=True)


def _document(lab: Lab, found: Survey) -> dict[str, Any]:
    return {
        "lab": lab.id,
        "holds": found.holds,
        "solution": found.solution.detail,
        "killed": [_mutant(m) | {"killer": killer} for m, killer in found.killed],
        "survivors": [_mutant(m) for m in found.survivors],
        "triaged": [_mutant(m) | {"reason": entry.reason} for m, entry in found.triaged],
        "unjudged": [_mutant(m) | {"reason": reason} for m, reason in found.unjudged],
        "refuted": [list(entry.change) for entry in found.refuted],
        "stale": [list(entry.change) for entry in found.stale],
    }


def _mutant(mutant: Candidate) -> dict[str, Any]:
    keys = ("file", "line", "function", "operator", "before", "after")
    return {key: getattr(mutant, key) for key in keys}
