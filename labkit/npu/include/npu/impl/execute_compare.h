// Comparisons, which write bits, and select, which reads them. The first element is the low bit.
#pragma once

#include "npu/impl/execute_element.h"

namespace npu {

template <typename W>
bool compared(W a, W b, Comparison comparison) {
  switch (comparison) {
    case Comparison::lt:
      return a < b;
    case Comparison::gt:
      return a > b;
    case Comparison::eq:
      return a == b;
    case Comparison::le:
      return a <= b;
    case Comparison::ge:
      return a >= b;
    default:
      return a != b;
  }
}

inline void put_bit(uint8_t* bits, uint64_t index, bool value) {
  const uint8_t bit = static_cast<uint8_t>(1u << (index % 8));
  bits[index / 8] = static_cast<uint8_t>(value ? bits[index / 8] | bit : bits[index / 8] & ~bit);
}
inline bool get_bit(const uint8_t* bits, uint64_t index) {
  return (bits[index / 8] >> (index % 8)) & 1;
}

// Bits of elements that the mask leaves out become 0. The bits are gathered first: dst may lie on
// the sources.
template <typename T>
void compare_elements(const Instruction& instruction, uint8_t* ub) {
  const Grid grid = grid_of(instruction);
  const Lane lanes[] = {lane_of(instruction, 1, sizeof(T), grid.width),
                        lane_of(instruction, 2, sizeof(T), grid.width)};
  const bool tensor = instruction.op == Op::compare;
  const Wide<T> scalar = scalar_of<T>(instruction);
  uint8_t* dst = ub + instruction.dst().address;
  std::memset(dst, 0, bit_bytes(instruction, grid));
  each_run(grid, lanes, tensor ? 2 : 1, [&](uint32_t repeat, uint32_t first, uint32_t count) {
    const uint8_t* a = ub + place(lanes[0], repeat, first);
    const uint8_t* b = ub + place(lanes[1], repeat, first);
    for (uint32_t i = 0; i < count; ++i) {
      const Wide<T> right = tensor ? load_one<T>(b + i * sizeof(T)) : scalar;
      put_bit(dst, uint64_t(repeat) * grid.width + first + i,
              compared(load_one<T>(a + i * sizeof(T)), right,
                       static_cast<Comparison>(instruction.detail)));
    }
  });
}

NPU_FUNCTION void execute_compare(const Instruction& instruction, uint8_t* ub) {
  if (instruction.dtype == DType::f16) return compare_elements<half>(instruction, ub);
  if (instruction.dtype == DType::i32) return compare_elements<int32_t>(instruction, ub);
  compare_elements<float>(instruction, ub);
}

NPU_FUNCTION void execute_select(const Instruction& instruction, uint8_t* ub) {
  const Grid grid = grid_of(instruction);
  const uint32_t size = size_of(instruction.dtype);
  const bool one = instruction.detail == static_cast<uint8_t>(Selection::one_mask);
  const bool tensor = !(instruction.flags & by_scalar);
  const uint8_t* bits = ub + instruction.extra().address;
  const Lane lanes[] = {lane_of(instruction, 0, size, grid.width),
                        lane_of(instruction, 1, size, grid.width),
                        lane_of(instruction, 2, size, grid.width)};
  each_run(grid, lanes, tensor ? 3 : 2, [&](uint32_t repeat, uint32_t first, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
      const uint64_t element = uint64_t(repeat) * grid.width + first + i;
      const bool left = get_bit(bits, one ? element % grid.width : element);
      const int lane = left ? 1 : 2;
      const void* from = left || tensor
                             ? static_cast<void*>(ub + place(lanes[lane], repeat, first) + i * size)
                             : const_cast<uint64_t*>(&instruction.scalar);
      std::memmove(ub + place(lanes[0], repeat, first) + i * size, from, size);
    }
  });
}

}  // namespace npu
