"""Nothing hidden reaches a student, even if their own code tries to tell."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from autograder import report
from autograder.course import load_lab
from autograder.judge import subject
from autograder.judge.grade import files_to_hand_in, grade
from autograder.model import Attempt, Job, Row, digest_of
from tests.e2e.conftest import ROOT

pytestmark = [pytest.mark.namespace, pytest.mark.usefixtures("walled"), pytest.mark.slow]

# Tells whatever it is given: in a message, in the name of an exception, on standard output.
TELLTALE = b"""

def _tell(self, data, *args, **kwargs):
    text = " ".join(repr(float(x)) for x in np.ravel(data)[:40])
    print(text)
    raise type("E" + text, (ValueError,), {})(text)


import numpy as np
Tensor.__init__ = _tell
"""
_DIGITS = 9  # characters of a number: enough that none occurs by chance


def numbers(value: object) -> set[str]:
    """Return how the numbers in a value begin when they are printed."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return set().union(*map(numbers, value)) if value else set()
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return {repr(abs(float(x)))[:_DIGITS] for x in value.ravel()[:40]}
    return {repr(abs(value))[:_DIGITS]} if isinstance(value, float) else set()


@pytest.fixture
def judged(monkeypatch, tmp_path):
    """Grade the telltale; return its row, and the numbers that went in or were expected."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    seen: set[str] = set()
    for kind in (subject.Student, subject.Reference):
        for verb in ("observe", "map"):
            real = getattr(kind, verb)

            def spy(self, probe, *args, _real=real, **kwargs):
                answer = _real(self, probe, *args, **kwargs)
                observations = answer if isinstance(answer, list) else [answer]
                seen.update(numbers([args, kwargs, [o.value for o in observations]]))
                return answer

            monkeypatch.setattr(kind, verb, spy)
    lab = load_lab(ROOT, "lab1_autograd")
    files = files_to_hand_in(lab, lab.solution)
    files["autograd/__init__.py"] += TELLTALE
    digest = digest_of(files)
    result = grade(Job(str(ROOT), lab.id, digest, files, b"a secret of this test alone"))
    attempt = Attempt("eve", lab.id, "eve.zip", datetime.now(UTC), True, digest, files, number=1)
    long = {number for number in seen if len(number) == _DIGITS and "e" not in number}
    return lab, Row(attempt, result), long


def test_a_students_pages_tell_nothing_that_was_hidden(judged, tmp_path: Path):
    lab, row, hidden = judged
    assert len(hidden) > 100
    report.write(tmp_path / "out", lab, [row])
    staff = (tmp_path / "out/results.json").read_text()
    assert any(number in staff for number in hidden), "the telltale told nobody: it proves nothing"

    names = [test.name for test in lab.tests if test.hidden]
    for page in (tmp_path / "out/students").rglob("*.*"):
        text = page.read_text()
        assert not [number for number in hidden if number in text], page
        assert not [name for name in names if name in text], page
