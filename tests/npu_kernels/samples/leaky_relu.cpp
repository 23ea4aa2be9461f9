// y = x where x > 0, slope * x elsewhere. GET_TILING_DATA finds the one TilingData of the file.
#include <cstdio>
#include <vector>

#include "acl/acl.h"
#include "aclrtlaunch_leaky_relu_custom.h"
#include "kernel_operator.h"

using namespace AscendC;

constexpr int32_t BUFFER_NUM = 2;

struct LeakyReluTilingData {
  uint32_t totalLength;
  uint32_t tileNum;
  float negativeSlope;
};

class KernelLeakyRelu {
 public:
  __aicore__ inline KernelLeakyRelu() {}
  __aicore__ inline void Init(GM_ADDR x, GM_ADDR y, uint32_t totalLength, uint32_t tileNum,
                              float negativeSlope) {
    ASSERT(GetBlockNum() != 0 && "block dim can not be zero!");
    this->blockLength = totalLength / GetBlockNum();
    this->tileNum = tileNum;
    this->negativeSlope = negativeSlope;
    ASSERT(tileNum != 0 && "tile num can not be zero!");
    this->tileLength = this->blockLength / tileNum / BUFFER_NUM;
    xGm.SetGlobalBuffer((__gm__ DTYPE*)x + blockLength * GetBlockIdx(), blockLength);
    yGm.SetGlobalBuffer((__gm__ DTYPE*)y + blockLength * GetBlockIdx(), blockLength);
    pipe.InitBuffer(inQueueX, BUFFER_NUM, this->tileLength * sizeof(DTYPE));
    pipe.InitBuffer(outQueueY, BUFFER_NUM, this->tileLength * sizeof(DTYPE));
  }
  __aicore__ inline void Process() {
    int32_t loopCount = this->tileNum * BUFFER_NUM;
    for (int32_t i = 0; i < loopCount; i++) {
      CopyIn(i);
      Compute(i);
      CopyOut(i);
    }
  }

 private:
  using DTYPE = float;

  __aicore__ inline void CopyIn(int32_t progress) {
    LocalTensor<DTYPE> xLocal = inQueueX.AllocTensor<DTYPE>();
    DataCopy(xLocal, xGm[progress * this->tileLength], this->tileLength);
    inQueueX.EnQue(xLocal);
  }
  __aicore__ inline void Compute(int32_t progress) {
    LocalTensor<DTYPE> xLocal = inQueueX.DeQue<DTYPE>();
    LocalTensor<DTYPE> yLocal = outQueueY.AllocTensor<DTYPE>();
    LeakyRelu(yLocal, xLocal, static_cast<DTYPE>(this->negativeSlope), this->tileLength);
    outQueueY.EnQue<DTYPE>(yLocal);
    inQueueX.FreeTensor(xLocal);
  }
  __aicore__ inline void CopyOut(int32_t progress) {
    LocalTensor<DTYPE> yLocal = outQueueY.DeQue<DTYPE>();
    DataCopy(yGm[progress * this->tileLength], yLocal, this->tileLength);
    outQueueY.FreeTensor(yLocal);
  }

  TPipe pipe;
  TQue<QuePosition::VECIN, BUFFER_NUM> inQueueX;
  TQue<QuePosition::VECOUT, BUFFER_NUM> outQueueY;
  GlobalTensor<DTYPE> xGm, yGm;
  uint32_t blockLength;
  uint32_t tileNum;
  uint32_t tileLength;
  float negativeSlope;
};

extern "C" __global__ __aicore__ void leaky_relu_custom(GM_ADDR x, GM_ADDR y, GM_ADDR workspace,
                                                        GM_ADDR tiling) {
  GET_TILING_DATA(tilingData, tiling);
  KernelLeakyRelu op;
  op.Init(x, y, tilingData.totalLength, tilingData.tileNum, tilingData.negativeSlope);
  op.Process();
}

int main() {
  const LeakyReluTilingData tilingData{8 * 200 * 64, 50, 0.1f};
  const size_t bytes = tilingData.totalLength * sizeof(float);
  std::vector<float> x(tilingData.totalLength), y(tilingData.totalLength);
  for (size_t i = 0; i < x.size(); i++) x[i] = (float)(i % 1001) - 500.0f;
  aclInit(nullptr);
  aclrtSetDevice(0);
  aclrtStream stream;
  aclrtCreateStream(&stream);
  void *xDevice, *yDevice, *tilingDevice;
  aclrtMalloc(&xDevice, bytes, ACL_MEM_MALLOC_HUGE_FIRST);
  aclrtMalloc(&yDevice, bytes, ACL_MEM_MALLOC_HUGE_FIRST);
  aclrtMalloc(&tilingDevice, sizeof(tilingData), ACL_MEM_MALLOC_HUGE_FIRST);
  aclrtMemcpyAsync(xDevice, bytes, x.data(), bytes, ACL_MEMCPY_HOST_TO_DEVICE, stream);
  aclrtMemcpyAsync(tilingDevice, sizeof(tilingData), &tilingData, sizeof(tilingData),
                   ACL_MEMCPY_HOST_TO_DEVICE, stream);
  ACLRT_LAUNCH_KERNEL(leaky_relu_custom)(8, stream, xDevice, yDevice, nullptr, tilingDevice);
  aclrtMemcpyAsync(y.data(), bytes, yDevice, bytes, ACL_MEMCPY_DEVICE_TO_HOST, stream);
  aclrtSynchronizeStream(stream);
  int wrong = 0;
  for (size_t i = 0; i < x.size(); i++) wrong += y[i] != (x[i] > 0 ? x[i] : x[i] * 0.1f);
  printf("leaky_relu_custom: %d of %zu wrong\n", wrong, x.size());
  aclrtFree(xDevice);
  aclrtFree(yDevice);
  aclrtFree(tilingDevice);
  aclrtDestroyStream(stream);
  aclrtResetDevice(0);
  aclFinalize();
  return wrong != 0;
}
