"""The work behind `lab verify`: the solution, the starter and every mutant, judged."""

from pathlib import Path

from rich.text import Text

from autograder.cli.output import people, plain_table, show_table, write_json
from autograder.cli.progress import progress
from autograder.cli.terms import choose_sandbox
from autograder.course import find_course, load_lab
from autograder.executor import Executor
from autograder.model import Job
from autograder.verify import Finding, load_mutants, verify

_FAILED = 1
# Fixed, so that a proof says the same everywhere; the course's own secret stays out of it.
_SECRET = b"the numbers of a proof are the same on every machine"


def prove(
    course: Path | None, lab: str, wall: str, place: Executor, json_target: str | None
) -> int:
    """Verify `lab`, show what each claim came to, and return the exit code."""
    root = find_course(course)
    loaded = load_lab(root, lab)
    template = Job(str(root), lab, "", {}, _SECRET, sandbox=choose_sandbox(wall))
    findings = []
    with progress(f"Verifying {lab}", 2 + len(load_mutants(loaded))) as step:
        for finding in verify(loaded, template, place.run):
            findings.append(finding)
            step()
    findings.sort(key=lambda f: (f.claim not in ("solution", "starter"), f.claim))
    _show(findings, json_target)
    document = {"schema": 1, "lab": lab, "lab_digest": loaded.digest}
    write_json(json_target, document | {"findings": [_document(f) for f in findings]})
    return 0 if all(finding.holds for finding in findings) else _FAILED


def _show(findings: list[Finding], json_target: str | None) -> None:
    table = plain_table("claim", "", "what came of it", "killed by")
    for finding in findings:
        verdict = Text("holds", "green") if finding.holds else Text("FAILS", "bold red")
        killers = ", ".join(finding.killers[:2]) + (" …" if len(finding.killers) > 2 else "")
        table.add_row(finding.claim, verdict, Text(finding.detail), killers)
    console = people(json_target)
    show_table(console, table)
    failed = sum(not finding.holds for finding in findings)
    console.print(f"{failed} of {len(findings)} claims fail." if failed else "Every claim holds.")


def _document(finding: Finding) -> dict[str, object]:
    return {
        "claim": finding.claim,
        "holds": finding.holds,
        "detail": finding.detail,
        "killers": list(finding.killers),
    }
