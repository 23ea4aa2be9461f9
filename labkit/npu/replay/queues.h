// The buffers that a TPipe gives to queues and TBufs, and what state each is in.
#pragma once

#include <deque>
#include <vector>

#include "clock.h"
#include "diagnostics.h"
#include "npu/impl/check_copy.h"
#include "refused.h"
#include "shadow.h"

namespace npu::replay {

inline constexpr uint32_t kGm = 0;  // TPosition; the others are check_copy.h's
constexpr const char* position_name(uint32_t position) {
  switch (position) {
    case kGm:
      return "GM";
    case kVecIn:
      return "VECIN";
    case kVecOut:
      return "VECOUT";
    case kVecCalc:
      return "VECCALC";
    default:
      return "another position";
  }
}

enum class State : uint8_t { free, occupied, enqued, dequed };

// The event by which a queue between two positions tells that a tensor is filled, or free again.
constexpr Event event_of(uint32_t from, uint32_t to, bool freed) {
  const Pipe filler = from == kGm || from == kVecIn ? Pipe::MTE2 : Pipe::V;
  const Pipe user = to == kGm || to == kVecOut ? Pipe::MTE3 : Pipe::V;
  return freed ? event_between(user, filler) : event_between(filler, user);
}

struct Slot {
  uint64_t begin, end;
  uint32_t holder;  // index of its Holder
  State state = State::free;
  bool signed_off = false;       // FreeTensor set its flag, AllocTensor has yet to await it
  bool moved = false;            // its consumer read it since EnQue
  Event enqued = Event::count_;  // how EnQue told of it
  Place place = {};              // of what brought it to this state
  Place taken = {};              // of AllocTensor
};

// A queue, or a TBuf.
struct Holder {
  uint32_t number;
  bool queue;
  uint32_t depth, from, to, first, count;  // slots
  Event enque, free;
  Place place;
  std::deque<uint32_t> order = {};  // slots that EnQue brought and DeQue has not taken

  uint32_t position() const { return from == kGm || from == to ? to : from; }
};

// What a queue does to a flag of one of its slots.
struct Sync {
  enum Kind : uint8_t { none, set, wait } kind = none;
  Event event = Event::count_;
  uint32_t flag = 0;  // of the slot: 2 * slot, + 1 for the flag of FreeTensor
};

class Queues {
 public:
  static constexpr uint32_t kMostSlots = 1024;  // beyond it a trace is refused

  Queues(Diagnostics& told, uint32_t ub_bytes) : told_(told), owner_(ub_bytes / kBlock) {}

  void clear() {
    for (const Slot& slot : slots_) own(slot, 0);
    slots_.clear();
    holders_.clear();
    next_ = 0;
    confused_ = false;
  }

  // Gives room to a queue or a TBuf: its bytes, [begin, end), hold nothing from here on.
  void init(const Instruction& i, uint64_t limit, uint64_t& begin, uint64_t& end);

  Holder* find(uint32_t number) {
    for (Holder& holder : holders_)
      if (holder.number == number) return &holder;
    return nullptr;
  }
  // Returns the slot that the byte lies in, or null.
  Slot* slot_at(uint64_t address) {
    const uint64_t cell = address / kBlock;
    return cell < owner_.size() && owner_[cell] ? &slots_[owner_[cell] - 1] : nullptr;
  }

  // Each returns false where the kernel would wait for ever.
  bool alloc(const Instruction& i, Sync& sync);
  bool enque(const Instruction& i, Sync& sync);
  bool deque(const Instruction& i, Sync& sync);
  void free(const Instruction& i, Sync& sync);

  // An instruction on `pipe` uses bytes at `address`: told if they are no longer its to use.
  void use(const Instruction& i, uint64_t address, bool write, Pipe pipe);

  void end_of_kernel();

  const std::vector<Holder>& holders() const { return holders_; }
  const std::vector<Slot>& slots() const { return slots_; }

