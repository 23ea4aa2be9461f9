"""A service is a process of ours that ends with the judge, however that ends."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.box.attachment import ServiceProcess
from autograder.errors import InfraError

HOLDER = """
import time
from autograder.box.attachment import ServiceProcess
print(ServiceProcess("echo")._process.pid, flush=True)
time.sleep(60)
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="looks into /proc")
def test_it_ends_with_a_killed_judge():
    judge = subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE)
    service = int(judge.stdout.readline())
    assert alive(service)
    judge.send_signal(signal.SIGKILL)
    judge.communicate()
    deadline = time.monotonic() + 10
    while alive(service):
        assert time.monotonic() < deadline, "it lives on"
        time.sleep(0.02)


def test_an_unknown_one_is_told():
    with pytest.raises(InfraError, match="did you mean 'echo'"):
        ServiceProcess("ecko")
