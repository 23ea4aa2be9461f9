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

// A scalar beside tensors of T must be of T, unless T was written out: Adds<float>(x, x, 1, n).
template <typename T>
struct SameScalar {
  T value;
  template <typename S>
  SameScalar(const S& scalar) : value(static_cast<T>(scalar)) {
    static_assert(std::is_same_v<S, T> || std::is_same_v<S, Element<T>>,
                  "the scalar must have the type of the tensor: write half(2), float(2), …");
  }
};
template <typename T>
struct ConvertedScalar {
  T value;
  template <typename S>
  ConvertedScalar(const S& scalar) : value(static_cast<T>(scalar)) {}
};
template <typename Given, typename T>
using ScalarOf =
    std::conditional_t<std::is_same_v<Given, Deduced>, SameScalar<T>, ConvertedScalar<T>>;

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
