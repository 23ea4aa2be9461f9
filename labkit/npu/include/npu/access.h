// Which bytes an instruction reads and writes.
#pragma once

#include <cstdint>

#include "npu/isa.h"

namespace npu {

struct Access {
  Space space;
  bool write;
  uint64_t address;
  uint64_t bytes;
  // False: the data say which of these bytes (gather); some may never have been written.
  bool exact = true;
};

// Calls `visit(const Access&)` for each run of bytes that `instruction` touches, reads before
// writes. What passed `check` only. Runs of one operand that touch are told as one.
template <typename Visit>
void each_access(const Instruction& instruction, Visit&& visit);

}  // namespace npu
