// Who knows what to be complete: clocks of the pipes of one core, and the flags that carry them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "diagnostics.h"
#include "npu/isa.h"

namespace npu::replay {

inline constexpr const char* kPipeNames[] = {"S", "V", "MTE2", "MTE3"};
inline constexpr const char* kEventNames[] = {
    "MTE2_V", "V_MTE2", "MTE3_V", "V_MTE3", "V_V",    "MTE3_MTE2", "MTE2_MTE3",
    "S_V",    "V_S",    "S_MTE2", "MTE2_S", "S_MTE3", "MTE3_S"};
inline constexpr int kEventTypes = static_cast<int>(Event::count_);
static_assert(std::size(kEventNames) == kEventTypes && std::size(kFrom) == kEventTypes);

constexpr int index(Pipe pipe) { return static_cast<int>(pipe); }
constexpr int index(Event event) { return static_cast<int>(event); }
constexpr const char* name(Pipe pipe) { return kPipeNames[index(pipe)]; }
constexpr const char* name(Event event) { return kEventNames[index(event)]; }

// Returns the event that goes from one pipe to another; count_ if there is none.
constexpr Event event_between(Pipe from, Pipe to) {
  for (int e = 0; e < kEventTypes; ++e)
    if (kFrom[e] == from && kTo[e] == to) return static_cast<Event>(e);
  return Event::count_;
}

// For each pipe, the number of its last instruction that is known to be complete.
struct Clock {
  std::array<uint32_t, kPipes> of = {};

  uint32_t& operator[](Pipe pipe) { return of[index(pipe)]; }
  uint32_t operator[](Pipe pipe) const { return of[index(pipe)]; }
  void join(const Clock& other) {
    for (int p = 0; p < kPipes; ++p) of[p] = std::max(of[p], other.of[p]);
  }
};

// What a flag that is set tells to who awaits it.
struct Moment {
  Clock known;
  double time;
};

class Flag {
 public:
  // Program order: how many sets have not been awaited. Waits may come first.
  int owed = 0;
  Place set_at;

  void set(const Moment& moment) {
    if (moments_.size() == kMost)
      moments_.back() = moment;  // told of as set twice
    else
      moments_.push_back(moment);
  }
  bool is_set() const { return !moments_.empty(); }
  Moment take() {
    const Moment first = moments_.front();
    moments_.erase(moments_.begin());
    return first;
  }
  void clear() {
    owed = 0;
    moments_.clear();
  }

 private:
  static constexpr size_t kMost = 16;
  std::vector<Moment> moments_;
};

}  // namespace npu::replay
