// What queues and buffers can be used for, apart from the usual way in and out.
#include "kernel_operator.h"

using namespace AscendC;

constexpr uint32_t TILE = 256;

// y = x, without a vector instruction: one queue from copy in to copy out.
extern "C" __global__ __aicore__ void copy_through(GM_ADDR x, GM_ADDR y, int32_t tiles) {
  TPipe pipe;
  TQueBind<TPosition::VECIN, TPosition::VECOUT, 1> queue;
  pipe.InitBuffer(queue, 2, TILE * sizeof(int32_t));
  GlobalTensor<int32_t> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ int32_t*)x + GetBlockIdx() * tiles * TILE, tiles * TILE);
  yGm.SetGlobalBuffer((__gm__ int32_t*)y + GetBlockIdx() * tiles * TILE, tiles * TILE);
  for (int32_t i = 0; i < tiles; i++) {
    LocalTensor<int32_t> in = queue.AllocTensor<int32_t>();
    DataCopy(in, xGm[i * TILE], TILE);
    queue.EnQue(in);
    LocalTensor<int32_t> out = queue.DeQue<int32_t>();
    DataCopy(yGm[i * TILE], out, TILE);
    queue.FreeTensor(out);
  }
}

// y = max(x, 0): queues of depth 0 give their tensors in place.
extern "C" __global__ __aicore__ void depth_zero(GM_ADDR x, GM_ADDR y, int32_t tiles) {
  TPipe pipe;
  TQue<TPosition::VECIN, 0> in;
  TQue<TPosition::VECOUT, 0> out;
  pipe.InitBuffer(in, 2, TILE * sizeof(half));
  pipe.InitBuffer(out, 2, TILE * sizeof(half));
  GlobalTensor<half> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ half*)x, tiles * TILE);
  yGm.SetGlobalBuffer((__gm__ half*)y, tiles * TILE);
  LocalTensor<half> xLocal, yLocal;
  for (int32_t i = 0; i < tiles; i++) {
    in.AllocTensor<half>(xLocal);
    DataCopy(xLocal, xGm[i * TILE], TILE);
    in.EnQue(xLocal);
    in.DeQue<half>(xLocal);
    out.AllocTensor<half>(yLocal);
    Relu(yLocal, xLocal, TILE);
    in.FreeTensor(xLocal);
    out.EnQue(yLocal);
    out.DeQue<half>(yLocal);
    DataCopy(yGm[i * TILE], yLocal, TILE);
    out.FreeTensor(yLocal);
  }
}

// y = a + b + c + d, four queues of two buffers: eight buffers of one position, as many as can be.
class FourQueues {
 public:
  __aicore__ inline void Run(GM_ADDR a, GM_ADDR b, GM_ADDR c, GM_ADDR d, GM_ADDR y, int32_t tiles) {
    GM_ADDR from[4] = {a, b, c, d};
    for (int32_t k = 0; k < 4; k++) {
      pipe.InitBuffer(in[k], 2, TILE * sizeof(float));
      gm[k].SetGlobalBuffer((__gm__ float*)from[k], tiles * TILE);
    }
    pipe.InitBuffer(out, 2, TILE * sizeof(float));
    yGm.SetGlobalBuffer((__gm__ float*)y, tiles * TILE);
    Load(0);
    for (int32_t i = 0; i < tiles; i++) {
      if (i + 1 < tiles) Load(i + 1);
      Sum();
      LocalTensor<float> result = out.DeQue<float>();
      DataCopy(yGm[i * TILE], result, TILE);
      out.FreeTensor(result);
    }
  }

 private:
  __aicore__ inline void Load(int32_t i) {
    for (int32_t k = 0; k < 4; k++) {
      LocalTensor<float> local = in[k].AllocTensor<float>();
      DataCopy(local, gm[k][i * TILE], TILE);
      in[k].EnQue(local);
    }
  }
  __aicore__ inline void Sum() {
    LocalTensor<float> result = out.AllocTensor<float>();
    Duplicate(result, 0.0f, TILE);
    for (int32_t k = 0; k < 4; k++) {
      LocalTensor<float> local = in[k].DeQue<float>();
      Add(result, result, local, TILE);
      in[k].FreeTensor(local);
    }
    out.EnQue(result);
  }

  TPipe pipe;
  TQue<TPosition::VECIN, 2> in[4];
  TQue<TPosition::VECOUT, 1> out;
  GlobalTensor<float> gm[4], yGm;
};

extern "C" __global__ __aicore__ void four_queues(GM_ADDR a, GM_ADDR b, GM_ADDR c, GM_ADDR d,
                                                  GM_ADDR y, int32_t tiles) {
  FourQueues op;
  op.Run(a, b, c, d, y, tiles);
}

// x = 3 x, in place in global memory. Cores beyond the end have nothing to do.
extern "C" __global__ __aicore__ void in_place(GM_ADDR x, uint32_t length, uint32_t coreLength) {
  uint32_t begin = coreLength * GetBlockIdx();
  if (begin >= length) return;
  uint32_t count = length - begin < coreLength ? length - begin : coreLength;
  TPipe pipe;
  TQue<TPosition::VECIN, 1> in;
  TQue<TPosition::VECOUT, 1> out;
  pipe.InitBuffer(in, 1, coreLength * sizeof(float));
  pipe.InitBuffer(out, 1, coreLength * sizeof(float));
  GlobalTensor<float> xGm;
  xGm.SetGlobalBuffer((__gm__ float*)x + begin, count);
  LocalTensor<float> from = in.AllocTensor<float>();
  DataCopy(from, xGm, count);
  in.EnQue(from);
  from = in.DeQue<float>();
  LocalTensor<float> to = out.AllocTensor<float>();
  Muls(to, from, 3.0f, count);
  out.EnQue(to);
  in.FreeTensor(from);
  to = out.DeQue<float>();
  DataCopy(xGm, to, count);
  out.FreeTensor(to);
}

// The queue tells how it stands; y[i] = what it told.
extern "C" __global__ __aicore__ void queue_states(GM_ADDR x, GM_ADDR y) {
  TPipe pipe;
  TQue<TPosition::VECIN, 2> in;
  pipe.InitBuffer(in, 2, TILE * sizeof(float));
  GlobalTensor<float> xGm;
  GlobalTensor<int32_t> yGm;
  xGm.SetGlobalBuffer((__gm__ float*)x, TILE);
  yGm.SetGlobalBuffer((__gm__ int32_t*)y, 8);
  yGm.SetValue(0, in.HasTensorInQue());
  yGm.SetValue(1, in.HasIdleBuffer());
  for (int32_t i = 0; i < 2; i++) {
    LocalTensor<float> local = in.AllocTensor<float>();
    DataCopy(local, xGm, TILE);
    in.EnQue(local);
  }
  yGm.SetValue(2, in.GetTensorCountInQue());
  yGm.SetValue(3, in.HasIdleBuffer());
  yGm.SetValue(4, in.VacantInQue());
  for (int32_t i = 0; i < 2; i++) {
    LocalTensor<float> local = in.DeQue<float>();
    Adds(local, local, 1.0f, TILE);
    in.FreeTensor(local);
  }
  yGm.SetValue(5, in.HasTensorInQue());
  yGm.SetValue(6, in.HasIdleBuffer());
  yGm.SetValue(7, in.GetTensorCountInQue());
}
