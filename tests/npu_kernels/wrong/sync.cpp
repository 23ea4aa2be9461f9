// Synchronisation that is missing, doubled, or never ends.
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
  }
};

// The counter-example of the manual: without DeQue nobody waits for the copy.
extern "C" __global__ __aicore__ void missing_deque(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  TPipe pipe;
  TQue<TPosition::VECIN, 1> in;
  TQue<TPosition::VECOUT, 1> out;
  pipe.InitBuffer(in, 1, TILE * sizeof(float));
  pipe.InitBuffer(out, 1, TILE * sizeof(float));
  LocalTensor<float> local = in.AllocTensor<float>();
  DataCopy(local, frame.xGm, TILE);
  LocalTensor<float> result = out.AllocTensor<float>();
  Abs(result, local, TILE);  // expect: RACE_RAW
  out.EnQue(result);
  result = out.DeQue<float>();
  DataCopy(frame.yGm, result, TILE);
  out.FreeTensor(result);
  in.FreeTensor(local);
}

extern "C" __global__ __aicore__ void stored_too_early(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  DataCopy(frame.a, frame.xGm, TILE);
  SetFlag<HardEvent::MTE2_V>(EVENT_ID0);
  WaitFlag<HardEvent::MTE2_V>(EVENT_ID0);
  Abs(frame.b, frame.a, TILE);
  DataCopy(frame.yGm, frame.b, TILE);  // expect: RACE_RAW
}

extern "C" __global__ __aicore__ void filled_too_early(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  for (uint32_t i = 0; i < 2; i++) {
    DataCopy(frame.a, frame.xGm[i * TILE], TILE);  // expect: RACE_WAR
    SetFlag<HardEvent::MTE2_V>(EVENT_ID0);
    WaitFlag<HardEvent::MTE2_V>(EVENT_ID0);
    Abs(frame.b, frame.a, TILE);
    PipeBarrier<PIPE_V>();
  }
}

extern "C" __global__ __aicore__ void written_twice(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  Duplicate(frame.a, 1.0f, TILE);
  DataCopy(frame.a, frame.xGm, TILE);  // expect: RACE_WAW
  PipeBarrier<PIPE_ALL>();
}

extern "C" __global__ __aicore__ void copied_over(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  DataCopy(frame.a, frame.xGm, TILE);
  DataCopy(frame.a, frame.yGm, TILE);  // expect: RACE_WAW
}

extern "C" __global__ __aicore__ void read_back_too_early(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  Duplicate(frame.a, 1.0f, TILE);
  SetFlag<HardEvent::V_MTE3>(EVENT_ID0);
  WaitFlag<HardEvent::V_MTE3>(EVENT_ID0);
  DataCopy(frame.yGm, frame.a, TILE);
  DataCopy(frame.b, frame.yGm, TILE);  // expect: RACE_RAW
}

extern "C" __global__ __aicore__ void never_set(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  DataCopy(frame.a, frame.xGm, TILE);
  WaitFlag<HardEvent::MTE2_V>(EVENT_ID0);  // expect: SYNC_DEADLOCK
  Abs(frame.b, frame.a, TILE);
}

extern "C" __global__ __aicore__ void set_twice(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  DataCopy(frame.a, frame.xGm, TILE);
  SetFlag<HardEvent::MTE2_V>(EVENT_ID0);
  DataCopy(frame.b, frame.yGm, TILE);
  SetFlag<HardEvent::MTE2_V>(EVENT_ID0);  // expect: SYNC_DOUBLE_SET
  WaitFlag<HardEvent::MTE2_V>(EVENT_ID0);
  Add(frame.b, frame.a, frame.b, TILE);
}

extern "C" __global__ __aicore__ void never_awaited(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  DataCopy(frame.a, frame.xGm, TILE);
  SetFlag<HardEvent::MTE2_V>(EVENT_ID2);  // expect: SYNC_LEFTOVER
}

extern "C" __global__ __aicore__ void reserved_event(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  DataCopy(frame.a, frame.xGm, TILE);
  SetFlag<HardEvent::MTE2_V>(8);  // expect: EVENT_ID_RANGE
}

// Nine buffers of position VECIN, all full at once: there are eight flags from MTE2 to V.
extern "C" __global__ __aicore__ void nine_flags(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  TPipe pipe;
  TQue<TPosition::VECIN, 9> in;
  pipe.InitBuffer(in, 9, TILE * sizeof(float));
  for (uint32_t i = 0; i < 9; i++) {
    LocalTensor<float> local = in.AllocTensor<float>();
    DataCopy(local, frame.xGm, TILE);
    in.EnQue(local);  // expect: EVENT_ID_EXHAUSTED
  }
}

// A copy in is missing between the events around it.
extern "C" __global__ __aicore__ void idle_flag(GM_ADDR x, GM_ADDR y) {
  Frame frame;
  frame.Init(x, y);
  Duplicate(frame.b, 0.0f, TILE);
  SetFlag<HardEvent::MTE2_V>(EVENT_ID0);  // expect: SYNC_IDLE
  WaitFlag<HardEvent::MTE2_V>(EVENT_ID0);
  Abs(frame.b, frame.b, TILE);
  PipeBarrier<PIPE_ALL>();
  DataCopy(frame.yGm, frame.b, TILE);
}

// One core returns before the others meet.
extern "C" __global__ __aicore__ void not_all_meet(GM_ADDR x, GM_ADDR y) {  // blocks: 2
  if (GetBlockIdx() == 1) return;
  SyncAll();  // expect: SYNC_DEADLOCK
}

// A core reads what another has written, and they never met.
extern "C" __global__ __aicore__ void never_met(GM_ADDR x, GM_ADDR y) {  // blocks: 2
  Frame frame;
  frame.Init(x, y);
  if (GetBlockIdx() == 0) {
    Duplicate(frame.a, 1.0f, TILE);
    PipeBarrier<PIPE_ALL>();
    DataCopy(frame.yGm, frame.a, TILE);
  } else {
    DataCopy(frame.a, frame.yGm, TILE);  // expect: GM_CORE_CONFLICT
  }
}
