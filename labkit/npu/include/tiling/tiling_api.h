// The tiling library's header: its structs, as far as the course subset has them.
#pragma once

#include "kernel_tiling/kernel_tiling.h"
#include "register/tilingdata_base.h"
