"""The backend of a real NPU, driven with an emulated compiler and an emulated library.

The library is the virtual NPU's own host runtime as a shared object; the compiler is g++ on what
the driver rewrites. Nothing here is hardware; with an NPU, `pytest -m ascend` runs a kernel there.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import labkit.npu
from labkit.npu import chips, hardware
from labkit.npu.hardware.problems import DeviceError
from tests.npu_kernels.catalogue import FOLDER

BISHENG = """#!{python}
import subprocess, sys, tempfile
from pathlib import Path
from labkit.npu.chips import INCLUDE
from labkit.npu.rewriting import rewrite
from labkit.npu.source import gather

*_, source, _, target, architecture = sys.argv
assert architecture == "--npu-arch=dav-2201"
with tempfile.TemporaryDirectory() as folder:
    for name, text in rewrite(gather(Path(source)), runs_main=True).items():
        Path(folder, name).write_text(text)
    unit = Path(folder, Path(source).name)
    command = ["g++", "-shared", "-fPIC", "-std=c++17", "-O0", "-DNPU_PREBUILT", f"-I{{INCLUDE}}"]
    sys.exit(subprocess.run([*command, str(unit), "-o", target]).returncode)
"""
# The virtual NPU has no times to tell; the library of a real one answers something.
LIBRARY = """
#define aclrtEventElapsedTime no_elapsed_time
#include "{runtime}"
#undef aclrtEventElapsedTime
extern "C" aclError aclrtEventElapsedTime(float* milliseconds, aclrtEvent, aclrtEvent) {{
  *milliseconds = 1.5f;
  return ACL_SUCCESS;
}}
"""
CRASHES = """
#include "acl/acl.h"
#include "kernel_operator.h"
extern "C" void run_kernel(GM_ADDR x, aclrtStream stream) { *(volatile int*)nullptr = 1; }
"""


@pytest.fixture(scope="module")
def emulated(tmp_path_factory):
    """A toolkit and a device that are none."""
    root = tmp_path_factory.mktemp("cann")
    compiler = root / "bin" / "bisheng"
    compiler.parent.mkdir()
    compiler.write_text(BISHENG.format(python=sys.executable))
    compiler.chmod(0o755)
    runtime = chips.INCLUDE.parent / "runtime" / "runtime.cpp"
    source = root / "libascendcl.cpp"
    source.write_text(LIBRARY.format(runtime=runtime))
    command = ["g++", "-shared", "-fPIC", "-std=c++17", "-O0", f"-I{chips.INCLUDE}", str(source)]
    subprocess.run([*command, "-o", str(root / "libascendcl.so")], check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASCEND_HOME_PATH", str(root))
        patch.setenv("LD_LIBRARY_PATH", str(root))
        patch.setenv("PYTHONPATH", str(labkit.npu.chips.INCLUDE.parents[2]))
        # Its symbols are the kernels' too, as those of the real one are by their link.
        patch.setenv("LD_PRELOAD", str(root / "libascendcl.so"))
        yield root


def agree(lib):
    x = np.arange(1024, dtype=np.float16)
    y = np.zeros_like(x)
    timing = lib.run(x, y, 1024, 16, 4)
    assert timing.milliseconds == 1.5
    np.testing.assert_array_equal(y, x * np.float16(3))


def test_a_kernel_goes_to_the_device_and_its_values_come_back(emulated):
    lib = hardware.build(FOLDER / "correct" / "run_kernel.cpp")
    agree(lib)
    assert lib.healthy()


def test_a_kernel_is_launched_by_name(emulated):
    lib = hardware.build(FOLDER / "correct" / "copies.cpp")
    x, y = np.arange(100, dtype=np.float16), np.zeros(100, np.float16)
    lib.launch("any_length", 1, x, y, 100)
    np.testing.assert_array_equal(y, x + np.float16(1))


def test_a_kernel_that_kills_its_process_leaves_the_device_to_the_next(emulated):
    with pytest.raises(DeviceError) as dead:
        hardware.build(CRASHES).run(np.zeros(8, np.float16))
    assert dead.value.code == -11 and dead.value.healthy
    agree(hardware.build(FOLDER / "correct" / "run_kernel.cpp"))


@pytest.mark.ascend
@pytest.mark.skipif(
    not Path("/dev/davinci_manager").exists() or shutil.which("bisheng") is None,
    reason="needs an Ascend NPU with the CANN toolkit",
)
def test_the_same_kernel_on_a_real_npu():
    agree(hardware.build(FOLDER / "correct" / "run_kernel.cpp"))
