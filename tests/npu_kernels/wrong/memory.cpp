// Addresses, sizes and contents that are not what the kernel thinks they are.
#include "kernel_operator.h"

using namespace AscendC;

constexpr uint32_t TILE = 256;

struct Frame {
  TPipe pipe;
  TBuf<TPosition::VECCALC> buffer;
  GlobalTensor<float> xGm, yGm;
  LocalTensor<float> a, b;

  __aicore__ inline void Init(GM_ADDR x, GM_ADDR y) {
    xGm.SetGlobalBuffer((__gm__ float*)x, 1024);
    yGm.SetGlobalBuffer((__gm__ float*)y, 1024);
    pipe.InitBuffer(buffer, 2 * TILE * sizeof(float));
    a = buffer.GetWithOffset<float>(TILE, 0);
    b = buffer.GetWithOffset<float>(TILE, TILE * sizeof(float));
  }
};

extern "C" __global__ __aicore__ void too_much(GM_ADDR x, GM_ADDR y) {
  TPipe pipe;
  TQue<TPosition::VECIN, 1> in;
  pipe.InitBuffer(in, 2, 100 * 1024);  // expect: UB_OVERFLOW
}

extern "C" __global__ __aicore__ void too_many(GM_ADDR x, GM_ADDR y) {
  TPipe pipe;
  TQue<TPosition::VECIN, 1> in, more;
  pipe.InitBuffer(in, 60, 32);
  pipe.InitBuffer(more, 5, 32);  // expect: BUF_COUNT
}

extern "C" __global__ __aicore__ void no_bytes(GM_ADDR x, GM_ADDR y) {
  TPipe pipe;
  TBuf<> buffer;
  pipe.InitBuffer(buffer, 0);  // expect: BUF_ZERO
}

// InitBuffer wants bytes: without sizeof the tensor is a quarter of what is copied into it.
extern "C" __global__ __aicore__ void without_sizeof(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  TQue<TPosition::VECIN, 1> in;
  frame.pipe.InitBuffer(in, 1, TILE);
  LocalTensor<float> local = in.AllocTensor<float>();
  DataCopy(local, frame.xGm, TILE);  // expect: UB_TENSOR_OOB
  in.EnQue(local);
  local = in.DeQue<float>();
  in.FreeTensor(local);
}

extern "C" __global__ __aicore__ void beyond_ub(GM_ADDR x, GM_ADDR y) {
  LocalTensor<float> local(TPosition::VECCALC, 196608 - 512, TILE);
  Duplicate(local, 0.0f, TILE);  // expect: UB_OOB
}

extern "C" __global__ __aicore__ void one_element_on(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  Duplicate(frame.a, 1.0f, TILE);
  Abs(frame.b, frame.a[1], TILE - 8);  // expect: UB_MISALIGNED
}

extern "C" __global__ __aicore__ void beyond_array(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  frame.xGm.SetGlobalBuffer((__gm__ float*)x);
  DataCopy(frame.a, frame.xGm[1024 - TILE / 2], TILE);  // expect: GM_OOB
}

// What a core was given ends, and it goes on.
extern "C" __global__ __aicore__ void beyond_tensor(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  frame.xGm.SetGlobalBuffer((__gm__ float*)x, TILE);
  DataCopy(frame.a, frame.xGm[TILE], TILE);  // expect: GM_TENSOR_OOB
}

extern "C" __global__ __aicore__ void never_told(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  GlobalTensor<float> gm;
  DataCopy(frame.a, gm, TILE);  // expect: GM_NOT_SET
}

// The first of three famous bugs: every core takes the whole array from its start.
extern "C" __global__ __aicore__ void no_block_offset(GM_ADDR x, GM_ADDR y) {  // blocks: 4
  Frame frame;
  frame.Init(x, y);
  Duplicate(frame.a, static_cast<float>(GetBlockIdx()), TILE);
  PipeBarrier<PIPE_ALL>();
  DataCopy(frame.yGm, frame.a, TILE);  // expect: GM_CORE_CONFLICT
}

// Two cores whose parts overlap, and who write the same there: it works, and is told as a warning.
extern "C" __global__ __aicore__ void overlapping_tail(GM_ADDR x, GM_ADDR y) {  // blocks: 2
  Frame frame;
  frame.Init(x, y);
  uint32_t begin = GetBlockIdx() * TILE / 2;
  DataCopy(frame.a, frame.xGm[begin], TILE);
  PipeBarrier<PIPE_ALL>();
  Abs(frame.b, frame.a, TILE);
  PipeBarrier<PIPE_ALL>();
  DataCopy(frame.yGm[begin], frame.b, TILE);  // expect: GM_CORE_CONFLICT
}

// The second of three famous bugs: every tile read is the first. Only the values of y tell.
extern "C" __global__ __aicore__ void no_progress(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  for (uint32_t i = 0; i < 4; i++) {
    DataCopy(frame.a, frame.xGm[0], TILE);
    PipeBarrier<PIPE_ALL>();
    Abs(frame.b, frame.a, TILE);
    PipeBarrier<PIPE_ALL>();
    DataCopy(frame.yGm[i * TILE], frame.b, TILE);
    PipeBarrier<PIPE_ALL>();
  }
}

extern "C" __global__ __aicore__ void never_written(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  Abs(frame.b, frame.a, TILE);  // expect: UNINIT_READ
}

extern "C" __global__ __aicore__ void gaps(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  Duplicate(frame.a, 1.0f, TILE);
  PipeBarrier<PIPE_ALL>();
  DataCopy(frame.yGm, frame.a, TILE);  // expect: GM_GAP
  PipeBarrier<PIPE_MTE3>();
  DataCopy(frame.yGm[2 * TILE], frame.a, TILE);
}

extern "C" __global__ __aicore__ void unwritten(GM_ADDR x,
                                                GM_ADDR y) {  // expect of the whole: GM_UNWRITTEN
  Frame frame;
  frame.Init(x, y);
}

extern "C" __global__ __aicore__ void overlaps(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  Duplicate(frame.a, 1.0f, TILE);
  Abs(frame.a[8], frame.a, TILE - 8);  // expect: OVERLAP
}

// An address in global memory that no float can have.
extern "C" __global__ __aicore__ void odd_address(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  frame.xGm.SetGlobalBuffer((__gm__ float*)(x + 2), TILE);
  DataCopy(frame.a, frame.xGm, TILE);  // expect: GM_MISALIGNED
}

extern "C" __global__ __aicore__ void no_memory(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  LocalTensor<float> nothing;
  Abs(frame.b, nothing, TILE);  // expect: TENSOR_NOT_SET
}

// What a plain pointer writes no core sees in time; here, only this core's scalar unit ever did.
extern "C" __global__ __aicore__ void behind_the_back(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  *(__gm__ float*)y = 7.0f;
  frame.xGm.SetValue(0, frame.yGm.GetValue(0));  // expect: VALUE_MISMATCH
}

extern "C" __global__ __aicore__ void asserts(GM_ADDR x, GM_ADDR y) {
  ASSERT(GetBlockNum() == 7 && "this kernel needs seven cores");  // expect: ASSERT_FAILED
}
