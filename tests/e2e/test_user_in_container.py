"""The tests of the sandbox `user`, where it is for: as root of a default container."""

import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from tests.attacks import container

UNIT = Path(__file__).parents[1] / "unit" / "box"
TESTS = [f"/run/checkout/tests/unit/box/{path.name}" for path in UNIT.glob("test_user_*.py")]
SECONDS = 600


@pytest.fixture
def name():
    if reason := container.missing():
        pytest.skip(reason)
    name = f"autograder-user-{uuid4().hex}"
    yield name
    container.remove(name)


@pytest.mark.slow
def test_the_unit_tests_of_the_sandbox_user(name):
    command = container.contained(name, "-m", "pytest", "-q", "-rs", *TESTS)
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "skipped" not in done.stdout, done.stdout[-2000:]
