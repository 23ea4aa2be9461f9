// half and bfloat16: their bits, and conversions that round once, to nearest even.
//
// Conversions are written out rather than left to `_Float16`: without F16C those are calls, and no
// g++ before 13 vectorises them. Every NaN that arithmetic makes has the same bits on all machines.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#if defined(__aarch64__) && __GNUC__ < 13
typedef __fp16 half;  // without _Float16 in C++: a sum of two is a float, and rounded when kept
#else
typedef _Float16 half;
#endif

namespace npu {

template <typename To, typename From>
inline To bits_as(From from) {
  static_assert(sizeof(To) == sizeof(From), "bits_as keeps the size");
  To to;
  __builtin_memcpy(&to, &from, sizeof to);
  return to;
}

inline constexpr uint16_t kHalfNan = 0x7E00;
inline constexpr uint16_t kBfloatNan = 0x7FC0;
inline constexpr uint32_t kFloatNan = 0x7FC00000;

inline float float_of_half(uint16_t bits) {
  const uint32_t sign = uint32_t(bits & 0x8000u) << 16;
  const float scaled = bits_as<float>(uint32_t(bits & 0x7FFFu) << 13) * 0x1p112f;
  const uint32_t magnitude = bits_as<uint32_t>(scaled);
  return bits_as<float>(sign | (scaled >= 65536.0f ? magnitude | 0x7F800000u : magnitude));
}

inline uint16_t half_of_float(float value) {
  const uint32_t all = bits_as<uint32_t>(value);
  const uint32_t magnitude = all & 0x7FFFFFFFu;
  // Below 2^-14 the sum with 0.5 rounds at 2^-24, which is where a subnormal half does.
  const uint32_t tiny = bits_as<uint32_t>(bits_as<float>(magnitude) + 0.5f) - 0x3F000000u;
  const uint32_t normal = (magnitude + 0xC8000FFFu + ((magnitude >> 13) & 1u)) >> 13;
  const uint32_t large = magnitude > 0x7F800000u ? kHalfNan : 0x7C00u;
  const uint32_t finite = magnitude < 0x38800000u ? tiny : normal;
  const uint32_t sign = magnitude > 0x7F800000u ? 0u : (all >> 16) & 0x8000u;
  return static_cast<uint16_t>(sign | (magnitude >= 0x47800000u ? large : finite));
}

inline float float_of_bfloat(uint16_t bits) { return bits_as<float>(uint32_t(bits) << 16); }

inline uint16_t bfloat_of_float(float value) {
  const uint32_t bits = bits_as<uint32_t>(value);
  if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return kBfloatNan;
  return static_cast<uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}

// Rounds to odd: rounding the result again, to half or bfloat16, is then as if done once.
inline float odd_float(double value) {
  const float near = static_cast<float>(value);
  uint32_t bits = bits_as<uint32_t>(near);
  if (static_cast<double>(near) == value || near != near || (bits & 1u)) return near;
  const bool outward = (static_cast<double>(near) < value) == (value > 0);
  return bits_as<float>(outward ? bits + 1 : bits - 1);
}

}  // namespace npu

// bfloat16 of the public API: it is stored, moved and cast; arithmetic on it is that of float.
struct bfloat16_t {
  uint16_t bits;

  bfloat16_t() = default;
  template <typename T, typename = std::enable_if_t<std::is_arithmetic_v<T>>>
  bfloat16_t(T value) : bits(npu::bfloat_of_float(npu::odd_float(static_cast<double>(value)))) {}
  bfloat16_t(half value) : bits(npu::bfloat_of_float(static_cast<float>(value))) {}
  operator float() const { return npu::float_of_bfloat(bits); }
};
static_assert(sizeof(half) == 2 && sizeof(bfloat16_t) == 2);
