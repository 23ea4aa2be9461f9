// Which bytes copies and scalar accesses touch.
#pragma once

#include "npu/access.h"
#include "npu/impl/copy_shape.h"

namespace npu {

// Visits `blocks` runs of `bytes`, `step` bytes apart; as one where they touch.
template <typename Visit>
void each_row(const Operand& operand, bool write, uint64_t blocks, uint64_t bytes, uint64_t step,
              Visit& visit) {
  if (step == bytes) return visit(Access{operand.space, write, operand.address, blocks * bytes});
  for (uint64_t i = 0; i < blocks; ++i)
    visit(Access{operand.space, write, operand.address + i * step, bytes});
}

template <typename Visit>
void each_access_copy(const Instruction& instruction, Visit&& visit) {
  const Operand& target = instruction.dst();
  switch (instruction.op) {
    case Op::get_local:
    case Op::get_global:
      return visit(Access{target.space, false, target.address, size_of(instruction.dtype)});
    case Op::set_local:
    case Op::set_global:
      return visit(Access{target.space, true, target.address, size_of(instruction.dtype)});
    case Op::copy_in:
    case Op::copy_out:
    case Op::copy_local:
      break;
    default:
      return;
  }
  const CopyShape shape = copy_shape(instruction);
  if (shape.empty()) return;
  each_row(instruction.src0(), false, shape.blocks, shape.bytes, shape.source_step, visit);
  each_row(target, true, shape.blocks, shape.row, shape.target_step, visit);
}

}  // namespace npu
