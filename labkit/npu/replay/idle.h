// Flags that guard no copy: what is left where a DataCopy was forgotten.
#pragma once

#include <array>

#include "clock.h"
#include "npu/isa.h"

namespace npu::replay {

class Idle {
 public:
  void reset() { *this = {}; }

  void moved(Pipe pipe) {
    if (pipe == Pipe::MTE2) {
      ever_ = true;
      set_ = {};
    }
    if (pipe == Pipe::MTE3) awaited_ = {};
  }

  // Whether MTE2 has moved nothing since it last set the same flag, or ever.
  bool set(Event event, uint32_t id) {
    uint8_t& ids = set_[index(event)];
    const bool again = ids >> id & 1;
    ids = static_cast<uint8_t>(ids | 1 << id);
    return again || !ever_;
  }

  // MTE3 awaited a flag, and should move something now.
  void await(Place place) { awaited_ = place; }

  // Where MTE3 awaited a flag since which it has moved nothing; line 0: nowhere. Asked at its next
  // SetFlag, and at the end.
  Place take_awaited() {
    const Place place = awaited_;
    awaited_ = {};
    return place;
  }

 private:
  bool ever_ = false;
  std::array<uint8_t, kEventTypes> set_ = {};  // ids, since MTE2 last moved something
  Place awaited_;
};

}  // namespace npu::replay
