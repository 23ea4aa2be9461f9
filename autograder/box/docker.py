"""The sandbox `docker`: a container for each box, from an image that holds what boxes show."""

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from autograder import __version__
from autograder.box import accelerators, engine, janitor, layout
from autograder.box.base import Box
from autograder.box.berth import berth
from autograder.box.client import DriverClient
from autograder.box.container import start
from autograder.box.furnish import source_digest
from autograder.box.hardening import container_options, host_options
from autograder.box.wall import Wall
from autograder.box.warm import taken
from autograder.errors import InfraError
from autograder.model import Needs

_FIRST_UID = 200_000
_MANY = 16
_MOST_MEMORY_MB = 32 << 10  # what asks for more wants address space, as CUDA does
_IMAGE = "AUTOGRADER_RUNNER_IMAGE"  # the variable that names another one


class _Kind(NamedTuple):
    """What tells one waiting container from another."""

    image: str
    packages: tuple[str, ...]
    preload: tuple[str, ...]
    memory_mb: int
    device: str
    unit: str
    compilers: tuple[str, ...]


class DockerSandbox:
    """Walls a box in with a container. Any number may be open at once, in any process."""

    def __init__(self, wall: Wall = Wall()) -> None:  # noqa: B008  (frozen)
        """Use `wall`, of which a container keeps the sizes and numbers."""
        self._wall = wall

    def available(self) -> str | None:
        """Look for an engine and the image of runners; None if both are there."""
        try:
            engine.known(image_name("virtual"))
        except InfraError as error:
            return str(error)
        return None

    def versions(self, needs: Needs) -> dict[str, str]:
        """As `base.Sandbox.versions`: those of the image, and its digest."""
        kind = _kind(needs)
        if _contents(kind) not in _told:
            self._start(kind).close()
        return {**_told[_contents(kind)], "image": kind.image}

    @contextmanager
    def open(self, files: Mapping[PurePosixPath, bytes], needs: Needs) -> Iterator[Box]:
        """Open a box, as `base.Sandbox.open`; see `warm.keep_warm`."""
        kind = _kind(needs)
        with berth() as (number, _), taken(kind, lambda: self._start(kind)) as box:
            placed = {PurePosixPath("submission", name): data for name, data in files.items()}
            for name, data in layout.probes(needs).items():
                placed[PurePosixPath("probes", name)] = data
            box.place(self._inside(number), placed)
            yield box

    def _inside(self, number: int) -> dict[str, Any]:
        # Another grader of this engine may number its boxes alike, and the kernel counts processes
        # by user over all containers: here the container's own count (`hardening`) is the limit.
        return replace(self._wall, processes=_MANY * self._wall.processes).inside(
            _FIRST_UID + number
        )

    def _start(self, kind: _Kind) -> DriverClient:
        return engine.patiently(lambda: _started(kind, self._wall))


def image_name(device: str) -> str:
    """Return the name of the image that boxes with `device` are made of."""
    return os.environ.get(_IMAGE) or f"systems-for-ai/{accelerators.IMAGES[device]}:{__version__}"


def _contents(kind: _Kind) -> tuple[str, ...]:
    return (kind.image, *kind.packages, *kind.compilers)


_told: dict[tuple[str, ...], dict[str, str]] = {}  # by contents: versions


def _kind(needs: Needs) -> _Kind:
    """The container that `needs` asks for.

    Raises:
        InfraError: its image is not on the engine's machine.
    """
    name = needs.image or image_name(needs.device)
    image = engine.patiently(lambda: engine.known(name))
    memory = min(needs.limits.memory_mb, _MOST_MEMORY_MB)
    return _Kind(
        image,
        needs.packages,
        needs.preload,
        memory,
        needs.device,
        needs.unit,
        needs.compilers,
    )


def _started(kind: _Kind, wall: Wall) -> DriverClient:
    """A container of `kind`, with its driver loaded, that has seen no submission."""
    _sweep_once()
    lent = accelerators.host_options(kind.device, kind.unit)
    options = container_options(kind.image, janitor.hire(), kind.compilers)
    box = start(engine.connect(), options, host_options(wall, kind.memory_mb) | lent)
    try:
        told = box.start(_config(kind))
        if told["source"] != source_digest():
            raise InfraError(
                f"the image {kind.image} was built from another version of this grader: make images"
            )
    except BaseException:
        box.close()
        raise
    _told[_contents(kind)] = dict(told["versions"])
    return box


@cache
def _sweep_once() -> None:
    with closing(engine.connect()) as client:
        janitor.sweep(client)


def _config(kind: _Kind) -> dict[str, Any]:
    """What the driver is told; see `serving.prepare`. The wall comes with the submission."""
    return {
        "wall": None,
        "packages": list(kind.packages),
        "compilers": list(kind.compilers),
        "path": [layout.LABKIT, layout.PROBES, layout.SUBMISSION],
        "preload": [*layout.preload(kind.packages), *kind.preload],
        "probes": layout.PROBES,
        "submission": layout.SUBMISSION,
        "services": "/tmp/services",
    }
