// y = LayerNorm(x + residual) * gamma + beta over half arrays, many rows to a tile: rows are summed
// by repeats, and broadcast back by Brcb. Also gives x + residual, for the next layer.
#include <cmath>
#include <cstdio>
#include <cstring>

#include "kernel_operator.h"
#include "tikicpulib.h"

using namespace AscendC;

constexpr int32_t BUFFER_NUM = 2;
constexpr uint32_t ROW = 64;   // elements of a row: one repeat of float
constexpr uint32_t ROWS = 16;  // rows of a tile
constexpr uint32_t TILE = ROW * ROWS;

struct PreLayerNormTilingData {
  uint32_t tilesOfCore;
  float epsilon;
};

class KernelPreLayerNorm {
 public:
  __aicore__ inline void Init(GM_ADDR x, GM_ADDR residual, GM_ADDR gamma, GM_ADDR beta, GM_ADDR y,
                              GM_ADDR sum, const PreLayerNormTilingData& tiling) {
    tiles = tiling.tilesOfCore;
    epsilon = tiling.epsilon;
    uint64_t begin = (uint64_t)tiles * TILE * GetBlockIdx();
    xGm.SetGlobalBuffer((__gm__ half*)x + begin, tiles * TILE);
    residualGm.SetGlobalBuffer((__gm__ half*)residual + begin, tiles * TILE);
    gammaGm.SetGlobalBuffer((__gm__ float*)gamma, ROW);
    betaGm.SetGlobalBuffer((__gm__ float*)beta, ROW);
    yGm.SetGlobalBuffer((__gm__ half*)y + begin, tiles * TILE);
    sumGm.SetGlobalBuffer((__gm__ half*)sum + begin, tiles * TILE);
    pipe.InitBuffer(inQueueX, BUFFER_NUM, TILE * sizeof(half));
    pipe.InitBuffer(inQueueResidual, BUFFER_NUM, TILE * sizeof(half));
    pipe.InitBuffer(inQueueWeights, 1, 2 * ROW * sizeof(float));
    pipe.InitBuffer(outQueueY, BUFFER_NUM, TILE * sizeof(half));
    pipe.InitBuffer(outQueueSum, BUFFER_NUM, TILE * sizeof(half));
    pipe.InitBuffer(valueBuffer, TILE * sizeof(float));
    pipe.InitBuffer(squareBuffer, TILE * sizeof(float));
    pipe.InitBuffer(rowBuffer, ROWS * sizeof(float));
    pipe.InitBuffer(broadcastBuffer, ROWS * 32);
  }
  __aicore__ inline void Process() {
    LocalTensor<float> weightsIn = inQueueWeights.AllocTensor<float>();
    DataCopy(weightsIn, gammaGm, ROW);
    DataCopy(weightsIn[ROW], betaGm, ROW);
    inQueueWeights.EnQue(weightsIn);
    LocalTensor<float> weights = inQueueWeights.DeQue<float>();
    for (uint32_t tile = 0; tile < tiles; tile++) {
      CopyIn(tile);
      Compute(weights, weights[ROW]);
      CopyOut(tile);
    }
    inQueueWeights.FreeTensor(weights);
  }

 private:
  __aicore__ inline void CopyIn(uint32_t tile) {
    LocalTensor<half> xLocal = inQueueX.AllocTensor<half>();
    LocalTensor<half> residualLocal = inQueueResidual.AllocTensor<half>();
    DataCopy(xLocal, xGm[tile * TILE], TILE);
    DataCopy(residualLocal, residualGm[tile * TILE], TILE);
    inQueueX.EnQue(xLocal);
    inQueueResidual.EnQue(residualLocal);
  }
  __aicore__ inline void Compute(LocalTensor<float> gamma, LocalTensor<float> beta) {
    LocalTensor<float> value = valueBuffer.Get<float>();
    AddResidual(value);
    LocalTensor<float> square = squareBuffer.Get<float>();
    LocalTensor<float> row = rowBuffer.Get<float>();
    LocalTensor<float> wide = broadcastBuffer.Get<float>();
    // Of the operand that is broadcast, a repeat reads one block again and again.
    BinaryRepeatParams byRow{1, 1, 0, 8, 8, 1};
    BinaryRepeatParams byWeight{1, 1, 1, 8, 8, 0};
    RowMeans(row, wide, value);
    Sub(value, value, wide, ROW, ROWS, byRow);
    Mul(square, value, value, TILE);
    RowMeans(row, wide, square);
    Adds(wide, wide, epsilon, ROWS * 8);
    Sqrt(wide, wide, ROWS * 8);
    Div(value, value, wide, ROW, ROWS, byRow);
    Mul(value, value, gamma, ROW, ROWS, byWeight);
    Add(value, value, beta, ROW, ROWS, byWeight);
    LocalTensor<half> yLocal = outQueueY.AllocTensor<half>();
    Cast(yLocal, value, RoundMode::CAST_RINT, TILE);
    outQueueY.EnQue(yLocal);
  }
  __aicore__ inline void AddResidual(LocalTensor<float>& value) {
    LocalTensor<half> xLocal = inQueueX.DeQue<half>();
    LocalTensor<half> residualLocal = inQueueResidual.DeQue<half>();
    LocalTensor<half> sumLocal = outQueueSum.AllocTensor<half>();
    Add(sumLocal, xLocal, residualLocal, TILE);
    Cast(value, sumLocal, RoundMode::CAST_NONE, TILE);
    outQueueSum.EnQue(sumLocal);
    inQueueX.FreeTensor(xLocal);
    inQueueResidual.FreeTensor(residualLocal);
  }
  // The mean of each row, eight times over: a block for each row.
  __aicore__ inline void RowMeans(LocalTensor<float>& row, LocalTensor<float>& wide,
                                  LocalTensor<float>& from) {
    WholeReduceSum(row, from, ROW, ROWS, 1, 1, 8);
    Muls(row, row, 1.0f / ROW, ROWS);
    Brcb(wide, row, ROWS / 8, {1, 8});
  }
  __aicore__ inline void CopyOut(uint32_t tile) {
    LocalTensor<half> yLocal = outQueueY.DeQue<half>();
    LocalTensor<half> sumLocal = outQueueSum.DeQue<half>();
    DataCopy(yGm[tile * TILE], yLocal, TILE);
    DataCopy(sumGm[tile * TILE], sumLocal, TILE);
    outQueueY.FreeTensor(yLocal);
    outQueueSum.FreeTensor(sumLocal);
  }

