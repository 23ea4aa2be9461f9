"""A box of the sandbox `user` compiles where its lab asks for it, and cannot elsewhere."""

import pytest
from test_compilers import open_box

from autograder.box import compilers
from tests.compiled_programs import HELLO

pytestmark = pytest.mark.root


def test_a_program_is_compiled_and_run():
    with open_box("user", "g++") as call:
        seen = call("hello")
        assert seen.value == HELLO, seen
        assert call("precompiled").value is True


def test_a_lab_that_asks_for_none_cannot_run_one():
    with open_box("user") as call:
        for part in compilers.gxx().parts:
            if part.is_file():
                assert call("run_by_path", str(part)).error.type == "PermissionError"
        headers = next(part for part in compilers.gxx().parts if part.name == "include")
        assert call("read", f"{headers}/stdio.h").error.type == "PermissionError"


@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/1/environ"])
def test_a_compiler_reads_what_the_box_shows_and_no_more(path):
    with open_box("user", "g++") as call:
        code, said = call("compiled", f'#include "{path}"\n').value
    assert code == 1
    assert "Permission denied" in said
