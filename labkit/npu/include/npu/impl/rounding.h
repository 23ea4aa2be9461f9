// Rounding as Cast does it: by mode, once, and to the nearest that the type has where it overflows.
#pragma once

#include <cmath>
#include <limits>

#include "npu/half.h"
#include "npu/vector.h"

namespace npu {

// Rounds to a whole number. Round::none where something is lost is rint.
template <typename Real>
Real whole(Real value, Round round) {
  switch (round) {
    case Round::floor:
      return std::floor(value);
    case Round::ceil:
      return std::ceil(value);
    case Round::round:
      return std::round(value);
    case Round::trunc:
      return std::trunc(value);
    case Round::odd: {
      const Real low = std::floor(value);
      return low == value || std::fmod(low, 2) != 0 ? low : low + 1;
    }
    default:
      return std::nearbyint(value);
  }
}

// What a floating-point type can hold.
template <typename T>
struct FloatFormat {
  static constexpr int digits = 24, least = -126;
  static constexpr double largest = 0x1.fffffep127;
};
template <>
struct FloatFormat<half> {
  static constexpr int digits = 11, least = -14;
  static constexpr double largest = 65504;
};
template <>
struct FloatFormat<bfloat16_t> {
  static constexpr int digits = 8, least = -126;
  static constexpr double largest = 0x1.fep127;
};

// Rounds `value`, which is exact, to a value of T. Infinities and NaN stay.
template <typename T>
float to_float(long double value, Round round) {
  using Format = FloatFormat<T>;
  if (value == 0 || value - value != 0) return static_cast<float>(value);
  int exponent = std::ilogb(value);
  if (exponent < Format::least) exponent = Format::least;
  const int step = exponent - Format::digits + 1;
  const long double rounded = std::scalbn(whole(std::scalbn(value, -step), round), step);
  if (rounded > Format::largest) return static_cast<float>(Format::largest);
  if (rounded < -Format::largest) return -static_cast<float>(Format::largest);
  return static_cast<float>(rounded);
}

// Rounds to an integer type; NaN becomes 0.
template <typename T>
T to_integer(double value, Round round) {
  if (value != value) return 0;
  const double rounded = whole(value, round);
  // The bounds are powers of two, or one less: exact as double but for the largest int64.
  constexpr double low = static_cast<double>(std::numeric_limits<T>::min());
  constexpr double beyond = -low + (low == 0 ? 256 : 0);
  if (rounded < low) return std::numeric_limits<T>::min();
  if (rounded >= beyond) return std::numeric_limits<T>::max();
  return static_cast<T>(rounded);
}

}  // namespace npu
