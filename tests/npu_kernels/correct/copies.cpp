// Ways through MTE2 and MTE3: any length, blocks apart, padding, atomics.
#include "kernel_operator.h"

using namespace AscendC;

// y = x + 1 for any length: DataCopyPad moves exactly what is asked for.
extern "C" __global__ __aicore__ void any_length(GM_ADDR x, GM_ADDR y, uint32_t length) {
  TPipe pipe;
  TQue<TPosition::VECIN, 1> in;
  TQue<TPosition::VECOUT, 1> out;
  uint32_t room = (length + 15) / 16 * 16;
  pipe.InitBuffer(in, 1, room * sizeof(half));
  pipe.InitBuffer(out, 1, room * sizeof(half));
  GlobalTensor<half> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ half*)x, length);
  yGm.SetGlobalBuffer((__gm__ half*)y, length);
  DataCopyExtParams all{1, static_cast<uint32_t>(length * sizeof(half)), 0, 0, 0};
  LocalTensor<half> from = in.AllocTensor<half>();
  DataCopyPad(from, xGm, all, {true, 0, static_cast<uint8_t>(room - length), half(0)});
  in.EnQue(from);
  from = in.DeQue<half>();
  LocalTensor<half> to = out.AllocTensor<half>();
  Adds(to, from, half(1), room);
  out.EnQue(to);
  in.FreeTensor(from);
  to = out.DeQue<half>();
  DataCopyPad(yGm, to, all);
  out.FreeTensor(to);
}

// y = columns 16 to 48 of each row of x, an array of rows x 64 floats; y is rows x 32.
extern "C" __global__ __aicore__ void columns(GM_ADDR x, GM_ADDR y, uint16_t rows) {
  TPipe pipe;
  TQueBind<TPosition::VECIN, TPosition::VECOUT, 1> queue;
  pipe.InitBuffer(queue, 1, rows * 32 * sizeof(float));
  GlobalTensor<float> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ float*)x, rows * 64);
  yGm.SetGlobalBuffer((__gm__ float*)y, rows * 32);
  LocalTensor<float> local = queue.AllocTensor<float>();
  DataCopy(local, xGm[16], DataCopyParams{rows, 4, 4, 0});
  queue.EnQue(local);
  local = queue.DeQue<float>();
  DataCopy(yGm, local, DataCopyParams{1, static_cast<uint16_t>(rows * 4), 0, 0});
  queue.FreeTensor(local);
}

// y = max of each row of x, rows x 5 floats: a row is padded with -1e30 to a block of 8.
extern "C" __global__ __aicore__ void short_rows(GM_ADDR x, GM_ADDR y, uint16_t rows) {
  TPipe pipe;
  TQue<TPosition::VECIN, 1> in;
  TQue<TPosition::VECOUT, 1> out;
  pipe.InitBuffer(in, 1, rows * 32);
  pipe.InitBuffer(out, 1, rows * sizeof(float));
  GlobalTensor<float> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ float*)x, rows * 5);
  yGm.SetGlobalBuffer((__gm__ float*)y, rows);
  LocalTensor<float> from = in.AllocTensor<float>();
  DataCopyPad(from, xGm, DataCopyParams{rows, 5 * sizeof(float), 0, 0},
              DataCopyPadParams{true, 0, 3, 0xF149F2CA});  // the bits of -1e30
  in.EnQue(from);
  from = in.DeQue<float>();
  LocalTensor<float> to = out.AllocTensor<float>();
  BlockReduceMax(to, from, rows / 8, 64, 1, 1, 8);
  out.EnQue(to);
  in.FreeTensor(from);
  to = out.DeQue<float>();
  DataCopy(yGm, to, rows);
  out.FreeTensor(to);
}

// Rows of y: 3 padded elements to the left, then 10 of x; written back without what pads.
extern "C" __global__ __aicore__ void left_padding(GM_ADDR x, GM_ADDR y, uint16_t rows) {
  LocalTensor<int16_t> local(TPosition::VECCALC, 0, rows * 16);
  GlobalTensor<int16_t> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ int16_t*)x, rows * 10);
  yGm.SetGlobalBuffer((__gm__ int16_t*)y, rows * 13);
  DataCopyExtParams in{rows, 10 * sizeof(int16_t), 0, 0, 0};
  DataCopyPad(local, xGm, in, DataCopyPadExtParams<int16_t>{true, 3, 3, 7});
  SetFlag<HardEvent::MTE2_MTE3>(EVENT_ID0);
  WaitFlag<HardEvent::MTE2_MTE3>(EVENT_ID0);
  DataCopyPad(yGm, local, DataCopyExtParams{rows, 13 * sizeof(int16_t), 0, 0, 0});
}

// y += x from every core, the way histograms are summed: the hardware adds, in any order.
extern "C" __global__ __aicore__ void atomic_sum(GM_ADDR x, GM_ADDR y, uint32_t length) {
  TPipe pipe;
  TQueBind<TPosition::VECIN, TPosition::VECOUT, 1> queue;
  pipe.InitBuffer(queue, 1, length * sizeof(int32_t));
  GlobalTensor<int32_t> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ int32_t*)x + GetBlockIdx() * length, length);
  yGm.SetGlobalBuffer((__gm__ int32_t*)y, length);
  LocalTensor<int32_t> local = queue.AllocTensor<int32_t>();
  DataCopy(local, xGm, length);
  queue.EnQue(local);
  local = queue.DeQue<int32_t>();
  SetAtomicAdd<int32_t>();
  DataCopy(yGm, local, length);
  SetAtomicNone();
  queue.FreeTensor(local);
}

// y = the largest over all cores' x, by atomics of the newer names.
extern "C" __global__ __aicore__ void atomic_max(GM_ADDR x, GM_ADDR y, uint32_t length) {
  LocalTensor<float> local(TPosition::VECCALC, 0, length);
  GlobalTensor<float> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ float*)x + GetBlockIdx() * length, length);
  yGm.SetGlobalBuffer((__gm__ float*)y, length);
  DataCopy(local, xGm, length);
  SetFlag<HardEvent::MTE2_MTE3>(EVENT_ID0);
  WaitFlag<HardEvent::MTE2_MTE3>(EVENT_ID0);
  SetAtomicMax<float>();
  DataCopy(yGm, local, length);
  DisableDmaAtomic();
}
