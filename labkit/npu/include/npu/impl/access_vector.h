// Which bytes vector instructions touch.
#pragma once

#include "npu/access.h"

namespace npu {

template <typename Visit>
void each_access_vector(const Instruction&, Visit&&) {}

}  // namespace npu
