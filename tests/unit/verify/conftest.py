"""A toy course whose boxes have no walls."""

from pathlib import Path

import pytest

from autograder.box import base
from tests.unit.judge.fake_sandbox import FakeSandbox
from tests.unit.verify.toy import write_course


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The root of the toy course."""
    monkeypatch.setitem(base.SANDBOXES, "fake", f"{FakeSandbox.__module__}:FakeSandbox")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    course = tmp_path / "course"
    write_course(course)
    return course
