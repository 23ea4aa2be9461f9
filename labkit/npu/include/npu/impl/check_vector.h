// Rules of vector instructions.
#pragma once

#include "npu/impl/fault.h"
#include "npu/vector.h"

namespace npu {

NPU_FUNCTION Fault check_vector(const Instruction&, const Memory&) { return kNoFault; }

}  // namespace npu
