// Flags and barriers between the pipes of a core, and a meeting of all cores.
#pragma once

#include "ascendc/global_tensor.h"
#include "ascendc/local_tensor.h"

namespace npu {

// Issues an instruction that has no operands.
inline void issue_bare(Op op, uint8_t detail, uint32_t count, Site site) {
  Instruction instruction = {};
  instruction.op = op;
  instruction.detail = detail;
  instruction.count = count;
  issue(instruction, site);
}

// Returns the machine's pipe, or kPipes for one that a vector core lacks.
constexpr int pipe_of(pipe_t pipe) {
  switch (pipe) {
    case PIPE_S:
      return static_cast<int>(Pipe::S);
    case PIPE_V:
      return static_cast<int>(Pipe::V);
    case PIPE_MTE2:
      return static_cast<int>(Pipe::MTE2);
    case PIPE_MTE3:
      return static_cast<int>(Pipe::MTE3);
    default:
      return kPipes;
  }
}

// Returns the event that `from` sets for `to`, or Event::count_.
constexpr uint8_t event_of(pipe_t from, pipe_t to) {
  uint8_t event = 0;
  while (event < static_cast<uint8_t>(Event::count_) &&
         (static_cast<int>(kFrom[event]) != pipe_of(from) ||
          static_cast<int>(kTo[event]) != pipe_of(to)))
    ++event;
  return event;
}

}  // namespace npu

// C spellings
inline void set_flag(pipe_t from, pipe_t to, int32_t id, npu::Site site = npu::here()) {
  npu::issue_bare(npu::Op::set_flag, npu::event_of(from, to), static_cast<uint32_t>(id), site);
}
inline void wait_flag(pipe_t from, pipe_t to, int32_t id, npu::Site site = npu::here()) {
  npu::issue_bare(npu::Op::wait_flag, npu::event_of(from, to), static_cast<uint32_t>(id), site);
}
inline void pipe_barrier(pipe_t pipe, npu::Site site = npu::here()) {
  const int own = npu::pipe_of(pipe);
  if (own == npu::kPipes && pipe != PIPE_ALL) return;  // a pipe that never has anything to do
  const uint8_t detail = pipe == PIPE_ALL ? npu::kAllPipes : static_cast<uint8_t>(own);
  npu::issue_bare(npu::Op::pipe_barrier, detail, 0, site);
}

namespace AscendC {

template <HardEvent event>
void SetFlag(int32_t id, npu::Site site = npu::here()) {
  static_assert(npu::is_vector_event(event), "Events of the Cube are not in the course subset");
  npu::issue_bare(npu::Op::set_flag, static_cast<uint8_t>(event), static_cast<uint32_t>(id), site);
}

template <HardEvent event>
void WaitFlag(int32_t id, npu::Site site = npu::here()) {
  static_assert(npu::is_vector_event(event), "Events of the Cube are not in the course subset");
  npu::issue_bare(npu::Op::wait_flag, static_cast<uint8_t>(event), static_cast<uint32_t>(id), site);
}

template <pipe_t from, pipe_t to>
class TQueSync {
  static_assert(npu::event_of(from, to) < static_cast<uint8_t>(npu::Event::count_),
                "TQueSync: a vector core has no event between these pipes");

 public:
  void SetFlag(TEventID id, npu::Site site = npu::here()) { set_flag(from, to, id, site); }
  void WaitFlag(TEventID id, npu::Site site = npu::here()) { wait_flag(from, to, id, site); }
};

template <pipe_t pipe>
void PipeBarrier(npu::Site site = npu::here()) {
  pipe_barrier(pipe, site);
}

template <bool isAIVOnly = true>
void SyncAll(npu::Site site = npu::here()) {
  npu::meet(site);
}

// The software form: its workspaces are the library's own affair, so they hold what they held.
template <bool isAIVOnly = true>
void SyncAll(const GlobalTensor<int32_t>&, const LocalTensor<int32_t>&, int32_t = 0,
             npu::Site site = npu::here()) {
  npu::meet(site);
}

}  // namespace AscendC
