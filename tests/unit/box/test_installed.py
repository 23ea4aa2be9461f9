"""What decides a result is told by the sandbox in which it came about."""

import os
import platform
from importlib import metadata
from pathlib import PurePosixPath

import numpy as np
import pytest

from autograder.box import layout
from autograder.box.base import sandbox
from autograder.box.none import NoneSandbox
from autograder.errors import InfraError
from autograder.model import Limits, Needs

PROBES = b"""
import os, platform
def versions():
    import numpy
    return {"python": platform.python_version(), "numpy": numpy.__version__}
def surroundings():
    return dict(os.environ)
"""


@pytest.mark.parametrize("name", ["namespace", "none"])
def test_a_sandbox_tells_its_python_libraries_and_machine(name: str) -> None:
    told = sandbox(name).versions(Needs(("numpy",), PROBES))
    assert list(told) == ["python", "numpy", "machine", "libc"]
    assert told["numpy"] == metadata.version("numpy") == np.__version__
    assert told["machine"] == platform.machine()
    with pytest.raises(InfraError, match="'nonesuch' is not installed"):
        sandbox(name).versions(Needs(("nonesuch",), PROBES))


def test_what_is_told_is_what_runs_in_the_box() -> None:
    needs = Needs(("numpy",), PROBES)
    with NoneSandbox().open({}, needs) as box:
        inside = box.call("versions", (), {}, Limits()).value
    assert inside.items() <= NoneSandbox().versions(needs).items()


def surroundings(device: str) -> dict[str, str]:
    needs = Needs((), PROBES, device=device, unit="GPU-a")
    with NoneSandbox().open({PurePosixPath("a.py"): b""}, needs) as box:
        seen = box.call("surroundings", (), {}, Limits())
    assert isinstance(seen.value, dict), seen
    return seen.value


def test_only_a_box_with_a_gpu_is_told_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUMBA_ENABLE_CUDASIM", raising=False)
    monkeypatch.setenv("CUDA_HOME", "/opt/cuda")
    monkeypatch.setenv("AUTOGRADER_SECRET_FILE", "/secret")
    plain, real = surroundings("virtual"), surroundings("gpu")
    assert real["CUDA_VISIBLE_DEVICES"] == "GPU-a"
    assert real["CUDA_HOME"] == "/opt/cuda"
    assert set(real) - set(plain) <= {"CUDA_VISIBLE_DEVICES", "CUDA_HOME", "LD_LIBRARY_PATH"}
    assert "AUTOGRADER_SECRET_FILE" not in real
    assert os.environ["CUDA_HOME"] not in plain.values()


def test_a_package_whose_name_is_no_modules_is_not_preloaded() -> None:
    assert layout.preload(("numba", "numba-cuda")) == ["numba"]
