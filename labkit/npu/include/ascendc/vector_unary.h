// Elementwise operations of one tensor, and of one tensor and a scalar.
#pragma once

#include "ascendc/vector_binary.h"

namespace npu {

inline Strides strides_of(const AscendC::UnaryRepeatParams& params) {
  return {params.dstBlkStride, params.srcBlkStride, 0, params.dstRepStride, params.srcRepStride, 0};
}

inline Instruction unary(Op op, DType dtype, const Operand& dst, const Operand& src,
                         uint64_t scalar = 0) {
  Instruction instruction = vector_instruction(op, dtype, {dst, src});
  instruction.scalar = scalar;
  return instruction;
}

}  // namespace npu

namespace AscendC {

#define NPU_UNARY(Name, op, text)                                                                \
  template <typename T>                                                                          \
  void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src, const int32_t& count,          \
            npu::Site site = npu::here()) {                                                      \
    NPU_ACCEPTS(#Name, npu::Op::op, T, text);                                                    \
    npu::issue_count(npu::unary(npu::Op::op, npu::type_of<T>(), dst.operand(), src.operand()),   \
                     count, site);                                                               \
  }                                                                                              \
  template <typename T, bool isSetMask = true>                                                   \
  void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src, npu::MaskArgument mask,        \
            int64_t repeatTime, const UnaryRepeatParams& repeatParams,                           \
            npu::Site site = npu::here()) {                                                      \
    NPU_ACCEPTS(#Name, npu::Op::op, T, text);                                                    \
    npu::issue_repeats(npu::unary(npu::Op::op, npu::type_of<T>(), dst.operand(), src.operand()), \
                       {mask, isSetMask, repeatTime, npu::strides_of(repeatParams)}, site);      \
  }

NPU_UNARY(Exp, exp, NPU_FLOATS)
NPU_UNARY(Ln, ln, NPU_FLOATS)
NPU_UNARY(Sqrt, sqrt, NPU_FLOATS)
NPU_UNARY(Rsqrt, rsqrt, NPU_FLOATS)
NPU_UNARY(Reciprocal, reciprocal, NPU_FLOATS)
NPU_UNARY(Abs, abs, NPU_FLOATS)
NPU_UNARY(Relu, relu, "half, float and int32_t")
NPU_UNARY(Not, bit_not, NPU_SHORTS)
#undef NPU_UNARY

// Given: the type if the student wrote it, Adds<float, false>(…).
#define NPU_SCALAR(Name, op, text)                                                              \
  template <typename Given = npu::Deduced, bool isSetMask = true, typename T>                   \
  void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src,                               \
            const npu::Scalar<T>& scalarValue, const int32_t& count,                            \
            npu::Site site = npu::here()) {                                                     \
    NPU_ACCEPTS(#Name, npu::Op::op, T, text);                                                   \
    npu::issue_first(npu::unary(npu::Op::op, npu::type_of<T>(), dst.operand(), src.operand(),   \
                                npu::bits_of(scalarValue.value)),                               \
                     isSetMask, count, site);                                                   \
  }                                                                                             \
  template <typename Given = npu::Deduced, bool isSetMask = true, typename T>                   \
  void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src,                               \
            const npu::Scalar<T>& scalarValue, npu::MaskArgument mask, int64_t repeatTime,      \
            const UnaryRepeatParams& repeatParams, npu::Site site = npu::here()) {              \
    NPU_ACCEPTS(#Name, npu::Op::op, T, text);                                                   \
    npu::issue_repeats(npu::unary(npu::Op::op, npu::type_of<T>(), dst.operand(), src.operand(), \
                                  npu::bits_of(scalarValue.value)),                             \
                       {mask, isSetMask, repeatTime, npu::strides_of(repeatParams)}, site);     \
  }

NPU_SCALAR(Adds, adds, NPU_NUMBERS)
NPU_SCALAR(Muls, muls, NPU_NUMBERS)
NPU_SCALAR(Maxs, maxs, NPU_NUMBERS)
NPU_SCALAR(Mins, mins, NPU_NUMBERS)
NPU_SCALAR(LeakyRelu, leaky_relu, NPU_FLOATS)
NPU_SCALAR(ShiftLeft, shift_left, NPU_INTEGERS)
NPU_SCALAR(ShiftRight, shift_right, NPU_INTEGERS)
#undef NPU_SCALAR

// roundEn: what is shifted out rounds.
template <typename Given = npu::Deduced, bool isSetMask = true, typename T>
void ShiftRight(const LocalTensor<T>& dst, const LocalTensor<T>& src,
                const npu::Scalar<T>& scalarValue, npu::MaskArgument mask, int64_t repeatTime,
                const UnaryRepeatParams& repeatParams, bool roundEn, npu::Site site = npu::here()) {
  NPU_ACCEPTS("ShiftRight", npu::Op::shift_right, T, NPU_INTEGERS);
  npu::Instruction instruction = npu::unary(npu::Op::shift_right, npu::type_of<T>(), dst.operand(),
                                            src.operand(), npu::bits_of(scalarValue.value));
  instruction.detail = roundEn;
  npu::issue_repeats(instruction, {mask, isSetMask, repeatTime, npu::strides_of(repeatParams)},
                     site);
}

}  // namespace AscendC

namespace npu {

// dst += scalar * src, where dst may be float beside a source and scalar of half.
template <typename T, typename U>
Instruction axpy(const AscendC::LocalTensor<T>& dst, const AscendC::LocalTensor<U>& src, U scalar) {
  NPU_ACCEPTS("Axpy", Op::axpy, T, NPU_FLOATS);
  static_assert(std::is_same_v<T, U> || (std::is_same_v<T, float> && std::is_same_v<U, half>),
                "Axpy does not support these types on 910B: source as dst, or half with float");
  Instruction instruction =
      unary(Op::axpy, type_of<T>(), dst.operand(), src.operand(), bits_of(static_cast<T>(scalar)));
  instruction.source = std::is_same_v<T, U> ? DType::none : type_of<U>();
  return instruction;
}

}  // namespace npu

namespace AscendC {

template <typename GivenDst = npu::Deduced, typename Given = npu::Deduced, bool isSetMask = true,
          typename T, typename U>
void Axpy(const LocalTensor<T>& dst, const LocalTensor<U>& src, const npu::Scalar<U>& scalarValue,
          const int32_t& count, npu::Site site = npu::here()) {
  npu::issue_count(npu::axpy(dst, src, scalarValue.value), count, site);
}
template <typename GivenDst = npu::Deduced, typename Given = npu::Deduced, bool isSetMask = true,
          typename T, typename U>
void Axpy(const LocalTensor<T>& dst, const LocalTensor<U>& src, const npu::Scalar<U>& scalarValue,
          npu::MaskArgument mask, int64_t repeatTime, const UnaryRepeatParams& repeatParams,
          npu::Site site = npu::here()) {
  npu::issue_repeats(npu::axpy(dst, src, scalarValue.value),
                     {mask, isSetMask, repeatTime, npu::strides_of(repeatParams)}, site);
}

}  // namespace AscendC
