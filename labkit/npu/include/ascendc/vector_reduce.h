// Reductions: of all elements, and of each repeat, block or pair. Names of both generations.
#pragma once

#include "ascendc/enums.h"
#include "ascendc/vector_unary.h"

namespace npu {

// ReduceSum and the like: one result for all elements.
struct Reduction {
  Op op;
  DType dtype;
  bool indices;  // calIndex: the index follows the value
};

inline Instruction reduction(const Reduction& what, const Operand& dst, const Operand& src,
                             const Operand& work) {
  Instruction instruction = vector_instruction(what.op, what.dtype, {dst, src, Operand{}, work});
  instruction.flags = what.indices ? indices : 0;
  return instruction;
}

inline Repeats reduced_repeats(MaskArgument mask, bool set_mask, int64_t times, int32_t dst_repeat,
                               int32_t src_block, int32_t src_repeat) {
  return {mask,
          set_mask,
          times,
          {0, static_cast<uint32_t>(src_block), 0, static_cast<uint32_t>(dst_repeat),
           static_cast<uint32_t>(src_repeat), 0}};
}

constexpr Op reduced(Op sum, AscendC::ReduceType type) {
  return static_cast<Op>(static_cast<int>(sum) + static_cast<int>(type));
}
static_assert(reduced(Op::whole_reduce_sum, AscendC::ReduceType::MIN) == Op::whole_reduce_min &&
              reduced(Op::block_reduce_sum, AscendC::ReduceType::MAX) == Op::block_reduce_max);

}  // namespace npu

namespace AscendC {

#define NPU_REDUCE_ALL(Name, op, SetMask, Last, indices)                                        \
  template <typename T SetMask>                                                                 \
  void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src,                               \
            const LocalTensor<T>& sharedTmpBuffer, const int32_t count Last) {                  \
    NPU_ACCEPTS(#Name, npu::Op::op, T, NPU_FLOATS);                                             \
    npu::issue_count(npu::reduction({npu::Op::op, npu::type_of<T>(), indices}, dst.operand(),   \
                                    src.operand(), sharedTmpBuffer.operand()),                  \
                     count, site);                                                              \
  }                                                                                             \
  template <typename T>                                                                         \
  void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src,                               \
            const LocalTensor<T>& sharedTmpBuffer, npu::MaskArgument mask,                      \
            const int32_t repeatTime, const int32_t srcRepStride Last) {                        \
    NPU_ACCEPTS(#Name, npu::Op::op, T, NPU_FLOATS);                                             \
    npu::issue_repeats(npu::reduction({npu::Op::op, npu::type_of<T>(), indices}, dst.operand(), \
                                      src.operand(), sharedTmpBuffer.operand()),                \
                       npu::reduced_repeats(mask, true, repeatTime, 0, 1, srcRepStride), site); \
  }
#define NPU_NOTHING
#define NPU_MASKED , bool isSetMask = true
#define NPU_SITE , npu::Site site = npu::here()
#define NPU_INDEX_SITE , bool calIndex = false, npu::Site site = npu::here()

NPU_REDUCE_ALL(ReduceSum, reduce_sum, NPU_MASKED, NPU_SITE, false)
NPU_REDUCE_ALL(ReduceMax, reduce_max, NPU_NOTHING, NPU_INDEX_SITE, calIndex)
NPU_REDUCE_ALL(ReduceMin, reduce_min, NPU_NOTHING, NPU_INDEX_SITE, calIndex)
#undef NPU_REDUCE_ALL
#undef NPU_NOTHING
#undef NPU_MASKED
#undef NPU_SITE
#undef NPU_INDEX_SITE

// One result for each repeat (9.x).
template <ReduceType reduceType, typename T, typename U, bool isSetMask = true>
void ReduceRepeat(const LocalTensor<T>& dst, const LocalTensor<U>& src, npu::MaskArgument mask,
                  const int32_t repeatTime, const int32_t dstRepStride, const int32_t srcBlkStride,
                  const int32_t srcRepStride, ReduceOrder order = ReduceOrder::ORDER_VALUE_INDEX,
                  npu::Site site = npu::here()) {
  NPU_ACCEPTS("ReduceRepeat", npu::Op::whole_reduce_sum, T, NPU_FLOATS);
  static_assert(std::is_same_v<T, U>, "ReduceRepeat has one type for both tensors on 910B");
  npu::Instruction instruction = npu::unary(npu::reduced(npu::Op::whole_reduce_sum, reduceType),
                                            npu::type_of<T>(), dst.operand(), src.operand());
  instruction.detail = reduceType == ReduceType::SUM ? 0 : static_cast<uint8_t>(order);
  npu::issue_repeats(
      instruction,
      npu::reduced_repeats(mask, isSetMask, repeatTime, dstRepStride, srcBlkStride, srcRepStride),
      site);
}

// One result for each block of 32 bytes (9.x).
template <ReduceType reduceType, typename T, typename U, bool isSetMask = true>
void ReduceDataBlock(const LocalTensor<T>& dst, const LocalTensor<U>& src, npu::MaskArgument mask,
                     const int32_t repeatTime, const int32_t dstRepStride,
                     const int32_t srcBlkStride, const int32_t srcRepStride,
                     npu::Site site = npu::here()) {
  NPU_ACCEPTS("ReduceDataBlock", npu::Op::block_reduce_sum, T, NPU_FLOATS);
  static_assert(std::is_same_v<T, U>, "ReduceDataBlock has one type for both tensors on 910B");
  npu::issue_repeats(
      npu::unary(npu::reduced(npu::Op::block_reduce_sum, reduceType), npu::type_of<T>(),
                 dst.operand(), src.operand()),
      npu::reduced_repeats(mask, isSetMask, repeatTime, dstRepStride, srcBlkStride, srcRepStride),
      site);
}

// One result for each pair of elements (9.x).
template <ReduceType reduceType, typename T, typename U, bool isSetMask = true>
void ReducePairElem(const LocalTensor<T>& dst, const LocalTensor<U>& src, npu::MaskArgument mask,
                    const int32_t repeatTime, const int32_t dstRepStride,
                    const int32_t srcBlkStride, const int32_t srcRepStride,
                    npu::Site site = npu::here()) {
  NPU_ACCEPTS("ReducePairElem", npu::Op::pair_reduce_sum, T, NPU_FLOATS);
  static_assert(reduceType == ReduceType::SUM, "ReducePairElem only sums on 910B");
  static_assert(std::is_same_v<T, U>, "ReducePairElem has one type for both tensors on 910B");
  npu::issue_repeats(
      npu::unary(npu::Op::pair_reduce_sum, npu::type_of<T>(), dst.operand(), src.operand()),
      npu::reduced_repeats(mask, isSetMask, repeatTime, dstRepStride, srcBlkStride, srcRepStride),
      site);
}

// The names of 8.x.
template <typename T, bool isSetMask = true>
void WholeReduceSum(const LocalTensor<T>& dst, const LocalTensor<T>& src, npu::MaskArgument mask,
                    const int32_t repeatTime, const int32_t dstRepStride,
                    const int32_t srcBlkStride, const int32_t srcRepStride,
                    npu::Site site = npu::here()) {
  ReduceRepeat<ReduceType::SUM, T, T, isSetMask>(dst, src, mask, repeatTime, dstRepStride,
                                                 srcBlkStride, srcRepStride,
                                                 ReduceOrder::ORDER_VALUE_INDEX, site);
}

#define NPU_WHOLE_REDUCE(Name, type)                                                            \
  template <typename T, bool isSetMask = true>                                                  \
  void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src, npu::MaskArgument mask,       \
            const int32_t repeatTime, const int32_t dstRepStride, const int32_t srcBlkStride,   \
            const int32_t srcRepStride, ReduceOrder order = ReduceOrder::ORDER_VALUE_INDEX,     \
            npu::Site site = npu::here()) {                                                     \
    ReduceRepeat<type, T, T, isSetMask>(dst, src, mask, repeatTime, dstRepStride, srcBlkStride, \
                                        srcRepStride, order, site);                             \
  }
