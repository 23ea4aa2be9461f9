// y = data + value * x1 / x2, in float although the arrays are half: a TBuf holds what is between.
#include <cmath>
#include <cstdio>
#include <vector>

#include "acl/acl.h"
#include "kernel_operator.h"

using namespace AscendC;

constexpr uint32_t BUFFER_NUM = 2;

struct AddcdivTilingData {
  uint32_t smallCoreDataNum;
  uint32_t bigCoreDataNum;
  uint32_t bigCoreNum;
  uint32_t tileDataNum;
  float value;
};

class KernelAddcdiv {
 public:
  __aicore__ inline KernelAddcdiv() {}
  __aicore__ inline void Init(GM_ADDR data, GM_ADDR x1, GM_ADDR x2, GM_ADDR y,
                              const AddcdivTilingData& tiling, TPipe* pipeIn) {
    pipe = pipeIn;
    value = tiling.value;
    tileDataNum = tiling.tileDataNum;
    uint32_t coreIndex = GetBlockIdx();
    uint32_t begin = tiling.bigCoreDataNum * coreIndex;
    coreDataNum = tiling.bigCoreDataNum;
    if (coreIndex >= tiling.bigCoreNum) {
      coreDataNum = tiling.smallCoreDataNum;
      begin -= (tiling.bigCoreDataNum - tiling.smallCoreDataNum) * (coreIndex - tiling.bigCoreNum);
    }
    dataGm.SetGlobalBuffer((__gm__ half*)data + begin, coreDataNum);
    x1Gm.SetGlobalBuffer((__gm__ half*)x1 + begin, coreDataNum);
    x2Gm.SetGlobalBuffer((__gm__ half*)x2 + begin, coreDataNum);
    yGm.SetGlobalBuffer((__gm__ half*)y + begin, coreDataNum);
    pipe->InitBuffer(inQueueData, BUFFER_NUM, tileDataNum * sizeof(half));
    pipe->InitBuffer(inQueueX1, BUFFER_NUM, tileDataNum * sizeof(half));
    pipe->InitBuffer(inQueueX2, BUFFER_NUM, tileDataNum * sizeof(half));
    pipe->InitBuffer(outQueueY, BUFFER_NUM, tileDataNum * sizeof(half));
    pipe->InitBuffer(numerator, tileDataNum * sizeof(float));
    pipe->InitBuffer(denominator, tileDataNum * sizeof(float));
  }
  __aicore__ inline void Process() {
    for (uint32_t offset = 0; offset < coreDataNum; offset += tileDataNum) {
      uint32_t count = coreDataNum - offset < tileDataNum ? coreDataNum - offset : tileDataNum;
      CopyIn(offset, count);
      Compute(count);
      CopyOut(offset, count);
    }
  }

 private:
  __aicore__ inline void CopyIn(uint32_t offset, uint32_t count) {
    LocalTensor<half> dataLocal = inQueueData.AllocTensor<half>();
    LocalTensor<half> x1Local = inQueueX1.AllocTensor<half>();
    LocalTensor<half> x2Local = inQueueX2.AllocTensor<half>();
    DataCopy(dataLocal, dataGm[offset], count);
    DataCopy(x1Local, x1Gm[offset], count);
    DataCopy(x2Local, x2Gm[offset], count);
    inQueueData.EnQue(dataLocal);
    inQueueX1.EnQue(x1Local);
    inQueueX2.EnQue(x2Local);
  }
  __aicore__ inline void Compute(uint32_t count) {
    LocalTensor<half> dataLocal = inQueueData.DeQue<half>();
    LocalTensor<half> x1Local = inQueueX1.DeQue<half>();
    LocalTensor<half> x2Local = inQueueX2.DeQue<half>();
    LocalTensor<half> yLocal = outQueueY.AllocTensor<half>();
    LocalTensor<float> up = numerator.Get<float>();
    LocalTensor<float> down = denominator.Get<float>();
    Cast(up, x1Local, RoundMode::CAST_NONE, count);
    Cast(down, x2Local, RoundMode::CAST_NONE, count);
    Div(up, up, down, count);
    Cast(down, dataLocal, RoundMode::CAST_NONE, count);
    Axpy(down, up, value, count);
    Cast(yLocal, down, RoundMode::CAST_RINT, count);
    outQueueY.EnQue(yLocal);
    inQueueData.FreeTensor(dataLocal);
    inQueueX1.FreeTensor(x1Local);
    inQueueX2.FreeTensor(x2Local);
  }
  __aicore__ inline void CopyOut(uint32_t offset, uint32_t count) {
    LocalTensor<half> yLocal = outQueueY.DeQue<half>();
    DataCopy(yGm[offset], yLocal, count);
    outQueueY.FreeTensor(yLocal);
  }

