"""Submissions as students hand them in, graded in one batch from the command line."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from autograder.box.base import sandbox
from tests.submissions.build import BUILT

CORPUS = Path(__file__).parent
NAMES = sorted(
    (path.parent.parent.name, path.parent.name) for path in CORPUS.glob("*/*/expect.toml")
)
LABS = sorted({lab for lab, _ in NAMES})
Row = dict[str, Any]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Row]]:
    """The corpus of a lab, graded in one batch: student -> row."""
    if missing := sandbox("namespace").available():
        pytest.skip(missing)

    @cache
    def rows(lab: str) -> dict[str, Row]:
        home, batch = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("batch")
        for name in (name for of, name in NAMES if of == lab):
            if name in BUILT:
                BUILT[name](batch)
            else:
                ignored = shutil.ignore_patterns("expect.toml", "__pycache__")
                shutil.copytree(CORPUS / lab / name, batch / name, ignore=ignored)
        plain = {k: v for k, v in os.environ.items() if not k.startswith(("AUTOGRADER_", "XDG_"))}
        course = str(Path(__file__).parents[2])
        command = [sys.executable, "-m", "autograder", "grade", lab, str(batch)]
        done = subprocess.run(
            [*command, "--course", course, "--sandbox", "namespace", "-j", "2", "--json", "-"],
            env=plain | {"HOME": str(home)},
            capture_output=True,
            cwd=home,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return {row["student"]: row for row in json.loads(done.stdout)["results"]}

    return rows


@pytest.mark.namespace
@pytest.mark.slow
@pytest.mark.parametrize(("lab", "name"), NAMES)
def test_submission(lab: str, name: str, graded: Callable[[str], dict[str, Row]]) -> None:
    expected = tomllib.loads((CORPUS / lab / name / "expect.toml").read_text())
    row = graded(lab)[name]
    assert row["status"] == expected["status"], row["reason"]
    assert re.search(expected.get("reason", ""), row["reason"] or "")
    wanted = expected["score"]
    low, high = wanted if isinstance(wanted, list) else (wanted, wanted)
    assert low <= row["score"] <= high
    outcomes = {
        exercise["id"]: sorted({test["outcome"] for test in exercise["tests"]})
        for exercise in row["exercises"]
        if exercise["tests"]
    }
    assert outcomes == expected.get("outcomes", {})


@pytest.mark.namespace
@pytest.mark.slow
@pytest.mark.parametrize("lab", LABS)
def test_every_submission_has_a_row(lab: str, graded: Callable[[str], dict[str, Row]]) -> None:
    assert sorted(graded(lab)) == [name for of, name in NAMES if of == lab]
