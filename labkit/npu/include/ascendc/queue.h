// TQue and TQueBind: buffers that go around between a filler and a user.
#pragma once

#include "ascendc/local_tensor.h"

namespace npu {

// Position of tensors that go from `from` to `to`; between two of UB, one that either may use.
constexpr AscendC::TPosition tensor_position(AscendC::TPosition from, AscendC::TPosition to) {
  if (from == AscendC::TPosition::GM) return to;
  return to == AscendC::TPosition::GM ? from : AscendC::TPosition::VECCALC;
}

// A queue without the type of its tensors. Whatever a kernel does wrong is recorded as it is done:
// the replay tells. Here only what the next call gives back is decided.
class Queue {
 public:
  Queue(AscendC::TPosition from, AscendC::TPosition to, uint32_t depth)
      : depth_(depth), from_(from), to_(to) {}
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  // TPipe::InitBuffer: `buffers` times `bytes` (whole blocks) from byte `begin` of UB on.
  void give(uint32_t number, uint64_t begin, uint32_t buffers, uint64_t bytes) {
    number_ = number;
    begin_ = begin;
    bytes_ = bytes;
    buffers_ = buffers < kMostBuffers ? buffers : kMostBuffers;
    next_ = first_ = queued_ = 0;
    for (State& state : states_) state = State::free;
  }

  uint32_t most_queued() const { return depth_; }
  AscendC::TPosition from() const { return from_; }
  AscendC::TPosition to() const { return to_; }

  bool VacantInQue() const { return queued_ < (depth_ ? depth_ : 1); }
  bool HasTensorInQue() const { return queued_ > 0; }
  int32_t GetTensorCountInQue() const { return static_cast<int32_t>(queued_); }
  bool HasIdleBuffer() const { return free_buffer() < buffers_; }
  void FreeAllEvent() {}

 protected:
  LocalRange allocate(Site site) {
    const uint32_t buffer = free_buffer();
    if (buffer == buffers_) issue_and_block(instruction(Op::queue_alloc, {}), site);
    next_ = buffer + 1 == buffers_ ? 0 : buffer + 1;
    states_[buffer] = State::taken;
    const LocalRange range = range_of(buffer);
    if (range.base + range.bytes <= ub_bytes())
      poison(static_cast<uint32_t>(range.base), static_cast<uint32_t>(range.bytes));
    issue(instruction(Op::queue_alloc, place_of(range)), site);
    return range;
  }

  void enque(const Operand& tensor, AscendC::TPosition from, AscendC::TPosition to, Site site) {
    const uint32_t buffer = buffer_of(tensor);
    issue(between(Op::queue_enque, tensor, from, to), site);
    if (buffer == buffers_ || states_[buffer] != State::taken) return;
    states_[buffer] = State::queued;
    queue_[(first_ + queued_++) % kMostBuffers] = static_cast<uint8_t>(buffer);
  }

  LocalRange deque(AscendC::TPosition from, AscendC::TPosition to, Site site) {
    if (!queued_) issue_and_block(between(Op::queue_deque, {}, from, to), site);
    const uint32_t buffer = queue_[first_];
    first_ = (first_ + 1) % kMostBuffers;
    --queued_;
    states_[buffer] = State::taken;
    issue(between(Op::queue_deque, place_of(range_of(buffer)), from, to), site);
    return range_of(buffer);
  }

  void release(const Operand& tensor, Site site) {
    const uint32_t buffer = buffer_of(tensor);
    issue(instruction(Op::queue_free, tensor), site);
    if (buffer < buffers_ && states_[buffer] == State::taken) states_[buffer] = State::free;
  }

 private:
  enum class State : uint8_t { free, taken, queued };  // taken: by AllocTensor or DeQue

  uint32_t free_buffer() const {
    for (uint32_t i = 0; i < buffers_; ++i) {
      const uint32_t buffer = (next_ + i) % buffers_;
      if (states_[buffer] == State::free) return buffer;
    }
    return buffers_;
  }

