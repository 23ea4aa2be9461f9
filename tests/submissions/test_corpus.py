"""Submissions as students hand them in, graded in one batch from the command line."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from autograder.box.base import sandbox
from tests.submissions.build import BUILT

CORPUS = Path(__file__).parent / "lab1_autograd"
NAMES = sorted(path.parent.name for path in CORPUS.glob("*/expect.toml"))


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The corpus graded: student -> row."""
    if missing := sandbox("namespace").available():
        pytest.skip(missing)
    home, batch = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("batch")
    for name in NAMES:
        if name in BUILT:
            BUILT[name](batch)
        else:
            ignored = shutil.ignore_patterns("expect.toml", "__pycache__")
            shutil.copytree(CORPUS / name, batch / name, ignore=ignored)
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("AUTOGRADER_", "XDG_"))}
    course = str(Path(__file__).parents[2])
    command = [sys.executable, "-m", "autograder", "grade", "lab1_autograd", str(batch)]
    done = subprocess.run(
        [*command, "--course", course, "--sandbox", "namespace", "-j", "2", "--json", "-"],
        env=plain | {"HOME": str(home)},
        capture_output=True,
        cwd=home,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return {row["student"]: row for row in json.loads(done.stdout)["results"]}


@pytest.mark.namespace
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_submission(name: str, rows: dict[str, dict[str, Any]]) -> None:
    expected = tomllib.loads((CORPUS / name / "expect.toml").read_text())
    row = rows[name]
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


def test_every_submission_has_a_row(rows: dict[str, dict[str, Any]]) -> None:
    assert sorted(rows) == NAMES
