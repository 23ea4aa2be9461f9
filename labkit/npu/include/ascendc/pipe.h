// TPipe: gives queues and buffers their memory, and hands out event ids.
#pragma once

#include "ascendc/buffer.h"
#include "ascendc/queue.h"
#include "ascendc/sync.h"
#include "npu/core_state.h"

namespace npu {

// Takes `bytes` of UB (whole blocks) for what `resource` says; fills in its place. Returns where.
inline uint64_t take_ub(Instruction& resource, uint64_t bytes, AscendC::TPosition position,
                        Site site) {
  CoreState& core = state();
  const bool queue = resource.op == Op::init_queue;
  const LocalRange range = {core.next, bytes, queue ? core.numbers + 1 : 0, position, true};
  resource.operands = 1;
  resource.param[kNumber] = ++core.numbers;
  resource.operand[0] = LocalBytes(range, bytes).operand();
  core.next += bytes;
  issue(resource, site);
  return range.base;
}

inline void init_queue(Queue& queue, uint32_t buffers, uint32_t bytes, Site site) {
  Instruction resource = {};
  resource.op = Op::init_queue;
  resource.param[kBuffers] = buffers;
  resource.param[kBytes] = bytes;
  resource.param[kDepth] = queue.most_queued();
  resource.param[kFromPosition] = static_cast<uint32_t>(queue.from());
  resource.param[kToPosition] = static_cast<uint32_t>(queue.to());
  resource.flags = queue.most_queued() ? 0 : Flag::in_place;
  const uint64_t begin = take_ub(resource, buffers * whole_blocks(bytes),
                                 npu::tensor_position(queue.from(), queue.to()), site);
  queue.give(resource.param[kNumber], begin, buffers, whole_blocks(bytes));
}

// Returns the number that the buffer has; `begin` is where it starts.
inline uint32_t init_buffer(uint32_t bytes, AscendC::TPosition position, uint64_t& begin,
                            Site site) {
  Instruction resource = {};
  resource.op = Op::init_buffer;
  resource.param[kBuffers] = 1;
  resource.param[kBytes] = bytes;
  begin = take_ub(resource, whole_blocks(bytes), position, site);
  return resource.param[kNumber];
}

// The lowest id of the event that nobody has; kEvents if there is none.
inline uint32_t free_event(uint8_t event) {
  uint32_t id = 0;
  while (id < kEvents && (state().events[event] >> id & 1)) ++id;
  return id;
}

inline AscendC::TEventID fetch_event(AscendC::HardEvent event, Site site) {
  if (!is_vector_event(event)) return 0;  // SetFlag and WaitFlag refuse it
  const uint8_t detail = static_cast<uint8_t>(event);
  const uint32_t id = free_event(detail) % kEvents;
  issue_bare(Op::fetch_event, detail, id, site);
  return static_cast<AscendC::TEventID>(id);
}

inline AscendC::TEventID alloc_event(uint8_t event, Site site) {
  const uint32_t id = free_event(event);
  issue_bare(Op::alloc_event, event, id, site);
  if (id < kEvents) state().events[event] |= 1u << id;
  return static_cast<AscendC::TEventID>(id);
}

inline void release_event(uint8_t event, uint32_t id, Site site) {
  issue_bare(Op::release_event, event, id, site);
  if (id < kEvents) state().events[event] &= ~(1u << id);
}

}  // namespace npu

namespace AscendC {

class TPipe {
 public:
  TPipe(npu::Site site = npu::here()) : site_(site) { Init(); }
  TPipe(const TPipe&) = delete;
  TPipe& operator=(const TPipe&) = delete;
  ~TPipe() { Destroy(site_); }

  void Init() {
    npu::state().pipe = this;
    npu::state().next = 0;
    lives_ = true;
  }
  void Reset(npu::Site site = npu::here()) {
    npu::issue_bare(npu::Op::reset_pipe, 0, 0, site);
    npu::state().next = 0;
    for (uint8_t& ids : npu::state().events) ids = 0;
  }
  void Destroy(npu::Site site = npu::here()) {
    if (!lives_) return;
    Reset(site);
    lives_ = false;
    if (npu::state().pipe == this) npu::state().pipe = nullptr;
  }

  bool InitBuffer(npu::Queue& queue, uint8_t buffers, uint32_t bytes,
                  npu::Site site = npu::here()) {
    npu::init_queue(queue, buffers, bytes, site);
    return true;
  }
  bool InitBuffer(npu::Buffer& buffer, uint32_t bytes, npu::Site site = npu::here()) {
    uint64_t begin;
    const uint32_t number = npu::init_buffer(bytes, buffer.tensor_position(), begin, site);
    buffer.give(number, begin, npu::whole_blocks(bytes));
    return true;
  }

  TEventID FetchEventID(HardEvent event, npu::Site site = npu::here()) {
    return npu::fetch_event(event, site);
  }
  template <HardEvent event>
  TEventID FetchEventID(npu::Site site = npu::here()) {
    return npu::fetch_event(event, site);
  }
  template <HardEvent event>
  TEventID AllocEventID(npu::Site site = npu::here()) {
    static_assert(npu::is_vector_event(event), "Events of the Cube are not in the course subset");
    return npu::alloc_event(static_cast<uint8_t>(event), site);
  }
  template <HardEvent event>
  void ReleaseEventID(TEventID id, npu::Site site = npu::here()) {
    static_assert(npu::is_vector_event(event), "Events of the Cube are not in the course subset");
    npu::release_event(static_cast<uint8_t>(event), static_cast<uint32_t>(id), site);
  }

 private:
  npu::Site site_;
  bool lives_ = false;
};

}  // namespace AscendC

// Documented outside of the namespace; code that writes AscendC:: works, too.
inline AscendC::TPipe* GetTPipePtr() { return static_cast<AscendC::TPipe*>(npu::state().pipe); }
namespace AscendC {
using ::GetTPipePtr;
}
