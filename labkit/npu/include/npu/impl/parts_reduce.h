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

// What ReduceSum by count needs no work tensor for: it adds one repeat's sum after another.
constexpr bool sums_in_turn(const Instruction& instruction) {
  return instruction.op == Op::reduce_sum && instruction.form == Form::count;
}

constexpr uint64_t whole_blocks_of(uint64_t elements, uint32_t size) {
  return (elements * size + kBlock - 1) / kBlock * kBlock;
}

// Bytes of the work tensor of reduce_*, as documented: one result a repeat, in whole blocks, and
// where an index is asked for, those of the rounds that follow, too.
inline uint64_t work_bytes(const Instruction& instruction) {
  const uint32_t size = size_of(instruction.dtype), width = repeat_width(instruction);
  const bool counts = instruction.form == Form::count;
  const uint32_t whole = instruction.count / width;
  const uint64_t repeats = counts ? (whole ? whole : 1) : grid_of(instruction).repeats;
  if (instruction.op == Op::reduce_sum) return whole_blocks_of(repeats, size);
  uint64_t results = 2 * repeats, bytes = whole_blocks_of(results, size);
  for (int round = 2; (instruction.flags & indices) && round < 4; ++round) {
    if (round > 2 && results <= 2) break;
    results = (results + width - 1) / width * 2;
    bytes += whole_blocks_of(results, size);
  }
  return bytes;
}

// Elements that make one result of block_reduce_* and pair_reduce_sum; 0 for other operations.
inline uint32_t group_of(const Instruction& instruction) {
  if (instruction.op == Op::pair_reduce_sum) return 2;
  const bool blocks =
      instruction.op >= Op::block_reduce_sum && instruction.op <= Op::block_reduce_min;
  return blocks ? kBlock / size_of(instruction.dtype) : 0;
}

// The groups that have an element which `mask` chooses: no other gives a result.
inline Mask groups_of(Mask mask, uint32_t width, uint32_t group) {
  Mask groups = {0, 0};
  for (uint32_t e = 0; e < width; ++e) groups.low |= uint64_t(has(mask, e)) << (e / group);
  return groups;
}

// Where block_reduce_* and pair_reduce_sum put their results.
inline void add_groups(Parts& parts, const Instruction& instruction, const Grid& grid,
                       uint32_t bytes, uint32_t align) {
  const uint32_t group = group_of(instruction), size = size_of(instruction.dtype);
  const Grid results = {grid.width / group, grid.repeats, groups_of(grid.mask, grid.width, group),
                        groups_of(grid.last, grid.width, group)};
  const Lane lane = {instruction.dst().address, size, kBlock,
                     uint64_t(instruction.param[kDstRepeat]) * bytes};
  parts.part[parts.count++] = {&instruction.dst(), true, true, align, results, lane};
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
  if (group_of(instruction)) return add_groups(parts, instruction, grid, bytes, align);
  if (!reduces_all(instruction.op))
    return add_pieces(parts, instruction.dst(), true, grid.repeats, bytes,
                      uint64_t(instruction.param[kDstRepeat]) * bytes, align);
  if (instruction.extra().space != Space::none && !sums_in_turn(instruction))
    add_bytes(parts, instruction.extra(), true, grid.repeats ? work_bytes(instruction) : 0);
  add_bytes(parts, instruction.dst(), true, grid.repeats ? bytes : 0, align);
}

}  // namespace npu
