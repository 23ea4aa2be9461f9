"""A box with the probes of a test, quickly at hand."""

from contextlib import contextmanager
from pathlib import PurePosixPath

import pytest

from autograder.box.base import sandbox
from autograder.model import Limits, Needs

LIMITS = Limits(cpu_seconds=5.0, memory_mb=1024)


# For `pytest.fixture(params=…)`: what must be the same behind a wall and without one.
WALLED_OR_NOT = ["none", pytest.param("namespace", marks=pytest.mark.namespace)]


@contextmanager
def open_box(probes, files=None, packages=(), sandbox_name="none"):
    """A box of the sandbox `sandbox_name`; skips the test where that is not to be had."""
    chosen = sandbox(sandbox_name)
    if why := chosen.available():
        pytest.skip(why)
    named = {PurePosixPath(name): text.encode() for name, text in (files or {}).items()}
    with chosen.open(named, Needs(packages, probes.encode())) as box:
        yield box


def caller(box):
    """Return ``(probe, *args, **limits) -> Observation``."""

    def call(probe, *args, **limits):
        return box.call(probe, args, {}, Limits(**{**vars(LIMITS), **limits}))

    return call
