"""What a box computes is the same on every run: the order of sets of strings too."""

from pathlib import PurePosixPath

import pytest

from autograder.box.base import sandbox
from autograder.model import Limits, Needs

PROBES = b"""
import sys


def order():
    return [list({f"name{i}" for i in range(50)}), sys.flags.safe_path, sys.flags.no_user_site]
"""


@pytest.mark.parametrize("name", ["none", "namespace"])
def test_sets_of_strings_have_one_order(name):
    walls = sandbox(name)
    if reason := walls.available():
        pytest.skip(reason)
    seen = []
    for _ in range(2):
        with walls.open({PurePosixPath("a.py"): b""}, Needs((), PROBES)) as box:
            seen.append(box.call("order", [], {}, Limits()).value)
    assert seen[0] == seen[1]
    assert seen[0][1:] == [True, 1]
