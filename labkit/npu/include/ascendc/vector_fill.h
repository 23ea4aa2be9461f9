// Tensors filled from scalars.
#pragma once

#include "ascendc/vector_unary.h"

namespace npu {

inline Instruction fill(Op op, DType dtype, const Operand& dst, uint64_t scalar) {
  Instruction instruction = vector_instruction(op, dtype, {dst});
  instruction.scalar = scalar;
  return instruction;
}

}  // namespace npu

namespace AscendC {

#define NPU_FILL(Name, op, text)                                                             \
  template <typename Given = npu::Deduced, bool isSetMask = true, typename T>                \
  void Name(const LocalTensor<T>& dst, const npu::Scalar<T>& value, int64_t count,           \
            npu::Site site = npu::here()) {                                                  \
    NPU_ACCEPTS(#Name, npu::Op::op, T, text);                                                \
    npu::issue_count(                                                                        \
        npu::fill(npu::Op::op, npu::type_of<T>(), dst.operand(), npu::bits_of(value.value)), \
        count, site);                                                                        \
  }                                                                                          \
  template <typename Given = npu::Deduced, bool isSetMask = true, typename T>                \
  void Name(const LocalTensor<T>& dst, const npu::Scalar<T>& value, npu::MaskArgument mask,  \
            int64_t repeatTime, const uint16_t dstBlkStride, const uint8_t dstRepStride,     \
            npu::Site site = npu::here()) {                                                  \
    NPU_ACCEPTS(#Name, npu::Op::op, T, text);                                                \
    npu::issue_repeats(                                                                      \
        npu::fill(npu::Op::op, npu::type_of<T>(), dst.operand(), npu::bits_of(value.value)), \
        {mask, isSetMask, repeatTime, {dstBlkStride, 0, 0, dstRepStride, 0, 0}}, site);      \
  }

NPU_FILL(Duplicate, duplicate, NPU_WORDS)
NPU_FILL(CreateVecIndex, create_vec_index, NPU_NUMBERS)
#undef NPU_FILL

// dst[i] = firstValue + i * diffValue.
template <typename T>
void ArithProgression(const LocalTensor<T>& dst, const T firstValue, const T diffValue,
                      const int32_t count, npu::Site site = npu::here()) {
  if (diffValue == T(1)) return CreateVecIndex<T>(dst, firstValue, count, site);
  CreateVecIndex<T>(dst, T(0), count, site);
  Muls<T>(dst, dst, diffValue, count, site);
  Adds<T>(dst, dst, firstValue, count, site);
}

}  // namespace AscendC
