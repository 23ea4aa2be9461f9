// What an instruction can reach: the Unified Buffer of its core, and global memory.
#pragma once

#include <cstdint>

namespace npu {

class Memory {
 public:
  uint8_t* ub = nullptr;
  uint32_t ub_bytes = 0;

  virtual ~Memory() = default;
  // Returns where `bytes` at `address` of GM lie in this process, or null if they are not all in
  // one allocation.
  virtual uint8_t* global(uint64_t address, uint64_t bytes) = 0;
};

}  // namespace npu