  TPipe pipe;
  TQue<TPosition::VECIN, 1> inQueueX, inQueueResidual, inQueueWeights;
  TQue<TPosition::VECOUT, 1> outQueueY, outQueueSum;
  TBuf<> valueBuffer, squareBuffer, rowBuffer, broadcastBuffer;
  GlobalTensor<half> xGm, residualGm, yGm, sumGm;
  GlobalTensor<float> gammaGm, betaGm;
  uint32_t tiles;
  float epsilon;
};

extern "C" __global__ __aicore__ void pre_layer_norm_custom(GM_ADDR x, GM_ADDR residual,
                                                            GM_ADDR gamma, GM_ADDR beta, GM_ADDR y,
                                                            GM_ADDR sum, GM_ADDR workspace,
                                                            GM_ADDR tiling) {
  KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_AIV_ONLY);
  GET_TILING_DATA_WITH_STRUCT(PreLayerNormTilingData, tilingData, tiling);
  KernelPreLayerNorm op;
  op.Init(x, residual, gamma, beta, y, sum, tilingData);
  op.Process();
}

static int CountWrong(const half* x, const half* residual, const float* gamma, const float* beta,
                      const half* y, const half* sums, uint32_t rows) {
  int wrong = 0;
  for (uint32_t row = 0; row < rows; row++) {
    double value[ROW], sum = 0, squares = 0;
    for (uint32_t i = 0; i < ROW; i++) {
      half added = (half)((float)x[row * ROW + i] + (float)residual[row * ROW + i]);
      wrong += (float)sums[row * ROW + i] != (float)added;
      sum += value[i] = (float)added;
    }
    for (double& v : value) squares += (v - sum / ROW) * (v - sum / ROW);
    double scale = 1 / std::sqrt(squares / ROW + 1e-5);
    for (uint32_t i = 0; i < ROW; i++) {
      double right = (value[i] - sum / ROW) * scale * gamma[i] + beta[i];
      wrong += !(std::fabs((float)y[row * ROW + i] - right) < 2e-3 * (1 + std::fabs(right)));
    }
  }
  return wrong;
}

int main() {
  const uint32_t blockDim = 4, tilesOfCore = 5, total = blockDim * tilesOfCore * TILE;
  half* x = (half*)GmAlloc(total * sizeof(half));
  half* residual = (half*)GmAlloc(total * sizeof(half));
  float* gamma = (float*)GmAlloc(ROW * sizeof(float));
  float* beta = (float*)GmAlloc(ROW * sizeof(float));
  half* y = (half*)GmAlloc(total * sizeof(half));
  half* sum = (half*)GmAlloc(total * sizeof(half));
  uint8_t* tiling = (uint8_t*)GmAlloc(sizeof(PreLayerNormTilingData));
  for (uint32_t i = 0; i < total; i++) {
    x[i] = (half)(std::sin(0.11f * i) * 3.0f);
    residual[i] = (half)(0.03125f * (float)(i % 77) - 1.0f);
  }
  for (uint32_t i = 0; i < ROW; i++) {
    gamma[i] = 1.0f + 0.01f * i;
    beta[i] = -0.5f + 0.02f * i;
  }
  PreLayerNormTilingData tilingData{tilesOfCore, 1e-5f};
  std::memcpy(tiling, &tilingData, sizeof(tilingData));
  SetKernelMode(KernelMode::AIV_MODE);
  ICPU_RUN_KF(pre_layer_norm_custom, blockDim, (uint8_t*)x, (uint8_t*)residual, (uint8_t*)gamma,
              (uint8_t*)beta, (uint8_t*)y, (uint8_t*)sum, nullptr, tiling);
  int wrong = CountWrong(x, residual, gamma, beta, y, sum, total / ROW);
  printf("pre_layer_norm_custom: %d of %u wrong\n", wrong, 2 * total);
  for (void* memory : {(void*)x, (void*)residual, (void*)gamma, (void*)beta, (void*)y, (void*)sum,
                       (void*)tiling}) {
    GmFree(memory);
  }
  return wrong != 0;
}
