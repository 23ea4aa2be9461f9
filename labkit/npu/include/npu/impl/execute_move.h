// Moves that compute nothing: copy, duplicate, indices, brcb, gather, gather_mask, transpose.
#pragma once

#include "npu/impl/execute_element.h"
#include "npu/impl/parts_move.h"

namespace npu {

inline void copy_row(const Instruction& instruction, uint8_t* dst, const uint8_t* src,
                     const uint8_t*, uint32_t count) {
  std::memmove(dst, src, uint64_t(count) * size_of(instruction.dtype));
}

inline void duplicate_row(const Instruction& instruction, uint8_t* dst, const uint8_t*,
                          const uint8_t*, uint32_t count) {
  const uint32_t size = size_of(instruction.dtype), bytes = count * size;
  std::memcpy(dst, &instruction.scalar, size);
  for (uint32_t done = size; done < bytes; done *= 2)
    std::memcpy(dst + done, dst, done < bytes - done ? done : bytes - done);
}

// Element i of all that the instruction has is the first value plus i.
template <typename T>
void index_elements(const Instruction& instruction, uint8_t* ub) {
  const Grid grid = grid_of(instruction);
  const Lane lane = lane_of(instruction, 0, sizeof(T), grid.width);
  const Wide<T> start = scalar_of<T>(instruction);
  each_run(grid, &lane, 1, [&](uint32_t repeat, uint32_t first, uint32_t count) {
    uint8_t* dst = ub + place(lane, repeat, first);
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t index = repeat * grid.width + first + i;
      store_one<T>(dst + i * sizeof(T), plus(start, static_cast<Wide<T>>(index)));
    }
  });
}

NPU_FUNCTION void execute_indices(const Instruction& instruction, uint8_t* ub) {
  switch (instruction.dtype) {
    case DType::f16:
      return index_elements<half>(instruction, ub);
    case DType::i16:
      return index_elements<int16_t>(instruction, ub);
    case DType::i32:
      return index_elements<int32_t>(instruction, ub);
    default:
      return index_elements<float>(instruction, ub);
  }
}

NPU_FUNCTION void execute_brcb(const Instruction& instruction, uint8_t* ub) {
  const uint32_t size = size_of(instruction.dtype);
  const Lane lane = brcb_lane(instruction);
  const uint8_t* src = ub + instruction.src0().address;
  for (uint32_t i = 0; i < uint32_t(instruction.repeats) * kBlocksOfRepeat; ++i) {
    uint8_t value[8];
    std::memcpy(value, src + i * size, size);
    uint8_t* dst = ub + place(lane, i / kBlocksOfRepeat, i % kBlocksOfRepeat);
    for (uint32_t at = 0; at < kBlock; at += size) std::memcpy(dst + at, value, size);
  }
}

NPU_FUNCTION void execute_gather(const Instruction& instruction, uint8_t* ub) {
  const uint32_t size = size_of(instruction.dtype);
  const Grid grid = grid_of(instruction);
  const Lane lanes[] = {gather_lane(instruction, grid),
                        in_a_row(instruction.src1().address, sizeof(uint32_t), grid.width)};
  const uint8_t* source = ub + instruction.src0().address + instruction.param[kGatherBase];
  each_run(grid, lanes, 2, [&](uint32_t repeat, uint32_t first, uint32_t count) {
    uint8_t* dst = ub + place(lanes[0], repeat, first);
    const uint8_t* offsets = ub + place(lanes[1], repeat, first);
    for (uint32_t i = 0; i < count; ++i) {
      uint32_t offset;
      std::memcpy(&offset, offsets + uint64_t(i) * sizeof offset, sizeof offset);
      std::memcpy(dst + i * size, source + offset, size);
    }
  });
}

inline bool keeps(const Instruction& instruction, const uint8_t* bits, uint32_t element) {
  const uint8_t pattern = instruction.detail;
  if (!pattern) return (bits[element / 8] >> (element % 8)) & 1;
  if (pattern == 7) return true;
  return pattern < 3 ? element % 2 == pattern - 1u : element % 4 == pattern - 3u;
}

NPU_FUNCTION uint64_t execute_gather_mask(const Instruction& instruction, uint8_t* ub) {
  const uint32_t size = size_of(instruction.dtype), count = looked_at(instruction);
  const Lane lane = masked_lane(instruction);
  uint8_t* dst = ub + instruction.dst().address;
  uint64_t taken = 0;
  for (uint32_t repeat = 0; repeat < instruction.repeats; ++repeat) {
    const uint64_t row = uint64_t(repeat) * instruction.param[kSrc1Repeat] * kBlock;
    const uint8_t* bits = ub + (instruction.detail ? 0 : instruction.src1().address + row);
    for (uint32_t e = 0; e < count; ++e)
      if (keeps(instruction, bits, e))
        std::memmove(dst + taken++ * size, ub + place(lane, repeat, e), size);
  }
  return taken;
}

NPU_FUNCTION void execute_transpose(const Instruction& instruction, uint8_t* ub) {
  uint16_t from[kTransposed][kTransposed], to[kTransposed][kTransposed];
  std::memcpy(from, ub + instruction.src0().address, sizeof from);
  for (uint32_t i = 0; i < kTransposed; ++i)
    for (uint32_t j = 0; j < kTransposed; ++j) to[j][i] = from[i][j];
  std::memcpy(ub + instruction.dst().address, to, sizeof to);
}

}  // namespace npu
