// The CPU twin's memory: global memory that the host reaches by plain pointers, too.
#pragma once

#include <cstddef>

enum class KernelMode { MIX_MODE, AIC_MODE, AIV_MODE };

namespace AscendC {

using ::KernelMode;

// A mistake of the caller, or memory that there is not, is a fault.
void* GmAlloc(size_t bytes);
void GmFree(void* memory);
void SetKernelMode(KernelMode mode);

}  // namespace AscendC
