// The vector unit of a 910B has no arithmetic on bfloat16.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void no_bfloat16(GM_ADDR x, GM_ADDR y) {
  AscendC::LocalTensor<bfloat16_t> a(AscendC::TPosition::VECCALC, 0, 128);
  AscendC::Add(a, a, a, 128);  // expect: TYPE_UNSUPPORTED
}
