// Elementwise operations of two tensors.
#pragma once

#include "ascendc/local_tensor.h"
#include "ascendc/params.h"
#include "ascendc/vector_types.h"
#include "npu/vector_call.h"

namespace npu {

inline Strides strides_of(const AscendC::BinaryRepeatParams& params) {
  return {params.dstBlkStride, params.src0BlkStride, params.src1BlkStride,
          params.dstRepStride, params.src0RepStride, params.src1RepStride};
}

}  // namespace npu

namespace AscendC {

#define NPU_BINARY(Name, op, text)                                                               \
  template <typename T>                                                                          \
  void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src0, const LocalTensor<T>& src1,   \
            const int32_t& count, npu::Site site = npu::here()) {                                \
    NPU_ACCEPTS(#Name, npu::Op::op, T, text);                                                    \
    npu::issue_count(npu::vector_instruction(npu::Op::op, npu::type_of<T>(),                     \
                                             {dst.operand(), src0.operand(), src1.operand()}),   \
                     count, site);                                                               \
  }                                                                                              \
  template <typename T, bool isSetMask = true>                                                   \
  void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src0, const LocalTensor<T>& src1,   \
            npu::MaskArgument mask, int64_t repeatTime, const BinaryRepeatParams& repeatParams,  \
            npu::Site site = npu::here()) {                                                      \
    NPU_ACCEPTS(#Name, npu::Op::op, T, text);                                                    \
    npu::issue_repeats(npu::vector_instruction(npu::Op::op, npu::type_of<T>(),                   \
                                               {dst.operand(), src0.operand(), src1.operand()}), \
                       {mask, isSetMask, repeatTime, npu::strides_of(repeatParams)}, site);      \
  }

NPU_BINARY(Add, add, NPU_NUMBERS)
NPU_BINARY(Sub, sub, NPU_NUMBERS)
NPU_BINARY(Mul, mul, NPU_NUMBERS)
NPU_BINARY(Div, div, NPU_FLOATS)
NPU_BINARY(Max, max, NPU_NUMBERS)
NPU_BINARY(Min, min, NPU_NUMBERS)
NPU_BINARY(And, bit_and, NPU_SHORTS)
NPU_BINARY(Or, bit_or, NPU_SHORTS)
NPU_BINARY(AddRelu, add_relu, "half, float and int16_t")
NPU_BINARY(FusedMulAdd, fused_mul_add, NPU_FLOATS)
#undef NPU_BINARY

}  // namespace AscendC

namespace npu {

// dst += src0 * src1, where dst may be float beside sources of half.
template <typename T, typename U>
Instruction mul_add_dst(const AscendC::LocalTensor<T>& dst, const AscendC::LocalTensor<U>& src0,
                        const AscendC::LocalTensor<U>& src1) {
  NPU_ACCEPTS("MulAddDst", Op::mul_add_dst, T, NPU_FLOATS);
  static_assert(
      std::is_same_v<T, U> || (std::is_same_v<T, float> && std::is_same_v<U, half>),
      "MulAddDst does not support these types on 910B: sources as dst, or half with float");
  Instruction instruction = vector_instruction(Op::mul_add_dst, type_of<T>(),
                                               {dst.operand(), src0.operand(), src1.operand()});
  instruction.source = std::is_same_v<T, U> ? DType::none : type_of<U>();
  return instruction;
}

}  // namespace npu

namespace AscendC {

template <typename T, typename U>
void MulAddDst(const LocalTensor<T>& dst, const LocalTensor<U>& src0, const LocalTensor<U>& src1,
               const int32_t& count, npu::Site site = npu::here()) {
  npu::issue_count(npu::mul_add_dst(dst, src0, src1), count, site);
}
template <typename T, typename U, bool isSetMask = true>
void MulAddDst(const LocalTensor<T>& dst, const LocalTensor<U>& src0, const LocalTensor<U>& src1,
               npu::MaskArgument mask, int64_t repeatTime, const BinaryRepeatParams& repeatParams,
               npu::Site site = npu::here()) {
  npu::issue_repeats(npu::mul_add_dst(dst, src0, src1),
                     {mask, isSetMask, repeatTime, npu::strides_of(repeatParams)}, site);
}

}  // namespace AscendC
