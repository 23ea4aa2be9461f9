// Model cycles of one instruction: a model of a 910B1's core, not a time anybody measured here.
#pragma once

#include "npu/banks.h"
#include "npu/impl/copy_shape.h"
#include "npu/impl/parts_of.h"
#include "npu/mskpp.h"

namespace npu {

inline constexpr double kIssueCycles = 1;    // S hands an instruction to a pipe
inline constexpr double kScalarAccess = 11;  // GetValue, SetValue: 33 for two reads and a write
inline constexpr double kVectorHead = 22;    // from the published Add of 4096 floats: 22 + 64
inline constexpr double kTransferHead = 30;  // fitted to the published one-core run of Add

// Repeats that the vector unit runs; 0 for other instructions.
inline uint32_t repeats_used(const Instruction& instruction) {
  if (instruction.op == Op::copy_local) {
    const CopyShape shape = copy_shape(instruction);
    return static_cast<uint32_t>((shape.blocks * shape.bytes + kRepeat - 1) / kRepeat);
  }
  if (!is_vector(instruction.op) || !repeat_width(instruction)) return 0;
  if (instruction.op == Op::transpose) return 2;
  if (instruction.op == Op::brcb) return instruction.repeats;
  if (instruction.op != Op::gather_mask) return grid_of(instruction).repeats;
  const uint32_t width = repeat_width(instruction);
  return instruction.repeats * ((looked_at(instruction) + width - 1) / width);
}

// Repeats that as many elements need, with a full mask.
inline uint32_t repeats_needed(const Instruction& instruction) {
  if (!is_vector(instruction.op) || instruction.form != Form::repeat || !has_mask(instruction.op))
    return repeats_used(instruction);
  const Grid grid = grid_of(instruction);
  if (!grid.width) return 0;
  return static_cast<uint32_t>((elements(grid) + grid.width - 1) / grid.width);
}

// Bytes a copy takes on the bus: DataCopyPad moves each block in whole 32 bytes.
inline uint64_t moved_bytes(const Instruction& copy) {
  const CopyShape shape = copy_shape(copy);
  return shape.blocks * round_up(shape.bytes);
}

// Bytes per cycle at a transfer of `bytes`, between the sizes measured; below the least of them
// a transfer takes as long as that one, beyond the greatest the bandwidth stays.
template <size_t N>
double bandwidth_at(const Bandwidth (&table)[N], double bytes) {
  if (bytes <= table[0].bytes) return table[0].bytes_per_cycle * bytes / table[0].bytes;
  for (size_t i = 1; i < N; ++i) {
    if (bytes > table[i].bytes) continue;
    const Bandwidth low = table[i - 1], high = table[i];
    const double part = (bytes - low.bytes) / (high.bytes - low.bytes);
    return low.bytes_per_cycle + part * (high.bytes_per_cycle - low.bytes_per_cycle);
  }
  return table[N - 1].bytes_per_cycle;
}

// The size that counts is that of the whole transfer, all blocks together. What an address not
// aligned to 512 bytes costs is not modelled.
inline double transfer_cycles(const Instruction& copy) {
  const double bytes = static_cast<double>(moved_bytes(copy));
  if (bytes == 0) return kTransferHead;
  const double speed =
      copy.op == Op::copy_in ? bandwidth_at(kCopyIn, bytes) : bandwidth_at(kCopyOut, bytes);
  return kTransferHead + bytes / speed;
}

// Cycles of one repeat: as measured, and no fewer than its banks need.
inline double repeat_cycles(const Instruction& instruction) {
  const double measured = cycles_of_repeat(instruction.op, source_type(instruction));
  const double banks = bank_cycles(instruction);
  return measured > banks ? measured : banks;
}

// Returns how long `instruction` keeps its own pipe. Of what passed `check`.
inline double cycles(const Instruction& instruction) {
  switch (instruction.op) {
    case Op::copy_in:
    case Op::copy_out:
      return transfer_cycles(instruction);
    case Op::copy_local:
      return kVectorHead + repeats_used(instruction);
    case Op::get_local:
    case Op::set_local:
    case Op::get_global:
    case Op::set_global:
      return kScalarAccess;
    default:
      if (!is_vector(instruction.op)) return kIssueCycles;
      return kVectorHead + repeats_used(instruction) * repeat_cycles(instruction);
  }
}

}  // namespace npu
