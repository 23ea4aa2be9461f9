// Parts of brcb, gather, gather_mask and transpose.
#pragma once

#include "npu/impl/parts.h"

namespace npu {

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

}  // namespace npu
