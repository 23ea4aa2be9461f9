// TBuf: a buffer without a queue, and so without synchronisation.
#pragma once

#include "ascendc/local_tensor.h"

namespace npu {

class Buffer {
 public:
  explicit Buffer(AscendC::TPosition position) { range_.position = position; }

  // TPipe::InitBuffer
  void give(uint32_t number, uint64_t begin, uint64_t bytes) {
    number_ = number;
    range_.base = begin;
    range_.bytes = bytes;
    range_.given = true;
  }
  AscendC::TPosition tensor_position() const { return range_.position; }
  uint32_t GetBufLen() const { return static_cast<uint32_t>(range_.bytes); }

 protected:
  // The whole buffer, from which a tensor may take less.
  LocalRange whole(Site site) const {
    record(range_, site);
    return range_;
  }

  // `bytes` from byte `offset` on, cut where the buffer ends.
  LocalRange part(uint64_t offset, uint64_t bytes, Site site) const {
    LocalRange part = range_;
    part.base += offset;
    const uint64_t left = offset < range_.bytes ? range_.bytes - offset : 0;
    part.bytes = whole_blocks(bytes) < left ? whole_blocks(bytes) : left;
    record(part, site);
    return part;
  }

 private:
  void record(const LocalRange& range, Site site) const {
    Instruction instruction = {};
    instruction.op = Op::get_buffer;
    instruction.operands = 1;
    instruction.param[kNumber] = number_;
    instruction.operand[0] = LocalBytes(range, 0).operand();
    issue(instruction, site);
  }

  LocalRange range_;
  uint32_t number_ = 0;
};

}  // namespace npu

namespace AscendC {

template <TPosition position = TPosition::VECCALC>
class TBuf : public npu::Buffer {
  static_assert(npu::is_local(position), "Buffers of the Cube are not in the course subset");

 public:
  TBuf() : Buffer(position) {}

  template <typename T>
  LocalTensor<T> Get(npu::Site site = npu::here()) const {
    const npu::LocalRange range = whole(site);
    return {range, range.bytes};
  }
  template <typename T>
  LocalTensor<T> Get(uint32_t count, npu::Site site = npu::here()) const {
    return {whole(site), uint64_t{count} * sizeof(T)};
  }
  // `count` elements from byte `offset` on.
  template <typename T>
  LocalTensor<T> GetWithOffset(uint32_t count, uint32_t offset,
                               npu::Site site = npu::here()) const {
    const uint64_t bytes = uint64_t{count} * sizeof(T);
    return {part(offset, bytes, site), bytes};
  }
};

template <TPosition position, uint32_t bytes = 0>
class TBufPool {
  static_assert(position == TPosition::MAX, "TBufPool is not in the course subset");
};

}  // namespace AscendC
