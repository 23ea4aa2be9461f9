"""Each lab's solution has full marks, its starter none, and every mutant loses where it must."""

from pathlib import Path

import pytest

from autograder.box.base import sandbox
from autograder.course import load_course, load_lab
from autograder.executor import executor
from autograder.model import Job
from autograder.verify import Finding, load_mutants, verify

ROOT = Path(__file__).parents[2]
LABS = load_course(ROOT).lab_ids
SECRET = b"a fixed secret, for tests alone."

pytestmark = [pytest.mark.namespace, pytest.mark.slow]


@pytest.fixture(scope="module")
def findings() -> dict[tuple[str, str], Finding]:
    if reason := sandbox("namespace").available():
        pytest.skip(reason)
    found = {}
    for id in LABS:
        job = Job(str(ROOT), id, "", {}, SECRET)
        for finding in verify(load_lab(ROOT, id), job, executor("local", 2).run):
            found[id, finding.claim] = finding
    return found


def claims() -> list[tuple[str, str]]:
    mutants = ((id, m.name) for id in LABS for m in load_mutants(load_lab(ROOT, id)))
    return [*((id, claim) for id in LABS for claim in ("solution", "starter")), *mutants]


@pytest.mark.parametrize(("lab", "claim"), claims(), ids=map("-".join, claims()))
def test_claim_holds(findings, lab, claim):
    finding = findings[lab, claim]
    assert finding.holds, finding.detail
