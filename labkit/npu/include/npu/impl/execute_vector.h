// What vector instructions compute.
#pragma once

#include "npu/linkage.h"
#include "npu/vector.h"

namespace npu {

NPU_FUNCTION uint64_t execute_vector(const Instruction&, uint8_t*) { return 0; }

}  // namespace npu
