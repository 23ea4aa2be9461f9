// Kernels and a host of their own for test_recording.py. A kernel is named by what it does.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "acl/acl.h"
#include "ascendc/tiling.h"
#include "ascendc/twin.h"
#include "ascendc/types.h"
#include "npu/entry.h"

namespace {

npu::Instruction make(npu::Op op) {
  npu::Instruction instruction = {};
  instruction.op = op;
  return instruction;
}

// Reads, or with a value writes, element `index` of the 32-bit integers at `start`.
uint64_t element(npu::Op op, const void* start, uint64_t index, uint64_t value = 0) {
  npu::Instruction instruction = make(op);
  instruction.dtype = npu::DType::i32;
  instruction.operands = 1;
  instruction.scalar = value;
  instruction.operand[0].base = reinterpret_cast<uint64_t>(start);
  instruction.operand[0].address = instruction.operand[0].base + 4 * index;
  instruction.operand[0].space = npu::Space::GM;
  return npu::issue(instruction, npu::here());
}

struct Pair {
  int32_t first;
  float second;
};
struct Tiling {
  uint32_t length;
  uint32_t tiles;
};

}  // namespace

namespace optiling {
BEGIN_TILING_DATA_DEF(Described)
TILING_DATA_FIELD_DEF(uint32_t, length);
TILING_DATA_FIELD_DEF_ARR(uint16_t, 2, shape);
END_TILING_DATA_DEF;
}  // namespace optiling

void copy_element(GM_ADDR x, GM_ADDR y) {
  const uint32_t block = npu::block_index();
  element(npu::Op::set_global, y, block, element(npu::Op::get_global, x, block) + 100);
}
void meet_twice(int32_t absent) {
  npu::meet(npu::here());
  if (static_cast<int32_t>(npu::block_index()) == absent) return;
  npu::meet(npu::here());
}
void print_values(int8_t a, uint64_t b, half c, bfloat16_t d, bool e, Pair f) {
  std::printf("%d %llu %g %g %d %d %g\n", a, static_cast<unsigned long long>(b),
              static_cast<double>(c), static_cast<double>(d), e, f.first,
              static_cast<double>(f.second));
}
void print_tiling(GM_ADDR, GM_ADDR workspace, GM_ADDR tiling) {
  REGISTER_TILING_DEFAULT(Tiling);
  GET_TILING_DATA(mine, tiling);
  GET_TILING_DATA_MEMBER(Tiling, tiles, tiles, tiling);
  std::printf("%u %u %d %d\n", mine.length, tiles, workspace != nullptr, TILING_KEY_IS(7));
}
template <typename T>
void print_described(__gm__ T* tiling) {
  GET_TILING_DATA(described, tiling);
  std::printf("%u %u\n", described.length, described.shape[1]);
}
void take_tiling(GM_ADDR, Tiling tiling) { std::printf("%u %u\n", tiling.length, tiling.tiles); }
void write_past_end(GM_ADDR x) { x[64] = 1; }
void read_beyond() { element(npu::Op::get_global, nullptr, 1); }
void wait_for_ever() { npu::issue_and_block(make(npu::Op::queue_deque), npu::here()); }
void never_stop() {
  for (;;) npu::issue(make(npu::Op::clean_cache), npu::here());
}
void crash(GM_ADDR x) {
  element(npu::Op::get_global, x, 3);
  *reinterpret_cast<volatile int*>(8) = 1;
}
void recurse(GM_ADDR x) {
  volatile char room[4096];
  room[0] = 1;
  element(npu::Op::get_global, x, room[0]);
  if (room[0]) recurse(x);
}
void leave(GM_ADDR) { std::exit(0); }
void launch_again() { npu::launcher(wait_for_ever, 1, nullptr, nullptr, "inner")(); }

void print_ticks(GM_ADDR x) {
  const uint64_t before = npu::model_ticks();
  for (uint32_t i = 0; i < 740; ++i) element(npu::Op::get_global, x, 0);
  std::printf("%llu %llu\n", static_cast<unsigned long long>(before),
              static_cast<unsigned long long>(npu::model_ticks()));
}

int run_kernel(GM_ADDR x, GM_ADDR y, const Pair& pair, aclrtStream stream) {
  std::printf("%d %d\n", pair.first, stream == nullptr);
  npu::launcher(copy_element, 2, nullptr, stream, "copy_element")(x, static_cast<void*>(y));
  return 0;
}

NPU_EXPORT_KERNEL(copy_element)
NPU_EXPORT_KERNEL(meet_twice)
NPU_EXPORT_KERNEL(print_values)
NPU_EXPORT_KERNEL(print_tiling)
NPU_EXPORT_KERNEL(print_described<uint8_t>)
NPU_EXPORT_KERNEL(take_tiling)
NPU_EXPORT_KERNEL(write_past_end)
NPU_EXPORT_KERNEL(wait_for_ever)
NPU_EXPORT_KERNEL(never_stop)
NPU_EXPORT_KERNEL(crash)
NPU_EXPORT_KERNEL(recurse)
NPU_EXPORT_KERNEL(leave)
NPU_EXPORT_KERNEL(launch_again)
NPU_EXPORT_KERNEL(print_ticks)
NPU_EXPORT_HOST(run_kernel)

