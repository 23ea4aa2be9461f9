// z = x - y: tiling data by the macros of an operator project, launched by ACLRT_LAUNCH_KERNEL.
// The length is no multiple of the tile: the last tile of a core is shorter, and padded.
#include <cmath>
#include <cstdio>

#include "acl/acl.h"
#include "aclrtlaunch_sub_custom.h"
#include "kernel_operator.h"
#include "register/tilingdata_base.h"

namespace optiling {
BEGIN_TILING_DATA_DEF(SubTilingData)
TILING_DATA_FIELD_DEF(uint32_t, totalLength);
TILING_DATA_FIELD_DEF(uint32_t, coreLength);
TILING_DATA_FIELD_DEF(uint32_t, tileLength);
END_TILING_DATA_DEF;
REGISTER_TILING_DATA_CLASS(SubCustom, SubTilingData)
}  // namespace optiling

constexpr int32_t BUFFER_NUM = 2;

class KernelSub {
 public:
  __aicore__ inline KernelSub() {}
  __aicore__ inline void Init(GM_ADDR x, GM_ADDR y, GM_ADDR z, uint32_t totalLength,
                              uint32_t coreLength, uint32_t tileLength) {
    uint32_t begin = coreLength * AscendC::GetBlockIdx();
    uint32_t rest = totalLength > begin ? totalLength - begin : 0;
    this->length = rest < coreLength ? rest : coreLength;
    this->tileLength = tileLength;
    xGm.SetGlobalBuffer((__gm__ float*)x + begin, length);
    yGm.SetGlobalBuffer((__gm__ float*)y + begin, length);
    zGm.SetGlobalBuffer((__gm__ float*)z + begin, length);
    pipe.InitBuffer(inQueueX, BUFFER_NUM, tileLength * sizeof(float));
    pipe.InitBuffer(inQueueY, BUFFER_NUM, tileLength * sizeof(float));
    pipe.InitBuffer(outQueueZ, BUFFER_NUM, tileLength * sizeof(float));
  }
  __aicore__ inline void Process() {
    for (uint32_t offset = 0; offset < length; offset += tileLength) {
      uint32_t count = length - offset < tileLength ? length - offset : tileLength;
      CopyIn(offset, count);
      Compute(count);
      CopyOut(offset, count);
    }
  }

 private:
  __aicore__ inline void CopyIn(uint32_t offset, uint32_t count) {
    AscendC::LocalTensor<float> xLocal = inQueueX.AllocTensor<float>();
    AscendC::LocalTensor<float> yLocal = inQueueY.AllocTensor<float>();
    AscendC::DataCopyExtParams copyParams{1, static_cast<uint32_t>(count * sizeof(float)), 0, 0, 0};
    AscendC::DataCopyPadExtParams<float> padParams{false, 0, 0, 0};
    AscendC::DataCopyPad(xLocal, xGm[offset], copyParams, padParams);
    AscendC::DataCopyPad(yLocal, yGm[offset], copyParams, padParams);
    inQueueX.EnQue(xLocal);
    inQueueY.EnQue(yLocal);
  }
  __aicore__ inline void Compute(uint32_t count) {
    AscendC::LocalTensor<float> xLocal = inQueueX.DeQue<float>();
    AscendC::LocalTensor<float> yLocal = inQueueY.DeQue<float>();
    AscendC::LocalTensor<float> zLocal = outQueueZ.AllocTensor<float>();
    AscendC::Sub(zLocal, xLocal, yLocal, count);
    outQueueZ.EnQue<float>(zLocal);
    inQueueX.FreeTensor(xLocal);
    inQueueY.FreeTensor(yLocal);
  }
  __aicore__ inline void CopyOut(uint32_t offset, uint32_t count) {
    AscendC::LocalTensor<float> zLocal = outQueueZ.DeQue<float>();
    AscendC::DataCopyExtParams copyParams{1, static_cast<uint32_t>(count * sizeof(float)), 0, 0, 0};
    AscendC::DataCopyPad(zGm[offset], zLocal, copyParams);
    outQueueZ.FreeTensor(zLocal);
  }

  AscendC::TPipe pipe;
  AscendC::TQue<AscendC::TPosition::VECIN, 1> inQueueX, inQueueY;
  AscendC::TQue<AscendC::TPosition::VECOUT, 1> outQueueZ;
  AscendC::GlobalTensor<float> xGm, yGm, zGm;
  uint32_t length;
  uint32_t tileLength;
};

