// Operations that move elements: gathers, broadcast of elements to blocks, transposition, Copy.
#pragma once

#include "ascendc/enums.h"
#include "ascendc/vector_unary.h"
#include "npu/core_state.h"
#include "npu/vector.h"

namespace npu {

inline constexpr uint8_t kNoPattern = 255;  // no such pattern, as 0 would ask for a tensor

inline Instruction gather(DType dtype, const Operand& dst, const Operand& src,
                          const Operand& offsets, uint32_t base) {
  Instruction instruction = vector_instruction(Op::gather, dtype, {dst, src, offsets});
  instruction.param[kGatherBase] = base;
  return instruction;
}

// Returns how many elements were kept. `mask`: elements looked at of each repeat, by reduceMode.
inline uint64_t issue_gather_mask(const Instruction& instruction, bool reduce_mode, uint32_t mask,
                                  const AscendC::GatherMaskParams& params, Site site) {
  const Strides strides = {0, params.src0BlockStride,  0,
                           0, params.src0RepeatStride, params.src1RepeatStride};
  state().counter = false;  // GatherMask leaves mode NORMAL
  if (!reduce_mode) return issue_unmasked(instruction, params.repeatTimes, strides, site);
  return issue_parts(instruction, mask, params.repeatTimes, strides, site);
}

}  // namespace npu

namespace AscendC {

// dst[i] is the element of src at byte srcOffset[i] + srcBaseOffset.
template <typename T>
void Gather(const LocalTensor<T>& dst, const LocalTensor<T>& src,
            const LocalTensor<uint32_t>& srcOffset, const uint32_t srcBaseOffset, uint32_t count,
            npu::Site site = npu::here()) {
  NPU_ACCEPTS("Gather", npu::Op::gather, T, NPU_WORDS);
  npu::issue_count(npu::gather(npu::type_of<T>(), dst.operand(), src.operand(), srcOffset.operand(),
                               srcBaseOffset),
                   count, site);
}
template <typename T>
void Gather(const LocalTensor<T>& dst, const LocalTensor<T>& src,
            const LocalTensor<uint32_t>& srcOffset, const uint32_t srcBaseOffset,
            npu::MaskArgument mask, int64_t repeatTime, const uint16_t dstRepStride,
            npu::Site site = npu::here()) {
  NPU_ACCEPTS("Gather", npu::Op::gather, T, NPU_WORDS);
  npu::issue_repeats(npu::gather(npu::type_of<T>(), dst.operand(), src.operand(),
                                 srcOffset.operand(), srcBaseOffset),
                     {mask, true, repeatTime, {0, 0, 0, dstRepStride, 0, 0}}, site);
}

template <typename T, typename U, GatherMaskMode mode = defaultGatherMaskMode>
void GatherMask(const LocalTensor<T>& dst, const LocalTensor<T>& src0,
                const LocalTensor<U>& src1Pattern, const bool reduceMode, const uint32_t mask,
                const GatherMaskParams& gatherMaskParams, uint64_t& rsvdCnt,
                npu::Site site = npu::here()) {
  NPU_ACCEPTS("GatherMask", npu::Op::gather_mask, T, NPU_WORDS);
  static_assert(sizeof(U) == sizeof(T) && npu::is_one_of<U, uint16_t, uint32_t>,
                "GatherMask takes its pattern from uint16_t or uint32_t, as wide as the elements");
  npu::Instruction instruction =
      npu::vector_instruction(npu::Op::gather_mask, npu::type_of<T>(),
                              {dst.operand(), src0.operand(), src1Pattern.operand()});
  instruction.source = npu::type_of<U>();
  rsvdCnt = npu::issue_gather_mask(instruction, reduceMode, mask, gatherMaskParams, site);
}
template <typename T, GatherMaskMode mode = defaultGatherMaskMode>
void GatherMask(const LocalTensor<T>& dst, const LocalTensor<T>& src0, const uint8_t src1Pattern,
                const bool reduceMode, const uint32_t mask,
                const GatherMaskParams& gatherMaskParams, uint64_t& rsvdCnt,
                npu::Site site = npu::here()) {
  NPU_ACCEPTS("GatherMask", npu::Op::gather_mask, T, NPU_WORDS);
  npu::Instruction instruction =
      npu::unary(npu::Op::gather_mask, npu::type_of<T>(), dst.operand(), src0.operand());
  instruction.detail = src1Pattern ? src1Pattern : npu::kNoPattern;
  rsvdCnt = npu::issue_gather_mask(instruction, reduceMode, mask, gatherMaskParams, site);
}

// Each of 8 elements a repeat to a block of its own.
template <typename T>
void Brcb(const LocalTensor<T>& dst, const LocalTensor<T>& src, int64_t repeatTime,
          const BrcbRepeatParams& repeatParams, npu::Site site = npu::here()) {
  NPU_ACCEPTS("Brcb", npu::Op::brcb, T, NPU_WORDS);
  npu::issue_unmasked(npu::unary(npu::Op::brcb, npu::type_of<T>(), dst.operand(), src.operand()),
                      repeatTime,
                      {repeatParams.dstBlkStride, 0, 0, repeatParams.dstRepStride, 0, 0}, site);
}

// 16 rows of 16 elements of 2 bytes.
template <typename T>
void Transpose(const LocalTensor<T>& dst, const LocalTensor<T>& src, npu::Site site = npu::here()) {
  NPU_ACCEPTS("Transpose", npu::Op::transpose, T, "half, int16_t and uint16_t");
  npu::issue_count(npu::unary(npu::Op::transpose, npu::type_of<T>(), dst.operand(), src.operand()),
                   256, site);
}

template <typename T, bool isSetMask = true>
void Copy(const LocalTensor<T>& dst, const LocalTensor<T>& src, npu::MaskArgument mask,
          int64_t repeatTime, const CopyRepeatParams& repeatParams, npu::Site site = npu::here()) {
  NPU_ACCEPTS("Copy", npu::Op::copy, T, NPU_WORDS);
  npu::issue_repeats(npu::unary(npu::Op::copy, npu::type_of<T>(), dst.operand(), src.operand()),
                     {mask,
                      isSetMask,
                      repeatTime,
                      {repeatParams.dstStride, repeatParams.srcStride, 0,
                       repeatParams.dstRepeatSize, repeatParams.srcRepeatSize, 0}},
                     site);
}

}  // namespace AscendC