 private:
  using S = Severity;
  static Place place(const Instruction& i) { return {i.line, i.file}; }
  void own(const Slot& slot, uint16_t who) {
    for (uint64_t at = slot.begin / kBlock; at < slot.end / kBlock && at < owner_.size(); ++at)
      owner_[at] = who;
  }
  uint32_t number_of(const Slot& slot) const {
    return static_cast<uint32_t>(&slot - slots_.data());
  }
  Holder* queue_of(const Instruction& i);
  Slot* tensor_of(const Instruction& i, const Holder& queue);
  template <typename... Arguments>
  void wrong(const char* code, const Instruction& i, Place other, const char* format,
             Arguments... arguments) {
    confused_ = true;
    told_.tell(code, S::error, place(i), other, format, arguments...);
  }

  Diagnostics& told_;
  std::vector<uint16_t> owner_;  // of each 32 bytes: slot + 1
  std::vector<Slot> slots_;
  std::vector<Holder> holders_;
  uint64_t next_ = 0;      // where TPipe gives from
  bool confused_ = false;  // something was wrong: the recording process may see states otherwise
};

inline void Queues::init(const Instruction& i, uint64_t limit, uint64_t& begin, uint64_t& end) {
  const bool queue = i.op == Op::init_queue;
  const uint64_t bytes = (uint64_t{i.param[kBytes]} + kBlock - 1) / kBlock * kBlock;
  const uint64_t count = i.param[kBuffers];
  require(count <= 255 && slots_.size() + count <= kMostSlots && holders_.size() < kMostSlots,
          "InitBuffer gives too many buffers");
  if (count == 0 || bytes == 0)
    told_.tell("BUF_ZERO", S::error, place(i), {},
               "InitBuffer: %u buffers of %u bytes hold nothing", i.param[kBuffers],
               i.param[kBytes]);
  if (slots_.size() + count > kMostBuffers)
    told_.tell("BUF_COUNT", S::error, place(i), {},
               "InitBuffer: %zu buffers in one TPipe, which can have %u", slots_.size() + count,
               kMostBuffers);
  if (i.dst().address == 0) next_ = 0;  // of another TPipe
  require(i.dst().address == next_, "InitBuffer gives room that is not the next one");
  begin = next_;
  end = next_ += count * bytes;
  if (next_ > limit)
    told_.tell("UB_OVERFLOW", S::error, place(i), {},
               "InitBuffer: %llu bytes requested in total, the Unified Buffer has %llu",
               static_cast<unsigned long long>(next_), static_cast<unsigned long long>(limit));
  Holder holder = {i.param[kNumber],
                   queue,
                   i.param[kDepth],
                   i.param[kFromPosition],
                   i.param[kToPosition],
                   static_cast<uint32_t>(slots_.size()),
                   static_cast<uint32_t>(count),
                   Event::count_,
                   Event::count_,
                   place(i)};
  holder.enque = event_of(holder.from, holder.to, false);
  holder.free = event_of(holder.from, holder.to, true);
  require(!find(holder.number) && holder.number, "a queue's number is given twice");
  holders_.push_back(holder);
  for (uint64_t n = 0; n < count; ++n) {
    const auto holder_index = static_cast<uint32_t>(holders_.size() - 1);
    slots_.push_back({begin + n * bytes, begin + (n + 1) * bytes, holder_index});
    slots_.back().place = place(i);
    own(slots_.back(), static_cast<uint16_t>(slots_.size()));
  }
}

inline Holder* Queues::queue_of(const Instruction& i) {
  Holder* holder = find(i.param[kNumber]);
  if (!holder || !holder->queue)
    wrong("QUE_NOT_INIT", i, {}, "%s of a queue that InitBuffer never gave buffers",
          api_name(i.op));
  return holder && holder->queue ? holder : nullptr;
}

// Returns the slot of the tensor that is given to `queue`, or null after telling of it.
inline Slot* Queues::tensor_of(const Instruction& i, const Holder& queue) {
  Slot* slot = i.operands && i.dst().space == Space::UB ? slot_at(i.dst().address) : nullptr;
  if (slot && slot->holder == static_cast<uint32_t>(&queue - holders_.data())) return slot;
  wrong("QUE_FOREIGN_TENSOR", i, queue.place,
        "%s of a tensor that is not of this %s queue (line %u)", api_name(i.op),
        position_name(queue.position()), queue.place.line);
  return nullptr;
}

}  // namespace npu::replay

#include "queue_calls.h"
