"""A box whose lab lists `ascendc` compiles a kernel with what was built ahead, and runs it."""

from contextlib import contextmanager
from pathlib import PurePosixPath

import numpy as np
import pytest

from autograder.box.base import sandbox
from autograder.model import Limits, Needs

PROBES = b"""
import os, sys
import numpy as np
from labkit import npu


def double(values):
    library = npu.build(os.path.join(sys.path[-1], "double.cpp"))
    result = np.zeros_like(values)
    report = library.launch("double_all", 2, values, result)
    return {"result": result, "codes": [found.code for found in report.diagnostics],
            "bytes": sum(report.bytes.values())}


def hostile(name, seconds):
    library = npu.build(os.path.join(sys.path[-1], name))
    library.launch("k", 1, np.zeros(64, np.float32), timeout=seconds)
"""
HOSTILE = {  # what a kernel does, and how its call ends
    "endless": ("for (volatile int n = 0;; n = n + 1) {}", "timeout"),
    "segfault": ("*(volatile int*)8 = 1;", "crashed"),
    "record_without_end": ("for (;;) SetMaskNorm(), PipeBarrier<PIPE_ALL>();", "crashed timeout"),
    "huge": ("static volatile char all[1 << 30]; for (int n = 0; n < 1 << 30; ++n) all[n] = 1;",
             "crashed memory"),
    "reads_the_host": ("}\n#include \"/etc/passwd\"\nvoid f() {", "crashed"),
    "assembly": ("asm(\"nop\");", "crashed"),
    "bomb": ("}\ntemplate <int n> struct B { B<n + 1> a; B<n + 2> b; };\nB<0> bomb;\nvoid f() {",
             "crashed timeout memory"),
}  # fmt: skip
FRAME = """
#include "kernel_operator.h"
using namespace AscendC;
extern "C" __global__ __aicore__ void k(GM_ADDR x) {
%s
}
"""
KERNEL = b"""
#include "kernel_operator.h"
using namespace AscendC;

extern "C" __global__ __aicore__ void double_all(GM_ADDR x, GM_ADDR z) {
  constexpr uint32_t kTile = 512;
  TPipe pipe;
  TQue<TPosition::VECIN, 1> in;
  TQue<TPosition::VECOUT, 1> out;
  pipe.InitBuffer(in, 1, kTile * sizeof(float));
  pipe.InitBuffer(out, 1, kTile * sizeof(float));
  GlobalTensor<float> from, to;
  from.SetGlobalBuffer((__gm__ float*)x + GetBlockIdx() * kTile, kTile);
  to.SetGlobalBuffer((__gm__ float*)z + GetBlockIdx() * kTile, kTile);
  LocalTensor<float> given = in.AllocTensor<float>();
  DataCopy(given, from, kTile);
  in.EnQue(given);
  given = in.DeQue<float>();
  LocalTensor<float> made = out.AllocTensor<float>();
  Add(made, given, given, kTile);
  out.EnQue(made);
  in.FreeTensor(given);
  made = out.DeQue<float>();
  DataCopy(to, made, kTile);
  out.FreeTensor(made);
}
"""


@contextmanager
def opened(name, files=None):
    chosen = sandbox(name)
    if why := chosen.available():
        pytest.skip(why)
    needs = Needs(("numpy",), PROBES, compilers=("ascendc",))
    handed_in = {PurePosixPath(file): text for file, text in (files or {}).items()}
    with chosen.open(handed_in | {PurePosixPath("double.cpp"): KERNEL}, needs) as box:
        yield box


def honest(box):
    values = np.arange(1024, dtype=np.float32)
    seen = box.call("double", [values], {}, Limits(cpu_seconds=20.0, memory_mb=512))
    assert seen.outcome == "pass", seen
    assert np.array_equal(seen.value["result"], 2 * values)
    assert seen.value["codes"] == []
    assert seen.value["bytes"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["none", pytest.param("namespace", marks=pytest.mark.namespace)])
def test_a_kernel_runs(name):
    with opened(name) as box:
        honest(box)


@pytest.mark.slow
@pytest.mark.namespace
def test_a_hostile_kernel_is_bounded_and_the_next_is_unaffected():
    files = {f"{name}.cpp": (FRAME % body).encode() for name, (body, _) in HOSTILE.items()}
    with opened("namespace", files) as box:
        for name, (_, ends) in HOSTILE.items():
            limits = Limits(cpu_seconds=5.0, memory_mb=512)
            seen = box.call("hostile", [f"{name}.cpp", 60.0], {}, limits)
            assert seen.outcome in ends.split(), (name, seen)
            honest(box)