extern "C" __global__ __aicore__ void sub_custom(GM_ADDR x, GM_ADDR y, GM_ADDR z, GM_ADDR workspace,
                                                 GM_ADDR tiling) {
  GET_TILING_DATA_WITH_STRUCT(optiling::SubTilingData, tilingData, tiling);
  KernelSub op;
  op.Init(x, y, z, tilingData.totalLength, tilingData.coreLength, tilingData.tileLength);
  op.Process();
}

#define CHECK_ACL(call)                                                       \
  do {                                                                        \
    aclError error = (call);                                                  \
    if (error != ACL_SUCCESS) {                                               \
      fprintf(stderr, "%s:%d aclError:%d\n", __FILE__, __LINE__, (int)error); \
      return 1;                                                               \
    }                                                                         \
  } while (0)

int main() {
  const uint32_t blockDim = 8, total = 9999;
  const size_t bytes = total * sizeof(float);
  optiling::SubTilingData tilingData;
  tilingData.set_totalLength(total);
  tilingData.set_coreLength(1256);
  tilingData.set_tileLength(512);

  CHECK_ACL(aclInit(nullptr));
  CHECK_ACL(aclrtSetDevice(0));
  aclrtContext context;
  CHECK_ACL(aclrtCreateContext(&context, 0));
  aclrtStream stream;
  CHECK_ACL(aclrtCreateStream(&stream));

  float *xHost, *yHost, *zHost;
  void *xDevice, *yDevice, *zDevice, *tilingDevice;
  CHECK_ACL(aclrtMallocHost((void**)&xHost, bytes));
  CHECK_ACL(aclrtMallocHost((void**)&yHost, bytes));
  CHECK_ACL(aclrtMallocHost((void**)&zHost, bytes));
  CHECK_ACL(aclrtMalloc(&xDevice, bytes, ACL_MEM_MALLOC_HUGE_FIRST));
  CHECK_ACL(aclrtMalloc(&yDevice, bytes, ACL_MEM_MALLOC_HUGE_FIRST));
  CHECK_ACL(aclrtMalloc(&zDevice, bytes, ACL_MEM_MALLOC_HUGE_FIRST));
  CHECK_ACL(aclrtMalloc(&tilingDevice, tilingData.GetDataSize(), ACL_MEM_MALLOC_HUGE_FIRST));
  for (uint32_t i = 0; i < total; i++) {
    xHost[i] = 0.5f * (float)i;
    yHost[i] = 1000.0f - (float)i;
  }
  uint8_t tilingHost[64];
  tilingData.SaveToBuffer(tilingHost, sizeof(tilingHost));
  CHECK_ACL(aclrtMemcpy(xDevice, bytes, xHost, bytes, ACL_MEMCPY_HOST_TO_DEVICE));
  CHECK_ACL(aclrtMemcpy(yDevice, bytes, yHost, bytes, ACL_MEMCPY_HOST_TO_DEVICE));
  CHECK_ACL(aclrtMemcpy(tilingDevice, tilingData.GetDataSize(), tilingHost,
                        tilingData.GetDataSize(), ACL_MEMCPY_HOST_TO_DEVICE));

  ACLRT_LAUNCH_KERNEL(sub_custom)
  (blockDim, stream, xDevice, yDevice, zDevice, nullptr, tilingDevice);
  CHECK_ACL(aclrtSynchronizeStream(stream));
  CHECK_ACL(aclrtMemcpy(zHost, bytes, zDevice, bytes, ACL_MEMCPY_DEVICE_TO_HOST));

  int wrong = 0;
  for (uint32_t i = 0; i < total; i++) wrong += std::fabs(zHost[i] - (xHost[i] - yHost[i])) > 0;
  printf("sub_custom: %d of %u wrong\n", wrong, total);
  CHECK_ACL(aclrtFree(xDevice));
  CHECK_ACL(aclrtFree(yDevice));
  CHECK_ACL(aclrtFree(zDevice));
  CHECK_ACL(aclrtFree(tilingDevice));
  CHECK_ACL(aclrtFreeHost(xHost));
  CHECK_ACL(aclrtFreeHost(yHost));
  CHECK_ACL(aclrtFreeHost(zHost));
  CHECK_ACL(aclrtDestroyStream(stream));
  CHECK_ACL(aclrtDestroyContext(context));
  CHECK_ACL(aclrtResetDevice(0));
  CHECK_ACL(aclFinalize());
  return wrong != 0;
}
