import os
import subprocess
import sys
from pathlib import Path

import pytest

import autograder

VERBS = [
    "check",
    "submit",
    "grade",
    "results",
    "show",
    "regrade",
    "doctor",
    "lab list",
    "lab show",
    "lab build",
    "lab verify",
    "lab release",
    "nbgrader init",
]
HEAVY = ["sqlalchemy", "alembic", "jinja2", "numpy", "numba", "pytest", "multiprocessing"]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(command, verb: str) -> None:
    said = command(*verb.split(), "--help")
    assert said.code == 0
    assert f"Example: autograder {verb}" in said.out


def test_it_says_its_version(command) -> None:
    assert command("--version").out == f"autograder {autograder.__version__}\n"


def test_an_unknown_option_is_a_usage_error(command) -> None:
    assert command("doctor", "--jsn").code == 64


@pytest.mark.parametrize("arguments", [["--help"], ["grade", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    assert _imported(arguments) == []


def test_check_needs_only_base_dependencies(tmp_path) -> None:
    imported = _imported(["check"], cwd=tmp_path)
    assert not {"sqlalchemy", "alembic", "jinja2"}.intersection(imported)


def _imported(arguments: list[str], cwd=None) -> list[str]:
    """Return which heavy packages one command line imports."""
    script = (
        "import sys\n"
        "from autograder.cli.entry import run\n"
        f"run({arguments!r})\n"
        f"print('imported', *[name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(Path(autograder.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1].split()[1:]


def test_the_module_ends_with_the_commands_exit_code(tmp_path: Path) -> None:
    """Programs start ``python -m autograder``, where no script is on PATH."""
    environment = os.environ | {"PYTHONPATH": str(Path(autograder.__file__).parents[1])}
    command = [sys.executable, "-m", "autograder", "check"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True)
    assert done.returncode == 64
    assert b"is no lab folder" in done.stderr
