// y = (x - mean) / sqrt(variance + epsilon) * gamma + beta for each row: one row is one tile.
#include <cmath>
#include <cstdio>
#include <vector>

#include "acl/acl.h"
#include "kernel_operator.h"

using namespace AscendC;

constexpr int32_t BUFFER_NUM = 2;

struct LayerNormTilingData {
  uint32_t rows;
  uint32_t rowLength;
  uint32_t rowsOfCore;
  float epsilon;
};

class KernelLayerNorm {
 public:
  __aicore__ inline KernelLayerNorm() {}
  __aicore__ inline void Init(GM_ADDR x, GM_ADDR gamma, GM_ADDR beta, GM_ADDR y,
                              const LayerNormTilingData& tiling) {
    rowLength = tiling.rowLength;
    epsilon = tiling.epsilon;
    uint32_t first = tiling.rowsOfCore * GetBlockIdx();
    rows = first < tiling.rows ? tiling.rows - first : 0;
    rows = rows < tiling.rowsOfCore ? rows : tiling.rowsOfCore;
    xGm.SetGlobalBuffer((__gm__ float*)x + first * rowLength, rows * rowLength);
    yGm.SetGlobalBuffer((__gm__ float*)y + first * rowLength, rows * rowLength);
    gammaGm.SetGlobalBuffer((__gm__ float*)gamma, rowLength);
    betaGm.SetGlobalBuffer((__gm__ float*)beta, rowLength);
    pipe.InitBuffer(inQueueX, BUFFER_NUM, rowLength * sizeof(float));
    pipe.InitBuffer(inQueueGamma, 1, rowLength * sizeof(float));
    pipe.InitBuffer(inQueueBeta, 1, rowLength * sizeof(float));
    pipe.InitBuffer(outQueueY, BUFFER_NUM, rowLength * sizeof(float));
    pipe.InitBuffer(workBuffer, rowLength * sizeof(float));
    pipe.InitBuffer(sumBuffer, 32);
  }
  __aicore__ inline void Process() {
    LoadWeights();
    gammaLocal = inQueueGamma.DeQue<float>();
    betaLocal = inQueueBeta.DeQue<float>();
    for (uint32_t row = 0; row < rows; row++) {
      CopyIn(row);
      Compute();
      CopyOut(row);
    }
    inQueueGamma.FreeTensor(gammaLocal);
    inQueueBeta.FreeTensor(betaLocal);
  }

 private:
  __aicore__ inline void LoadWeights() {
    LocalTensor<float> gammaIn = inQueueGamma.AllocTensor<float>();
    LocalTensor<float> betaIn = inQueueBeta.AllocTensor<float>();
    DataCopy(gammaIn, gammaGm, rowLength);
    DataCopy(betaIn, betaGm, rowLength);
    inQueueGamma.EnQue(gammaIn);
    inQueueBeta.EnQue(betaIn);
  }
  __aicore__ inline void CopyIn(uint32_t row) {
    LocalTensor<float> xLocal = inQueueX.AllocTensor<float>();
    DataCopy(xLocal, xGm[row * rowLength], rowLength);
    inQueueX.EnQue(xLocal);
  }
  __aicore__ inline void Compute() {
    LocalTensor<float> xLocal = inQueueX.DeQue<float>();
    LocalTensor<float> yLocal = outQueueY.AllocTensor<float>();
    LocalTensor<float> work = workBuffer.Get<float>();
    LocalTensor<float> sum = sumBuffer.Get<float>();
    ReduceSum(sum, xLocal, work, rowLength);
    float mean = sum.GetValue(0) / rowLength;
    Adds(xLocal, xLocal, -mean, rowLength);
    Mul(yLocal, xLocal, xLocal, rowLength);
    ReduceSum(sum, yLocal, work, rowLength);
    Muls(sum, sum, 1.0f / rowLength, 1);
    Adds(sum, sum, epsilon, 1);
    Sqrt(sum, sum, 1);
    Muls(yLocal, xLocal, 1.0f / sum.GetValue(0), rowLength);
    Mul(yLocal, yLocal, gammaLocal, rowLength);
    Add(yLocal, yLocal, betaLocal, rowLength);
    outQueueY.EnQue(yLocal);
    inQueueX.FreeTensor(xLocal);
  }
  __aicore__ inline void CopyOut(uint32_t row) {
    LocalTensor<float> yLocal = outQueueY.DeQue<float>();
    DataCopy(yGm[row * rowLength], yLocal, rowLength);
    outQueueY.FreeTensor(yLocal);
  }

