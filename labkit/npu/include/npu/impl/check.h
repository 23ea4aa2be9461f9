// check: which family of instructions asks for which rules.
#pragma once

#include "npu/check.h"
#include "npu/impl/check_copy.h"
#include "npu/impl/check_vector.h"
#include "npu/impl/matmul.h"
#include "npu/linkage.h"
#include "npu/vector.h"

namespace npu {

NPU_FUNCTION Fault check(const Instruction& instruction, Memory& memory) {
  if (is_vector(instruction.op)) return check_vector(instruction, memory);
  if (instruction.op == Op::matmul) return check_matmul(instruction, memory);
  return check_copy(instruction, memory);
}

}  // namespace npu
