// The Ascend C API: what a kernel includes.
#pragma once

#include <cmath>  // kernels call sqrt and the like on scalars

#include "ascendc/arithmetic.h"
#include "ascendc/atomic.h"
#include "ascendc/buffer.h"
#include "ascendc/data_copy.h"
#include "ascendc/debug.h"
#include "ascendc/excluded.h"
#include "ascendc/expression.h"
#include "ascendc/global_tensor.h"
#include "ascendc/launch.h"
#include "ascendc/local_tensor.h"
#include "ascendc/mask.h"
#include "ascendc/pipe.h"
#include "ascendc/queue.h"
#include "ascendc/static_memory.h"
#include "ascendc/sync.h"
#include "ascendc/system.h"
#include "ascendc/tiling.h"
#include "ascendc/traits.h"
#include "ascendc/vector_cast.h"
#include "ascendc/vector_fill.h"
#include "ascendc/vector_permute.h"
#include "ascendc/vector_reduce.h"

#ifndef NPU_PREBUILT
#include "npu/impl/all.h"
#endif
