// each_access: which family of instructions visits which bytes.
#pragma once

#include "npu/access.h"
#include "npu/impl/access_copy.h"
#include "npu/impl/access_vector.h"
#include "npu/impl/matmul.h"
#include "npu/vector.h"

namespace npu {

template <typename Visit>
void each_access(const Instruction& instruction, Visit&& visit) {
  if (is_vector(instruction.op)) return each_access_vector(instruction, visit);
  if (instruction.op == Op::matmul) return each_access_matmul(instruction, visit);
  each_access_copy(instruction, visit);
}

}  // namespace npu
