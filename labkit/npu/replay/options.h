// The command line of npu-replay.
#pragma once

#include <cstdlib>
#include <string_view>
#include <vector>

#include "global.h"
#include "npu/chip.h"

namespace npu::replay {

struct Options {
  const char* wrong = nullptr;  // what is wrong with the command line
  const Chip* chip = &kChips[0];
  int image = -1, outputs = -1;  // descriptors
  std::vector<Array> arrays;
  uint64_t timeline = 0;
  std::string_view kernel;  // the trace is of one launch of it and nothing else; empty: it need not
  uint64_t blocks = 0;
  uint64_t limit = uint64_t{1} << 30;  // bytes of trace
};

// Reads "OFFSET:BYTES,…"; false if it is not that.
inline bool parse_arrays(const char* text, std::vector<Array>& arrays) {
  while (*text) {
    char* end;
    Array array;
    array.offset = std::strtoull(text, &end, 10);
    if (end == text || *end != ':' || array.offset % 4096) return false;
    text = end + 1;
    array.bytes = std::strtoull(text, &end, 10);
    if (end == text || (*end && *end != ',')) return false;
    text = *end ? end + 1 : end;
    arrays.push_back(array);
  }
  return true;
}

inline Options parse(int count, char** words) {
  Options options;
  for (int n = 1; n < count; n += 2) {
    const std::string_view name = words[n];
    if (n + 1 == count) return options.wrong = "an option has no value", options;
    const char* value = words[n + 1];
    if (name == "--soc")
      options.chip = find_chip(value);
    else if (name == "--image")
      options.image = std::atoi(value);
    else if (name == "--outputs")
      options.outputs = std::atoi(value);
    else if (name == "--timeline")
      options.timeline = std::strtoull(value, nullptr, 10);
    else if (name == "--kernel")
      options.kernel = value;
    else if (name == "--blocks")
      options.blocks = std::strtoull(value, nullptr, 10);
    else if (name == "--limit")
      options.limit = std::strtoull(value, nullptr, 10);
    else if (name != "--arrays")
      options.wrong = "an option is not known";
    else if (!parse_arrays(value, options.arrays))
      options.wrong = "--arrays is not OFFSET:BYTES,…";
  }
  if (!options.chip) options.wrong = "no such chip";
  return options;
}

}  // namespace npu::replay
