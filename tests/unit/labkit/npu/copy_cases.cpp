// Copies and scalar accesses: what one does to memory, and that no forged one does harm.
//
//   copy_cases            reads cases from stdin until its end: an Instruction, atomic, its type
//                         (u32 each), bytes of UB and of GM as they are before; writes the code of
//                         its fault (32 bytes), whether it stops (u64), UB and GM after, the result
//   copy_cases fuzz N     N forged instructions, each checked and, if it may, run
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "npu/impl/access_copy.h"
#include "npu/impl/check_copy.h"
#include "npu/impl/execute_copy.h"

using namespace npu;

constexpr uint32_t kUb = 2048, kGm = 4096;
constexpr uint64_t kGmBegin = 0x100000000000;

struct Room : Memory {
  std::vector<uint8_t> local, far;

  Room() : local(kUb), far(kGm) { open(); }
  void open() {
    ub = local.data();
    ub_bytes = kUb;
  }
  uint8_t* global(uint64_t address, uint64_t bytes) override {
    return within(address, bytes, kGmBegin, kGm) ? far.data() + (address - kGmBegin) : nullptr;
  }
};

static bool take(void* target, size_t bytes) { return std::fread(target, bytes, 1, stdin) == 1; }
static void give(const void* source, size_t bytes) { std::fwrite(source, bytes, 1, stdout); }

static int values() {
  Room room;
  Instruction instruction;
  uint32_t atomic[2];
  while (take(&instruction, sizeof instruction)) {
    if (!take(atomic, sizeof atomic) || !take(room.ub, kUb) || !take(room.far.data(), kGm))
      return 1;
    const Fault fault = check_copy(instruction, room);
    const uint64_t stops = fault.stops();
    uint64_t result = 0;
    if (!stops)
      result = execute_copy(instruction, room, static_cast<Atomic>(atomic[0]),
                            static_cast<DType>(atomic[1]));
    char code[32] = {};
    if (fault.code) std::snprintf(code, sizeof code, "%s", fault.code);
    give(code, sizeof code);
    give(&stops, sizeof stops);
    give(room.ub, kUb);
    give(room.far.data(), kGm);
    give(&result, sizeof result);
  }
  return 0;
}

static uint64_t seed = 88172645463325252u;
static uint64_t draw() {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  return seed ^= seed << 17;
}
static uint64_t below(uint64_t count) { return draw() % count; }

// Mostly small, sometimes at a limit, sometimes anything.
static uint64_t number() {
  constexpr uint64_t limits[] = {0,          1,       31,       32,         33,
                                 255,        4095,    4096,     65535,      65536,
                                 2097151,    2097152, 1u << 31, UINT32_MAX, uint64_t{1} << 63,
                                 UINT64_MAX, kUb,     kGm};
  switch (below(8)) {
    case 0:
      return limits[below(sizeof limits / sizeof *limits)];
    case 1:
      return draw();
    default:
      return below(below(2) ? 8 : 100);
  }
}

static Operand operand() {
  Operand operand = {};
  operand.space = static_cast<Space>(below(8) ? 1 + below(2) : 0);
  const uint64_t start = operand.space == Space::GM ? kGmBegin : 0;
  const uint64_t bytes = operand.space == Space::GM ? kGm : kUb;
  operand.base = below(8) ? start + below(bytes / 2) / kBlock * kBlock : number();
  operand.address = operand.base + (below(4) ? below(16) * kBlock : number());
  operand.bytes = below(4) ? bytes : number();
  operand.position = static_cast<uint8_t>(below(16));
  return operand;
}

static Instruction forged() {
  constexpr Op ops[] = {Op::copy_in,     Op::copy_in,   Op::copy_out,    Op::copy_local,
                        Op::get_local,   Op::set_local, Op::get_global,  Op::set_global,
                        Op::raw_pointer, Op::set_flag,  Op::alloc_event, Op::set_atomic};
  Instruction instruction = {};
  instruction.op = ops[below(sizeof ops / sizeof *ops)];
  instruction.dtype = static_cast<DType>(below(13));
  instruction.detail = static_cast<uint8_t>(below(16) ? below(3) : number());
  instruction.flags = static_cast<uint8_t>(below(2));
  instruction.count = static_cast<uint32_t>(number());
  for (uint32_t& param : instruction.param) param = below(2) ? static_cast<uint32_t>(number()) : 0;
  if (below(2)) instruction.param[kBlocks] = instruction.param[kLength] = 1 + below(8);
  instruction.scalar = draw();
  // Operands where they belong, most of the time: else hardly any would pass.
  for (Operand& each : instruction.operand) each = operand();
  const bool far_target = instruction.op == Op::copy_out || instruction.op == Op::get_global ||
                          instruction.op == Op::set_global;
  for (int tries = 0; tries < 16; ++tries) {
    if ((instruction.operand[0].space == Space::GM) != far_target)
      instruction.operand[0] = operand();
    if ((instruction.operand[1].space == Space::GM) != (instruction.op == Op::copy_in))
      instruction.operand[1] = operand();
  }
  return instruction;
}

// Every byte that changed must have been told of, and told bytes must be there.
static void require_told(const Instruction& instruction, const Room& before, Room& room) {
  std::vector<uint8_t> told[2] = {std::vector<uint8_t>(kUb), std::vector<uint8_t>(kGm)};
  each_access_copy(instruction, [&](const Access& access) {
    const bool far = access.space == Space::GM;
    const uint64_t start = far ? kGmBegin : 0;
    if (!within(access.address, access.bytes, start, far ? kGm : kUb)) std::abort();
    if (access.write) std::memset(&told[far][access.address - start], 1, access.bytes);
  });
  for (uint32_t i = 0; i < kUb; ++i)
    if (before.local[i] != room.local[i] && !told[0][i]) std::abort();
  for (uint32_t i = 0; i < kGm; ++i)
    if (before.far[i] != room.far[i] && !told[1][i]) std::abort();
}

static int fuzz(long count) {
  Room room;
  for (uint8_t& byte : room.local) byte = static_cast<uint8_t>(draw());
  for (uint8_t& byte : room.far) byte = static_cast<uint8_t>(draw());
  long ran = 0, copied = 0;
  for (long i = 0; i < count; ++i) {
    const Instruction instruction = forged();
    if (check_copy(instruction, room).stops()) continue;
    Room before = room;
    execute_copy(instruction, room, static_cast<Atomic>(below(4)), static_cast<DType>(below(12)));
    require_told(instruction, before, room);
    ++ran;
    copied +=
        instruction.op <= Op::copy_local && (before.local != room.local || before.far != room.far);
  }
  std::printf("%ld %ld\n", ran, copied);
  return 0;
}

int main(int count, char** words) {
  return count > 2 ? fuzz(std::strtol(words[2], nullptr, 10)) : values();
}
