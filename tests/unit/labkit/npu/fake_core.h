// A core that does nothing: it prints each instruction as a line of JSON, without what is zero.
//
// Include it in one file that is compiled with -DNPU_PREBUILT, instead of linking the runtime.
// GM addresses are told from kGlobal on; reads give kRead.
#pragma once

#include <cinttypes>
#include <cstdio>
#include <cstdlib>

#include "npu/core.h"
#include "npu/core_state.h"
#include "npu/names.h"

namespace npu {

inline uint8_t kGlobal[1 << 20];
inline uint64_t kRead = 0;
inline uint32_t kBlockIndex = 0;

inline void print_operand(const Operand& operand) {
  const bool global = operand.space == Space::GM;
  const uint64_t start = global ? reinterpret_cast<uint64_t>(kGlobal) : 0;
  if (operand.space == Space::none) {
    std::printf("null");
    return;
  }
  std::printf("{\"space\": \"%s\", \"address\": %" PRIu64 ", \"base\": %" PRIu64
              ", \"bytes\": %" PRIu64 ", \"queue\": %u, \"position\": %u}",
              global ? "GM" : "UB", operand.address - start, operand.base - start, operand.bytes,
              operand.queue, operand.position);
}

inline void print_number(const char* name, uint64_t value) {
  if (value) std::printf(", \"%s\": %" PRIu64, name, value);
}

inline void print(const Instruction& instruction, Site site) {
  std::printf("{\"op\": \"%s\", \"line\": %u", op_name(instruction.op), site.line);
  if (instruction.dtype != DType::none)
    std::printf(", \"dtype\": \"%s\"", type_name(instruction.dtype));
  if (instruction.source != DType::none)
    std::printf(", \"source\": \"%s\"", type_name(instruction.source));
  print_number("form", static_cast<uint64_t>(instruction.form));
  print_number("detail", instruction.detail);
  print_number("flags", instruction.flags);
  print_number("repeats", instruction.repeats);
  print_number("count", instruction.count);
  print_number("scalar", instruction.scalar);
  if (instruction.mask[0] || instruction.mask[1])
    std::printf(", \"mask\": [%" PRIu64 ", %" PRIu64 "]", instruction.mask[0], instruction.mask[1]);
  std::printf(", \"param\": [");
  for (int i = 0; i < 8; ++i) std::printf(i ? ", %u" : "%u", instruction.param[i]);
  std::printf("], \"operands\": [");
  for (int i = 0; i < instruction.operands; ++i) {
    if (i) std::printf(", ");
    print_operand(instruction.operand[i]);
  }
  std::printf("]}\n");
}

inline uint64_t issue(Instruction instruction, Site site) {
  print(instruction, site);
  return kRead;
}
inline void issue_and_block(Instruction instruction, Site site) {
  print(instruction, site);
  std::printf("{\"op\": \"blocked\"}\n");
  std::exit(0);
}
inline void meet(Site site) { std::printf("{\"op\": \"meet\", \"line\": %u}\n", site.line); }
inline void poison(uint32_t, uint32_t) {}
inline uint32_t block_index() { return kBlockIndex; }
inline uint32_t block_count() { return 8; }
inline uint32_t ub_bytes() { return 196608 - kReservedUb; }
inline uint64_t tiling_key() { return 0; }
inline uint64_t model_ticks() { return 50; }
inline CoreState& state() {
  static CoreState state;
  return state;
}

}  // namespace npu
