"""The virtual NPU's own parts, built once for all tests that launch kernels."""

from functools import cache
from pathlib import Path

import pytest

from labkit import npu
from labkit.npu.toolchain import toolchain

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
