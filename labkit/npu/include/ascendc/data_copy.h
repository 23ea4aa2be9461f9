// DataCopy and DataCopyPad.
#pragma once

#include "ascendc/global_tensor.h"
#include "ascendc/local_tensor.h"
#include "npu/core_state.h"

namespace AscendC {

struct DataCopyParams {
  DataCopyParams() = default;
  DataCopyParams(uint16_t count, uint16_t length, uint16_t source, uint16_t target)
      : blockCount(count), blockLen(length), srcStride(source), dstStride(target) {}

  uint16_t blockCount = 1;
  uint16_t blockLen = 0;
  union {
    uint16_t srcStride = 0;
    uint16_t srcGap;
  };
  union {
    uint16_t dstStride = 0;
    uint16_t dstGap;
  };
};

struct DataCopyExtParams {
  DataCopyExtParams() = default;
  DataCopyExtParams(uint16_t count, uint32_t length, uint32_t source, uint32_t target,
                    uint32_t reserved)
      : blockCount(count), blockLen(length), srcStride(source), dstStride(target), rsv(reserved) {}

  uint16_t blockCount = 1;
  uint32_t blockLen = 0;
  uint32_t srcStride = 0;
  uint32_t dstStride = 0;
  uint32_t rsv = 0;
};

struct DataCopyPadParams {
  DataCopyPadParams() = default;
  DataCopyPadParams(bool pads, uint8_t left, uint8_t right, uint64_t value)
      : isPad(pads), leftPadding(left), rightPadding(right), paddingValue(value) {}

  bool isPad = false;
  uint8_t leftPadding = 0;
  uint8_t rightPadding = 0;
  uint64_t paddingValue = 0;
};

template <typename T>
struct DataCopyPadExtParams {
  DataCopyPadExtParams() = default;
  DataCopyPadExtParams(bool pads, uint8_t left, uint8_t right, T value)
      : isPad(pads), leftPadding(left), rightPadding(right), paddingValue(value) {}

  bool isPad = false;
  uint8_t leftPadding = 0;
  uint8_t rightPadding = 0;
  T paddingValue = T(0);
};

}  // namespace AscendC

namespace npu {

inline Instruction copy_of(Op op, CopyForm form, DType type, const Operand& target,
                           const Operand& source) {
  Instruction copy = {};
  copy.op = op;
  copy.operands = 2;
  copy.dtype = type;
  copy.detail = static_cast<uint8_t>(form);
  copy.operand[0] = target;
  copy.operand[1] = source;
  return copy;
}

inline void copy_count(Op op, DType type, const Operand& target, const Operand& source,
                       uint32_t count, Site site) {
  Instruction copy = copy_of(op, CopyForm::by_count, type, target, source);
  copy.count = count;
  issue(copy, site);
}

inline void copy_blocks(Op op, DType type, const Operand& target, const Operand& source,
                        const AscendC::DataCopyParams& params, Site site) {
  Instruction copy = copy_of(op, CopyForm::by_block, type, target, source);
  copy.param[kBlocks] = params.blockCount;
  copy.param[kLength] = params.blockLen;
  copy.param[kSourceGap] = params.srcStride;
  copy.param[kTargetGap] = params.dstStride;
  issue(copy, site);
}

// `value`: bits of the padding, of isPad.
inline void copy_padded(Op op, DType type, const Operand& target, const Operand& source,
                        const AscendC::DataCopyExtParams& params,
                        const AscendC::DataCopyPadParams& padding, Site site) {
  Instruction copy = copy_of(op, CopyForm::padded, type, target, source);
  copy.param[kBlocks] = params.blockCount;
  copy.param[kLength] = params.blockLen;
  copy.param[kSourceGap] = params.srcStride;
  copy.param[kTargetGap] = params.dstStride;
  copy.param[kLeft] = padding.leftPadding;
  copy.param[kRight] = padding.rightPadding;
  const bool pads = padding.leftPadding || padding.rightPadding;
  if (op == Op::copy_in && (pads || padding.isPad))
    copy.scalar = padding.isPad ? padding.paddingValue : state().pad_value;
  if (padding.isPad) copy.flags = Flag::pad;
  issue(copy, site);
}

inline AscendC::DataCopyExtParams extended(const AscendC::DataCopyParams& params) {
  return {params.blockCount, params.blockLen, params.srcStride, params.dstStride, 0};
}

}  // namespace npu

