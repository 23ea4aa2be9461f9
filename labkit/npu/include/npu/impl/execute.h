// execute: which family of instructions runs where.
#pragma once

#include "npu/execute.h"
#include "npu/impl/execute_copy.h"
#include "npu/impl/execute_vector.h"
#include "npu/impl/matmul.h"
#include "npu/linkage.h"
#include "npu/vector.h"

namespace npu {

NPU_FUNCTION uint64_t execute(const Instruction& instruction, Memory& memory, Atomic atomic,
                              DType atomic_type) {
  if (is_vector(instruction.op)) return execute_vector(instruction, memory.ub);
  if (instruction.op == Op::matmul) return execute_matmul(instruction, memory);
  return execute_copy(instruction, memory, atomic, atomic_type);
}

}  // namespace npu
