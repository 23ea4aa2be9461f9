// The chips that we know: figures of chips.inc.
#pragma once

#include <cstdint>
#include <cstring>

namespace npu {

struct Chip {
  const char* name;
  uint32_t cube_cores, vector_cores, mhz, ub_bytes;
  uint64_t l2_bytes, hbm_bytes;
};

inline constexpr Chip kChips[] = {
#define CHIP(...) {__VA_ARGS__},
#include "npu/chips.inc"
#undef CHIP
};

// Returns the chip called `name`, or null.
inline const Chip* find_chip(const char* name) {
  for (const Chip& chip : kChips)
    if (std::strcmp(chip.name, name) == 0) return &chip;
  return nullptr;
}

}  // namespace npu
