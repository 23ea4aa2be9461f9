// Comparisons, which write one bit for each element, and choice by such bits.
#pragma once

#include "ascendc/enums.h"
#include "ascendc/vector_unary.h"

namespace npu {

// Level 0 comparisons work on whole repeats: on a 910B their mask means nothing.
template <typename T, typename U>
Instruction compare(const AscendC::LocalTensor<U>& dst, const AscendC::LocalTensor<T>& src0,
                    const AscendC::LocalTensor<T>& src1, AscendC::CMPMODE mode) {
  NPU_ACCEPTS("Compare", Op::compare, T, "half, float and (EQ only) int32_t");
  static_assert(is_one_of<U, uint8_t, int8_t>,
                "Compare writes bits to a tensor of uint8_t or int8_t");
  Instruction instruction = vector_instruction(Op::compare, type_of<T>(),
                                               {dst.operand(), src0.operand(), src1.operand()});
  instruction.detail = static_cast<uint8_t>(mode);
  return instruction;
}

template <typename T, typename U>
Instruction compares(const AscendC::LocalTensor<U>& dst, const AscendC::LocalTensor<T>& src,
                     T scalar, AscendC::CMPMODE mode) {
  NPU_ACCEPTS("CompareScalar", Op::compares, T, "half, float and (EQ only) int32_t");
  static_assert(is_one_of<U, uint8_t, int8_t>,
                "CompareScalar writes bits to a tensor of uint8_t or int8_t");
  Instruction instruction =
      unary(Op::compares, type_of<T>(), dst.operand(), src.operand(), bits_of(scalar));
  instruction.detail = static_cast<uint8_t>(mode);
  return instruction;
}

// `src1` is not there where a scalar stands for it.
template <typename T, typename U>
Instruction select(const AscendC::LocalTensor<T>& dst, const AscendC::LocalTensor<U>& mask,
                   const AscendC::LocalTensor<T>& src0, const Operand& src1,
                   AscendC::SELMODE mode) {
  NPU_ACCEPTS("Select", Op::select, T, NPU_FLOATS);
  static_assert(std::is_integral_v<U>, "Select takes its mask from a tensor of unsigned integers");
  Instruction instruction = vector_instruction(
      Op::select, type_of<T>(), {dst.operand(), src0.operand(), src1, mask.operand()});
  instruction.detail = static_cast<uint8_t>(mode);
  return instruction;
}

template <typename T, typename U>
Instruction select(const AscendC::LocalTensor<T>& dst, const AscendC::LocalTensor<U>& mask,
                   const AscendC::LocalTensor<T>& src0, T src1, AscendC::SELMODE mode) {
  Instruction instruction = select(dst, mask, src0, Operand{}, mode);
  instruction.flags = by_scalar;
  instruction.scalar = bits_of(src1);
  return instruction;
}

}  // namespace npu

namespace AscendC {

template <typename T, typename U>
void Compare(const LocalTensor<U>& dst, const LocalTensor<T>& src0, const LocalTensor<T>& src1,
             CMPMODE cmpMode, uint32_t count, npu::Site site = npu::here()) {
  npu::issue_count(npu::compare(dst, src0, src1, cmpMode), count, site);
}
template <typename T, typename U, bool isSetMask = true>
void Compare(const LocalTensor<U>& dst, const LocalTensor<T>& src0, const LocalTensor<T>& src1,
             CMPMODE cmpMode, npu::MaskArgument, int64_t repeatTime,
             const BinaryRepeatParams& repeatParams, npu::Site site = npu::here()) {
  npu::issue_whole(npu::compare(dst, src0, src1, cmpMode), repeatTime,
                   npu::strides_of(repeatParams), site);
}

#define NPU_COMPARE_SCALAR(Name)                                                         \
  template <typename Given = npu::Deduced, typename GivenDst = npu::Deduced, typename T, \
            typename U>                                                                  \
  void Name(const LocalTensor<U>& dst, const LocalTensor<T>& src0,                       \
            const npu::Scalar<T>& src1Scalar, CMPMODE cmpMode, uint32_t count,           \
            npu::Site site = npu::here()) {                                              \
    npu::issue_count(npu::compares(dst, src0, src1Scalar.value, cmpMode), count, site);  \
  }                                                                                      \
  template <typename Given = npu::Deduced, typename GivenDst = npu::Deduced,             \
            bool isSetMask = true, typename T, typename U>                               \
  void Name(const LocalTensor<U>& dst, const LocalTensor<T>& src0,                       \
            const npu::Scalar<T>& src1Scalar, CMPMODE cmpMode, npu::MaskArgument,        \
            int64_t repeatTime, const UnaryRepeatParams& repeatParams,                   \
            npu::Site site = npu::here()) {                                              \
    npu::issue_whole(npu::compares(dst, src0, src1Scalar.value, cmpMode), repeatTime,    \
                     npu::strides_of(repeatParams), site);                               \
  }

NPU_COMPARE_SCALAR(CompareScalar)
NPU_COMPARE_SCALAR(Compares)
#undef NPU_COMPARE_SCALAR

template <typename T, typename U>
void Select(const LocalTensor<T>& dst, const LocalTensor<U>& selMask, const LocalTensor<T>& src0,
            const LocalTensor<T>& src1, SELMODE selMode, uint32_t count,
            npu::Site site = npu::here()) {
  npu::issue_count(npu::select(dst, selMask, src0, src1.operand(), selMode), count, site);
}
template <typename T, typename U, bool isSetMask = true>
void Select(const LocalTensor<T>& dst, const LocalTensor<U>& selMask, const LocalTensor<T>& src0,
            const LocalTensor<T>& src1, SELMODE selMode, npu::MaskArgument mask, int64_t repeatTime,
            const BinaryRepeatParams& repeatParams, npu::Site site = npu::here()) {
  npu::issue_repeats(npu::select(dst, selMask, src0, src1.operand(), selMode),
                     {mask, isSetMask, repeatTime, npu::strides_of(repeatParams)}, site);
}
template <typename Given = npu::Deduced, typename GivenMask = npu::Deduced, typename T, typename U>
void Select(const LocalTensor<T>& dst, const LocalTensor<U>& selMask, const LocalTensor<T>& src0,
            const npu::Scalar<T>& src1, SELMODE selMode, uint32_t count,
            npu::Site site = npu::here()) {
  npu::issue_count(npu::select(dst, selMask, src0, src1.value, selMode), count, site);
}
template <typename Given = npu::Deduced, typename GivenMask = npu::Deduced, bool isSetMask = true,
          typename T, typename U>
void Select(const LocalTensor<T>& dst, const LocalTensor<U>& selMask, const LocalTensor<T>& src0,
            const npu::Scalar<T>& src1, SELMODE selMode, npu::MaskArgument mask, int64_t repeatTime,
            const BinaryRepeatParams& repeatParams, npu::Site site = npu::here()) {
  npu::issue_repeats(npu::select(dst, selMask, src0, src1.value, selMode),
                     {mask, isSetMask, repeatTime, npu::strides_of(repeatParams)}, site);
}

}  // namespace AscendC
