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

template <typename T>
struct Comparer {
  const Instruction& instruction;
  Wide<T> left[kPlane], right[kPlane];

  // Bits `at` and on of `bits` become those of `count` elements in a row.
  void run(const uint8_t* a, const uint8_t* b, uint32_t count, uint8_t* bits, uint64_t at) {
    for (uint32_t done = 0; done < count; done += kPlane) {
      const uint32_t n = count - done < kPlane ? count - done : kPlane;
      load_plane<T>(left, a + done * sizeof(T), n);
      if (b) load_plane<T>(right, b + done * sizeof(T), n);
      for (uint32_t i = 0; i < n; ++i)
        put_bit(bits, at + done + i,
                compared(left[i], right[i], static_cast<Comparison>(instruction.detail)));
    }
  }
};

// Bits of no element, or of one that the mask leaves out, become 0.
template <typename T>
void compare_elements(const Instruction& instruction, uint8_t* ub) {
  const Grid grid = grid_of(instruction);
  const Lane lanes[] = {lane_of(instruction, 1, sizeof(T), grid.width),
                        lane_of(instruction, 2, sizeof(T), grid.width)};
  const bool tensor = instruction.op == Op::compare;
  uint8_t* dst = ub + instruction.dst().address;
  Comparer<T> comparer = {instruction, {}, {}};
  for (Wide<T>& value : comparer.right) value = scalar_of<T>(instruction);
  if (instruction.form != Form::count) std::memset(dst, 0, bit_bytes(instruction, grid));
  each_run(grid, lanes, tensor ? 2 : 1, [&](uint32_t repeat, uint32_t first, uint32_t count) {
    const uint8_t* right = tensor ? ub + place(lanes[1], repeat, first) : nullptr;
    comparer.run(ub + place(lanes[0], repeat, first), right, count, dst,
                 uint64_t(repeat) * grid.width + first);
  });
}

NPU_FUNCTION void execute_compare(const Instruction& instruction, uint8_t* ub) {
  if (instruction.dtype == DType::f16) return compare_elements<half>(instruction, ub);
  if (instruction.dtype == DType::i32) return compare_elements<int32_t>(instruction, ub);
  compare_elements<float>(instruction, ub);
}

// T: an integer of the elements' size. `right` is a tensor's row, or null for the scalar.
template <typename T>
void select_run(const Instruction& instruction, uint8_t* dst, const uint8_t* left,
                const uint8_t* right, const bool* bits, uint32_t count) {
  T a[kPlane], b[kPlane];
  std::memcpy(a, left, count * sizeof(T));
  if (right) std::memcpy(b, right, count * sizeof(T));
  const T scalar = static_cast<T>(instruction.scalar);
  for (uint32_t i = 0; i < count; ++i) a[i] = bits[i] ? a[i] : right ? b[i] : scalar;
  std::memcpy(dst, a, count * sizeof(T));
}

template <typename T>
void select_elements(const Instruction& instruction, uint8_t* ub) {
  const Grid grid = grid_of(instruction);
  const bool one = instruction.detail == static_cast<uint8_t>(Selection::one_mask);
  const bool tensor = !(instruction.flags & by_scalar);
  const uint8_t* mask = ub + instruction.extra().address;
  const Lane lanes[] = {lane_of(instruction, 0, sizeof(T), grid.width),
                        lane_of(instruction, 1, sizeof(T), grid.width),
                        lane_of(instruction, 2, sizeof(T), grid.width)};
  each_run(grid, lanes, tensor ? 3 : 2, [&](uint32_t repeat, uint32_t first, uint32_t count) {
    bool bits[kPlane];
    for (uint32_t done = 0; done < count; done += kPlane) {
      const uint32_t n = count - done < kPlane ? count - done : kPlane;
      const uint64_t element = uint64_t(repeat) * grid.width + first + done;
      for (uint32_t i = 0; i < n; ++i)
        bits[i] = get_bit(mask, one ? (element + i) % grid.width : element + i);
      const uint64_t at = uint64_t(done) * sizeof(T);
      select_run<T>(instruction, ub + place(lanes[0], repeat, first) + at,
                    ub + place(lanes[1], repeat, first) + at,
                    tensor ? ub + place(lanes[2], repeat, first) + at : nullptr, bits, n);
    }
  });
}

NPU_FUNCTION void execute_select(const Instruction& instruction, uint8_t* ub) {
  if (size_of(instruction.dtype) == 2) return select_elements<uint16_t>(instruction, ub);
  select_elements<uint32_t>(instruction, ub);
}

}  // namespace npu
