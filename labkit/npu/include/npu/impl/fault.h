// How a broken rule is told.
#pragma once

#include <cstdarg>
#include <cstdio>

#include "npu/check.h"
#include "npu/linkage.h"

namespace npu {

inline constexpr Fault kNoFault = {};

// Returns a Fault whose text is `format`, as printf would make it, cut to what fits.
[[gnu::format(printf, 3, 4)]] NPU_FUNCTION Fault broken(const char* code, bool warning,
                                                        const char* format, ...) {
  Fault fault = {code, "", warning};
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(fault.text, sizeof fault.text, format, arguments);
  va_end(arguments);
  return fault;
}

}  // namespace npu