  // The buffer that the tensor lies in, or buffers_.
  uint32_t buffer_of(const Operand& tensor) const {
    if (tensor.space != Space::UB || tensor.address < begin_ || !bytes_) return buffers_;
    const uint64_t buffer = (tensor.address - begin_) / bytes_;
    return buffer < buffers_ ? static_cast<uint32_t>(buffer) : buffers_;
  }

  LocalRange range_of(uint32_t buffer) const {
    return {begin_ + buffer * bytes_, bytes_, number_, tensor_position(from_, to_), true};
  }

  static Operand place_of(const LocalRange& range) { return LocalBytes(range, 0).operand(); }

  Instruction instruction(Op op, const Operand& tensor) const {
    Instruction instruction = {};
    instruction.op = op;
    instruction.operands = 1;
    instruction.param[kNumber] = number_;
    instruction.operand[0] = tensor;
    return instruction;
  }

  // EnQue and DeQue of a TQueBind may say between which positions.
  Instruction between(Op op, const Operand& tensor, AscendC::TPosition from,
                      AscendC::TPosition to) const {
    Instruction said = instruction(op, tensor);
    if (from == from_ && to == to_) return said;
    said.param[kFromPosition] = static_cast<uint32_t>(from);
    said.param[kToPosition] = static_cast<uint32_t>(to);
    return said;
  }

  uint32_t depth_;
  uint32_t number_ = 0;
  uint64_t begin_ = 0;
  uint64_t bytes_ = 0;  // of one buffer
  uint32_t buffers_ = 0;
  uint32_t next_ = 0;  // where AllocTensor looks first
  uint32_t first_ = 0;
  uint32_t queued_ = 0;
  AscendC::TPosition from_, to_;
  State states_[kMostBuffers] = {};
  uint8_t queue_[kMostBuffers] = {};
};

constexpr bool is_queue_position(AscendC::TPosition position) {
  return position == AscendC::TPosition::GM || is_local(position);
}

}  // namespace npu

namespace AscendC {

template <TPosition src, TPosition dst, int32_t depth, auto mask = 0>
class TQueBind : public npu::Queue {
  static_assert(npu::is_queue_position(src) && npu::is_queue_position(dst),
                "Queues of the Cube are not in the course subset");

 public:
  TQueBind() : Queue(src, dst, depth) {}

  template <typename T>
  LocalTensor<T> AllocTensor(npu::Site site = npu::here()) {
    return whole<T>(allocate(site));
  }
  template <typename T>
  void AllocTensor(LocalTensor<T>& tensor, npu::Site site = npu::here()) {
    tensor = whole<T>(allocate(site));
  }

  template <typename T>
  bool EnQue(const LocalTensor<T>& tensor, npu::Site site = npu::here()) {
    enque(tensor.operand(), src, dst, site);
    return true;
  }
  template <TPosition from, TPosition to, typename T>
  bool EnQue(const LocalTensor<T>& tensor, npu::Site site = npu::here()) {
    enque(tensor.operand(), from, to, site);
    return true;
  }

  template <typename T>
  LocalTensor<T> DeQue(npu::Site site = npu::here()) {
    return whole<T>(deque(src, dst, site));
  }
  template <typename T>
  void DeQue(LocalTensor<T>& tensor, npu::Site site = npu::here()) {
    tensor = whole<T>(deque(src, dst, site));
  }
  template <TPosition from, TPosition to, typename T>
  LocalTensor<T> DeQue(npu::Site site = npu::here()) {
    return whole<T>(deque(from, to, site));
  }

  template <typename T>
  void FreeTensor(LocalTensor<T>& tensor, npu::Site site = npu::here()) {
    release(tensor.operand(), site);
  }

 private:
  template <typename T>
  static LocalTensor<T> whole(const npu::LocalRange& range) {
    return {range, range.bytes};
  }
};

template <TPosition position>
constexpr TPosition kQueueSource = position == TPosition::VECIN ? TPosition::GM : position;
template <TPosition position>
constexpr TPosition kQueueTarget = position == TPosition::VECOUT ? TPosition::GM : position;

template <TPosition position, int32_t depth, auto mask = 0>
class TQue : public TQueBind<kQueueSource<position>, kQueueTarget<position>, depth, mask> {};

}  // namespace AscendC
