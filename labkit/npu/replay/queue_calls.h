// Of Queues: AllocTensor, EnQue, DeQue, FreeTensor, and what is left at the end.
#pragma once

#include "queues.h"

namespace npu::replay {

inline bool Queues::alloc(const Instruction& i, Sync& sync) {
  Holder* queue = queue_of(i);
  if (!queue) return false;
  Slot* slot = i.operands && i.dst().space == Space::UB ? slot_at(i.dst().address) : nullptr;
  if (!slot) {
    wrong(
        "QUE_NO_FREE_BUFFER", i, queue->count ? slots_[queue->first].taken : queue->place,
        "AllocTensor: all %u buffers of this %s queue are in use; the kernel waits for ever for a "
        "FreeTensor",
        queue->count, position_name(queue->position()));
    return false;
  }
  require(confused_ || (slot->state == State::free && i.dst().address == slot->begin &&
                        &holders_[slot->holder] == queue),
          "AllocTensor gives a buffer that is not free");
  if (slot->signed_off) sync = {Sync::wait, queue->free, 2 * number_of(*slot) + 1};
  slot->signed_off = slot->moved = false;
  slot->state = State::occupied;
  slot->place = slot->taken = place(i);
  return true;
}

inline bool Queues::enque(const Instruction& i, Sync& sync) {
  Holder* queue = queue_of(i);
  if (!queue) return true;
  Slot* slot = tensor_of(i, *queue);
  if (!slot) return true;
  if (slot->state == State::free || slot->state == State::enqued) {
    wrong("QUE_STATE", i, slot->place, "EnQue of a tensor that %s (line %u)",
          slot->state == State::free ? "was freed, or never allocated" : "is in the queue already",
          slot->place.line);
    return true;
  }
  queue->order.push_back(number_of(*slot));
  const uint32_t most = std::max(queue->depth, 1u);
  if (queue->order.size() > most)
    wrong("QUE_DEPTH", i, queue->place, "EnQue: %zu tensors in this %s queue, whose depth is %u",
          queue->order.size(), position_name(queue->position()), queue->depth);
  slot->state = State::enqued;
  slot->moved = false;
  slot->place = place(i);
  const uint32_t from = i.param[kFromPosition], to = i.param[kToPosition];
  slot->enqued = from == to ? queue->enque : event_of(from, to, false);
  sync = {Sync::set, slot->enqued, 2 * number_of(*slot)};
  return true;
}

inline bool Queues::deque(const Instruction& i, Sync& sync) {
  Holder* queue = queue_of(i);
  if (!queue) return false;
  if (queue->order.empty()) {
    wrong("QUE_EMPTY", i, queue->place,
          "DeQue: nothing is in this %s queue; the kernel waits for ever for an EnQue",
          position_name(queue->position()));
    return false;
  }
  const uint32_t number = queue->order.front();
  queue->order.pop_front();
  Slot& slot = slots_[number];
  require(confused_ || (i.operands && i.dst().address == slot.begin),
          "DeQue gives another tensor than the first");
  slot.state = State::dequed;
  slot.place = place(i);
  sync = {Sync::wait, slot.enqued, 2 * number};
  return true;
}

inline void Queues::free(const Instruction& i, Sync& sync) {
  Holder* queue = queue_of(i);
  if (!queue) return;
  Slot* slot = tensor_of(i, *queue);
  if (!slot) return;
  const char* position = position_name(queue->position());
  if (slot->state == State::free)
    return wrong("QUE_DOUBLE_FREE", i, slot->place,
                 "FreeTensor of a %s tensor that is free (line %u)", position, slot->place.line);
  if (slot->state == State::enqued)
    return wrong("QUE_STATE", i, slot->place,
                 "FreeTensor of a %s tensor between EnQue (line %u) and DeQue", position,
                 slot->place.line);
  if (slot->state == State::dequed && kTo[index(slot->enqued)] == Pipe::MTE3 && !slot->moved)
    told_.tell("QUE_DROPPED", S::warning, place(i), slot->place,
               "a tensor of this %s queue was filled, and freed without being copied out: is a "
               "DataCopy missing?",
               position);
  slot->state = State::free;
  slot->signed_off = true;
  slot->place = place(i);
  sync = {Sync::set, queue->free, 2 * number_of(*slot) + 1};
}

inline void Queues::use(const Instruction& i, uint64_t address, bool write, Pipe pipe) {
  Slot* slot = slot_at(address);
  if (!slot) return;
  const Holder& queue = holders_[slot->holder];
  if (!queue.queue) return;
  if (slot->state == State::free) {
    wrong("QUE_STATE", i, slot->place, "%s (pipe %s) uses a tensor of a %s queue %s (line %u)",
          api_name(i.op), name(pipe), position_name(queue.position()),
          slot->signed_off ? "after FreeTensor" : "that AllocTensor did not give",
          slot->place.line);
    return;
  }
  if (!write && slot->state >= State::enqued) slot->moved = true;
}

inline void Queues::end_of_kernel() {
  for (const Slot& slot : slots_) {
    if (slot.state == State::free) continue;
    const Holder& queue = holders_[slot.holder];
    const char* position = position_name(queue.position());
    if (slot.state == State::enqued)
      told_.tell("QUE_LEAK", S::error, slot.taken, slot.place,
                 "a tensor is still in this %s queue at the end: DeQue and FreeTensor are missing",
                 position);
    else
      told_.tell("QUE_LEAK", S::error, slot.taken, slot.place,
                 "a tensor of this %s queue is never freed: FreeTensor is missing", position);
  }
}

}  // namespace npu::replay
