// Every function of the runtime: what the prebuilt object is made of, and plain g++ includes.
#pragma once

#include "npu/impl/access.h"
#include "npu/impl/acl_device.h"
#include "npu/impl/acl_memory.h"
#include "npu/impl/check.h"
#include "npu/impl/core.h"
#include "npu/impl/entry.h"
#include "npu/impl/execute.h"
#include "npu/impl/launch.h"
#include "npu/impl/start.h"
#include "npu/impl/vector_call.h"
