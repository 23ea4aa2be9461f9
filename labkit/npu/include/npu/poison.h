// What memory holds that nobody has written: the same in both processes.
#pragma once

#include <cstdint>
#include <cstring>

#include "npu/isa.h"

namespace npu {

// Global memory is filled while no more than this is allocated in all; beyond it, it holds zeros.
inline constexpr uint64_t kMostPoisoned = uint64_t{1} << 30;

inline void fill_poison(uint8_t* bytes, uint64_t count) {
  constexpr uint64_t kUnit = sizeof kPoison;
  std::memcpy(bytes, &kPoison, count < kUnit ? count : kUnit);
  for (uint64_t done = kUnit; done < count; done *= 2)
    std::memcpy(bytes + done, bytes, count - done < done ? count - done : done);
}

}  // namespace npu
