// The recording process as a whole: its chip, its memory, its trace, and the block that runs.
#pragma once

#include <cstdlib>
#include <memory>
#include <vector>

#include "npu/chip.h"
#include "npu/core_state.h"
#include "npu/impl/arena.h"
#include "npu/impl/fiber.h"
#include "npu/impl/recorder.h"
#include "npu/impl/request.h"
#include "npu/launch.h"
#include "npu/linkage.h"
#include "npu/memory.h"

namespace npu {

// What a block has of the machine, and gives back to the next block at its end.
struct Core {
  Fiber fiber;
  std::vector<uint8_t> ub;
};

struct Block {
  enum Stage { running, waiting, returned, blocked };

  uint32_t index = 0;
  Stage stage = running;
  double cycles = 0;  // of its instructions, one after another
  CoreState state;
  std::unique_ptr<Core> core;
};

class World : public Memory {
 public:
  World() = default;

  uint8_t* global(uint64_t address, uint64_t bytes) override {
    return arena.find(address, bytes) ? reinterpret_cast<uint8_t*>(address) : nullptr;
  }

  // Records a frame; ends the process where the trace has grown to its limit.
  void record(trace::Kind kind, const void* first = nullptr, size_t size = 0,
              const void* second = nullptr, size_t more = 0) {
    if (!recorder.frame(kind, first, size, second, more)) full();
  }

  [[noreturn]] void full() {
    fault("the program recorded more than %llu bytes of trace: is there a loop without end?",
          static_cast<unsigned long long>(request.limit));
  }

  Chip chip = kChips[0];
  Request request;
  Recorder recorder;
  Arena arena;
  int image = -1;  // descriptor of the caller's arrays
  uint64_t tiling_key = 0;
  bool started = false;
  const Kernel* kernel = nullptr;  // being launched
  Block* block = nullptr;          // that runs
  uint32_t reaching = 0;           // how many Reaching live
  bool stuck = false;              // a block of some launch never ended
  std::vector<std::unique_ptr<Core>> idle;
  uint32_t complaints = 0;  // printed, where nothing is recorded
};

// The one world of this process. Never destroyed: static objects of student code may outlive it.
NPU_FUNCTION World& world();

}  // namespace npu
