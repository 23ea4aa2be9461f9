"""A submission is worth the same behind every wall, test by test."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from autograder.box.base import sandbox
from tests.attacks import container

ROOT = Path(__file__).parents[2]
LAB, CORPUS = "lab1_autograd", "tests/submissions/lab1_autograd"
SECRET = "5e" * 32
SECONDS = 600
# In a container the secret has to be written first: nothing of this machine's is shown there.
GRADE = """
import os, pathlib, sys
secret = pathlib.Path(os.environ["HOME"], "secret")
secret.write_text(sys.argv.pop(1))
secret.chmod(0o600)
os.environ["AUTOGRADER_SECRET_FILE"] = str(secret)
from autograder.cli import main
main()
"""


def earned(command: list[str], **environment: str) -> dict[str, Any]:
    """Grade the corpus; return student -> status, points and what became of each test."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("XDG_")}
    done = subprocess.run(
        command,
        env=kept | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return {row["student"]: _plain(row) for row in json.loads(done.stdout)["results"]}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    tests = [test for exercise in row["exercises"] for test in exercise["tests"]]
    kept = ("name", "outcome", "score", "counters")
    return {
        "status": row["status"],
        "score": row["score"],
        "bonus": row["bonus"],
        "tests": [[test[name] for name in kept] for test in tests],
    }


def words(wall: str, root: Path) -> list[str]:
    """The command line after the interpreter."""
    grade = ["grade", LAB, str(root / CORPUS), "--course", str(root)]
    return ["-c", GRADE, SECRET, *grade, "--sandbox", wall, "-j", "2", "--json", "-"]


def on_this_machine(wall: str, home: Path) -> dict[str, Any]:
    home.mkdir()
    return earned([sys.executable, *words(wall, ROOT)], HOME=str(home), PYTHONPATH=str(ROOT))


@pytest.fixture(scope="module")
def namespace(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if why := sandbox("namespace").available():
        pytest.skip(why)
    rows = on_this_machine("namespace", tmp_path_factory.mktemp("namespace") / "home")
    assert len(rows) >= 16 and any(row["score"] == 100 for row in rows.values())
    return rows


def test_in_a_container_of_its_own(namespace: dict[str, Any], tmp_path: Path):
    assert on_this_machine("docker", tmp_path / "home") == namespace


def test_by_users_inside_a_default_container(namespace: dict[str, Any]):
    if why := container.missing():
        pytest.skip(why)
    name = f"autograder-same-{uuid4().hex}"
    try:
        inside = container.contained(name, *words("user", Path("/run/checkout")))
        assert earned(inside) == namespace
    finally:
        container.remove(name)
