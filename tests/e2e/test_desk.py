"""`make desk`: the labs as students receive them, in a folder that is theirs from then on."""

import os
import subprocess

import pytest

from tests.e2e.conftest import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / ".venv").exists(), reason="needs what make setup makes"),
]


def desk(folder):
    """Run what `make desk` runs, with the real jupyter, which only says its version."""
    command = [ROOT / "infra/desk/run.sh", "--version"]
    env = os.environ | {"DESK": str(folder)}
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


LABS = sorted(path.name for path in (ROOT / "starter").iterdir() if path.is_dir())


def test_a_lab_is_put_there_once_and_then_left_alone(tmp_path):
    folder = tmp_path / "my desk"
    *labs, version = desk(folder)
    assert labs == [f"{folder}/{lab}: new" for lab in LABS]
    assert version.split(".")[0].isdigit()
    mine = folder / "lab1_autograd/autograd/engine.py"
    mine.write_text("mine")
    (folder / "lab1_autograd/README.md").unlink()
    assert desk(folder)[:-1] == [f"{folder}/{lab}: as you left it" for lab in LABS]
    assert mine.read_text() == "mine"
    assert not (folder / "lab1_autograd/README.md").exists()
    assert sorted(path.name for path in folder.iterdir()) == LABS
