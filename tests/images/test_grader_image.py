"""The image `grader`: the command line steps down to whoever owns the course."""

import shutil

import pytest

from tests.images.engine import ROOT, docker, inspect, name

pytestmark = [pytest.mark.slow]


@pytest.fixture
def grader(built, tmp_path):
    """Return a function that runs a command in a container with the course, owned by `owner`."""
    built("grader")
    course = tmp_path / "course"
    shutil.copytree(ROOT / "labs", course / "labs", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("solutions", "starter"):
        (course / folder).symlink_to(f"/checkout/{folder}")

    def run(*command: object) -> str:
        mounts = ("--volume", f"{course}:/course:ro", "--volume", f"{ROOT}:/checkout:ro")
        return docker("run", "--rm", "--network", "none", *mounts, name("grader"), *command)

    return run


def test_no_course_is_inside(built):
    built("grader")
    config = inspect("grader")["Config"]
    assert config["Entrypoint"] == ["/opt/grader.sh"]
    listing = docker("run", "--rm", "--network", "none", name("grader"), "ls", "-A", "/course")
    assert listing == ""


def test_it_finds_the_course_that_is_mounted(grader):
    assert "lab1_autograd" in grader("autograder", "lab", "list")


def test_the_command_line_is_not_root(grader):
    """A wall of users needs root; what else CI runs here stays what it was."""
    whoami = "import os; print(os.getuid())"
    assert grader("python", "-c", whoami) == "0\n"
    # In place of the command line, one that says who runs it.
    shim = r"mkdir /tmp/b && printf '#!/bin/sh\nid -u\n' >/tmp/b/autograder && chmod +x /tmp/b/*"
    grade = f"{shim} && PATH=/tmp/b:$PATH /opt/grader.sh autograder grade lab1_autograd /x"
    assert grader("sh", "-c", f"{grade} --sandbox docker") not in ("", "0\n")
    assert grader("sh", "-c", f"{grade} --sandbox user") == "0\n"
