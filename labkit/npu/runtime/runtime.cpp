// The runtime of the recording process, built once: student code is compiled with NPU_PREBUILT,
// and linked with this object.
#define NPU_RUNTIME

#include "npu/impl/all.h"