NPU_WHOLE_REDUCE(WholeReduceMax, ReduceType::MAX)
NPU_WHOLE_REDUCE(WholeReduceMin, ReduceType::MIN)
#undef NPU_WHOLE_REDUCE

// These take the repeats before the mask.
#define NPU_PART_REDUCE(Name, Newer, type)                                                  \
  template <typename T, bool isSetMask = true>                                              \
  void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src, const int32_t repeatTime, \
            npu::MaskArgument mask, const int32_t dstRepStride, const int32_t srcBlkStride, \
            const int32_t srcRepStride, npu::Site site = npu::here()) {                     \
    Newer<type, T, T, isSetMask>(dst, src, mask, repeatTime, dstRepStride, srcBlkStride,    \
                                 srcRepStride, site);                                       \
  }
NPU_PART_REDUCE(BlockReduceSum, ReduceDataBlock, ReduceType::SUM)
NPU_PART_REDUCE(BlockReduceMax, ReduceDataBlock, ReduceType::MAX)
NPU_PART_REDUCE(BlockReduceMin, ReduceDataBlock, ReduceType::MIN)
NPU_PART_REDUCE(PairReduceSum, ReducePairElem, ReduceType::SUM)
#undef NPU_PART_REDUCE

template <typename T, bool isSetMask = true>
void RepeatReduceSum(const LocalTensor<T>& dst, const LocalTensor<T>& src, const int32_t repeatTime,
                     npu::MaskArgument mask, const int32_t dstBlkStride, const int32_t srcBlkStride,
                     const int32_t dstRepStride, const int32_t srcRepStride,
                     npu::Site site = npu::here()) {
  NPU_ACCEPTS("RepeatReduceSum", npu::Op::repeat_reduce_sum, T, NPU_FLOATS);
  npu::Repeats repeats =
      npu::reduced_repeats(mask, isSetMask, repeatTime, dstRepStride, srcBlkStride, srcRepStride);
  repeats.strides.dst_block = static_cast<uint32_t>(dstBlkStride);
  npu::issue_repeats(
      npu::unary(npu::Op::repeat_reduce_sum, npu::type_of<T>(), dst.operand(), src.operand()),
      repeats, site);
}

}  // namespace AscendC
