"""The Docker engine as these tests use it: by its command line, as whoever builds images does."""

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from autograder import __version__

ROOT = Path(__file__).parents[2]
PREFIX = os.environ.get("PREFIX", "systems-for-ai")  # as docker/build.sh
RUNNERS = ("runner-cpu", "runner-cuda", "runner-ascend")
IMAGES = (*RUNNERS, "lab", "grader")


def name(image: str) -> str:
    return f"{PREFIX}/{image}:{__version__}"


def docker(*arguments: object, code: int | None = 0, **options: Any) -> str:
    """Run a command of Docker's; return what it printed."""
    command = ["docker", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, **options)
    assert code is None or done.returncode == code, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@cache
def missing(image: str | None = None) -> str | None:
    """Say why a test cannot be run here; None if it can."""
    try:
        up = subprocess.run(["docker", "info"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        up = False
    if not up:
        return "no Docker engine answers: infra/docker/engine.sh says why"
    if image and not docker("images", "--quiet", name(image)):
        return f"{name(image)} is not built: make images IMAGES={image}"
    return None


def inspect(image: str) -> dict[str, Any]:
    (found,) = json.loads(docker("image", "inspect", name(image)))
    return found


def inside(image: str, *command: object, options: tuple[object, ...] = ()) -> str:
    """Run a command in a container of `image`, as root; return what it printed."""
    entry, *rest = command
    run = ("run", "--rm", "--network", "none", "--user", "0:0", *options)
    return docker(*run, "--entrypoint", entry, name(image), *rest)
