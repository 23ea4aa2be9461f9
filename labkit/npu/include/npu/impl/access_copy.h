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
  const Op op = instruction.op;
  const Operand& first = instruction.dst();
  const uint64_t size = size_of(instruction.dtype);
  if (op == Op::get_local || op == Op::get_global || op == Op::set_local || op == Op::set_global)
    return visit(
        Access{first.space, op == Op::set_local || op == Op::set_global, first.address, size});
  if (op != Op::copy_in && op != Op::copy_out && op != Op::copy_local) return;
  const CopyShape shape = copy_shape(instruction);
  if (shape.empty()) return;
  each_row(instruction.src0(), false, shape.blocks, shape.bytes, shape.source_step, visit);
  each_row(first, true, shape.blocks, shape.row, shape.target_step, visit);
}

}  // namespace npu
