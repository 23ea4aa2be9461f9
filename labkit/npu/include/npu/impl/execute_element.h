// Elementwise arithmetic: one row at a time, by way of planes of numbers.
#pragma once

#include "npu/impl/arithmetic.h"
#include "npu/impl/parts.h"
#include "npu/linkage.h"

namespace npu {

// Does `count` elements that lie in a row in each operand. S: type of the sources.
using Row = void (*)(const Instruction&, uint8_t* dst, const uint8_t* src0, const uint8_t* src1,
                     uint32_t count);

template <typename F, typename T, typename S>
void plane_row(const Instruction& instruction, uint8_t* dst, const uint8_t* src0,
               const uint8_t* src1, uint32_t count) {
  using W = Wide<T>;
  W a[kPlane], b[kPlane], d[kPlane];
  const W s = F::reads & kS ? scalar_of<T>(instruction) : W(0);
  for (uint32_t at = 0; at < count; at += kPlane) {
    const uint32_t n = count - at < kPlane ? count - at : kPlane;
    load_plane<S>(a, src0 + at * sizeof(S), n);
    if constexpr (F::reads & kB) load_plane<S>(b, src1 + at * sizeof(S), n);
    if constexpr (F::reads & kD) load_plane<T>(d, dst + at * sizeof(T), n);
    for (uint32_t i = 0; i < n; ++i)
      a[i] =
          F::template of<T, W>(a[i], F::reads & kB ? b[i] : W(0), F::reads & kD ? d[i] : W(0), s);
    store_plane<T>(dst + at * sizeof(T), a, n);
  }
}

template <typename F>
Row of_floats(DType type) {
  return type == DType::f16 ? plane_row<F, half, half> : plane_row<F, float, float>;
}
template <typename F>
Row of_numbers(DType type) {
  if (type == DType::i16) return plane_row<F, int16_t, int16_t>;
  return type == DType::i32 ? plane_row<F, int32_t, int32_t> : of_floats<F>(type);
}
template <typename F>
Row of_shifted(DType type) {
  if (type == DType::i32) return plane_row<F, int32_t, int32_t>;
  if (type == DType::u32) return plane_row<F, uint32_t, uint32_t>;
  return type == DType::i16 ? plane_row<F, int16_t, int16_t> : plane_row<F, uint16_t, uint16_t>;
}
template <typename F>
Row of_bits(DType) {
  return plane_row<F, uint16_t, uint16_t>;
}
// dst may be float where the sources are half.
template <typename F>
Row of_mixed(DType type, DType source) {
  return type == source ? of_floats<F>(type) : plane_row<F, float, half>;
}

inline Row binary_row(const Instruction& instruction) {
  const DType type = instruction.dtype;
  switch (instruction.op) {
    case Op::add:
      return of_numbers<AddOf>(type);
    case Op::sub:
      return of_numbers<SubOf>(type);
    case Op::mul:
      return of_numbers<MulOf>(type);
    case Op::div:
      return of_floats<DivOf>(type);
    case Op::max:
      return of_numbers<MaxOf>(type);
    case Op::min:
      return of_numbers<MinOf>(type);
    case Op::bit_and:
      return of_bits<AndOf>(type);
    case Op::bit_or:
      return of_bits<OrOf>(type);
    case Op::add_relu:
      return type == DType::i16 ? plane_row<AddReluOf, int16_t, int16_t>
                                : of_floats<AddReluOf>(type);
    case Op::mul_add_dst:
      return of_mixed<MulAddDstOf>(type, source_type(instruction));
    default:
      return of_floats<FusedMulAddOf>(type);
  }
}

inline Row scalar_row(const Instruction& instruction) {
  const DType type = instruction.dtype;
  switch (instruction.op) {
    case Op::adds:
      return of_numbers<AddsOf>(type);
    case Op::muls:
      return of_numbers<MulsOf>(type);
    case Op::maxs:
      return of_numbers<MaxsOf>(type);
    case Op::mins:
      return of_numbers<MinsOf>(type);
    case Op::leaky_relu:
      return of_floats<LeakyReluOf>(type);
    case Op::shift_left:
      return of_shifted<ShiftLeftOf>(type);
    case Op::shift_right:
      return instruction.detail ? of_shifted<ShiftRightOf<true>>(type)
                                : of_shifted<ShiftRightOf<false>>(type);
    default:
      return of_mixed<AxpyOf>(type, source_type(instruction));
  }
}

inline Row unary_row(const Instruction& instruction) {
  const DType type = instruction.dtype;
  switch (instruction.op) {
    case Op::exp:
      return of_floats<ExpOf>(type);
    case Op::ln:
      return of_floats<LnOf>(type);
    case Op::sqrt:
      return of_floats<SqrtOf>(type);
    case Op::rsqrt:
      return of_floats<RsqrtOf>(type);
    case Op::reciprocal:
      return of_floats<ReciprocalOf>(type);
    case Op::abs:
      return of_floats<AbsOf>(type);
    case Op::relu:
      return type == DType::i32 ? plane_row<ReluOf, int32_t, int32_t> : of_floats<ReluOf>(type);
    default:
      return of_bits<NotOf>(type);
  }
}

// Runs `row` over all that the instruction's mask chooses.
NPU_FUNCTION void execute_rows(const Instruction& instruction, uint8_t* ub, Row row) {
  const Grid grid = grid_of(instruction);
  const int sources = sources_of(instruction);
  const uint32_t size = size_of(instruction.dtype), from = size_of(source_type(instruction));
  const Lane lanes[] = {lane_of(instruction, 0, size, grid.width),
                        lane_of(instruction, 1, from, grid.width),
                        lane_of(instruction, 2, from, grid.width)};
  each_run(grid, lanes, 1 + sources, [&](uint32_t repeat, uint32_t first, uint32_t count) {
    const uint8_t* src0 = sources > 0 ? ub + place(lanes[1], repeat, first) : nullptr;
    const uint8_t* src1 = sources > 1 ? ub + place(lanes[2], repeat, first) : nullptr;
    row(instruction, ub + place(lanes[0], repeat, first), src0, src1, count);
  });
}

}  // namespace npu
