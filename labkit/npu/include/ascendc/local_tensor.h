// LocalTensor: elements in the Unified Buffer.
#pragma once

#include "ascendc/element.h"
#include "ascendc/position.h"

namespace npu {

// A range of UB that a tensor belongs to. Bytes; none of it need lie in UB: `check` looks.
struct LocalRange {
  uint64_t base = 0;
  uint64_t bytes = 0;
  uint32_t queue = 0;  // number of the queue whose buffer it is, or 0
  AscendC::TPosition position = AscendC::TPosition::VECCALC;
  bool given = false;
};

constexpr uint64_t whole_blocks(uint64_t bytes) { return (bytes + kBlock - 1) / kBlock * kBlock; }

// What is the same for tensors of every type.
class LocalBytes {
 public:
  LocalBytes() = default;
  LocalBytes(const LocalRange& range, uint64_t bytes)
      : range_(range), address_(range.base), length_(bytes) {}

  // The tensor as instructions carry it.
  Operand operand(uint64_t offset_bytes = 0) const {
    Operand operand = {};
    if (!range_.given) return operand;
    operand.address = address_ + offset_bytes;
    operand.base = range_.base;
    operand.bytes = range_.bytes;
    operand.queue = range_.queue;
    operand.space = Space::UB;
    operand.position = static_cast<uint8_t>(range_.position);
    return operand;
  }

  uint32_t GetLength() const { return static_cast<uint32_t>(length_); }
  int32_t GetPosition() const { return static_cast<int32_t>(range_.position); }

 protected:
  void move(uint64_t bytes) {
    address_ += bytes;
    length_ = length_ > bytes ? length_ - bytes : 0;
  }

  LocalRange range_;
  uint64_t address_ = 0;
  uint64_t length_ = 0;  // bytes from there, as GetSize tells them
};

// Records that student code took a plain pointer to UB, and returns it; null outside UB.
inline uint8_t* raw_pointer(const Operand& operand, Site site) {
  Instruction instruction = {};
  instruction.op = Op::raw_pointer;
  instruction.operands = 1;
  instruction.operand[0] = operand;
  return reinterpret_cast<uint8_t*>(issue(instruction, site));
}

}  // namespace npu

namespace AscendC {

template <typename T>
class LocalTensor : public npu::LocalBytes {
 public:
  using PrimType = T;

  LocalTensor() = default;
  LocalTensor(const npu::LocalRange& range, uint64_t bytes) : LocalBytes(range, bytes) {}
  // Static tensors: `count` elements at byte `address` of UB, which no TPipe manages.
  LocalTensor(TPosition position, uint32_t address, uint32_t count)
      : LocalBytes({address, npu::whole_blocks(uint64_t{count} * sizeof(T)), 0, position, true},
                   uint64_t{count} * sizeof(T)) {
    static_assert(npu::type_of<T>() != npu::DType::none, "LocalTensor of a type UB cannot hold");
  }
  LocalTensor(const LocalTensor&) = default;
  LocalTensor& operator=(const LocalTensor&) = default;
  // dst = a + b and the like: see ascendc/expression.h.
  template <typename Expression, typename = typename Expression::OfTensors>
  LocalTensor& operator=(const Expression& expression) {
    expression.store(*this);
    return *this;
  }

  LocalTensor operator[](uint32_t offset) const {
    LocalTensor slice = *this;
    slice.move(uint64_t{offset} * sizeof(T));
    return slice;
  }
  npu::Element<T> operator()(uint32_t index, npu::Site site = npu::here()) const {
    return {false, operand(uint64_t{index} * sizeof(T)), site};
  }
  T GetValue(uint32_t index, npu::Site site = npu::here()) const {
    return npu::read_element<T>(false, operand(uint64_t{index} * sizeof(T)), site);
  }
  template <typename U>
  void SetValue(uint32_t index, const U& value, npu::Site site = npu::here()) const {
    npu::write_element<T>(false, operand(uint64_t{index} * sizeof(T)), static_cast<T>(value), site);
  }

  uint32_t GetSize() const { return static_cast<uint32_t>(length_ / sizeof(T)); }
  void SetSize(uint32_t count) { length_ = uint64_t{count} * sizeof(T); }
  template <typename U>
  LocalTensor<U> ReinterpretCast() const {
    LocalTensor<U> same;
    static_cast<LocalBytes&>(same) = *this;
    return same;
  }
  __ubuf__ T* GetPhyAddr(npu::Site site = npu::here()) const { return GetPhyAddr(0, site); }
  __ubuf__ T* GetPhyAddr(uint32_t offset, npu::Site site = npu::here()) const {
    return reinterpret_cast<T*>(npu::raw_pointer(operand(uint64_t{offset} * sizeof(T)), site));
  }
};

}  // namespace AscendC
