// Row by row: reductions, their results as scalars or as vectors, weights that stay in UB.
#include "kernel_operator.h"

using namespace AscendC;

constexpr uint32_t ROW = 128;

class Rows {
 public:
  __aicore__ inline void Init(GM_ADDR x, GM_ADDR y, uint32_t rows) {
    uint32_t first = rows / GetBlockNum() * GetBlockIdx();
    this->rows = rows / GetBlockNum();
    xGm.SetGlobalBuffer((__gm__ float*)x + first * ROW, this->rows * ROW);
    yGm.SetGlobalBuffer((__gm__ float*)y + first * ROW, this->rows * ROW);
    pipe.InitBuffer(in, 2, ROW * sizeof(float));
    pipe.InitBuffer(out, 2, ROW * sizeof(float));
    pipe.InitBuffer(work, ROW * sizeof(float));
    pipe.InitBuffer(one, 32);
  }
  // y = exp(x - max) / sum
  __aicore__ inline void Softmax() {
    for (uint32_t row = 0; row < rows; row++) {
      LocalTensor<float> x = Load(row);
      LocalTensor<float> y = out.AllocTensor<float>();
      LocalTensor<float> result = one.Get<float>();
      ReduceMax(result, x, work.Get<float>(), ROW);
      Adds(y, x, -result.GetValue(0), ROW);
      Exp(y, y, ROW);
      ReduceSum(result, y, work.Get<float>(), ROW);
      Muls(y, y, 1.0f / result.GetValue(0), ROW);
      in.FreeTensor(x);
      Store(row, y);
    }
  }
  // y = x / sqrt(mean(x * x) + epsilon) * weight
  __aicore__ inline void RmsNorm(const LocalTensor<float>& weight) {
    for (uint32_t row = 0; row < rows; row++) {
      LocalTensor<float> x = Load(row);
      LocalTensor<float> y = out.AllocTensor<float>();
      LocalTensor<float> result = one.Get<float>();
      Mul(y, x, x, ROW);
      // 9.x names: a sum for each repeat, then their sum.
      ReduceRepeat<ReduceType::SUM>(result, y, 64, 2, 1, 1, 8);
      ReduceRepeat<ReduceType::SUM>(result, result, 2, 1, 1, 1, 8);
      float mean = result(0) / ROW;
      result.SetValue(0, mean + 1e-6f);
      Rsqrt(result, result, 1);
      Muls(y, x, result.GetValue(0), ROW);
      Mul(y, y, weight, ROW);
      in.FreeTensor(x);
      Store(row, y);
    }
  }

  TPipe pipe;

 private:
  __aicore__ inline LocalTensor<float> Load(uint32_t row) {
    LocalTensor<float> x = in.AllocTensor<float>();
    DataCopy(x, xGm[row * ROW], ROW);
    in.EnQue(x);
    return in.DeQue<float>();
  }
  __aicore__ inline void Store(uint32_t row, LocalTensor<float>& y) {
    out.EnQue(y);
    LocalTensor<float> ready = out.DeQue<float>();
    DataCopy(yGm[row * ROW], ready, ROW);
    out.FreeTensor(ready);
  }

  TQue<TPosition::VECIN, 1> in;
  TQue<TPosition::VECOUT, 1> out;
  TBuf<TPosition::VECCALC> work, one;
  GlobalTensor<float> xGm, yGm;
  uint32_t rows;
};

extern "C" __global__ __aicore__ void softmax(GM_ADDR x, GM_ADDR y, uint32_t rows) {
  Rows op;
  op.Init(x, y, rows);
  op.Softmax();
}

extern "C" __global__ __aicore__ void rms_norm(GM_ADDR x, GM_ADDR weight, GM_ADDR y,
                                               uint32_t rows) {
  Rows op;
  op.Init(x, y, rows);
  TQue<TPosition::VECIN, 1> weights;
  op.pipe.InitBuffer(weights, 1, ROW * sizeof(float));
  GlobalTensor<float> weightGm;
  weightGm.SetGlobalBuffer((__gm__ float*)weight, ROW);
  LocalTensor<float> local = weights.AllocTensor<float>();
  DataCopy(local, weightGm, ROW);
  weights.EnQue(local);
  local = weights.DeQue<float>();
  op.RmsNorm(local);
  weights.FreeTensor(local);
}

// y = the mean of each row, rows being at most 8: each sum goes to its own element of one block.
extern "C" __global__ __aicore__ void row_means(GM_ADDR x, GM_ADDR y, uint32_t rows) {
  TPipe pipe;
  TQue<TPosition::VECIN, 1> in;
  TQue<TPosition::VECOUT, 1> out;
  TBuf<TPosition::VECCALC> work, sums;
  pipe.InitBuffer(in, 1, rows * ROW * sizeof(float));
  pipe.InitBuffer(out, 1, 32);
  pipe.InitBuffer(work, ROW * sizeof(float));
  pipe.InitBuffer(sums, 32);
  GlobalTensor<float> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ float*)x, rows * ROW);
  yGm.SetGlobalBuffer((__gm__ float*)y, rows);
  LocalTensor<float> local = in.AllocTensor<float>();
  DataCopy(local, xGm, rows * ROW);
  in.EnQue(local);
  local = in.DeQue<float>();
  LocalTensor<float> means = out.AllocTensor<float>();
  LocalTensor<float> sum = sums.Get<float>();
  for (uint32_t row = 0; row < rows; row++) {
    ReduceSum<float>(sum[row], local[row * ROW], work.Get<float>(), ROW);
  }
  Muls(means, sum, 1.0f / ROW, rows);
  in.FreeTensor(local);
  out.EnQue(means);
  means = out.DeQue<float>();
  DataCopyExtParams all{1, static_cast<uint32_t>(rows * sizeof(float)), 0, 0, 0};
  DataCopyPad(yGm, means, all);
  out.FreeTensor(means);
}

// y[0] = the largest of x, y[1] = where: ReduceMax with its index.
extern "C" __global__ __aicore__ void arg_max(GM_ADDR x, GM_ADDR y) {
  TPipe pipe;
  TQue<TPosition::VECIN, 1> in;
  TBuf<> work, result;
  pipe.InitBuffer(in, 1, ROW * sizeof(float));
  pipe.InitBuffer(work, ROW * sizeof(float));
  pipe.InitBuffer(result, 32);
  GlobalTensor<float> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ float*)x, ROW);
  yGm.SetGlobalBuffer((__gm__ float*)y, 2);
  LocalTensor<float> local = in.AllocTensor<float>();
  DataCopy(local, xGm, ROW);
  in.EnQue(local);
  local = in.DeQue<float>();
  LocalTensor<float> found = result.Get<float>();
  ReduceMax(found, local, work.Get<float>(), ROW, true);
  float index = found.GetValue(1);
  yGm.SetValue(0, found.GetValue(0));
  yGm.SetValue(1, static_cast<float>(*reinterpret_cast<uint32_t*>(&index)));
  in.FreeTensor(local);
}