  TPipe pipe;
  TQue<TPosition::VECIN, 1> inQueueX, inQueueGamma, inQueueBeta;
  TQue<TPosition::VECOUT, 1> outQueueY;
  TBuf<TPosition::VECCALC> workBuffer, sumBuffer;
  GlobalTensor<float> xGm, gammaGm, betaGm, yGm;
  LocalTensor<float> gammaLocal, betaLocal;
  uint32_t rows;
  uint32_t rowLength;
  float epsilon;
};

extern "C" __global__ __aicore__ void layer_norm_custom(GM_ADDR x, GM_ADDR gamma, GM_ADDR beta,
                                                        GM_ADDR y, GM_ADDR workspace,
                                                        GM_ADDR tiling) {
  GET_TILING_DATA_WITH_STRUCT(LayerNormTilingData, tilingData, tiling);
  KernelLayerNorm op;
  op.Init(x, gamma, beta, y, tilingData);
  op.Process();
}

static std::vector<float> Reference(const std::vector<float>& x, const std::vector<float>& gamma,
                                    const std::vector<float>& beta, double epsilon) {
  size_t length = gamma.size();
  std::vector<float> y(x.size());
  for (size_t row = 0; row < x.size(); row += length) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < length; i++) sum += x[row + i];
    double mean = sum / length;
    for (size_t i = 0; i < length; i++) squares += (x[row + i] - mean) * (x[row + i] - mean);
    double scale = 1 / std::sqrt(squares / length + epsilon);
    for (size_t i = 0; i < length; i++) {
      y[row + i] = (x[row + i] - mean) * scale * gamma[i] + beta[i];
    }
  }
  return y;
}

int main() {
  const uint32_t rowLength = 1000, rows = 29;
  const LayerNormTilingData tilingData{rows, rowLength, 4, 1e-5f};
  std::vector<float> x(rows * rowLength), gamma(rowLength), beta(rowLength), y(x.size());
  for (size_t i = 0; i < x.size(); i++) x[i] = std::sin(0.37f * i) * (1 + i % 13) + 2.0f;
  for (size_t i = 0; i < rowLength; i++) {
    gamma[i] = 1.0f + 0.001f * i;
    beta[i] = 0.25f * (i % 5);
  }
  aclInit(nullptr);
  aclrtSetDevice(0);
  aclrtStream stream;
  aclrtCreateStream(&stream);
  const size_t bytes = x.size() * sizeof(float), rowBytes = rowLength * sizeof(float);
  void *xDevice, *gammaDevice, *betaDevice, *yDevice, *tilingDevice;
  aclrtMalloc(&xDevice, bytes, ACL_MEM_MALLOC_HUGE_FIRST);
  aclrtMalloc(&yDevice, bytes, ACL_MEM_MALLOC_HUGE_FIRST);
  aclrtMalloc(&gammaDevice, rowBytes, ACL_MEM_MALLOC_HUGE_FIRST);
  aclrtMalloc(&betaDevice, rowBytes, ACL_MEM_MALLOC_HUGE_FIRST);
  aclrtMalloc(&tilingDevice, sizeof(tilingData), ACL_MEM_MALLOC_HUGE_FIRST);
  aclrtMemcpy(xDevice, bytes, x.data(), bytes, ACL_MEMCPY_HOST_TO_DEVICE);
  aclrtMemcpy(gammaDevice, rowBytes, gamma.data(), rowBytes, ACL_MEMCPY_HOST_TO_DEVICE);
  aclrtMemcpy(betaDevice, rowBytes, beta.data(), rowBytes, ACL_MEMCPY_HOST_TO_DEVICE);
  aclrtMemcpy(tilingDevice, sizeof(tilingData), &tilingData, sizeof(tilingData),
              ACL_MEMCPY_HOST_TO_DEVICE);
  layer_norm_custom<<<8, nullptr, stream>>>((GM_ADDR)xDevice, (GM_ADDR)gammaDevice,
                                            (GM_ADDR)betaDevice, (GM_ADDR)yDevice, nullptr,
                                            (GM_ADDR)tilingDevice);
  aclrtSynchronizeStream(stream);
  aclrtMemcpy(y.data(), bytes, yDevice, bytes, ACL_MEMCPY_DEVICE_TO_HOST);
  std::vector<float> right = Reference(x, gamma, beta, tilingData.epsilon);
  int wrong = 0;
  for (size_t i = 0; i < y.size(); i++) wrong += !(std::fabs(y[i] - right[i]) < 1e-4);
  printf("layer_norm_custom: %d of %zu wrong\n", wrong, y.size());
  for (void* device : {xDevice, gammaDevice, betaDevice, yDevice, tilingDevice}) aclrtFree(device);
  aclrtDestroyStream(stream);
  aclrtResetDevice(0);
  aclFinalize();
  return wrong != 0;
}
