// z = x + y on 8 cores, two buffers each, launched with <<<>>>.
#include <cstdint>
#include <cstdio>
#include <vector>

#include "acl/acl.h"
#include "kernel_operator.h"

using namespace AscendC;

constexpr int32_t BUFFER_NUM = 2;

struct AddTilingData {
  uint32_t totalLength;
  uint32_t tileNum;
};

class KernelAdd {
 public:
  __aicore__ inline KernelAdd() {}
  __aicore__ inline void Init(GM_ADDR x, GM_ADDR y, GM_ADDR z, uint32_t totalLength,
                              uint32_t tileNum) {
    blockLength = totalLength / GetBlockNum();
    this->tileNum = tileNum;
    tileLength = blockLength / tileNum / BUFFER_NUM;
    xGm.SetGlobalBuffer((__gm__ half*)x + blockLength * GetBlockIdx(), blockLength);
    yGm.SetGlobalBuffer((__gm__ half*)y + blockLength * GetBlockIdx(), blockLength);
    zGm.SetGlobalBuffer((__gm__ half*)z + blockLength * GetBlockIdx(), blockLength);
    pipe.InitBuffer(inQueueX, BUFFER_NUM, tileLength * sizeof(half));
    pipe.InitBuffer(inQueueY, BUFFER_NUM, tileLength * sizeof(half));
    pipe.InitBuffer(outQueueZ, BUFFER_NUM, tileLength * sizeof(half));
  }
  __aicore__ inline void Process() {
    int32_t loopCount = tileNum * BUFFER_NUM;
    for (int32_t i = 0; i < loopCount; i++) {
      CopyIn(i);
      Compute(i);
      CopyOut(i);
    }
  }

 private:
  __aicore__ inline void CopyIn(int32_t progress) {
    LocalTensor<half> xLocal = inQueueX.AllocTensor<half>();
    LocalTensor<half> yLocal = inQueueY.AllocTensor<half>();
    DataCopy(xLocal, xGm[progress * tileLength], tileLength);
    DataCopy(yLocal, yGm[progress * tileLength], tileLength);
    inQueueX.EnQue(xLocal);
    inQueueY.EnQue(yLocal);
  }
  __aicore__ inline void Compute(int32_t progress) {
    LocalTensor<half> xLocal = inQueueX.DeQue<half>();
    LocalTensor<half> yLocal = inQueueY.DeQue<half>();
    LocalTensor<half> zLocal = outQueueZ.AllocTensor<half>();
    Add(zLocal, xLocal, yLocal, tileLength);
    outQueueZ.EnQue<half>(zLocal);
    inQueueX.FreeTensor(xLocal);
    inQueueY.FreeTensor(yLocal);
  }
  __aicore__ inline void CopyOut(int32_t progress) {
    LocalTensor<half> zLocal = outQueueZ.DeQue<half>();
    DataCopy(zGm[progress * tileLength], zLocal, tileLength);
    outQueueZ.FreeTensor(zLocal);
  }

  TPipe pipe;
  TQue<QuePosition::VECIN, BUFFER_NUM> inQueueX, inQueueY;
  TQue<QuePosition::VECOUT, BUFFER_NUM> outQueueZ;
  GlobalTensor<half> xGm;
  GlobalTensor<half> yGm;
  GlobalTensor<half> zGm;
  uint32_t blockLength;
  uint32_t tileNum;
  uint32_t tileLength;
};

extern "C" __global__ __aicore__ void add_custom(GM_ADDR x, GM_ADDR y, GM_ADDR z, GM_ADDR workspace,
                                                 GM_ADDR tiling) {
  REGISTER_TILING_DEFAULT(AddTilingData);
  GET_TILING_DATA(tilingData, tiling);
  KernelAdd op;
  op.Init(x, y, z, tilingData.totalLength, tilingData.tileNum);
  op.Process();
}

static int32_t CountWrong(const std::vector<half>& x, const std::vector<half>& y,
                          const std::vector<half>& z) {
  int32_t wrong = 0;
  for (size_t i = 0; i < z.size(); i++) {
    wrong += (float)z[i] != (float)(half)((float)x[i] + (float)y[i]);
  }
  return wrong;
}

int32_t main() {
  constexpr uint32_t BLOCK_DIM = 8;
  constexpr uint32_t TOTAL = BLOCK_DIM * 2048;
  constexpr size_t SIZE = TOTAL * sizeof(half);
  std::vector<half> x(TOTAL), y(TOTAL), z(TOTAL);
  for (uint32_t i = 0; i < TOTAL; i++) {
    x[i] = (half)((int32_t)(i % 511) * 0.25f);
    y[i] = (half)((int32_t)(i % 127) * -0.5f);
  }
  AddTilingData tilingData{TOTAL, 8};

  aclInit(nullptr);
  aclrtSetDevice(0);
  aclrtStream stream = nullptr;
  aclrtCreateStream(&stream);
  uint8_t *xDevice, *yDevice, *zDevice, *tilingDevice;
  aclrtMalloc((void**)&xDevice, SIZE, ACL_MEM_MALLOC_HUGE_FIRST);
  aclrtMalloc((void**)&yDevice, SIZE, ACL_MEM_MALLOC_HUGE_FIRST);
  aclrtMalloc((void**)&zDevice, SIZE, ACL_MEM_MALLOC_HUGE_FIRST);
  aclrtMalloc((void**)&tilingDevice, sizeof(tilingData), ACL_MEM_MALLOC_HUGE_FIRST);
  aclrtMemcpy(xDevice, SIZE, x.data(), SIZE, ACL_MEMCPY_HOST_TO_DEVICE);
  aclrtMemcpy(yDevice, SIZE, y.data(), SIZE, ACL_MEMCPY_HOST_TO_DEVICE);
  aclrtMemcpy(tilingDevice, sizeof(tilingData), &tilingData, sizeof(tilingData),
              ACL_MEMCPY_HOST_TO_DEVICE);

  add_custom<<<BLOCK_DIM, nullptr, stream>>>(xDevice, yDevice, zDevice, nullptr, tilingDevice);
  aclrtSynchronizeStream(stream);

  aclrtMemcpy(z.data(), SIZE, zDevice, SIZE, ACL_MEMCPY_DEVICE_TO_HOST);
  aclrtFree(xDevice);
  aclrtFree(yDevice);
  aclrtFree(zDevice);
  aclrtFree(tilingDevice);
  aclrtDestroyStream(stream);
  aclrtResetDevice(0);
  aclFinalize();
  int32_t wrong = CountWrong(x, y, z);
  printf("add_custom: %d of %u wrong\n", wrong, TOTAL);
  return wrong != 0;
}
