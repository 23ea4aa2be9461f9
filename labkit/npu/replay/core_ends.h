// Of Core: how a block begins and ends, what a TPipe gives it, and what it waits for in vain.
#pragma once

#include "core.h"

namespace npu::replay {

inline Core::Core(Global& all, Diagnostics& told, const Chip& chip)
    : all_(all),
      told_(told),
      chip_(chip),
      hazards_(all, told, chip.ub_bytes),
      queues_(told, chip.ub_bytes),
      bytes_(chip.ub_bytes) {
  ub = bytes_.data();
  ub_bytes = chip.ub_bytes;
  poison_bytes(ub, 0, ub_bytes);
}

inline void Core::start(uint32_t index, Timeline& timeline) {
  poison_bytes(ub, 0, std::min<uint64_t>(std::max(hazards_.shadow.used(), ub_high_), ub_bytes));
  hazards_.shadow.clear();
  queues_.clear();
  idle_.reset();
  for (PipeState& one : pipes_) one.reset();
  flags_.resize(kFirstOfSlots);
  for (Flag& flag : flags_) flag.clear();
  owed_ = {};
  woken_ = 0;
  block_ = index;
  ub_high_ = 0;
  atomic_ = Atomic::none;
  stuck_ = false;
  use_ = {};
  buffers_.clear();
  timeline_ = &timeline;
}

inline void Core::resource(const Instruction& i) {
  Sync what;
  bool goes_on = true;
  switch (i.op) {
    case Op::queue_alloc:
      goes_on = queues_.alloc(i, what);
      break;
    case Op::queue_enque:
      goes_on = queues_.enque(i, what);
      break;
    case Op::queue_deque:
      goes_on = queues_.deque(i, what);
      break;
    case Op::queue_free:
      queues_.free(i, what);
      break;
    case Op::init_queue:
    case Op::init_buffer:
      return give(i);
    case Op::reset_pipe:
      return take_back();
    case Op::get_buffer:
      if (queues_.find(i.param[kNumber])) return;
      return told_.tell("TBUF_NOT_INIT", Sev::error, place(i), {},
                        "Get of a TBuf that InitBuffer never gave memory");
    default:
      return note(i);
  }
  if (!goes_on)
    stop();
  else
    sync(i, what);
}

// What the recording process noticed, and what asks for no more than a look.
inline void Core::note(const Instruction& i) {
  if (i.op == Op::assert_failed)
    told_.tell("ASSERT_FAILED", Sev::error, place(i), {}, "an assertion of the kernel failed");
  if (i.op == Op::red_zone)
    told_.tell("GM_OOB", Sev::error, place(i), {},
               "core %u wrote by a plain pointer just outside of an allocation in global memory",
               block_);
  if (i.op == Op::raw_pointer)
    told_.tell("RAW_POINTER", Sev::warning, place(i), {},
               "GetPhyAddr: what is done by a plain pointer is seen by nobody");
}

inline void Core::give(const Instruction& i) {
  uint64_t begin, end;
  queues_.init(i, ub_bytes - kReservedUb, begin, end);
  ub_high_ = std::max(ub_high_, end);
  erase(begin, end);
  if (block_ != 0) return;
  const Holder& holder = *queues_.find(i.param[kNumber]);
  for (uint32_t n = 0; n < holder.count && buffers_.size() < kMostBuffers; ++n) {
    const Slot& slot = queues_.slots()[holder.first + n];
    buffers_.push_back(
        {holder.queue, holder.number, holder.position(), slot.begin, slot.end, holder.place});
  }
}

// A TPipe ends: it waits for all pipes.
inline void Core::take_back() {
  if (!settle()) return;
  queues_.end_of_kernel();
  queues_.clear();
  flags_.resize(kFirstOfSlots);
  for (int event = 0; event < kEventTypes; ++event) {
    owed_[event] = 0;
    for (uint32_t id = 0; id < kEvents; ++id) owed_[event] += flags_[event * kEvents + id].owed;
  }
}

inline void Core::deadlock(const Instruction& i, Pipe on, Event event, uint32_t flag) {
  if (flag < kFirstOfSlots)
    told_.tell("SYNC_DEADLOCK", Sev::error, place(i), {},
               "WaitFlag<HardEvent::%s>(%u): pipe %s waits for a flag that is never set",
               name(event), i.count, name(on));
  else
    told_.tell("SYNC_DEADLOCK", Sev::error, place(i), {},
               "pipe %s waits for a queue's %s that never comes, as pipe %s stands still", name(on),
               name(event), name(kFrom[index(event)]));
}

// Whether an instruction that would set the flag stands behind others, on a pipe that waits itself.
inline bool Core::is_to_come(const Item& wait) const {
  const auto& waiting = pipes_[index(kFrom[wait.instruction.detail])].waiting;
  return std::any_of(waiting.begin(), waiting.end(), [&](const Item& item) {
    return item.instruction.op == Op::set_flag && item.flag == wait.flag;
  });
}

// S comes to an end, or waits for pipes that wait for flags which only S could bring about. Of
// pipes that wait for one another those are told whose flag nobody is to set; if there is none,
// all.
inline void Core::deadlocks() {
  bool circle = true;
  for (const PipeState& one : pipes_)
    circle = circle && (one.waiting.empty() || is_to_come(one.waiting.front()));
  for (int p = 0; p < kPipes; ++p) {
    if (pipes_[p].waiting.empty()) continue;
    const Item& front = pipes_[p].waiting.front();
    if (circle || !is_to_come(front))
      deadlock(front.instruction, static_cast<Pipe>(p),
               static_cast<Event>(front.instruction.detail), front.flag);
  }
  stop();
}

inline void Core::told_idle(Place at, const char* what) {
  if (at.line && told_.errors() == 0)
    told_.tell("SYNC_IDLE", Sev::warning, at, {}, "%s: is a DataCopy missing?", what);
}

inline void Core::leftovers() {
  for (int event = 0; event < kEventTypes; ++event)
    for (uint32_t id = 0; id < kEvents; ++id) {
      const Flag& flag = flags_[event * kEvents + id];
      if (!flag.is_set()) continue;
      told_.tell("SYNC_LEFTOVER", Sev::error, flag.set_at, {},
                 "SetFlag<HardEvent::%s>(%u): nobody awaits it before the kernel ends",
                 kEventNames[event], id);
    }
}

inline CoreUse Core::end(bool returned) {
  told_.core = block_;
  bool whole = returned && !stuck_;
  for (const PipeState& one : pipes_)
    if (whole && !one.waiting.empty()) {
      deadlocks();
      whole = false;
    }
  if (whole) {
    queues_.end_of_kernel();
    leftovers();
    told_idle(idle_.take_awaited(), "WaitFlag: MTE3 moves nothing after it");
  }
  use_.ended = whole ? "returned" : "blocked";
  use_.ub_bytes = std::max(ub_high_, hazards_.shadow.used());
  double sum = 0, busiest = 0;
  for (int p = 0; p < kPipes; ++p) {
    const PipeState& one = pipes_[p];
    use_.cycles = std::max(use_.cycles, one.free_at);
    use_.pipes[p] = {one.busy, one.wait, one.instructions, one.bytes, one.copies};
    if (p == index(Pipe::S)) continue;
    sum += one.busy;
    busiest = std::max(busiest, one.busy);
  }
  const double together = covered({&pipes_[1].spans, &pipes_[2].spans, &pipes_[3].spans});
  use_.overlap = sum > busiest ? (sum - together) / (sum - busiest) : 0;
  use_.exposed = use_.cycles - covered({&pipes_[2].spans, &pipes_[3].spans});
  return use_;
}

}  // namespace npu::replay
