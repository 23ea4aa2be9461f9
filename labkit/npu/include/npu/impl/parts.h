// Where the operands of a vector instruction lie: the one description that the rules, the accesses
// and the cost are taken from. `execute` touches nothing outside of it.
#pragma once

#include "npu/impl/grid.h"

namespace npu {

struct Part {
  const Operand* operand;
  bool write;
  bool exact;  // false: it may touch all this, by what the data say
  uint32_t align;
  Grid grid;
  Lane lane;
};

struct Parts {
  Part part[5];  // reads first
  int count;
};

// `count` pieces of `size` bytes, `step` bytes apart.
inline void add_pieces(Parts& parts, const Operand& operand, bool write, uint32_t count,
                       uint32_t size, uint64_t step, uint32_t align) {
  const Lane lane = {operand.address, size, kBlock, step};
  parts.part[parts.count++] = {&operand, write, true, align, {1, count, {1, 0}, {1, 0}}, lane};
}

// `bytes` in a row.
inline void add_bytes(Parts& parts, const Operand& operand, bool write, uint64_t bytes,
                      uint32_t align = kBlock) {
  add_pieces(parts, operand, write, bytes ? 1 : 0, static_cast<uint32_t>(bytes), 0, align);
}

inline Lane lane_of(const Instruction& instruction, int operand, uint32_t size, uint32_t width) {
  const uint64_t address = instruction.operand[operand].address;
  if (instruction.form == Form::count) return in_a_row(address, size, width);
  const uint64_t block = uint64_t(instruction.param[kDstBlock + operand]) * kBlock;
  return {address, size, block, uint64_t(instruction.param[kDstRepeat + operand]) * kBlock};
}

// What `operand`, with elements of `type`, has of the instruction's grid.
inline void add_grid(Parts& parts, const Instruction& instruction, int operand, DType type,
                     bool write) {
  const Grid grid = grid_of(instruction);
  const Lane lane = lane_of(instruction, operand, size_of(type), grid.width);
  parts.part[parts.count++] = {&instruction.operand[operand], write, true, kBlock, grid, lane};
}

constexpr bool has_mask(Op op) {
  return op != Op::brcb && op != Op::gather_mask && op != Op::transpose;
}
constexpr bool reads_dst(Op op) {
  return op == Op::mul_add_dst || op == Op::fused_mul_add || op == Op::axpy;
}
constexpr int sources_of(const Instruction& instruction) {
  const Op op = instruction.op;
  if (op == Op::select) return instruction.flags & by_scalar ? 1 : 2;
  if (op <= Op::fused_mul_add || op == Op::compare) return 2;
  return op == Op::duplicate || op == Op::create_vec_index ? 0 : 1;
}

// Bytes of the bits that compare writes or select reads.
inline uint64_t bit_bytes(const Instruction& instruction, const Grid& grid) {
  const bool one = instruction.op == Op::select &&
                   instruction.detail == static_cast<uint8_t>(Selection::one_mask);
  if (one || instruction.form == Form::repeat)
    return uint64_t(grid.width) / 8 * (one ? grid.repeats != 0 : grid.repeats);
  return (elements(grid) + 7) / 8;
}

inline void add_elementwise(Parts& parts, const Instruction& instruction) {
  const int sources = sources_of(instruction);
  if (sources > 0) add_grid(parts, instruction, 1, source_type(instruction), false);
  if (sources > 1) add_grid(parts, instruction, 2, source_type(instruction), false);
  if (instruction.op == Op::select)
    add_bytes(parts, instruction.extra(), false, bit_bytes(instruction, grid_of(instruction)));
  if (reads_dst(instruction.op)) add_grid(parts, instruction, 0, instruction.dtype, false);
  if (writes_bits(instruction.op))
    add_bytes(parts, instruction.dst(), true, bit_bytes(instruction, grid_of(instruction)));
  else
    add_grid(parts, instruction, 0, instruction.dtype, true);
}

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

inline Lane brcb_lane(const Instruction& instruction) {
  return {instruction.dst().address, kBlock, uint64_t(instruction.param[kDstBlock]) * kBlock,
          uint64_t(instruction.param[kDstRepeat]) * kBlock};
}

inline void add_brcb(Parts& parts, const Instruction& instruction) {
  add_bytes(parts, instruction.src0(), false,
            uint64_t(instruction.repeats) * kBlocksOfRepeat * size_of(instruction.dtype));
  const Mask all = first_bits(kBlocksOfRepeat);
  parts.part[parts.count++] = {
      &instruction.dst(),    true, true, kBlock, {kBlocksOfRepeat, instruction.repeats, all, all},
      brcb_lane(instruction)};
}

inline Lane gather_lane(const Instruction& instruction, const Grid& grid) {
  Lane lane = lane_of(instruction, 0, size_of(instruction.dtype), grid.width);
  lane.block = kBlock;
  return lane;
}

inline void add_gather(Parts& parts, const Instruction& instruction) {
  const Grid grid = grid_of(instruction);
  const Operand& source = instruction.src0();
  // More than any UB has is left to the rules to refuse.
  const uint64_t skipped = source.address - source.base, most = 1u << 20;
  const uint64_t left = skipped < source.bytes ? source.bytes - skipped : 0;
  add_bytes(parts, source, false, left < most ? left : most);
  parts.part[0].exact = false;
  const Lane offsets = in_a_row(instruction.src1().address, sizeof(uint32_t), grid.width);
  parts.part[parts.count++] = {&instruction.src1(), false, true, kBlock, grid, offsets};
  const Lane lane = gather_lane(instruction, grid);
  parts.part[parts.count++] = {&instruction.dst(), true, true, kBlock, grid, lane};
}

// gather_mask: elements of each repeat that are looked at.
inline uint32_t looked_at(const Instruction& instruction) {
  return instruction.form == Form::counter ? instruction.count : repeat_width(instruction);
}

inline Lane masked_lane(const Instruction& instruction) {
  return {instruction.src0().address, size_of(instruction.dtype),
          uint64_t(instruction.param[kSrc0Block]) * kBlock,
          uint64_t(instruction.param[kSrc0Repeat]) * kBlock};
}

// Elements that the fixed `pattern` keeps of `count`: 1 and 2 those of even and odd index, 3 to 6
// one of four, 7 all.
constexpr uint32_t kept(uint8_t pattern, uint32_t count) {
  const uint32_t step = pattern == 7 ? 1 : pattern < 3 ? 2 : 4;
  const uint32_t first = pattern == 7 ? 0 : pattern < 3 ? pattern - 1 : pattern - 3;
  return count > first ? (count - first + step - 1) / step : 0;
}

inline void add_gather_mask(Parts& parts, const Instruction& instruction) {
  const uint32_t count = looked_at(instruction), repeats = count ? instruction.repeats : 0;
  const Lane lane = masked_lane(instruction);
  if (lane.block == kBlock) {
    add_pieces(parts, instruction.src0(), false, repeats, count * lane.size, lane.repeat, kBlock);
  } else {
    const Mask all = first_bits(count);
    const Grid grid = {repeat_width(instruction), repeats, all, all};
    parts.part[parts.count++] = {&instruction.src0(), false, true, kBlock, grid, lane};
  }
  const uint8_t pattern = instruction.detail;
  if (!pattern)
    add_pieces(parts, instruction.src1(), false, repeats, (count + 7) / 8,
               uint64_t(instruction.param[kSrc1Repeat]) * kBlock, kBlock);
  const uint64_t most = uint64_t(pattern ? kept(pattern, count) : count) * repeats;
  add_bytes(parts, instruction.dst(), true, most * lane.size);
  parts.part[parts.count - 1].exact = pattern != 0;
}

inline constexpr uint32_t kTransposed = 16;  // rows and columns, of 2 bytes

inline void add_transpose(Parts& parts, const Instruction& instruction) {
  add_bytes(parts, instruction.src0(), false, kTransposed * kTransposed * 2);
  add_bytes(parts, instruction.dst(), true, kTransposed * kTransposed * 2);
}

// Returns the parts of a vector instruction whose numbers passed check_numbers.
inline Parts parts_of(const Instruction& instruction) {
  Parts parts;
  parts.count = 0;
  switch (instruction.op) {
    case Op::brcb:
      add_brcb(parts, instruction);
      break;
    case Op::gather:
      add_gather(parts, instruction);
      break;
    case Op::gather_mask:
      add_gather_mask(parts, instruction);
      break;
    case Op::transpose:
      add_transpose(parts, instruction);
      break;
    default:
      if (instruction.op >= Op::whole_reduce_sum && instruction.op <= Op::reduce_min)
        add_reduction(parts, instruction);
      else
        add_elementwise(parts, instruction);
  }
  return parts;
}

}  // namespace npu
