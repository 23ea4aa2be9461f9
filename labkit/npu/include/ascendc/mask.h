// The vector mask, as SetVectorMask and the mask modes set it for calls with isSetMask = false.
#pragma once

#include "ascendc/enums.h"
#include "npu/core.h"
#include "npu/core_state.h"
#include "npu/vector_call.h"

namespace AscendC {

// Stands where a call with isSetMask = false wants a mask.
inline constexpr uint64_t MASK_PLACEHOLDER = 0;
inline constexpr uint64_t MASK_PLACEHOLDER_LIST[2] = {0, 0};

inline void SetMaskCount() { npu::state().counter = true; }
inline void SetMaskNorm() { npu::state().counter = false; }

// One register serves both modes: the bits of a repeat's elements, or how many elements in all.
template <typename T = void, MaskMode mode = MaskMode::NORMAL>
void SetVectorMask(uint64_t maskHigh, uint64_t maskLow) {
  const uint64_t bits[] = {maskLow, maskHigh};
  npu::MaskArgument(bits).set();
}
template <typename T = void, MaskMode mode = MaskMode::NORMAL>
void SetVectorMask(int32_t len) {
  npu::MaskArgument(len).set();
}

inline void ResetMask() { SetVectorMask(~uint64_t{0}, ~uint64_t{0}); }

}  // namespace AscendC
