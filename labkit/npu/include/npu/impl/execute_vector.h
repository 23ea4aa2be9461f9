// What vector instructions compute: to which function each operation goes.
#pragma once

#include "npu/impl/execute_cast.h"
#include "npu/impl/execute_compare.h"
#include "npu/impl/execute_element.h"
#include "npu/impl/execute_move.h"
#include "npu/impl/execute_reduce.h"

namespace npu {

NPU_FUNCTION Row row_of(const Instruction& instruction) {
  const Op op = instruction.op;
  if (op <= Op::fused_mul_add) return binary_row(instruction);
  if (op <= Op::axpy) return scalar_row(instruction);
  if (op <= Op::bit_not) return unary_row(instruction);
  if (op == Op::copy) return copy_row;
  if (op == Op::duplicate) return duplicate_row;
  return cast_function(instruction.dtype, source_type(instruction));
}

// Runs a vector instruction that passed check_vector; gather_mask returns how many it kept.
NPU_FUNCTION uint64_t execute_vector(const Instruction& instruction, uint8_t* ub) {
  switch (instruction.op) {
    case Op::create_vec_index:
      execute_indices(instruction, ub);
      return 0;
    case Op::compare:
    case Op::compares:
      execute_compare(instruction, ub);
      return 0;
    case Op::select:
      execute_select(instruction, ub);
      return 0;
    case Op::brcb:
      execute_brcb(instruction, ub);
      return 0;
    case Op::gather:
      execute_gather(instruction, ub);
      return 0;
    case Op::gather_mask:
      return execute_gather_mask(instruction, ub);
    case Op::transpose:
      execute_transpose(instruction, ub);
      return 0;
    default:
      if (instruction.op >= Op::whole_reduce_sum)
        execute_reduction(instruction, ub);
      else
        execute_rows(instruction, ub, row_of(instruction));
      return 0;
  }
}

}  // namespace npu
