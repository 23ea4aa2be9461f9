// Kernels that say themselves what waits for what: events, barriers, buffers without queues.
#include "kernel_operator.h"

using namespace AscendC;

constexpr uint32_t TILE = 256;  // floats

// y = 2 x + 1. Two buffers in turn, taken from UB directly; each event "may be filled again" is set
// before the loop, so that the loop's first waits pass, and waited for after it.
extern "C" __global__ __aicore__ void ping_pong(GM_ADDR x, GM_ADDR y, int32_t tiles) {
  InitSocState();
  GlobalTensor<float> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ float*)x + GetBlockIdx() * tiles * TILE, tiles * TILE);
  yGm.SetGlobalBuffer((__gm__ float*)y + GetBlockIdx() * tiles * TILE, tiles * TILE);
  LocalMemAllocator<Hardware::UB> allocator;
  LocalTensor<float> in[2] = {allocator.Alloc<float, TILE>(), allocator.Alloc<float, TILE>()};
  LocalTensor<float> out[2] = {allocator.Alloc<float, TILE>(), allocator.Alloc<float, TILE>()};
  SetFlag<HardEvent::V_MTE2>(EVENT_ID0);
  SetFlag<HardEvent::V_MTE2>(EVENT_ID1);
  SetFlag<HardEvent::MTE3_V>(EVENT_ID0);
  SetFlag<HardEvent::MTE3_V>(EVENT_ID1);
  for (int32_t i = 0; i < tiles; i++) {
    int32_t turn = i % 2;
    WaitFlag<HardEvent::V_MTE2>(turn);
    DataCopy(in[turn], xGm[i * TILE], TILE);
    SetFlag<HardEvent::MTE2_V>(turn);
    WaitFlag<HardEvent::MTE2_V>(turn);
    WaitFlag<HardEvent::MTE3_V>(turn);
    Muls(out[turn], in[turn], 2.0f, TILE);
    Adds(out[turn], out[turn], 1.0f, TILE);
    SetFlag<HardEvent::V_MTE2>(turn);
    SetFlag<HardEvent::V_MTE3>(turn);
    WaitFlag<HardEvent::V_MTE3>(turn);
    DataCopy(yGm[i * TILE], out[turn], TILE);
    SetFlag<HardEvent::MTE3_V>(turn);
  }
  WaitFlag<HardEvent::V_MTE2>(EVENT_ID0);
  WaitFlag<HardEvent::V_MTE2>(EVENT_ID1);
  WaitFlag<HardEvent::MTE3_V>(EVENT_ID0);
  WaitFlag<HardEvent::MTE3_V>(EVENT_ID1);
}

// y = |x| in place of x's buffer: one TBuf, events asked of the pipe.
extern "C" __global__ __aicore__ void one_buffer(GM_ADDR x, GM_ADDR y, int32_t tiles) {
  TPipe pipe;
  TBuf<TPosition::VECCALC> buffer;
  pipe.InitBuffer(buffer, TILE * sizeof(float));
  LocalTensor<float> local = buffer.Get<float>();
  GlobalTensor<float> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ float*)x, tiles * TILE);
  yGm.SetGlobalBuffer((__gm__ float*)y, tiles * TILE);
  event_t copied = static_cast<event_t>(pipe.FetchEventID(HardEvent::MTE2_V));
  event_t computed = static_cast<event_t>(pipe.FetchEventID(HardEvent::V_MTE3));
  event_t stored = static_cast<event_t>(pipe.FetchEventID(HardEvent::MTE3_MTE2));
  for (int32_t i = 0; i < tiles; i++) {
    if (i > 0) {
      WaitFlag<HardEvent::MTE3_MTE2>(stored);
    }
    DataCopy(local, xGm[i * TILE], TILE);
    SetFlag<HardEvent::MTE2_V>(copied);
    WaitFlag<HardEvent::MTE2_V>(copied);
    Abs(local, local, TILE);
    SetFlag<HardEvent::V_MTE3>(computed);
    WaitFlag<HardEvent::V_MTE3>(computed);
    DataCopy(yGm[i * TILE], local, TILE);
    if (i + 1 < tiles) {
      SetFlag<HardEvent::MTE3_MTE2>(stored);
    }
  }
}

// y = x * x, with the C spellings and events allocated and given back.
extern "C" __global__ __aicore__ void c_spellings(GM_ADDR x, GM_ADDR y) {
  TPipe pipe;
  TBuf<> buffer;
  pipe.InitBuffer(buffer, 2 * TILE * sizeof(float));
  LocalTensor<float> from = buffer.GetWithOffset<float>(TILE, 0);
  LocalTensor<float> to = buffer.GetWithOffset<float>(TILE, TILE * sizeof(float));
  GlobalTensor<float> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ float*)x, TILE);
  yGm.SetGlobalBuffer((__gm__ float*)y, TILE);
  TEventID computed = pipe.AllocEventID<HardEvent::V_MTE3>();
  DataCopy(from, xGm, TILE);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID3);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID3);
  Mul(to, from, from, TILE);
  SetFlag<HardEvent::V_MTE3>(computed);
  WaitFlag<HardEvent::V_MTE3>(computed);
  pipe.ReleaseEventID<HardEvent::V_MTE3>(computed);
  DataCopy(yGm, to, TILE);
  pipe_barrier(PIPE_ALL);
}

// y = x, then its first half once more from z: copies that overlap need a barrier between them.
extern "C" __global__ __aicore__ void barriers(GM_ADDR x, GM_ADDR z, GM_ADDR y) {
  LocalTensor<float> local(TPosition::VECCALC, 0, TILE);
  GlobalTensor<float> xGm, yGm, zGm;
  xGm.SetGlobalBuffer((__gm__ float*)x, TILE);
  zGm.SetGlobalBuffer((__gm__ float*)z, TILE / 2);
  yGm.SetGlobalBuffer((__gm__ float*)y, TILE);
  DataCopy(local, xGm, TILE);
  PipeBarrier<PIPE_MTE2>();
  DataCopy(local, zGm, TILE / 2);
  PipeBarrier<PIPE_ALL>();
  Adds(local, local, 1.0f, TILE);
  PipeBarrier<PIPE_V>();
  Muls(local, local, 0.5f, TILE);
  PipeBarrier<PIPE_ALL>();
  DataCopy(yGm, local, TILE);
  PipeBarrier<PIPE_MTE3>();
  DataCopy(yGm, local[TILE / 2], TILE / 2);
}

// x = x + 1 twice, through global memory: what MTE3 wrote is read again by MTE2.
extern "C" __global__ __aicore__ void there_and_back(GM_ADDR x) {
  LocalTensor<float> local(TPosition::VECCALC, 0, TILE);
  GlobalTensor<float> xGm;
  xGm.SetGlobalBuffer((__gm__ float*)x, TILE);
  for (int32_t round = 0; round < 2; round++) {
    DataCopy(local, xGm, TILE);
    SetFlag<HardEvent::MTE2_V>(EVENT_ID0);
    WaitFlag<HardEvent::MTE2_V>(EVENT_ID0);
    Adds(local, local, 1.0f, TILE);
    SetFlag<HardEvent::V_MTE3>(EVENT_ID0);
    WaitFlag<HardEvent::V_MTE3>(EVENT_ID0);
    DataCopy(xGm, local, TILE);
    SetFlag<HardEvent::MTE3_MTE2>(EVENT_ID0);
    WaitFlag<HardEvent::MTE3_MTE2>(EVENT_ID0);
  }
}
