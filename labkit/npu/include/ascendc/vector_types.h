// Which types an operation takes on a 910B, and what a scalar beside a tensor may be.
#pragma once

#include "ascendc/element.h"
#include "npu/impl/accepted.h"

namespace npu {

// Whether `op` takes tensors of T.
template <typename T>
constexpr bool takes(Op op) {
  return accepted(op) & only(type_of<T>());
}
template <typename T, typename... Us>
inline constexpr bool is_one_of = (std::is_same_v<T, Us> || ...);

// False, but for the compiler only once it knows the types.
template <typename...>
inline constexpr bool never = false;

// A template argument that the student did not write.
struct Deduced;

// A scalar beside tensors of T, converted as newer versions of the API do: Muls(x, x, 2.0f, n) of
// halfs. Older ones want half(2).
template <typename T>
struct Converted {
  T value;
  template <typename S>
  Converted(const S& scalar) : value(static_cast<T>(scalar)) {}
};
// By way of a member, so that T comes from the tensors alone.
template <typename T>
struct ScalarOf {
  using type = Converted<T>;
};
template <typename T>
using Scalar = typename ScalarOf<T>::type;

}  // namespace npu

// One line if `op` does not take T, which says what it takes.
#define NPU_ACCEPTS(name, op, T, text)                                       \
  static_assert(npu::takes<T>(op) || npu::type_of<T>() != npu::DType::bf16,  \
                name " does not support bfloat16_t on 910B: Cast to float"); \
  static_assert(npu::takes<T>(op) || npu::type_of<T>() == npu::DType::bf16,  \
                name " does not support this type on 910B: it takes " text)

#define NPU_FLOATS "half and float"
#define NPU_NUMBERS "half, float, int16_t and int32_t"
#define NPU_SHORTS "int16_t and uint16_t"
#define NPU_INTEGERS "int16_t, uint16_t, int32_t and uint32_t"
#define NPU_WORDS "types of 2 and 4 bytes"
