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

// Pairs are only summed on a 910B.
constexpr Op pair_reduced(AscendC::ReduceType type) {
  return type == AscendC::ReduceType::SUM ? Op::pair_reduce_sum : Op::none;
}

// A sum has no index, so no order.
inline uint8_t order_of(Op op, AscendC::ReduceOrder order) {
  return op == Op::whole_reduce_sum ? 0 : static_cast<uint8_t>(order);
}

// Issues a reduction of repeats, blocks or pairs; `detail` = ReduceOrder.
template <typename T>
void issue_reduced(Op op, uint8_t detail, const AscendC::LocalTensor<T>& dst,
                   const AscendC::LocalTensor<T>& src, const Repeats& repeats, Site site) {
  Instruction instruction = unary(op, type_of<T>(), dst.operand(), src.operand());
  instruction.detail = detail;
  issue_repeats(instruction, repeats, site);
}

}  // namespace npu

namespace AscendC {

#define NPU_REDUCE_ALL(Name, op, SetMask, set_mask, Last, indices)                              \
  template <typename T SetMask>                                                                 \
  void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src,                               \
            const LocalTensor<T>& sharedTmpBuffer, const int32_t count Last) {                  \
    NPU_ACCEPTS(#Name, npu::Op::op, T, NPU_FLOATS);                                             \
    npu::issue_first(npu::reduction({npu::Op::op, npu::type_of<T>(), indices}, dst.operand(),   \
                                    src.operand(), sharedTmpBuffer.operand()),                  \
                     set_mask, count, site);                                                    \
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

NPU_REDUCE_ALL(ReduceSum, reduce_sum, NPU_MASKED, isSetMask, NPU_SITE, false)
NPU_REDUCE_ALL(ReduceMax, reduce_max, NPU_NOTHING, true, NPU_INDEX_SITE, calIndex)
NPU_REDUCE_ALL(ReduceMin, reduce_min, NPU_NOTHING, true, NPU_INDEX_SITE, calIndex)
#undef NPU_REDUCE_ALL
#undef NPU_NOTHING
#undef NPU_MASKED
#undef NPU_SITE
#undef NPU_INDEX_SITE

// The names of 9.x. One result for each repeat; ReduceDataBlock: for each block of 32 bytes;
// ReducePairElem: for each pair of elements.
template <ReduceType reduceType, typename T, typename U, bool isSetMask = true>
void ReduceRepeat(const LocalTensor<T>& dst, const LocalTensor<U>& src, npu::MaskArgument mask,
                  const int32_t repeatTime, const int32_t dstRepStride, const int32_t srcBlkStride,
                  const int32_t srcRepStride, ReduceOrder order = ReduceOrder::ORDER_VALUE_INDEX,
                  npu::Site site = npu::here()) {
  constexpr npu::Op op = npu::reduced(npu::Op::whole_reduce_sum, reduceType);
  NPU_ACCEPTS("ReduceRepeat", op, T, NPU_FLOATS);
  npu::issue_reduced<T>(
      op, npu::order_of(op, order), dst, src,
      npu::reduced_repeats(mask, isSetMask, repeatTime, dstRepStride, srcBlkStride, srcRepStride),
      site);
}

#define NPU_REDUCE_PARTS(Name, op)                                                            \
  template <ReduceType reduceType, typename T, typename U, bool isSetMask = true>             \
  void Name(const LocalTensor<T>& dst, const LocalTensor<U>& src, npu::MaskArgument mask,     \
            const int32_t repeatTime, const int32_t dstRepStride, const int32_t srcBlkStride, \
            const int32_t srcRepStride, npu::Site site = npu::here()) {                       \
    static_assert(op != npu::Op::none, #Name " does not support this reduceType on 910B");    \
    NPU_ACCEPTS(#Name, op, T, NPU_FLOATS);                                                    \
    npu::issue_reduced<T>(op, 0, dst, src,                                                    \
                          npu::reduced_repeats(mask, isSetMask, repeatTime, dstRepStride,     \
                                               srcBlkStride, srcRepStride),                   \
                          site);                                                              \
  }
NPU_REDUCE_PARTS(ReduceDataBlock, npu::reduced(npu::Op::block_reduce_sum, reduceType))
NPU_REDUCE_PARTS(ReducePairElem, npu::pair_reduced(reduceType))
#undef NPU_REDUCE_PARTS

// The names of 8.x. Those of blocks and pairs take the repeats before the mask.
template <typename T, bool isSetMask = true>
void WholeReduceSum(const LocalTensor<T>& dst, const LocalTensor<T>& src, npu::MaskArgument mask,
                    const int32_t repeatTime, const int32_t dstRepStride,
                    const int32_t srcBlkStride, const int32_t srcRepStride,
                    npu::Site site = npu::here()) {
  NPU_ACCEPTS("WholeReduceSum", npu::Op::whole_reduce_sum, T, NPU_FLOATS);
  npu::issue_reduced(
      npu::Op::whole_reduce_sum, 0, dst, src,
      npu::reduced_repeats(mask, isSetMask, repeatTime, dstRepStride, srcBlkStride, srcRepStride),
      site);
}

#define NPU_WHOLE_REDUCE(Name, op)                                                            \
  template <typename T, bool isSetMask = true>                                                \
  void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src, npu::MaskArgument mask,     \
            const int32_t repeatTime, const int32_t dstRepStride, const int32_t srcBlkStride, \
            const int32_t srcRepStride, ReduceOrder order = ReduceOrder::ORDER_VALUE_INDEX,   \
            npu::Site site = npu::here()) {                                                   \
    NPU_ACCEPTS(#Name, op, T, NPU_FLOATS);                                                    \
    npu::issue_reduced(op, static_cast<uint8_t>(order), dst, src,                             \
                       npu::reduced_repeats(mask, isSetMask, repeatTime, dstRepStride,        \
                                            srcBlkStride, srcRepStride),                      \
                       site);                                                                 \
  }
NPU_WHOLE_REDUCE(WholeReduceMax, npu::Op::whole_reduce_max)
NPU_WHOLE_REDUCE(WholeReduceMin, npu::Op::whole_reduce_min)
#undef NPU_WHOLE_REDUCE

#define NPU_PART_REDUCE(Name, op)                                                           \
  template <typename T, bool isSetMask = true>                                              \
  void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src, const int32_t repeatTime, \
            npu::MaskArgument mask, const int32_t dstRepStride, const int32_t srcBlkStride, \
            const int32_t srcRepStride, npu::Site site = npu::here()) {                     \
    NPU_ACCEPTS(#Name, op, T, NPU_FLOATS);                                                  \
    npu::issue_reduced(op, 0, dst, src,                                                     \
                       npu::reduced_repeats(mask, isSetMask, repeatTime, dstRepStride,      \
                                            srcBlkStride, srcRepStride),                    \
                       site);                                                               \
  }
NPU_PART_REDUCE(BlockReduceSum, npu::Op::block_reduce_sum)
NPU_PART_REDUCE(BlockReduceMax, npu::Op::block_reduce_max)
NPU_PART_REDUCE(BlockReduceMin, npu::Op::block_reduce_min)
NPU_PART_REDUCE(PairReduceSum, npu::Op::pair_reduce_sum)
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
  npu::issue_reduced(npu::Op::repeat_reduce_sum, 0, dst, src, repeats, site);
}

}  // namespace AscendC
