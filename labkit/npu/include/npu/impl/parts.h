// Where the operands of a vector instruction lie: `execute` touches nothing outside of its parts.
// Here those of elementwise operations.
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

}  // namespace npu
