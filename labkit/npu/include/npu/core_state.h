// What the public API keeps of the block that runs: its registers, and what a TPipe has given.
#pragma once

#include <cstdint>

#include "npu/isa.h"

namespace npu {

struct CoreState {
  // Vector mask (SetVectorMask): bit i for element i; in mode COUNTER mask[0] is the count.
  uint64_t mask[2] = {~uint64_t{0}, ~uint64_t{0}};
  bool counter = false;  // mask mode COUNTER

  Atomic atomic = Atomic::none;
  DType atomic_type = DType::none;
  uint64_t pad_value = uint64_t{kPoison} << 32 | kPoison;  // SetPadValue: bits
  uint64_t deq_scale = 0;  // SetDeqScale: bits of a half; 0: not set

  uint64_t next = 0;                                     // byte of UB that the next buffer gets
  uint32_t numbers = 0;                                  // given to queues and buffers so far
  uint8_t events[static_cast<int>(Event::count_)] = {};  // bit i: AllocEventID gave id i
  void* pipe = nullptr;                                  // the TPipe that lives
  uint8_t* workspace = nullptr;                          // SetSysWorkspace
};

}  // namespace npu
