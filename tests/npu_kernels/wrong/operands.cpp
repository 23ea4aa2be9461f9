// Parameters of copies and vector instructions out of their range.
#include "kernel_operator.h"

using namespace AscendC;

constexpr uint32_t TILE = 256;

struct Frame {
  GlobalTensor<float> xGm, yGm;
  LocalTensor<float> a, b;

  __aicore__ inline void Init(GM_ADDR x, GM_ADDR y) {
    xGm.SetGlobalBuffer((__gm__ float*)x, 1024);
    yGm.SetGlobalBuffer((__gm__ float*)y, 1024);
    a = LocalTensor<float>(TPosition::VECCALC, 0, TILE);
    b = LocalTensor<float>(TPosition::VECCALC, TILE * sizeof(float), TILE);
    Duplicate(a, 1.0f, TILE);
    Duplicate(b, 2.0f, TILE);
    PipeBarrier<PIPE_ALL>();
  }
};

extern "C" __global__ __aicore__ void odd_length(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  DataCopy(frame.a, frame.xGm, 99);  // expect: COPY_NOT_32B
}

extern "C" __global__ __aicore__ void too_many_blocks(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  DataCopy(frame.a, frame.xGm, DataCopyParams{5000, 1, 0, 0});  // expect: COPY_PARAM
}

extern "C" __global__ __aicore__ void wide_mask(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  Abs(frame.b, frame.a, 65, 1, {1, 1, 8, 8});  // expect: MASK_RANGE
}

extern "C" __global__ __aicore__ void many_repeats(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  WholeReduceSum(frame.b, frame.a, 64, 256, 1, 1, 0);  // expect: REPEAT_RANGE
}

extern "C" __global__ __aicore__ void part_of_a_repeat(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  LocalTensor<uint8_t> bits(TPosition::VECCALC, 4096, 32);
  Compare(bits, frame.a, frame.b, CMPMODE::LT, 72);  // expect: COUNT_NOT_256
}
