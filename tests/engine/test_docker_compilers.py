"""A container compiles where its lab asks for it; to all others the image's compiler is closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from autograder.box import toolchain
from autograder.box.docker import DockerSandbox
from autograder.errors import InfraError
from autograder.model import Needs
from tests.compiled_programs import HELLO, PROBES
from tests.engine.conftest import LIMITS


@contextmanager
def opened(*asked: str) -> Iterator[Any]:
    with DockerSandbox().open({}, Needs((), PROBES.encode(), LIMITS, compilers=asked)) as box:
        yield lambda probe, *args: box.call(probe, args, {}, LIMITS)


def test_a_program_is_compiled_and_run():
    with opened("g++") as call:
        seen = call("hello")
        assert seen.value == HELLO, seen
        assert call("precompiled").value is True
        assert call("variable", toolchain.VARIABLE).value is None


@pytest.mark.parametrize("path", ["/etc/shadow", "/proc/1/environ", "/box/packages/numpy/x"])
def test_a_compiler_reads_what_the_box_shows_and_no_more(path):
    with opened("g++") as call:
        code, said = call("compiled", f'#include "{path}"\n').value
    assert code == 1
    assert "Permission denied" in said or "No such file" in said


def test_a_lab_that_asks_for_none_cannot_run_one():
    with opened() as call:
        assert call("there").value == [None]
        for path in ("/usr/bin/g++", "/usr/bin/as", "/usr/bin/ld"):
            assert call("run_by_path", path).error.type == "PermissionError"
        assert call("read", "/usr/include/stdio.h").error.type == "PermissionError"


def test_what_was_built_ahead_is_where_the_variable_says():
    with opened("ascendc") as call:
        assert call("variable", toolchain.VARIABLE).value == toolchain.TARGET
        assert call("read", f"{toolchain.TARGET}/digest").outcome == "pass"
        assert call("there").value == ["/usr/bin/g++"]


def test_a_result_tells_the_version():
    sandbox = DockerSandbox()
    assert "g++" not in sandbox.versions(Needs((), b""))
    told = sandbox.versions(Needs((), b"", compilers=("g++",)))["g++"]
    assert int(told.split(".")[0]) >= 12


def test_a_compiler_that_the_image_lacks_is_our_fault():
    with pytest.raises(InfraError, match="holds no compiler clang"), opened("clang"):
        pass
