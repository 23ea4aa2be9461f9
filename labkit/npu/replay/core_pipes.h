// Of Core: what its pipes do.
#pragma once

#include "core.h"

namespace npu::replay {

constexpr Pipe pipe_of(Op op) {
  if (op == Op::copy_in) return Pipe::MTE2;
  if (op == Op::copy_out) return Pipe::MTE3;
  return Pipe::V;
}

// Gives `i` to a pipe, which runs it at once unless it waits for a flag.
inline void Core::send(Pipe to, const Instruction& i, uint32_t flag) {
  Item item = {i, s().known, s().free_at, atomic_, atomic_type_, flag};
  if (!pipe(to).waiting.empty() || !run(to, item)) {
    if (pipe(to).waiting.size() == kMostWaiting) return deadlocks();
    pipe(to).waiting.push_back(item);
  }
  wake();
}

// Goes on with the pipes whose flags were set.
inline void Core::wake() {
  while (woken_) {
    const int next = __builtin_ctz(woken_);
    woken_ &= ~(1u << next);
    auto& waiting = pipes_[next].waiting;
    while (!waiting.empty() && go_on(static_cast<Pipe>(next), waiting.front())) waiting.pop_front();
  }
}

// As `run`, for who had to wait: a gather's offsets may be others than when it was issued.
inline bool Core::go_on(Pipe on, const Item& item) {
  return item.instruction.op == Op::gather && !permitted(item.instruction) ? true : run(on, item);
}

// Returns false where it has to wait for a flag.
inline bool Core::run(Pipe on, const Item& item) {
  if (item.instruction.op == Op::wait_flag) return run_wait(on, item);
  pipe(on).known.join(item.known);
  if (item.instruction.op == Op::set_flag)
    run_set(on, item);
  else if (item.instruction.op == Op::pipe_barrier)
    pipe(on).known[on] = pipe(on).number;
  else
    compute(on, item);
  return true;
}

inline void Core::run_set(Pipe on, const Item& item) {
  PipeState& self = pipe(on);
  Moment moment = {self.known, std::max(self.free_at, item.issued)};
  moment.known[on] = self.number;
  flags_[item.flag].set(moment);
  const Pipe to = kTo[item.instruction.detail];
  if (!pipe(to).waiting.empty()) woken_ |= 1u << index(to);
  if (item.flag >= kFirstOfSlots) return;
  const Event event = static_cast<Event>(item.instruction.detail);
  if (on == Pipe::MTE2 && idle_.set(event, item.instruction.count))
    told_idle(place(item.instruction),
              "SetFlag: MTE2 has moved nothing that this flag could tell of");
  if (on == Pipe::MTE3) told_idle(idle_.take_awaited(), "WaitFlag: MTE3 moves nothing after it");
}

inline bool Core::run_wait(Pipe on, const Item& item) {
  Flag& flag = flags_[item.flag];
  if (!flag.is_set()) return false;
  const Moment moment = flag.take();
  PipeState& self = pipe(on);
  self.known.join(item.known);
  self.known.join(moment.known);
  self.stand(item.issued, moment.time);
  if (item.flag >= kFirstOfSlots) {
    const Slot& slot = queues_.slots()[(item.flag - kFirstOfSlots) / 2];
    if ((item.flag - kFirstOfSlots) % 2) erase(slot.begin, slot.end);  // AllocTensor
  } else if (on == Pipe::MTE3) {
    idle_.await(place(item.instruction));
  }
  return true;
}

// Runs an instruction that touches memory, and looks at all that it touches.
inline void Core::compute(Pipe on, const Item& item) {
  const Instruction& i = item.instruction;
  PipeState& self = pipe(on);
  const Actor actor(i, block_, on, ++self.number, self.known, item.atomic != Atomic::none);
  bool good = true;
  uint64_t read = 0, written = 0, moved = 0;
  each_access(i, [&](const Access& access) {
    good = hazards_.access(actor, access) && good;
    (access.write ? written : read) += access.bytes;
    if (access.space == Space::GM) moved += access.bytes;
  });
  execute(i, *this, item.atomic, item.atomic_type);
  good = hazards_.compare(actor) && good;
  if (!good) spoil(i);
  account(on, item, read, written, moved);
}

inline void Core::account(Pipe on, const Item& item, uint64_t read, uint64_t written,
                          uint64_t moved) {
  const Instruction& i = item.instruction;
  PipeState& self = pipe(on);
  const bool copies = i.op == Op::copy_in || i.op == Op::copy_out;
  const uint64_t bytes = copies ? moved : read + written;
  ++self.instructions;
  self.bytes += bytes;
  if (bytes > 0) {
    self.copies += copies || i.op == Op::copy_local;
    idle_.moved(on);
  }
  if (is_vector(i.op)) {
    use_.repeats_used += repeats_used(i);
    use_.repeats_needed += repeats_needed(i);
  }
  const Span span = self.work(item.issued, cycles(i));
  timeline_->add({block_, on, span.begin, span.end, i.op, i.line, bytes});
}

// What a race leaves behind is worth nothing, on each run the same.
inline void Core::spoil(const Instruction& i) {
  each_access(i, [&](const Access& access) {
    if (!access.write) return;
    uint8_t* bytes =
        access.space == Space::GM ? global(access.address, access.bytes) : ub + access.address;
    poison_bytes(bytes, access.address, access.bytes);
  });
}

// The bytes hold nothing from here on.
inline void Core::erase(uint64_t begin, uint64_t end) {
  end = std::min<uint64_t>(end, ub_bytes);
  if (begin >= end) return;
  poison_bytes(ub + begin, begin, end - begin);
  hazards_.shadow.unwrite(begin, end);
}

}  // namespace npu::replay
