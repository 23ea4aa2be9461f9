// Of Core: what S does itself, and what it gives to the pipes.
#pragma once

#include "core.h"

namespace npu::replay {

inline void Core::issue(const Instruction& i) {
  told_.core = block_;
  if (stuck_) return;
  s().work(s().free_at, 1);
  ++s().instructions;
  if (permitted(i)) dispatch(i);
}

// Tells of what `i` breaks by itself. Returns false if it cannot run.
inline bool Core::permitted(const Instruction& i) {
  const Fault fault = check(i, *this);
  if (!fault.code) return true;
  told_.tell(fault.code, fault.warning ? Sev::warning : Sev::error, place(i), {}, "%s", fault.text);
  if (!fault.stops()) return true;
  if (i.operands && i.dst().space == Space::UB && i.op != Op::get_local) {
    // What it would have written: not to be told of again by each who reads it.
    const uint64_t begin = std::min<uint64_t>(i.dst().base, ub_bytes);
    const uint64_t end = begin + std::min<uint64_t>(i.dst().bytes, ub_bytes - begin);
    hazards_.shadow.each(begin, end, [](Cell& cell, uint32_t bytes) { cell.written |= bytes; });
  }
  return false;
}

inline void Core::dispatch(const Instruction& i) {
  switch (i.op) {
    case Op::get_local:
    case Op::set_local:
    case Op::get_global:
    case Op::set_global:
    case Op::matmul:  // S waits for the cube unit, which has no queue of its own here
      use_queues(i, Pipe::S);
      return scalar(i);
    case Op::set_flag:
      return set_flag(i, static_cast<Event>(i.detail), i.detail * kEvents + i.count);
    case Op::wait_flag:
      return wait_flag(i, static_cast<Event>(i.detail), i.detail * kEvents + i.count);
    case Op::pipe_barrier:
      if (i.detail == kAllPipes)
        settle();
      else if (i.detail != index(Pipe::S))
        send(static_cast<Pipe>(i.detail), i, 0);
      return;
    case Op::set_atomic:
      atomic_ = static_cast<Atomic>(i.detail);
      atomic_type_ = i.dtype;
      return;
    case Op::sync_all:  // the launch's affair
      return;
    case Op::assert_failed:
    case Op::red_zone:
    case Op::raw_pointer:
    case Op::clean_cache:
    case Op::fetch_event:
    case Op::alloc_event:
    case Op::release_event:
    case Op::init_queue:
    case Op::init_buffer:
    case Op::queue_alloc:
    case Op::queue_enque:
    case Op::queue_deque:
    case Op::queue_free:
    case Op::get_buffer:
    case Op::reset_pipe:
      return resource(i);
    default:
      use_queues(i, pipe_of(i.op));
      return send(pipe_of(i.op), i, 0);
  }
}

inline void Core::use_queues(const Instruction& i, Pipe on) {
  for (int n = 0; n < i.operands; ++n)
    if (i.operand[n].space == Space::UB)
      queues_.use(i, i.operand[n].address, n == 0 && i.op != Op::get_local, on);
}

// S waits for whoever touched the same bytes (the compiler sees to that), then works at once.
inline void Core::scalar(const Instruction& i) {
  const uint64_t errors = told_.errors();
  const Actor actor(i, block_, Pipe::S, ++s().number, s().known, false);
  uint32_t touched = 0;
  bool good = true;
  use_.matmuls += i.op == Op::matmul;
  if (i.op == Op::matmul) all_.work(uint64_t{i.param[kM]} * i.param[kN] * i.param[kK] / 32);
  each_access(i, [&](const Access& access) {
    if (blocked_by(access)) return deadlocks();
    good = hazards_.access(actor, access) && good;
    touched |= hazards_.touched();
  });
  if (stuck_) return;
  drain(touched);
  const uint64_t value = execute(i, *this, Atomic::none, DType::none);
  good = hazards_.compare(actor) && good;
  if (!good) spoil(i);
  s().work(s().free_at, cycles(i));
  const bool gets = i.op == Op::get_local || i.op == Op::get_global;
  if (gets && value != i.scalar && errors == 0 && told_.errors() == 0)
    told_.tell("VALUE_MISMATCH", Sev::error, place(i), {},
               "GetValue gave 0x%llx, and the memory holds 0x%llx: something but the API's calls "
               "changed it",
               static_cast<unsigned long long>(i.scalar), static_cast<unsigned long long>(value));
}

// Whether a pipe is to touch these bytes that cannot yet.
inline bool Core::blocked_by(const Access& access) const {
  bool found = false;
  for (const PipeState& one : pipes_)
    for (const Item& item : one.waiting)
      each_access(item.instruction, [&](const Access& other) {
        all_.work(1);
        found = found || (other.space == access.space && (other.write || access.write) &&
                          other.address < access.address + access.bytes &&
                          access.address < other.address + other.bytes);
      });
  return found;
}

inline void Core::drain(uint32_t touched) {
  for (const Pipe which : {Pipe::V, Pipe::MTE2, Pipe::MTE3}) {
    if (!(touched >> index(which) & 1)) continue;
    const PipeState& other = pipe(which);
    s().known.join(other.known);
    s().known[which] = other.number;
    s().stand(s().free_at, other.free_at);
  }
}

inline bool Core::settle() {
  if (stuck_) return false;
  for (const PipeState& one : pipes_)
    if (!one.waiting.empty()) return deadlocks(), false;
  drain(~0u);
  for (PipeState& one : pipes_) {
    one.known.join(s().known);
    one.free_at = std::max(one.free_at, s().free_at);
  }
  return true;
}

inline void Core::set_flag(const Instruction& i, Event event, uint32_t flag) {
  Flag& one = flags_[flag];
  if (one.owed > 0 && flag < kFirstOfSlots)
    told_.tell("SYNC_DOUBLE_SET", Sev::error, place(i), one.set_at,
               "SetFlag<HardEvent::%s>(%u) again: it was set (line %u) and not awaited since",
               name(event), i.count, one.set_at.line);
  one.owed = std::min(one.owed + 1, 1);
  one.set_at = place(i);
  if (++owed_[index(event)] > static_cast<int>(kEvents))
    told_.tell("EVENT_ID_EXHAUSTED", Sev::error, place(i), {},
               "%d flags of HardEvent::%s are set and not awaited; there are %u ids: too many "
               "buffers in one position",
               owed_[index(event)], name(event), kEvents);
  if (kFrom[index(event)] != Pipe::S) return send(kFrom[index(event)], i, flag);
  Moment moment = {s().known, s().free_at};
  one.set(moment);
  woken_ |= 1u << index(kTo[index(event)]);
  wake();
}

inline void Core::wait_flag(const Instruction& i, Event event, uint32_t flag) {
  Flag& one = flags_[flag];
  --one.owed;
  --owed_[index(event)];
  if (kTo[index(event)] != Pipe::S) return send(kTo[index(event)], i, flag);
  if (!one.is_set()) return deadlock(i, Pipe::S, event, flag), stop();
  const Moment moment = one.take();
  s().known.join(moment.known);
  s().stand(s().free_at, moment.time);
}

// A queue sets or awaits the flag of one of its slots.
inline void Core::sync(const Instruction& i, const Sync& what) {
  if (what.kind == Sync::none) return;
  Instruction flag = {};
  flag.op = what.kind == Sync::set ? Op::set_flag : Op::wait_flag;
  flag.detail = static_cast<uint8_t>(what.event);
  flag.line = i.line;
  flag.file = i.file;
  const uint32_t number = kFirstOfSlots + what.flag;
  if (number >= flags_.size()) flags_.resize(number + 1);
  if (what.kind == Sync::set)
    set_flag(flag, what.event, number);
  else
    wait_flag(flag, what.event, number);
}

}  // namespace npu::replay
