"""Another outer wall: a default container, as a grader finds itself in on Gradescope or in CI.

Nothing is added to what `docker run` gives, and no network: what is shown of this machine is what
a `containment` shows, read-only, and the image needs no Python of its own.
"""

import os
import shutil
import subprocess
from functools import cache

from tests.attacks import containment

IMAGE = os.environ.get("AUTOGRADER_TEST_BASE", "autograder-test-base:bookworm-compilers")
_SECONDS = 60
# Process 1 stays a shell: it buries what a grader leaves, and `containment.require` knows it.
_START = 'mkdir -p -m 700 /tmp/scratch/home; "$@"; exit $?'


@cache
def missing() -> str | None:
    """Return None if containers can be had here, else why not."""
    docker = shutil.which("docker")
    if docker is None:
        return "no docker command"
    asked = subprocess.run(
        [docker, "image", "inspect", IMAGE],
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    said = (asked.stderr.strip().splitlines() or [""])[-1]
    return f"no container of {IMAGE}: {said}" if asked.returncode else None


def contained(name: str, *command: str) -> list[str]:
    """Return the command line that runs `command` (of Python) as root of a container `name`."""
    options = ["--rm", "--interactive", "--name", name, "--network", "none", "--workdir", "/"]
    for source, target in containment.shown():
        options += ["--volume", f"{source}:{target}:ro"]
    for variable in {**containment.environment(), **containment.libraries()}.items():
        options += ["--env", "=".join(variable)]
    python = [containment.interpreter(), *command]
    return ["docker", "run", *options, IMAGE, "/bin/sh", "-c", _START, "sh", *python]


def remove(name: str) -> None:
    """Remove the container `name`, whatever runs in it."""
    subprocess.run(
        ["docker", "rm", "--force", name], capture_output=True, timeout=_SECONDS, check=False
    )
