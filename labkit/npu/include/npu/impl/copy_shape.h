// What a copy moves, whatever form the student gave it: blocks of bytes at two strides.
#pragma once

#include "npu/isa.h"

namespace npu {

struct CopyShape {
  uint64_t blocks;
  uint64_t bytes;        // of one block, moved
  uint64_t source_step;  // bytes from the start of one block to the start of the next
  uint64_t target_step;
  uint64_t left;  // bytes that the target gets before each block: padding
  uint64_t row;   // bytes that the target gets for each block, padding and all

  bool empty() const { return !blocks || !bytes; }
  // Bytes from the first to the last that is touched.
  uint64_t source_extent() const { return (blocks - 1) * source_step + bytes; }
  uint64_t target_extent() const { return (blocks - 1) * target_step + row; }
};

constexpr uint64_t round_up(uint64_t bytes) { return (bytes + kBlock - 1) / kBlock * kBlock; }

// Blocks that touch are one block.
constexpr CopyShape one_block(uint64_t bytes) { return {1, bytes, bytes, bytes, 0, bytes}; }

constexpr CopyShape shape_of_blocks(uint64_t blocks, uint64_t bytes, uint64_t source_gap,
                                    uint64_t target_gap) {
  if (!source_gap && !target_gap) return one_block(blocks * bytes);
  return {blocks, bytes, bytes + source_gap, bytes + target_gap, 0, bytes};
}

constexpr CopyShape shape_of_padded_in(const Instruction& copy) {
  const uint32_t* param = copy.param;
  const uint64_t length = param[kLength], size = size_of(copy.dtype), left = param[kLeft] * size;
  const uint64_t row = round_up(left + length + param[kRight] * size);
  return {param[kBlocks],
          length,
          length + param[kSourceGap],
          row + uint64_t{param[kTargetGap]} * kBlock,
          left,
          row};
}

constexpr CopyShape shape_of_padded_out(const Instruction& copy) {
  const uint32_t* param = copy.param;
  const uint64_t length = param[kLength];
  return {param[kBlocks],
          length,
          round_up(length) + uint64_t{param[kSourceGap]} * kBlock,
          length + param[kTargetGap],
          0,
          length};
}

// Of copy_in, copy_out, copy_local. By count the tail that makes no 32 bytes is left out.
constexpr CopyShape copy_shape(const Instruction& copy) {
  const uint32_t* param = copy.param;
  switch (static_cast<CopyForm>(copy.detail)) {
    case CopyForm::by_count:
      return one_block(uint64_t{copy.count} * size_of(copy.dtype) / kBlock * kBlock);
    case CopyForm::by_block:
      return shape_of_blocks(param[kBlocks], uint64_t{param[kLength]} * kBlock,
                             uint64_t{param[kSourceGap]} * kBlock,
                             uint64_t{param[kTargetGap]} * kBlock);
    case CopyForm::padded:
      return copy.op == Op::copy_in ? shape_of_padded_in(copy) : shape_of_padded_out(copy);
  }
  return {};
}

}  // namespace npu
