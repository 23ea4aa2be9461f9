// Parts of reductions.
#pragma once

#include "npu/impl/parts.h"

namespace npu {

// Bytes of one result of a reduction: of a repeat, or of reduce_* as a whole.
inline uint32_t result_bytes(const Instruction& instruction) {
  const uint32_t size = size_of(instruction.dtype);
  switch (instruction.op) {
    case Op::block_reduce_sum:
    case Op::block_reduce_max:
    case Op::block_reduce_min:
      return kBlocksOfRepeat * size;
    case Op::pair_reduce_sum:
      return kRepeat / 2;
    case Op::whole_reduce_max:
    case Op::whole_reduce_min:
      if (instruction.detail == static_cast<uint8_t>(Order::only_index)) return 4;
      return instruction.detail < static_cast<uint8_t>(Order::only_value) ? 2 * size : size;
    case Op::reduce_max:
    case Op::reduce_min:
      return instruction.flags & indices ? 2 * size : size;
    default:
      return size;
  }
}

constexpr bool reduces_all(Op op) {
  return op == Op::reduce_sum || op == Op::reduce_max || op == Op::reduce_min;
}

// Bytes of the work tensor of reduce_*: one result a repeat, in whole blocks.
inline uint64_t work_bytes(const Instruction& instruction, const Grid& grid) {
  const uint32_t results = instruction.op == Op::reduce_sum ? 1 : 2;
  const uint64_t bytes = uint64_t(grid.repeats) * results * size_of(instruction.dtype);
  return (bytes + kBlock - 1) / kBlock * kBlock;
}

inline Lane reduced_lane(const Instruction& instruction, const Grid& grid) {
  Lane lane = lane_of(instruction, 1, size_of(instruction.dtype), grid.width);
  if (reduces_all(instruction.op)) lane.block = kBlock;
  return lane;
}

inline void add_reduction(Parts& parts, const Instruction& instruction) {
  const Grid grid = grid_of(instruction);
  const uint32_t bytes = result_bytes(instruction);
  parts.part[parts.count++] = {
      &instruction.src0(), false, true, kBlock, grid, reduced_lane(instruction, grid)};
  const uint32_t align = bytes < kBlock ? bytes : kBlock;
  if (!reduces_all(instruction.op))
    return add_pieces(parts, instruction.dst(), true, grid.repeats, bytes,
                      uint64_t(instruction.param[kDstRepeat]) * bytes, align);
  if (instruction.extra().space != Space::none)
    add_bytes(parts, instruction.extra(), true, work_bytes(instruction, grid));
  add_bytes(parts, instruction.dst(), true, grid.repeats ? bytes : 0, align);
}

}  // namespace npu
