// The recording process: the core that runs, and how a call of the public API becomes an
// instruction. Everything under ascendc/ speaks to the machine through this file only.
#pragma once

#include <cstdint>

#include "npu/isa.h"

namespace npu {

// Where student code called: the default of the last argument of each entry point.
struct Site {
  uint32_t line;
  const char* file;
};
constexpr Site here(uint32_t line = __builtin_LINE(), const char* file = __builtin_FILE()) {
  return {line, file};
}

// Records `instruction`, and does to this process's own memory what it says, if it may.
// Returns what `execute` returns.
uint64_t issue(Instruction instruction, Site site);

// As `issue`, for an instruction after which the kernel would wait for ever: the block ends here.
[[noreturn]] void issue_and_block(Instruction instruction, Site site);

// All blocks meet here; others run until they have come (fibers). Records sync_all.
void meet(Site site);

// Poison the bytes: a buffer newly given holds nothing. Not recorded: the replay does so itself.
void poison(uint32_t address, uint32_t bytes);

uint32_t block_index();  // GetBlockIdx
uint32_t block_count();  // GetBlockNum
uint32_t ub_bytes();     // usable by buffers: the chip's UB less kReservedUb
uint64_t tiling_key();
uint64_t model_ticks();  // GetSystemCycle: 50 MHz, as if nothing overlapped

// State of the running block that the API keeps: the vector mask, TPipe's bump pointer, event ids.
struct CoreState;
CoreState& state();

}  // namespace npu
