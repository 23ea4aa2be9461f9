// Elements in UB as numbers that one computes with, and back: half and bfloat16 as float.
#pragma once

#include <cstring>

#include "npu/half.h"
#include "npu/isa.h"

namespace npu {

inline constexpr uint32_t kPlane = 256;  // elements that are computed on at once

template <typename T>
struct WideOf {
  using Type = T;
};
template <>
struct WideOf<half> {
  using Type = float;
};
template <>
struct WideOf<bfloat16_t> {
  using Type = float;
};
template <typename T>
using Wide = typename WideOf<T>::Type;

#ifdef __F16C__
using Halves = short __attribute__((vector_size(16)));
using Floats = float __attribute__((vector_size(32)));
inline constexpr uint32_t kLanes = 8;

inline uint32_t load_lanes(float* to, const uint8_t* from, uint32_t count) {
  const uint32_t whole = count / kLanes * kLanes;
  for (uint32_t i = 0; i < whole; i += kLanes) {
    Halves halves;
    std::memcpy(&halves, from + i * 2, sizeof halves);
    const Floats floats = __builtin_ia32_vcvtph2ps256(halves);
    std::memcpy(to + i, &floats, sizeof floats);
  }
  return whole;
}

inline uint32_t store_lanes(uint8_t* to, const float* from, uint32_t count) {
  const uint32_t whole = count / kLanes * kLanes;
  for (uint32_t i = 0; i < whole; i += kLanes) {
    Floats floats;
    std::memcpy(&floats, from + i, sizeof floats);
    const Halves halves = __builtin_ia32_vcvtps2ph256(floats, 0);
    std::memcpy(to + i * 2, &halves, sizeof halves);
  }
  return whole;
}
#else
inline uint32_t load_lanes(float*, const uint8_t*, uint32_t) { return 0; }
inline uint32_t store_lanes(uint8_t*, const float*, uint32_t) { return 0; }
#endif

inline float one_nan(float value) { return value == value ? value : bits_as<float>(kFloatNan); }

template <typename T>
void load_plane(Wide<T>* to, const uint8_t* from, uint32_t count) {
  if constexpr (std::is_same_v<T, half> || std::is_same_v<T, bfloat16_t>) {
    uint16_t bits[kPlane];
    const uint32_t done = std::is_same_v<T, half> ? load_lanes(to, from, count) : 0;
    std::memcpy(bits, from + done * 2, (count - done) * 2);
    for (uint32_t i = done; i < count; ++i)
      to[i] =
          std::is_same_v<T, half> ? float_of_half(bits[i - done]) : float_of_bfloat(bits[i - done]);
  } else {
    std::memcpy(to, from, count * sizeof(T));
  }
}

template <typename T>
void store_plane(uint8_t* to, Wide<T>* from, uint32_t count) {
  if constexpr (std::is_same_v<Wide<T>, float>)
    for (uint32_t i = 0; i < count; ++i) from[i] = one_nan(from[i]);
  if constexpr (std::is_same_v<T, half> || std::is_same_v<T, bfloat16_t>) {
    uint16_t bits[kPlane];
    const uint32_t done = std::is_same_v<T, half> ? store_lanes(to, from, count) : 0;
    for (uint32_t i = done; i < count; ++i)
      bits[i - done] = std::is_same_v<T, half> ? half_of_float(from[i]) : bfloat_of_float(from[i]);
    std::memcpy(to + done * 2, bits, (count - done) * 2);
  } else {
    std::memcpy(to, from, count * sizeof(T));
  }
}

template <typename T>
Wide<T> load_one(const uint8_t* from) {
  Wide<T> value;
  load_plane<T>(&value, from, 1);
  return value;
}
template <typename T>
void store_one(uint8_t* to, Wide<T> value) {
  store_plane<T>(to, &value, 1);
}

// The scalar of an instruction, whose bits lie in its low bytes.
template <typename T>
Wide<T> scalar_of(const Instruction& instruction) {
  uint8_t bytes[sizeof instruction.scalar];
  std::memcpy(bytes, &instruction.scalar, sizeof bytes);
  return load_one<T>(bytes);
}

}  // namespace npu
