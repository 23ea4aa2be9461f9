// The parts of any vector instruction: what the rules, the accesses and the cost are taken from.
#pragma once

#include "npu/impl/parts_move.h"
#include "npu/impl/parts_reduce.h"

namespace npu {

// Returns the parts of a vector instruction whose numbers passed check_numbers.
inline Parts parts_of(const Instruction& instruction) {
  Parts parts;
  parts.count = 0;
  switch (instruction.op) {
    case Op::brcb:
      add_brcb(parts, instruction);
      break;
    case Op::gather:
      add_gather(parts, instruction);
      break;
    case Op::gather_mask:
      add_gather_mask(parts, instruction);
      break;
    case Op::transpose:
      add_transpose(parts, instruction);
      break;
    default:
      if (instruction.op >= Op::whole_reduce_sum && instruction.op <= Op::reduce_min)
        add_reduction(parts, instruction);
      else
        add_elementwise(parts, instruction);
  }
  return parts;
}

}  // namespace npu