namespace AscendC {

template <typename T>
void DataCopy(const LocalTensor<T>& dst, const GlobalTensor<T>& src, uint32_t count,
              npu::Site site = npu::here()) {
  npu::copy_count(npu::Op::copy_in, npu::type_of<T>(), dst.operand(), src.operand(), count, site);
}
template <typename T>
void DataCopy(const GlobalTensor<T>& dst, const LocalTensor<T>& src, uint32_t count,
              npu::Site site = npu::here()) {
  npu::copy_count(npu::Op::copy_out, npu::type_of<T>(), dst.operand(), src.operand(), count, site);
}
template <typename T>
void DataCopy(const LocalTensor<T>& dst, const LocalTensor<T>& src, uint32_t count,
              npu::Site site = npu::here()) {
  npu::copy_count(npu::Op::copy_local, npu::type_of<T>(), dst.operand(), src.operand(), count,
                  site);
}

template <typename T>
void DataCopy(const LocalTensor<T>& dst, const GlobalTensor<T>& src, const DataCopyParams& params,
              npu::Site site = npu::here()) {
  npu::copy_blocks(npu::Op::copy_in, npu::type_of<T>(), dst.operand(), src.operand(), params, site);
}
template <typename T>
void DataCopy(const GlobalTensor<T>& dst, const LocalTensor<T>& src, const DataCopyParams& params,
              npu::Site site = npu::here()) {
  npu::copy_blocks(npu::Op::copy_out, npu::type_of<T>(), dst.operand(), src.operand(), params,
                   site);
}
template <typename T>
void DataCopy(const LocalTensor<T>& dst, const LocalTensor<T>& src, const DataCopyParams& params,
              npu::Site site = npu::here()) {
  npu::copy_blocks(npu::Op::copy_local, npu::type_of<T>(), dst.operand(), src.operand(), params,
                   site);
}

template <typename T>
void DataCopyPad(const LocalTensor<T>& dst, const GlobalTensor<T>& src,
                 const DataCopyExtParams& params, const DataCopyPadExtParams<T>& padding,
                 npu::Site site = npu::here()) {
  npu::copy_padded(npu::Op::copy_in, npu::type_of<T>(), dst.operand(), src.operand(), params,
                   {padding.isPad, padding.leftPadding, padding.rightPadding,
                    npu::bits_of(padding.paddingValue)},
                   site);
}
template <typename T>
void DataCopyPad(const LocalTensor<T>& dst, const GlobalTensor<T>& src,
                 const DataCopyParams& params, const DataCopyPadParams& padding,
                 npu::Site site = npu::here()) {
  npu::copy_padded(npu::Op::copy_in, npu::type_of<T>(), dst.operand(), src.operand(),
                   npu::extended(params), padding, site);
}
template <typename T>
void DataCopyPad(const GlobalTensor<T>& dst, const LocalTensor<T>& src,
                 const DataCopyExtParams& params, npu::Site site = npu::here()) {
  npu::copy_padded(npu::Op::copy_out, npu::type_of<T>(), dst.operand(), src.operand(), params, {},
                   site);
}
template <typename T>
void DataCopyPad(const GlobalTensor<T>& dst, const LocalTensor<T>& src,
                 const DataCopyParams& params, npu::Site site = npu::here()) {
  npu::copy_padded(npu::Op::copy_out, npu::type_of<T>(), dst.operand(), src.operand(),
                   npu::extended(params), {}, site);
}

// Whatever fits no form above, in one line.
template <typename... T>
void DataCopy(...) {
  static_assert(sizeof...(T) > npu::kMostOperands,
                "DataCopy of these is not in the course subset: have both tensors one type?");
}
template <typename... T>
void DataCopyPad(...) {
  static_assert(sizeof...(T) > npu::kMostOperands,
                "DataCopyPad of these is not in the course subset: have both tensors one type?");
}

// Used by DataCopyPad where isPad is false.
template <typename T, TPosition = TPosition::MAX>
void SetPadValue(T value) {
  npu::state().pad_value = npu::bits_of(value);
}

}  // namespace AscendC
