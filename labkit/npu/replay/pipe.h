// One pipe of a core: instructions in order, and the time that they take.
#pragma once

#include <deque>
#include <vector>

#include "clock.h"
#include "npu/isa.h"

namespace npu::replay {

// An instruction on its way, with what holds when S issues it.
struct Item {
  Instruction instruction;
  Clock known;    // what S knows to be complete
  double issued;  // when
  Atomic atomic;
  DType atomic_type;
  uint32_t flag;  // of set_flag and wait_flag
};

struct Span {  // of model cycles
  double begin, end;
};

struct PipeState {
  std::deque<Item> waiting;  // all but empty only behind a wait_flag
  Clock known;
  uint32_t number = 0;  // of the last instruction that ran
  double free_at = 0, busy = 0, wait = 0;
  uint64_t instructions = 0, bytes = 0, copies = 0;
  std::vector<Span> spans;  // in order, apart

  // Takes `cycles` from `ready` on, or from when the pipe is free. Returns when that is.
  Span work(double ready, double cycles) {
    const double begin = std::max(free_at, ready);
    free_at = begin + cycles;
    busy += cycles;
    if (!spans.empty() && spans.back().end == begin)
      spans.back().end = free_at;
    else if (cycles > 0)
      spans.push_back({begin, free_at});
    return {begin, free_at};
  }

  // Stands still until `time`, having come to what it waits for at `ready`.
  void stand(double ready, double time) {
    const double from = std::max(free_at, ready);
    if (time > from) wait += time - from;
    free_at = std::max(from, time);
  }

  void reset() {
    waiting.clear();
    spans.clear();
    known = {};
    number = 0;
    free_at = busy = wait = 0;
    instructions = bytes = copies = 0;
  }
};

// Returns how many cycles are in at least one of the spans.
inline double covered(const std::vector<const std::vector<Span>*>& lists) {
  std::vector<size_t> next(lists.size(), 0);
  double total = 0, until = 0;
  while (true) {
    const Span* first = nullptr;
    size_t of = 0;
    for (size_t n = 0; n < lists.size(); ++n) {
      if (next[n] == lists[n]->size()) continue;
      const Span& span = (*lists[n])[next[n]];
      if (!first || span.begin < first->begin) first = &span, of = n;
    }
    if (!first) return total;
    ++next[of];
    total += std::max(0.0, first->end - std::max(until, first->begin));
    until = std::max(until, first->end);
  }
}

}  // namespace npu::replay
