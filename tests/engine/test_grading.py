"""The command line with `--sandbox docker`: what it records, repeats, and says."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.box import engine
from autograder.box.docker import image_name
from tests.engine.conftest import containers

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "tests/attacks/course"
HONEST = ROOT / "tests/attacks/honest/target"


@pytest.fixture
def run(tmp_path: Path):
    """Return ``(*words, **environment) -> (exit code, document, standard error)``."""
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}

    def run(*words: object, **environment: str) -> tuple[int, Any, str]:
        command = [sys.executable, "-m", "autograder", *map(str, words)]
        command += ["--course", str(COURSE), "--json", "-"]
        env = {k: v for k, v in os.environ.items() if not k.startswith("XDG_")}
        env |= home | {"PYTHONPATH": str(ROOT)} | environment
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        document = json.loads(done.stdout) if done.stdout.startswith("{") else None
        return done.returncode, document, done.stderr

    return run


def test_a_result_says_which_image_made_it(run):
    code, document, said = run("grade", "target", HONEST, "--sandbox", "docker")
    assert code == 0, said
    assert document["versions"]["image"] == engine.known(image_name("virtual"))
    assert {"autograder", "python", "numpy", "machine", "libc"} <= set(document["versions"])
    assert containers() == []


def test_a_result_is_repeated_in_the_image_that_made_it(run):
    run("grade", "target", HONEST, "--sandbox", "docker")
    code, document, said = run(
        "regrade", "target", "--as", "1", AUTOGRADER_RUNNER_IMAGE="no/such:1"
    )
    assert code == 0, said
    assert document["agrees"] and document["same_versions"] and document["sandbox"] == "docker"


def test_an_image_that_is_gone_is_named(run, tmp_path):
    run("grade", "target", HONEST, "--sandbox", "docker")
    (store,) = tmp_path.rglob("*.sqlite")
    gone = f"sha256:{'0' * 64}"
    with sqlite3.connect(store) as connection:
        (text,) = connection.execute("select document from results").fetchone()
        image = json.loads(text)["versions"]["image"]
        changed = text.replace(image, gone)
        connection.execute("update results set document = ?", (changed,))
    code, _, said = run("regrade", "target", "--as", "1")
    assert code == 3
    assert gone in said
