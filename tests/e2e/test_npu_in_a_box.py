"""A box whose lab lists `ascendc` compiles a kernel with what was built ahead, and runs it."""

from pathlib import PurePosixPath

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


@pytest.mark.slow
@pytest.mark.parametrize("name", ["none", pytest.param("namespace", marks=pytest.mark.namespace)])
def test_a_kernel_runs(name):
    import numpy as np

    chosen = sandbox(name)
    if why := chosen.available():
        pytest.skip(why)
    values = np.arange(1024, dtype=np.float32)
    needs = Needs(("numpy",), PROBES, compilers=("ascendc",))
    with chosen.open({PurePosixPath("double.cpp"): KERNEL}, needs) as box:
        seen = box.call("double", [values], {}, Limits(cpu_seconds=20.0, memory_mb=512))
    assert seen.outcome == "pass", seen
    assert np.array_equal(seen.value["result"], 2 * values)
    assert seen.value["codes"] == []
    assert seen.value["bytes"] > 0
