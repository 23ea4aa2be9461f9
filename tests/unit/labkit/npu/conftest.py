"""The virtual NPU's own parts, built once for all tests that launch kernels."""

from functools import cache
from pathlib import Path

import pytest

from labkit import npu
from labkit.npu.toolchain import toolchain
from tests.unit.labkit.npu import native

HERE = Path(__file__).parent
built = cache(npu.build)


@pytest.fixture(scope="session")
def parts():
    """The toolchain, as the user's cache has it; the test is skipped where it cannot be built."""
    try:
        return toolchain()
    except npu.ToolchainError as error:
        if "no g++" not in str(error):
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def launching(parts):
    """The library that launching.cpp builds."""
    return built(HERE / "launching.cpp")


@pytest.fixture(scope="session")
def recorder(parts, tmp_path_factory):
    """The program of recording.cpp."""
    target = tmp_path_factory.mktemp("recorder") / "recorder"
    return native.build("recording.cpp", target, "-O1", "-DNPU_PREBUILT", str(parts.runtime))


@pytest.fixture(scope="session")
def vector_program(tmp_path_factory):
    """The program that runs vector instructions, under sanitizers."""
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    more = ["-mf16c"] if " f16c" in flags else []
    target = tmp_path_factory.mktemp("vectors") / "vector_program"
    return native.build("vector_program.cpp", target, *native.SANITIZED, *more)
