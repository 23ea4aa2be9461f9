// How functions under npu/impl/ are linked. The prebuilt runtime defines each of them once; without
// it a program includes them all (plain g++), and so does the replay.
#pragma once

#ifdef NPU_RUNTIME
#define NPU_FUNCTION
#else
#define NPU_FUNCTION inline
#endif
