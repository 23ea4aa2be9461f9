// Kernels, and hosts that misbehave, for test_launching.py.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "acl/acl.h"
#include "kernel_operator.h"
using namespace AscendC;

struct ScaleTilingData {
  uint32_t length;
  float factor;
};

__aicore__ inline void Scale(GM_ADDR x, GM_ADDR y, uint32_t length, float factor) {
  TPipe pipe;
  TQue<QuePosition::VECIN, 1> in;
  TQue<QuePosition::VECOUT, 1> out;
  GlobalTensor<float> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ float*)x + GetBlockIdx() * length, length);
  yGm.SetGlobalBuffer((__gm__ float*)y + GetBlockIdx() * length, length);
  pipe.InitBuffer(in, 1, length * sizeof(float));
  pipe.InitBuffer(out, 1, length * sizeof(float));
  LocalTensor<float> loaded = in.AllocTensor<float>();
  DataCopy(loaded, xGm, length);
  in.EnQue(loaded);
  LocalTensor<float> source = in.DeQue<float>();
  LocalTensor<float> result = out.AllocTensor<float>();
  Muls(result, source, factor, length);
  out.EnQue(result);
  in.FreeTensor(source);
  LocalTensor<float> stored = out.DeQue<float>();
  DataCopy(yGm, stored, length);
  out.FreeTensor(stored);
}

extern "C" __global__ __aicore__ void scale(GM_ADDR x, GM_ADDR y, uint32_t length, float factor) {
  Scale(x, y, length, factor);
}
extern "C" __global__ __aicore__ void scale_by_struct(GM_ADDR x, GM_ADDR y,
                                                      ScaleTilingData tiling) {
  Scale(x, y, tiling.length, tiling.factor);
}
extern "C" __global__ __aicore__ void scale_tiled(GM_ADDR x, GM_ADDR y, GM_ADDR workspace,
                                                  GM_ADDR tiling) {
  GET_TILING_DATA(t, tiling);
  Scale(x, y, t.length, t.factor);
}
extern "C" __global__ __aicore__ void unsynchronised(GM_ADDR x, GM_ADDR y) {
  TPipe pipe;
  TBuf<QuePosition::VECCALC> place;
  GlobalTensor<float> xGm;
  xGm.SetGlobalBuffer((__gm__ float*)x, 64);
  pipe.InitBuffer(place, 256);
  LocalTensor<float> loaded = place.Get<float>();
  DataCopy(loaded, xGm, 64);
  Muls(loaded, loaded, 2.0f, 64);
}
extern "C" __global__ __aicore__ void crash(GM_ADDR x) {
  Scale(x, x + 256, 60, 2.0f);
  *(volatile int*)16 = 1;
}
extern "C" __global__ __aicore__ void spin(GM_ADDR x) {
  for (volatile int i = 0;; i = i + 1) {
  }
}
extern "C" __global__ __aicore__ void issue_for_ever(GM_ADDR x) {
  for (;;) PipeBarrier<PIPE_ALL>();
}

static void RunOutOfMemory() {
  for (std::vector<char*> held;; held.push_back(new char[64 << 20]))
    if (!held.empty()) memset(held.back(), 1, 64 << 20);
}
static void WriteRubbish() {
  for (int fd = 3; fd < 64; ++fd)
    if (write(fd, "rubbish, and no trace at all", 28) < 0) continue;
}
static void WriteForEver() {
  std::vector<char> zeros(1 << 20);
  for (;;) {
    bool any = false;
    for (int fd = 3; fd < 64; ++fd) any |= write(fd, zeros.data(), zeros.size()) > 0;
    if (!any) return;
  }
}
static void LeaveChild() {
  if (fork() == 0) sleep(600);
}
static void PrintForEver() {
  for (int i = 0; i < 200000; ++i) puts("a line that is printed many times");
}

extern "C" void run_kernel(GM_ADDR x, int what) {
  void (*doings[])() = {RunOutOfMemory, WriteRubbish, WriteForEver, LeaveChild, PrintForEver};
  if (what < 5) doings[what]();
  if (what == 5) exit(7);
  if (what == 6) scale<<<1, nullptr, nullptr>>>(x, x + 256, 64, 3.0f);
}

int main(int count, char** arguments) {
  char line[64] = "nothing";
  if (!fgets(line, sizeof line, stdin)) line[0] = 0;
  printf("%s reads %s", count > 1 ? arguments[1] : "nobody", line);
  float host[64], *device = nullptr;
  for (int i = 0; i < 64; ++i) host[i] = i;
  aclInit(nullptr);
  aclrtSetDevice(0);
  aclrtMalloc((void**)&device, 2 * sizeof host, ACL_MEM_MALLOC_HUGE_FIRST);
  aclrtMemcpy(device, sizeof host, host, sizeof host, ACL_MEMCPY_HOST_TO_DEVICE);
  scale<<<1, nullptr, nullptr>>>((uint8_t*)device, (uint8_t*)(device + 64), 64, 2.0f);
  aclrtMemcpy(host, sizeof host, device + 64, sizeof host, ACL_MEMCPY_DEVICE_TO_HOST);
  aclrtFree(device);
  aclFinalize();
  return host[3] == 6.0f ? 5 : 1;
}
