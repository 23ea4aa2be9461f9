// Cores that work together, and cores that decide.
#include "kernel_operator.h"

using namespace AscendC;

constexpr uint32_t PART = 512;

// y[0] = sum of x: each core leaves its part in the workspace, all meet, core 0 adds up.
extern "C" __global__ __aicore__ void two_phases(GM_ADDR x, GM_ADDR workspace, GM_ADDR y) {
  TPipe pipe;
  TQue<TPosition::VECIN, 1> in;
  TQue<TPosition::VECOUT, 1> out;
  TBuf<> work;
  pipe.InitBuffer(in, 1, PART * sizeof(float));
  pipe.InitBuffer(out, 1, 32);
  pipe.InitBuffer(work, PART * sizeof(float));
  GlobalTensor<float> xGm, parts, yGm;
  xGm.SetGlobalBuffer((__gm__ float*)x + GetBlockIdx() * PART, PART);
  parts.SetGlobalBuffer((__gm__ float*)workspace, 8 * GetBlockNum());
  yGm.SetGlobalBuffer((__gm__ float*)y, 8);

  LocalTensor<float> local = in.AllocTensor<float>();
  DataCopy(local, xGm, PART);
  in.EnQue(local);
  local = in.DeQue<float>();
  LocalTensor<float> sum = out.AllocTensor<float>();
  Duplicate(sum, 0.0f, 8);
  ReduceSum(sum, local, work.Get<float>(), PART);
  in.FreeTensor(local);
  out.EnQue(sum);
  sum = out.DeQue<float>();
  DataCopy(parts[8 * GetBlockIdx()], sum, 8);
  out.FreeTensor(sum);

  SyncAll();
  if (GetBlockIdx() != 0) return;
  int32_t count = 8 * GetBlockNum();
  local = in.AllocTensor<float>();
  DataCopy(local, parts, count);
  in.EnQue(local);
  local = in.DeQue<float>();
  sum = out.AllocTensor<float>();
  Duplicate(sum, 0.0f, 8);
  ReduceSum(sum, local, work.Get<float>(), count);
  in.FreeTensor(local);
  out.EnQue(sum);
  sum = out.DeQue<float>();
  DataCopy(yGm, sum, 8);
  out.FreeTensor(sum);
}

// y = x of the next core, by the software form of SyncAll, which wants memory of its own.
extern "C" __global__ __aicore__ void next_of_ring(GM_ADDR x, GM_ADDR y, GM_ADDR workspace) {
  TPipe pipe;
  TQueBind<TPosition::VECIN, TPosition::VECOUT, 1> queue;
  TQue<TPosition::VECIN, 1> syncQueue;
  pipe.InitBuffer(queue, 1, PART * sizeof(float));
  pipe.InitBuffer(syncQueue, 1, 32 * GetBlockNum());
  GlobalTensor<float> xGm, yGm;
  GlobalTensor<int32_t> syncGm;
  xGm.SetGlobalBuffer((__gm__ float*)x, PART * GetBlockNum());
  yGm.SetGlobalBuffer((__gm__ float*)y, PART * GetBlockNum());
  syncGm.SetGlobalBuffer((__gm__ int32_t*)workspace, 8 * GetBlockNum());
  GlobalTensor<float> from[2] = {xGm, yGm};
  int32_t next[2] = {GetBlockIdx(), (GetBlockIdx() + 1) % GetBlockNum()};
  for (int32_t round = 0; round < 2; round++) {
    LocalTensor<float> local = queue.AllocTensor<float>();
    DataCopy(local, from[round][PART * next[round]], PART);
    queue.EnQue(local);
    local = queue.DeQue<float>();
    LocalTensor<int32_t> syncLocal = syncQueue.AllocTensor<int32_t>();
    SyncAll(syncGm, syncLocal);
    syncQueue.FreeTensor(syncLocal);
    DataCopy(yGm[PART * GetBlockIdx()], local, PART);
    queue.FreeTensor(local);
    SyncAll();
  }
}

// y[i] = x[i] * x[i] if that is below 100, else -1: scalars only, one core.
extern "C" __global__ __aicore__ void scalars(GM_ADDR x, GM_ADDR y, int32_t count) {
  GlobalTensor<int32_t> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ int32_t*)x, count);
  yGm.SetGlobalBuffer((__gm__ int32_t*)y, count);
  for (int32_t i = 0; i < count; i++) {
    int32_t square = xGm.GetValue(i) * xGm(i);
    yGm.SetValue(i, square < 100 ? square : -1);
  }
}

// y = twice the running maximum of x: scalars read and write UB between two copies.
extern "C" __global__ __aicore__ void local_scalars(GM_ADDR x, GM_ADDR y, int32_t count) {
  TPipe pipe;
  TQue<TPosition::VECIN, 1> in;
  TQue<TPosition::VECOUT, 1> out;
  pipe.InitBuffer(in, 1, count * sizeof(float));
  pipe.InitBuffer(out, 1, count * sizeof(float));
  GlobalTensor<float> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ float*)x, count);
  yGm.SetGlobalBuffer((__gm__ float*)y, count);
  LocalTensor<float> from = in.AllocTensor<float>();
  DataCopy(from, xGm, count);
  in.EnQue(from);
  from = in.DeQue<float>();
  LocalTensor<float> to = out.AllocTensor<float>();
  float best = from.GetValue(0);
  for (int32_t i = 0; i < count; i++) {
    float value = from.GetValue(i);
    best = value > best ? value : best;
    to.SetValue(i, best);
  }
  Muls(to, to, 2.0f, count);
  out.EnQue(to);
  in.FreeTensor(from);
  to = out.DeQue<float>();
  DataCopy(yGm, to, count);
  out.FreeTensor(to);
}

// One kernel, two ways, by tiling key: 1 adds, 2 multiplies; what differs comes by value.
struct Shape {
  uint32_t count;
  float operand;
};

extern "C" __global__ __aicore__ void by_key(GM_ADDR x, GM_ADDR y, GM_ADDR workspace,
                                             GM_ADDR tiling) {
  GET_TILING_DATA_WITH_STRUCT(Shape, shape, tiling);
  TPipe pipe;
  TQue<TPosition::VECIN, 1> in;
  TQue<TPosition::VECOUT, 1> out;
  pipe.InitBuffer(in, 1, shape.count * sizeof(float));
  pipe.InitBuffer(out, 1, shape.count * sizeof(float));
  GlobalTensor<float> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ float*)x, shape.count);
  yGm.SetGlobalBuffer((__gm__ float*)y, shape.count);
  LocalTensor<float> from = in.AllocTensor<float>();
  DataCopy(from, xGm, shape.count);
  in.EnQue(from);
  from = in.DeQue<float>();
  LocalTensor<float> to = out.AllocTensor<float>();
  if (TILING_KEY_IS(1)) {
    Adds(to, from, shape.operand, shape.count);
  } else if (TILING_KEY_IS(2)) {
    Muls(to, from, shape.operand, shape.count);
  }
  out.EnQue(to);
  in.FreeTensor(from);
  to = out.DeQue<float>();
  DataCopy(yGm, to, shape.count);
  out.FreeTensor(to);
}
