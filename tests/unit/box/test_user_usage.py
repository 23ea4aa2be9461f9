"""Memory, processor time and wall time: the tests of the namespace box, on the sandbox `user`."""

import pytest
import test_namespace_usage as namespace
from test_namespace_usage import *  # noqa: F403

from autograder.box.user import UserSandbox

SANDBOX = UserSandbox
PROBES = (
    namespace.PROBES
    + """

def eat_together_unseen(processes, megabytes):
    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # nobody may look into it
    return eat_together(processes, megabytes)
"""
)
pytestmark = pytest.mark.root


@pytest.fixture(autouse=True)
def the_next_call_is_unharmed(run):
    yield
    assert run("alive") == 1


def test_memory_of_processes_that_nobody_may_look_into(observe):
    assert observe("eat_together_unseen", 4, 60, limits=namespace.SMALL).outcome == "memory"


def test_memory_in_datagrams_that_nobody_reads(observe):
    """There are none here, and so nothing to count."""
    assert observe("hold_datagrams", 1, limits=namespace.SMALL).error.type == "PermissionError"
