// Cast: every pair of types that the 910B has.
#pragma once

#include "npu/impl/execute_element.h"
#include "npu/impl/rounding.h"

namespace npu {

template <typename T>
inline constexpr bool kIsFloat = std::is_same_v<Wide<T>, float>;

// Rounds to nearest even, fast; Cast saturates where that overflowed.
template <typename To>
float saturated(float value) {
  constexpr float largest = static_cast<float>(FloatFormat<To>::largest);
  const bool finite = value - value == 0;
  const float low = value < -largest && finite ? -largest : value;
  return value > largest && finite ? largest : low;
}

template <typename To, typename From>
Wide<To> cast_one(Wide<From> value, Round round) {
  const bool nearest = round == Round::none || round == Round::rint;
  if constexpr (std::is_same_v<To, From>)
    return whole(value, round);
  else if constexpr (kIsFloat<To> && kIsFloat<From>)
    return nearest ? saturated<To>(value) : to_float<To>(value, round);
  else if constexpr (std::is_same_v<To, float> && !kIsFloat<From>)
    return nearest ? static_cast<float>(value) : to_float<float>(value, round);
  else if constexpr (kIsFloat<To>)
    return to_float<To>(value, round);
  else if constexpr (kIsFloat<From>)
    return to_integer<To>(static_cast<double>(value), round);
  else {
    if (value < From(std::numeric_limits<To>::min()) && sizeof(To) < sizeof(From))
      return std::numeric_limits<To>::min();
    if (sizeof(To) < sizeof(From) && value > From(std::numeric_limits<To>::max()))
      return std::numeric_limits<To>::max();
    return static_cast<To>(value);
  }
}

// The product of a scale and an int32 is exact as double.
inline void scale_plane(float* to, const int32_t* from, float scale, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i)
    to[i] = to_float<half>(double(from[i]) * double(scale), Round::rint);
}

template <typename To, typename From>
void cast_row(const Instruction& instruction, uint8_t* dst, const uint8_t* src, const uint8_t*,
              uint32_t count) {
  Wide<From> from[kPlane];
  Wide<To> to[kPlane];
  const Round round = static_cast<Round>(instruction.detail);
  for (uint32_t at = 0; at < count; at += kPlane) {
    const uint32_t n = count - at < kPlane ? count - at : kPlane;
    load_plane<From>(from, src + at * sizeof(From), n);
    if constexpr (std::is_same_v<To, half> && std::is_same_v<From, int32_t>)
      scale_plane(to, from, scalar_of<half>(instruction), n);
    else
      for (uint32_t i = 0; i < n; ++i) to[i] = cast_one<To, From>(from[i], round);
    store_plane<To>(dst + at * sizeof(To), to, n);
  }
}

inline Row cast_from_half(DType to) {
  if (to == DType::f32) return cast_row<float, half>;
  if (to == DType::i32) return cast_row<int32_t, half>;
  if (to == DType::i16) return cast_row<int16_t, half>;
  return to == DType::i8 ? cast_row<int8_t, half> : cast_row<uint8_t, half>;
}
inline Row cast_from_float(DType to) {
  if (to == DType::f32) return cast_row<float, float>;
  if (to == DType::f16) return cast_row<half, float>;
  if (to == DType::bf16) return cast_row<bfloat16_t, float>;
  if (to == DType::i64) return cast_row<int64_t, float>;
  return to == DType::i32 ? cast_row<int32_t, float> : cast_row<int16_t, float>;
}
inline Row cast_from_int32(DType to) {
  if (to == DType::f32) return cast_row<float, int32_t>;
  if (to == DType::f16) return cast_row<half, int32_t>;
  return to == DType::i64 ? cast_row<int64_t, int32_t> : cast_row<int16_t, int32_t>;
}

// Of what has_types lets pass.
inline Row cast_function(DType to, DType from) {
  switch (from) {
    case DType::f16:
      return cast_from_half(to);
    case DType::f32:
      return cast_from_float(to);
    case DType::bf16:
      return to == DType::f32 ? cast_row<float, bfloat16_t> : cast_row<int32_t, bfloat16_t>;
    case DType::u8:
      return cast_row<half, uint8_t>;
    case DType::i8:
      return cast_row<half, int8_t>;
    case DType::i16:
      return to == DType::f16 ? cast_row<half, int16_t> : cast_row<float, int16_t>;
    case DType::i32:
      return cast_from_int32(to);
    default:
      return to == DType::f32 ? cast_row<float, int64_t> : cast_row<int32_t, int64_t>;
  }
}

}  // namespace npu
