// Rules that one instruction can break by itself: ranges, alignment, bounds. Both processes ask:
// ours to tell of it, the other so as not to run what it must not.
#pragma once

#include "npu/isa.h"
#include "npu/memory.h"

namespace npu {

struct Fault {
  const char* code;  // as in labkit/npu/diagnostics.py, e.g. "UB_OOB"; null: nothing is wrong
  char text[240];    // one sentence, in English
  bool warning;      // it is told, and the instruction runs all the same
  // An error, and yet the instruction runs, as it does on the device: what it touches is there.
  bool runs = false;

  bool stops() const { return code && !warning && !runs; }
};

// Returns the first rule that `instruction` breaks, if any; whatever passes, `execute` can run.
Fault check(const Instruction& instruction, Memory& memory);

}  // namespace npu
