// What instructions are called: in a timeline, and in the public API.
#pragma once

#include "npu/isa.h"

namespace npu {

inline constexpr const char* kOpNames[] = {
#define NAME(op, api) #op,
#include "npu/names.inc"
#undef NAME
};
inline constexpr const char* kApiNames[] = {
#define NAME(op, api) api,
#include "npu/names.inc"
#undef NAME
};
static_assert(sizeof(kOpNames) / sizeof(*kOpNames) == static_cast<size_t>(Op::count_));

// E.g. "copy_in".
constexpr const char* op_name(Op op) { return kOpNames[static_cast<uint16_t>(op)]; }
// E.g. "DataCopy".
constexpr const char* api_name(Op op) { return kApiNames[static_cast<uint16_t>(op)]; }

constexpr const char* type_name(DType type) {
  constexpr const char* names[] = {"no type", "uint8_t",  "int8_t",     "uint16_t",
                                   "int16_t", "uint32_t", "int32_t",    "uint64_t",
                                   "int64_t", "half",     "bfloat16_t", "float"};
  return names[static_cast<uint8_t>(type)];
}

}  // namespace npu
