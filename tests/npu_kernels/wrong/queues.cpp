// Queues used wrongly. Each kernel: x, y of 1024 floats; the line of what is told ends in "expect".
#include "kernel_operator.h"

using namespace AscendC;

constexpr uint32_t TILE = 256;

struct Frame {
  TPipe pipe;
  TQue<TPosition::VECIN, 1> in;
  TQue<TPosition::VECOUT, 1> out;
  GlobalTensor<float> xGm, yGm;

  __aicore__ inline void Init(GM_ADDR x, GM_ADDR y) {
    xGm.SetGlobalBuffer((__gm__ float*)x, 1024);
    yGm.SetGlobalBuffer((__gm__ float*)y, 1024);
    pipe.InitBuffer(in, 1, TILE * sizeof(float));
    pipe.InitBuffer(out, 1, TILE * sizeof(float));
  }
};

extern "C" __global__ __aicore__ void not_initialised(GM_ADDR x, GM_ADDR y) {
  TPipe pipe;
  TQue<TPosition::VECIN, 1> in;
  LocalTensor<float> local = in.AllocTensor<float>();  // expect: QUE_NOT_INIT
}

extern "C" __global__ __aicore__ void buffer_not_initialised(GM_ADDR x, GM_ADDR y) {
  TPipe pipe;
  TBuf<TPosition::VECCALC> buffer;
  LocalTensor<float> local = buffer.Get<float>();  // expect: TBUF_NOT_INIT
}

// The third of three famous bugs: zLocal is never freed, and the second AllocTensor waits for ever.
extern "C" __global__ __aicore__ void never_freed(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  for (uint32_t i = 0; i < 4; i++) {
    LocalTensor<float> xLocal = frame.in.AllocTensor<float>();
    DataCopy(xLocal, frame.xGm[i * TILE], TILE);
    frame.in.EnQue(xLocal);
    xLocal = frame.in.DeQue<float>();
    LocalTensor<float> zLocal = frame.out.AllocTensor<float>();  // expect: QUE_NO_FREE_BUFFER
    Adds(zLocal, xLocal, 1.0f, TILE);
    frame.in.FreeTensor(xLocal);
    frame.out.EnQue(zLocal);
    zLocal = frame.out.DeQue<float>();
    DataCopy(frame.yGm[i * TILE], zLocal, TILE);
  }
}

extern "C" __global__ __aicore__ void leaks(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  LocalTensor<float> local = frame.in.AllocTensor<float>();  // expect: QUE_LEAK
  DataCopy(local, frame.xGm, TILE);
  frame.in.EnQue(local);
  local = frame.in.DeQue<float>();
}

extern "C" __global__ __aicore__ void nothing_enqueued(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  LocalTensor<float> local = frame.in.AllocTensor<float>();
  DataCopy(local, frame.xGm, TILE);
  local = frame.in.DeQue<float>();  // expect: QUE_EMPTY
}

extern "C" __global__ __aicore__ void enqueued_twice(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  LocalTensor<float> local = frame.in.AllocTensor<float>();
  DataCopy(local, frame.xGm, TILE);
  frame.in.EnQue(local);
  frame.in.EnQue(local);  // expect: QUE_STATE
}

extern "C" __global__ __aicore__ void too_deep(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  TQue<TPosition::VECIN, 1> shallow;
  frame.pipe.InitBuffer(shallow, 2, TILE * sizeof(float));
  for (uint32_t i = 0; i < 2; i++) {
    LocalTensor<float> local = shallow.AllocTensor<float>();
    DataCopy(local, frame.xGm, TILE);
    shallow.EnQue(local);  // expect: QUE_DEPTH
  }
}

extern "C" __global__ __aicore__ void freed_twice(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  LocalTensor<float> local = frame.in.AllocTensor<float>();
  DataCopy(local, frame.xGm, TILE);
  frame.in.EnQue(local);
  local = frame.in.DeQue<float>();
  frame.in.FreeTensor(local);
  frame.in.FreeTensor(local);  // expect: QUE_DOUBLE_FREE
}

extern "C" __global__ __aicore__ void of_another_queue(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  LocalTensor<float> local = frame.in.AllocTensor<float>();
  DataCopy(local, frame.xGm, TILE);
  frame.out.EnQue(local);  // expect: QUE_FOREIGN_TENSOR
}

extern "C" __global__ __aicore__ void dropped(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  LocalTensor<float> local = frame.out.AllocTensor<float>();
  Duplicate(local, 1.0f, TILE);
  frame.out.EnQue(local);
  local = frame.out.DeQue<float>();
  frame.out.FreeTensor(local);  // expect: QUE_DROPPED
}

extern "C" __global__ __aicore__ void wrong_way_out(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  LocalTensor<float> local = frame.in.AllocTensor<float>();
  DataCopy(local, frame.xGm, TILE);
  frame.in.EnQue(local);
  local = frame.in.DeQue<float>();
  PipeBarrier<PIPE_ALL>();
  DataCopy(frame.yGm, local, TILE);  // expect: POSITION
  PipeBarrier<PIPE_ALL>();
  frame.in.FreeTensor(local);
}
