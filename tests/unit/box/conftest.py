"""Boxes for tests: one per wall and module, since opening one costs more than a call."""

from contextlib import ExitStack
from functools import cache
from pathlib import PurePosixPath

import pytest

from autograder.box.namespace import NamespaceSandbox, Wall
from autograder.model import Limits, Needs

STRONG = Wall()
QUICK = Limits(cpu_seconds=5.0, memory_mb=512)


@pytest.fixture(scope="session")
def namespace():
    """The sandbox; skips where this machine allows no wall."""
    sandbox = NamespaceSandbox()
    if reason := sandbox.available():
        pytest.skip(reason)
    return sandbox


@pytest.fixture(scope="module")
def boxes(request):
    """Return ``(wall) -> Box`` of the module's SANDBOX with its PROBES, FILES and PACKAGES."""
    module = request.module
    kind = getattr(module, "SANDBOX", NamespaceSandbox)
    if reason := kind().available():
        pytest.skip(reason)
    probes = module.PROBES.encode()
    files = {PurePosixPath(n): c for n, c in getattr(module, "FILES", {}).items()}
    needs = Needs(packages=getattr(module, "PACKAGES", ()), probes=probes)
    with ExitStack() as stack:
        yield cache(lambda wall: stack.enter_context(kind(wall).open(files, needs)))


@pytest.fixture
def observe(boxes):
    """Return ``(probe, *args) -> Observation`` in the box of the full wall, or of `wall`."""

    def observe(probe, *args, wall=STRONG, limits=QUICK):
        return boxes(wall).call(probe, args, {}, limits)

    return observe


@pytest.fixture
def run(observe):
    """As `observe`, for a probe that must return a value."""

    def run(probe, *args, **options):
        seen = observe(probe, *args, **options)
        assert seen.outcome == "pass", seen
        return seen.value

    return run
