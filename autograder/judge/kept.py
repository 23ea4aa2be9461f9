"""The reference's box, kept from one submission to the next: only the course's own code runs in it.

To open one costs as much as sixty calls, so who judges many in a row keeps it. A box dies with the
thread that opened it: one thread keeps, judges, and closes.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

from autograder.box.base import sandbox
from autograder.judge.keeper import BoxKeeper
from autograder.model import Lab, Needs

_Shelf = dict[tuple[str, str, str], BoxKeeper]  # one at most: sandbox, digest of the lab, image
_shelf: ContextVar[_Shelf | None] = ContextVar("shelf", default=None)


@contextmanager
def keep_reference() -> Iterator[None]:
    """Keep the reference's box between the submissions that are judged inside this block."""
    shelf: _Shelf = {}
    token = _shelf.set(shelf)
    try:
        yield
    finally:
        _shelf.reset(token)
        _clear(shelf)


@contextmanager
def reference_box(
    wall: str, lab: Lab, files: Mapping[str, bytes], needs: Needs
) -> Iterator[BoxKeeper]:
    """Yield a keeper of a box with the solution's `files`, with the time of a whole submission.

    Args:
        wall: a sandbox's name.
        lab: whose solution it is; another digest makes another box.
        files: the solution's, by name.
        needs: as for `Sandbox.open`.
    """
    shelf = _shelf.get()
    keeper = shelf.pop((wall, lab.digest, needs.image), None) if shelf else None
    if shelf:
        _clear(shelf)
    keeper = keeper or BoxKeeper(sandbox(wall), files, needs)
    keeper.renew()
    with ExitStack() as closing:
        closing.push(keeper)
        yield keeper
        if shelf is not None:  # after an error it is in an unknown state, and closed
            closing.pop_all()
            shelf[wall, lab.digest, needs.image] = keeper


def _clear(shelf: _Shelf) -> None:
    while shelf:
        shelf.popitem()[1].close()