  TPipe* pipe;
  TQue<QuePosition::VECIN, BUFFER_NUM> inQueueData, inQueueX1, inQueueX2;
  TQue<QuePosition::VECOUT, BUFFER_NUM> outQueueY;
  TBuf<QuePosition::VECCALC> numerator, denominator;
  GlobalTensor<half> dataGm, x1Gm, x2Gm, yGm;
  uint32_t coreDataNum;
  uint32_t tileDataNum;
  float value;
};

extern "C" __global__ __aicore__ void addcdiv_custom(GM_ADDR data, GM_ADDR x1, GM_ADDR x2,
                                                     GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling) {
  GET_TILING_DATA_WITH_STRUCT(AddcdivTilingData, tilingData, tiling);
  TPipe pipe;
  KernelAddcdiv op;
  op.Init(data, x1, x2, y, tilingData, &pipe);
  op.Process();
}

static void* ToDevice(const void* host, size_t bytes) {
  void* device = nullptr;
  aclrtMalloc(&device, bytes, ACL_MEM_MALLOC_NORMAL_ONLY);
  aclrtMemcpy(device, bytes, host, bytes, ACL_MEMCPY_HOST_TO_DEVICE);
  return device;
}

int main() {
  // 6 cores: 2 with 5 tiles' worth of blocks, 4 with a little less.
  const AddcdivTilingData tilingData{1264, 1280, 2, 512, 0.75f};
  const uint32_t total = 2 * 1280 + 4 * 1264;
  std::vector<half> data(total), x1(total), x2(total), y(total);
  for (uint32_t i = 0; i < total; i++) {
    data[i] = (half)(float)(i % 33);
    x1[i] = (half)((float)(i % 101) - 50.0f);
    x2[i] = (half)((float)(i % 7) + 1.0f);
  }
  const size_t bytes = total * sizeof(half);
  aclInit(nullptr);
  aclrtSetDevice(0);
  aclrtStream stream;
  aclrtCreateStream(&stream);
  void* dataDevice = ToDevice(data.data(), bytes);
  void* x1Device = ToDevice(x1.data(), bytes);
  void* x2Device = ToDevice(x2.data(), bytes);
  void* tilingDevice = ToDevice(&tilingData, sizeof(tilingData));
  void* yDevice = nullptr;
  aclrtMalloc(&yDevice, bytes, ACL_MEM_MALLOC_NORMAL_ONLY);
  addcdiv_custom<<<6, nullptr, stream>>>((uint8_t*)dataDevice, (uint8_t*)x1Device,
                                         (uint8_t*)x2Device, (uint8_t*)yDevice, nullptr,
                                         (uint8_t*)tilingDevice);
  aclrtSynchronizeStream(stream);
  aclrtMemcpy(y.data(), bytes, yDevice, bytes, ACL_MEMCPY_DEVICE_TO_HOST);
  int wrong = 0;
  for (uint32_t i = 0; i < total; i++) {
    double right = (float)data[i] + 0.75 * (float)x1[i] / (float)x2[i];
    wrong += std::fabs((float)y[i] - right) > 1e-3 * (1.0 + std::fabs(right));
  }
  printf("addcdiv_custom: %d of %u wrong\n", wrong, total);
  for (void* device : {dataDevice, x1Device, x2Device, yDevice, tilingDevice}) aclrtFree(device);
  aclrtDestroyStream(stream);
  aclrtResetDevice(0);
  aclFinalize();
  return wrong != 0;
}
