// How a kernel starts: what the launch forms of the public API come down to.
#pragma once

#include <cstdint>

namespace npu {

struct Kernel {
  const char* name;
  uint64_t blocks;
  uint32_t arguments;
  void (*run)(void* context);  // one block
  void* context;
};

// Runs `kernel` to its end, each block on its own fiber, and records it.
void launch(const Kernel& kernel);

// The tiling key of launches from here on (TILING_KEY_IS).
void set_tiling_key(uint64_t key);

// Copies `bytes` of the tiling at `source`, in GM or of the host, to `target`; not recorded.
void read_tiling(void* target, const void* source, uint64_t bytes);

// A mistake of the caller, told in one sentence: the process ends here.
[[noreturn]] [[gnu::format(printf, 1, 2)]] void fault(const char* format, ...);

}  // namespace npu
