// Conversion of types.
#pragma once

#include "ascendc/enums.h"
#include "ascendc/vector_unary.h"
#include "npu/core_state.h"

namespace npu {

template <typename T, typename U>
Instruction cast(const AscendC::LocalTensor<T>& dst, const AscendC::LocalTensor<U>& src,
                 AscendC::RoundMode mode) {
  static_assert(cast_from(type_of<U>()) & only(type_of<T>()),
                "Cast does not support this pair of types on 910B: go by way of float or half");
  Instruction instruction = unary(Op::cast, type_of<T>(), dst.operand(), src.operand());
  instruction.source = type_of<U>();
  instruction.detail = static_cast<uint8_t>(mode);
  if (scales(instruction)) instruction.scalar = state().deq_scale;
  return instruction;
}

}  // namespace npu

namespace AscendC {

// What a Cast of int32_t to half multiplies by.
inline void SetDeqScale(half scale) { npu::state().deq_scale = npu::bits_of(scale); }

template <typename T, typename U>
void Cast(const LocalTensor<T>& dst, const LocalTensor<U>& src, const RoundMode& roundMode,
          uint32_t count, npu::Site site = npu::here()) {
  npu::issue_count(npu::cast(dst, src, roundMode), count, site);
}
template <typename T, typename U, bool isSetMask = true>
void Cast(const LocalTensor<T>& dst, const LocalTensor<U>& src, const RoundMode& roundMode,
          npu::MaskArgument mask, int64_t repeatTime, const UnaryRepeatParams& repeatParams,
          npu::Site site = npu::here()) {
  npu::issue_repeats(npu::cast(dst, src, roundMode),
                     {mask, isSetMask, repeatTime, npu::strides_of(repeatParams)}, site);
}

}  // namespace AscendC