// Host programs, by the name that the command line gives; each line printed is an error code.
namespace {

void show(int code) { std::printf("%d ", code); }

void misuse() {
  void *memory = nullptr, *host = nullptr;
  char bytes[64] = {};
  show(aclrtMalloc(&memory, 64, ACL_MEM_MALLOC_HUGE_FIRST));
  show(aclInit(nullptr) + aclrtSetDevice(0));
  show(aclInit(nullptr));
  show(aclrtSetDevice(1));
  show(aclrtMalloc(&memory, uint64_t{100} << 30, ACL_MEM_MALLOC_HUGE_FIRST));
  show(aclrtMalloc(&memory, 64, ACL_MEM_MALLOC_HUGE_FIRST));
  show(aclrtMemcpy(memory, 32, bytes, 64, ACL_MEMCPY_HOST_TO_DEVICE));
  show(aclrtMemcpy(memory, 128, bytes, 128, ACL_MEMCPY_HOST_TO_DEVICE));
  show(aclrtMemcpy(bytes, 64, memory, 64, ACL_MEMCPY_HOST_TO_DEVICE));
  show(aclrtMemset(bytes, 32, 0, 64));
  show(aclrtFree(bytes));
  show(aclrtFree(memory));
  show(aclrtFree(memory));
  show(aclrtMallocHost(&host, 8) + aclrtFreeHost(host));
  show(aclrtFreeHost(host));
  show(aclrtDestroyStream(memory));
}

void copy() {
  int32_t from[2] = {5, 6}, to[2] = {};
  void *x = nullptr, *y = nullptr;
  show(aclInit(nullptr) + aclrtSetDevice(0));
  show(aclrtMalloc(&x, 8, ACL_MEM_MALLOC_HUGE_FIRST));
  show(aclrtMalloc(&y, 8, ACL_MEM_MALLOC_HUGE_FIRST));
  show(aclrtMemcpy(x, 8, from, 8, ACL_MEMCPY_HOST_TO_DEVICE));
  show(aclrtMemset(y, 8, 0, 8));
  show(static_cast<int>(ACLRT_LAUNCH_KERNEL(copy_element)(2, nullptr, x, y)));
  show(aclrtSynchronizeStream(nullptr));
  show(aclrtMemcpy(to, 8, y, 8, ACL_MEMCPY_DEVICE_TO_HOST));
  show(aclrtFree(x));
  std::printf("%d %d ", to[0], to[1]);
}

void twin() {
  auto* x = static_cast<uint8_t*>(AscendC::GmAlloc(8));
  auto* y = static_cast<uint8_t*>(AscendC::GmAlloc(8));
  std::memcpy(x, "\1\0\0\0\2\0\0", 8);
  AscendC::SetKernelMode(KernelMode::AIV_MODE);
  ICPU_RUN_KF(copy_element, 2, x, y);
  std::printf("%d %d ", y[0], y[4]);
  AscendC::GmFree(x);
}

void stuck() {
  show(aclrtSetDevice(0));
  npu::launcher(wait_for_ever, 1, nullptr, nullptr)();
  show(aclrtSynchronizeStream(nullptr));
}

void read_fresh() {
  void* memory = nullptr;
  uint64_t value = 0;
  show(aclrtSetDevice(0));
  show(aclrtMalloc(&memory, uint64_t{60} << 30, ACL_MEM_MALLOC_HUGE_FIRST));
  show(aclrtFree(memory));
  show(aclrtMalloc(&memory, sizeof value, ACL_MEM_MALLOC_HUGE_FIRST));
  show(aclrtMemcpy(&value, sizeof value, memory, sizeof value, ACL_MEMCPY_DEVICE_TO_HOST));
  std::printf("%llx", static_cast<unsigned long long>(value));
}

void break_rules() { npu::launcher(read_beyond, 2, nullptr, nullptr)(); }

void touch() {
  void* memory = nullptr;
  show(aclrtSetDevice(0));
  show(aclrtMalloc(&memory, 64, ACL_MEM_MALLOC_HUGE_FIRST));
  *static_cast<volatile char*>(memory) = 1;
}
void outside() { copy_element(nullptr, nullptr); }
void no_blocks() { npu::launcher(wait_for_ever, 0, nullptr, nullptr, "none")(); }
void cube() { AscendC::SetKernelMode(KernelMode::AIC_MODE); }
void no_tiling() { npu::launcher(print_described<uint8_t>, 1, nullptr, NULL)(NULL); }

}  // namespace

int main(int count, char** words) {
  if (count == 1) return npu::serve();
  struct {
    const char* name;
    void (*run)();
  } const programs[] = {{"misuse", misuse},
                        {"copy", copy},
                        {"twin", twin},
                        {"stuck", stuck},
                        {"read_fresh", read_fresh},
                        {"touch", touch},
                        {"break_rules", break_rules},
                        {"outside", outside},
                        {"no_blocks", no_blocks},
                        {"cube", cube},
                        {"no_tiling", no_tiling}};
  for (const auto& program : programs)
    if (!std::strcmp(words[1], program.name)) program.run();
  return 0;
}
