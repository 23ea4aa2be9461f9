// The value of each elementwise operation, for one element: of(a, b, d, s) of src0, src1, dst and
// scalar. T is the type stored, W the one computed with; a result of W that has to be rounded to T
// is exact or rounded to odd before, so that there is one rounding in all.
#pragma once

#include <cmath>
#include <limits>

#include "npu/impl/plane.h"

namespace npu {

template <typename T>
float once(double value) {
  return std::is_same_v<T, float> ? static_cast<float>(value) : odd_float(value);
}

// Integers wrap around.
template <typename W>
W plus(W a, W b) {
  if constexpr (std::is_integral_v<W>) return static_cast<W>(uint32_t(a) + uint32_t(b));
  return static_cast<W>(a + b);
}
template <typename W>
W minus(W a, W b) {
  if constexpr (std::is_integral_v<W>) return static_cast<W>(uint32_t(a) - uint32_t(b));
  return static_cast<W>(a - b);
}
template <typename W>
W times(W a, W b) {
  if constexpr (std::is_integral_v<W>) return static_cast<W>(uint32_t(a) * uint32_t(b));
  return static_cast<W>(a * b);
}
// A NaN stays one.
template <typename W>
W larger(W a, W b) {
  return a > b || a != a ? a : b;
}
template <typename W>
W smaller(W a, W b) {
  return a < b || a != a ? a : b;
}

// Halves: the product is exact in double. If the sum is not, the addend is more than 2^31 times
// the product and is itself a half, so that no rounding of the sum can be in doubt.
template <typename T>
float fused(float a, float b, float c) {
  if constexpr (std::is_same_v<T, float>) return std::fma(a, b, c);
  return odd_float(double(a) * double(b) + double(c));
}

enum : int { kA = 1, kB = 2, kD = 4, kS = 8 };  // what an operation reads

#define NPU_ELEMENTWISE(Name, Reads, expression)                                  \
  struct Name {                                                                   \
    static constexpr int reads = Reads;                                           \
    template <typename T, typename W>                                             \
    static W of([[maybe_unused]] W a, [[maybe_unused]] W b, [[maybe_unused]] W d, \
                [[maybe_unused]] W s) {                                           \
      return expression;                                                          \
    }                                                                             \
  };

NPU_ELEMENTWISE(AddOf, kA | kB, plus(a, b))
NPU_ELEMENTWISE(SubOf, kA | kB, minus(a, b))
NPU_ELEMENTWISE(MulOf, kA | kB, times(a, b))
NPU_ELEMENTWISE(DivOf, kA | kB, a / b)
NPU_ELEMENTWISE(MaxOf, kA | kB, larger(a, b))
NPU_ELEMENTWISE(MinOf, kA | kB, smaller(a, b))
NPU_ELEMENTWISE(AndOf, kA | kB, static_cast<W>(a& b))
NPU_ELEMENTWISE(OrOf, kA | kB, static_cast<W>(a | b))
NPU_ELEMENTWISE(AddReluOf, kA | kB, larger(plus(a, b), W(0)))
NPU_ELEMENTWISE(MulAddDstOf, kA | kB | kD, (fused<T>(a, b, d)))
NPU_ELEMENTWISE(FusedMulAddOf, kA | kB | kD, (fused<T>(a, d, b)))
NPU_ELEMENTWISE(AddsOf, kA | kS, plus(a, s))
NPU_ELEMENTWISE(MulsOf, kA | kS, times(a, s))
NPU_ELEMENTWISE(MaxsOf, kA | kS, larger(a, s))
NPU_ELEMENTWISE(MinsOf, kA | kS, smaller(a, s))
NPU_ELEMENTWISE(LeakyReluOf, kA | kS, a < 0 ? a * s : a)
NPU_ELEMENTWISE(AxpyOf, kA | kD | kS, (fused<T>(a, s, d)))
NPU_ELEMENTWISE(ExpOf, kA, (once<T>(std::exp(double(a)))))
NPU_ELEMENTWISE(LnOf, kA, (once<T>(std::log(double(a)))))
NPU_ELEMENTWISE(SqrtOf, kA, std::sqrt(a))
NPU_ELEMENTWISE(RsqrtOf, kA, (once<T>(1.0 / std::sqrt(double(a)))))
NPU_ELEMENTWISE(ReciprocalOf, kA, 1 / a)
NPU_ELEMENTWISE(AbsOf, kA, std::fabs(a))
NPU_ELEMENTWISE(ReluOf, kA, larger(a, W(0)))
NPU_ELEMENTWISE(NotOf, kA, static_cast<W>(~a))
#undef NPU_ELEMENTWISE

// Distances of the type's width and more are as if the bits went one at a time. To the left, a
// signed number keeps its sign; to the right, only signed ones are rounded.
struct ShiftLeftOf {
  static constexpr int reads = kA | kS;
  template <typename T, typename W>
  static W of(W a, W, W, W s) {
    const uint64_t distance = uint64_t(s);
    const W moved = distance < 8 * sizeof(W) ? static_cast<W>(uint64_t(a) << distance) : W(0);
    constexpr W most = std::numeric_limits<W>::max();
    return static_cast<W>((moved & most) | (a & ~most));
  }
};
template <bool round>
struct ShiftRightOf {
  static constexpr int reads = kA | kS;
  template <typename T, typename W>
  static W of(W a, W, W, W s) {
    const uint64_t distance = uint64_t(s) < 62 ? uint64_t(s) : 62;
    const int64_t half_way =
        round && distance && std::is_signed_v<W> ? int64_t(1) << (distance - 1) : 0;
    return static_cast<W>((int64_t(a) + half_way) >> distance);
  }
};

}  // namespace npu
