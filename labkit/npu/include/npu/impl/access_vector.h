// Which bytes vector instructions touch.
#pragma once

#include "npu/access.h"
#include "npu/impl/parts_of.h"

namespace npu {

template <typename Visit>
void each_access_vector(const Instruction& instruction, Visit&& visit) {
  const Parts parts = parts_of(instruction);
  for (int i = 0; i < parts.count; ++i) {
    const Part& part = parts.part[i];
    each_run(part.grid, &part.lane, 1, [&](uint32_t repeat, uint32_t first, uint32_t count) {
      visit(Access{Space::UB, part.write, place(part.lane, repeat, first),
                   uint64_t(count) * part.lane.size, part.exact});
    });
  }
}

}  // namespace npu
