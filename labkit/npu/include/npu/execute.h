// What an instruction does to memory. The one definition of every operation's values.
#pragma once

#include "npu/isa.h"
#include "npu/memory.h"

namespace npu {

// Runs `instruction`, which passed `check`. `atomic` and `atomic_type`: of copies to GM. For
// get_local and get_global the return value is the bits read; gather_mask: how many it kept.
uint64_t execute(const Instruction& instruction, Memory& memory, Atomic atomic, DType atomic_type);

}  // namespace npu
