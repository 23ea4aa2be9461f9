"""The backend of a real NPU, as far as none is needed: command lines, parameters, what is said."""

import os
from pathlib import Path

import numpy as np
import pytest

from labkit.npu import BuildError, LaunchError, hardware
from labkit.npu.hardware import library, toolkit
from labkit.npu.hardware.functions import Callable, launchers, run_kernel
from labkit.npu.hardware.problems import DeviceError, NoToolkit
from labkit.npu.hardware.runtime import Runtime
from labkit.npu.source import gather

SOURCE = """
#include "kernel_operator.h"
extern "C" __global__ __aicore__ void scale(
    GM_ADDR x, __gm__ half* y, const uint32_t n, float by) {}
namespace deep { __global__ __vector__ void twice(GM_ADDR x) {} }
template <typename T> __global__ __aicore__ void other(GM_ADDR x) {}
extern "C" void run_kernel(uint8_t* x, GM_ADDR y, int64_t n, aclrtStream stream) {}
"""


@pytest.fixture
def bisheng(tmp_path, monkeypatch):
    """A toolkit's folder, with a compiler that does what the test writes into it."""
    file = tmp_path / "bin" / "bisheng"
    file.parent.mkdir()

    def does(*lines):
        file.write_text("\n".join(["#!/bin/sh", *lines]))
        file.chmod(0o755)

    does("exit 0")
    monkeypatch.setenv("ASCEND_HOME_PATH", str(tmp_path))
    return does


def test_the_command_line_is_the_documented_one(bisheng, tmp_path):
    assert toolkit.command(Path("k.asc"), Path("k.so"), "910B3") == [
        str(tmp_path / "bin" / "bisheng"),
        *("-shared", "-fPIC", "-O2", "k.asc", "-o", "k.so", "--npu-arch=dav-2201"),
    ]
    with pytest.raises(NoToolkit, match="910B1, 910B2"):
        toolkit.command(Path("k.asc"), Path("k.so"), "310P3")


def test_without_a_toolkit_it_says_what_to_install(monkeypatch):
    for name in ("ASCEND_HOME_PATH", "ASCEND_TOOLKIT_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(NoToolkit, match=r"set_env\.sh"):
        hardware.build(SOURCE)
    with pytest.raises(NoToolkit, match="cannot be loaded"):
        Runtime("libascendcl-that-is-not-there.so")


def test_what_the_compiler_refuses_names_the_students_line(bisheng):
    bisheng(
        'echo "In file included from $5:2:" >&2',
        'echo "/opt/cann/include/kernel_operator.h:9:1: note: candidate" >&2',
        'echo "/tmp/x/kernel.cpp:3:14: error: no matching function for call to Add" >&2',
        'echo "/opt/cann/impl.h:7:3: error: inside" >&2',
        "exit 1",
    )
    with pytest.raises(BuildError) as refused:
        hardware.build(SOURCE)
    assert str(refused.value) == "kernel.cpp:3: no matching function for call to Add"


def test_a_compiler_that_says_nothing_of_a_line_is_quoted(bisheng):
    bisheng("echo 'bisheng: error: license expired' >&2", "exit 1")
    with pytest.raises(BuildError, match="license expired"):
        hardware.build(SOURCE)


def test_parameters_are_what_ctypes_can_pass():
    program = gather(SOURCE)
    assert run_kernel(program) == Callable("run_kernel", ("array", "array", "c_int64", "stream"))
    text, kernels = launchers(program, "kernel.cpp")
    given = ("c_uint32", "stream", "array", "array", "c_uint32", "c_float")
    assert kernels["scale"] == Callable("labkit_launch_scale", given)
    assert kernels["deep::twice"].parameters == ("c_uint32", "stream", "array")
    assert "scale<<<labkit_blocks, nullptr, labkit_stream>>>(x, y, n, by);" in text
    assert "deep::twice<<<" in text and "other" not in text


def test_a_struct_by_value_is_refused_by_its_line():
    source = '#include "kernel_operator.h"\n__global__ __aicore__ void k(GM_ADDR x, Tiling t) {}\n'
    with pytest.raises(BuildError, match=r"kernel\.cpp:2: Tiling t: .* pass it by pointer"):
        launchers(gather(source), "kernel.cpp")


def test_arguments_that_do_not_fit_are_refused_before_the_device_is_touched(bisheng):
    lib = hardware.build(SOURCE)
    x = np.zeros(8, np.float16)
    with pytest.raises(LaunchError, match="takes 3 arguments, not 2"):
        lib.run(x, x)
    with pytest.raises(LaunchError, match="is no array"):
        lib.run(x, 3, 8)
    with pytest.raises(LaunchError, match="there are: scale, deep::twice"):
        lib.launch("missing", 1, x)
    own = hardware.build(SOURCE.replace("run_kernel", "another"))
    with pytest.raises(LaunchError, match="no run_kernel"):
        own.run(x)


def test_errors_of_a_device_say_what_they_mean_and_whether_it_still_works():
    assert "not aligned" in str(DeviceError("aclrtSynchronizeStreamWithTimeout", 507035))
    assert "plog" in str(DeviceError("aclrtMalloc", 999999))
    assert "gave no answer" in str(DeviceError("the kernel's process", None))
    assert "reset it" in str(DeviceError("aclrtMalloc", 507899, healthy=False))


def test_a_process_that_dies_or_hangs_is_an_error_of_the_device(bisheng, monkeypatch):
    lib = hardware.build(SOURCE)
    monkeypatch.setattr(library.sys, "executable", "/bin/false")
    with pytest.raises(DeviceError) as dead:
        lib.run(np.zeros(8, np.float16), np.zeros(8, np.float16), 8)
    assert dead.value.healthy is False
