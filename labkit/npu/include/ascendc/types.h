// Types and qualifiers of kernel code.
#pragma once

#include <cstdint>
#include <type_traits>

#include "npu/half.h"
#include "npu/isa.h"

#define __global__
#define __aicore__
#define __host_aicore__
#define __gm__
#define __ubuf__
#define __local__
#define __vector__
#define __cube__
#define __mix__(...)
#define __schedmode__(...)
#define __simd_callee__
#define __biggest_align__

#define GM_ADDR __gm__ uint8_t*

namespace AscendC {
using ::bfloat16_t;
using ::half;
}  // namespace AscendC

namespace npu {

// Returns the machine's name of the type T, DType::none if it has none.
template <typename T>
constexpr DType type_of() {
  if constexpr (std::is_same_v<T, half>) return DType::f16;
  if constexpr (std::is_same_v<T, bfloat16_t>) return DType::bf16;
  if constexpr (std::is_same_v<T, float>) return DType::f32;
  if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
    constexpr DType types[][2] = {{DType::u8, DType::i8},
                                  {DType::u16, DType::i16},
                                  {DType::u32, DType::i32},
                                  {DType::u64, DType::i64}};
    constexpr int power = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
    return types[power][std::is_signed_v<T>];
  }
  return DType::none;
}

// The bits of `value`, in the low bytes.
template <typename T>
uint64_t bits_of(const T& value) {
  static_assert(sizeof(T) <= sizeof(uint64_t));
  uint64_t bits = 0;
  __builtin_memcpy(&bits, &value, sizeof value);
  return bits;
}

template <typename T>
T value_of(uint64_t bits) {
  T value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace npu
