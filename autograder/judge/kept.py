"""The reference's box, kept from one submission to the next: only the course's own code runs in it.

To open one costs as much as sixty calls.
"""

import atexit
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from autograder.box.base import sandbox
from autograder.judge.keeper import BoxKeeper
from autograder.model import Lab, Needs

_kept: dict[tuple[str, str], BoxKeeper] = {}  # one at most, by sandbox and digest of the lab


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
    key = (wall, lab.digest)
    keeper = _kept.pop(key, None)
    close_kept()
    if keeper is None:
        keeper = BoxKeeper(sandbox(wall), files, needs)
    keeper.renew()
    with ExitStack() as closing:
        closing.push(keeper)
        yield keeper
        if threading.current_thread() is threading.main_thread():  # another's boxes die with it
            closing.pop_all()
            _kept[key] = keeper


@atexit.register
def close_kept() -> None:
    """Close the box that is kept, if there is one."""
    while _kept:
        _kept.popitem()[1].close()
