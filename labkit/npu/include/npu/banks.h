// Banks of the Unified Buffer: 48 of 4 KB, in 16 groups of 3. Consecutive blocks of 32 bytes lie in
// consecutive groups, and a group reads one block a cycle, and writes one.
//
// Source: the vendor's guide of operator development, "Avoiding Bank Conflicts in the Unified
// Buffer" (architecture 220x). Told there and not modelled here: reading and writing the same bank.
#pragma once

#include "npu/impl/parts.h"

namespace npu {

inline constexpr uint32_t kBankGroups = 16;

// Whether a repeat works on its block number `block`.
inline bool has_block(const Instruction& instruction, uint32_t block) {
  const uint32_t elements = kBlock / size_of(instruction.dtype);
  const uint64_t first = uint64_t{block} * elements;
  if (instruction.form != Form::repeat) return first < instruction.count;
  const uint64_t bits = instruction.mask[first / 64] >> first % 64;
  return bits & ((uint64_t{1} << elements) - 1);
}

struct GroupLoad {
  uint32_t blocks[kBankGroups] = {};

  void add(const Instruction& instruction, int operand) {
    const uint64_t first = instruction.operand[operand].address / kBlock;
    const bool in_a_row = instruction.form == Form::count;
    const uint32_t stride = in_a_row ? 1 : instruction.param[kDstBlock + operand];
    for (uint32_t block = 0; block < kBlocksOfRepeat; ++block) {
      if (!has_block(instruction, block)) continue;
      ++blocks[(first + uint64_t{block} * stride) % kBankGroups];
      if (stride == 0) return;  // one block for all
    }
  }
  uint32_t most() const {
    uint32_t most = 0;
    for (const uint32_t each : blocks) most = each > most ? each : most;
    return most;
  }
};

// Cycles that the first repeat of an elementwise instruction needs for its blocks; all repeats of
// an instruction are taken to be alike. 0 where operands have several types.
inline uint32_t bank_cycles(const Instruction& instruction) {
  if (instruction.op > Op::bit_not || source_type(instruction) != instruction.dtype) return 0;
  GroupLoad reads, writes;
  for (int source = 1; source <= sources_of(instruction); ++source) reads.add(instruction, source);
  writes.add(instruction, 0);
  return reads.most() > writes.most() ? reads.most() : writes.most();
}

}  // namespace npu
