// The forms of the CPU twin: ICPU_RUN_KF, on memory that the host and the kernel share.
#pragma once

#include "ascendc/launch.h"
#include "ascendc/twin.h"
#include "kernel_operator.h"
