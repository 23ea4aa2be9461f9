// A trace that says what no recording would.
#pragma once

#include <stdexcept>
#include <string>

namespace npu::replay {

struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Stops the replay here, unless `holds`.
inline void require(bool holds, const char* otherwise) {
  if (!holds) throw Refused(otherwise);
}

}  // namespace npu::replay
