// Reads x.bin and y.bin, runs the kernel of mul_custom.cpp, and writes z.bin.
#include "file_io.h"
#ifndef ASCENDC_CPU_DEBUG
#include "acl/acl.h"
extern void mul_custom_do(uint32_t blockDim, void* stream, uint8_t* x, uint8_t* y, uint8_t* z);
#else
#include "tikicpulib.h"
extern "C" __global__ __aicore__ void mul_custom(GM_ADDR x, GM_ADDR y, GM_ADDR z);
#endif

int32_t main(int32_t argc, char* argv[]) {
  uint32_t blockDim = 8;
  size_t byteSize = blockDim * 2048 * sizeof(uint16_t);

#ifdef ASCENDC_CPU_DEBUG
  uint8_t* x = (uint8_t*)AscendC::GmAlloc(byteSize);
  uint8_t* y = (uint8_t*)AscendC::GmAlloc(byteSize);
  uint8_t* z = (uint8_t*)AscendC::GmAlloc(byteSize);
  if (!ReadFile("x.bin", x, byteSize) || !ReadFile("y.bin", y, byteSize)) return 1;
  AscendC::SetKernelMode(KernelMode::AIV_MODE);
  ICPU_RUN_KF(mul_custom, blockDim, x, y, z);
  WriteFile("z.bin", z, byteSize);
  AscendC::GmFree((void*)x);
  AscendC::GmFree((void*)y);
  AscendC::GmFree((void*)z);
#else
  aclInit(nullptr);
  int32_t deviceId = 0;
  aclrtSetDevice(deviceId);
  aclrtStream stream = nullptr;
  aclrtCreateStream(&stream);
  uint8_t *xHost, *yHost, *zHost;
  uint8_t *xDevice, *yDevice, *zDevice;
  aclrtMallocHost((void**)(&xHost), byteSize);
  aclrtMallocHost((void**)(&yHost), byteSize);
  aclrtMallocHost((void**)(&zHost), byteSize);
  aclrtMalloc((void**)&xDevice, byteSize, ACL_MEM_MALLOC_HUGE_FIRST);
  aclrtMalloc((void**)&yDevice, byteSize, ACL_MEM_MALLOC_HUGE_FIRST);
  aclrtMalloc((void**)&zDevice, byteSize, ACL_MEM_MALLOC_HUGE_FIRST);
  if (!ReadFile("x.bin", xHost, byteSize) || !ReadFile("y.bin", yHost, byteSize)) return 1;
  aclrtMemcpy(xDevice, byteSize, xHost, byteSize, ACL_MEMCPY_HOST_TO_DEVICE);
  aclrtMemcpy(yDevice, byteSize, yHost, byteSize, ACL_MEMCPY_HOST_TO_DEVICE);
  mul_custom_do(blockDim, stream, xDevice, yDevice, zDevice);
  aclrtSynchronizeStream(stream);
  aclrtMemcpy(zHost, byteSize, zDevice, byteSize, ACL_MEMCPY_DEVICE_TO_HOST);
  WriteFile("z.bin", zHost, byteSize);
  aclrtFree(xDevice);
  aclrtFree(yDevice);
  aclrtFree(zDevice);
  aclrtFreeHost(xHost);
  aclrtFreeHost(yHost);
  aclrtFreeHost(zHost);
  aclrtDestroyStream(stream);
  aclrtResetDevice(deviceId);
  aclFinalize();
#endif
  return 0;
}
