// One block on its vector core: S issues, the pipes run what they are given, each in order.
#pragma once

#include <string>
#include <vector>

#include "hazards.h"
#include "idle.h"
#include "npu/check.h"
#include "npu/chip.h"
#include "npu/cost.h"
#include "npu/execute.h"
#include "pipe.h"
#include "queues.h"

namespace npu::replay {

struct Step {  // on the time line
  uint32_t core;
  Pipe pipe;
  double begin, end;
  Op op;
  uint32_t line;
  uint64_t bytes;
};

struct Timeline {
  uint64_t most = 0, dropped = 0;
  std::vector<Step> events;

  void add(const Step& event) {
    if (events.size() < most)
      events.push_back(event);
    else
      ++dropped;
  }
};

// What a block did, at its end.
struct CoreUse {
  struct PipeUse {
    double busy = 0, wait = 0;
    uint64_t instructions = 0, bytes = 0, copies = 0;
  };
  const char* ended = "never";
  double cycles = 0, overlap = 0;
  double exposed = 0;  // cycles in which nothing is copied from or to global memory
  uint64_t ub_bytes = 0, repeats_used = 0, repeats_needed = 0;
  uint64_t matmuls = 0;  // they have no cycles
  PipeUse pipes[kPipes];
};

struct BufferUse {
  bool queue;
  uint32_t number, position;
  uint64_t begin, end;
  Place place;
};

class Core : private Memory {
 public:
  Core(Global& all, Diagnostics& told, const Chip& chip);

  // Becomes block `index`, as if new.
  void start(uint32_t index, Timeline& timeline);
  void issue(const Instruction& instruction);
  // All instructions so far are complete, or the block waits for ever: false.
  bool settle();
  double time() const { return s().free_at; }
  void resume(double time) { s().stand(s().free_at, time); }
  CoreUse end(bool returned);

  bool stuck() const { return stuck_; }
  void stop() { stuck_ = true; }
  // Of block 0: what InitBuffer gave.
  const std::vector<BufferUse>& buffers() const { return buffers_; }

 private:
  static constexpr uint32_t kFirstOfSlots = kEventTypes * kEvents;
  static constexpr size_t kMostWaiting = 1024;  // instructions that a pipe's queue holds
  using Sev = Severity;

  uint8_t* global(uint64_t address, uint64_t bytes) override { return all_.at(address, bytes); }
  PipeState& pipe(Pipe which) { return pipes_[index(which)]; }
  PipeState& s() { return pipes_[0]; }
  const PipeState& s() const { return pipes_[0]; }
  static Place place(const Instruction& i) { return {i.line, i.file}; }

  bool permitted(const Instruction& i);
  void dispatch(const Instruction& i);
  void scalar(const Instruction& i);
  void drain(uint32_t touched);
  bool blocked_by(const Access& access) const;
  void resource(const Instruction& i);
  void note(const Instruction& i);
  void give(const Instruction& i);
  void take_back();
  void use_queues(const Instruction& i, Pipe on);
  void sync(const Instruction& i, const Sync& what);
  void set_flag(const Instruction& i, Event event, uint32_t flag);
  void wait_flag(const Instruction& i, Event event, uint32_t flag);
  void send(Pipe to, const Instruction& i, uint32_t flag);
  void wake();
  bool go_on(Pipe on, const Item& item);
  bool run(Pipe on, const Item& item);
  void run_set(Pipe on, const Item& item);
  bool run_wait(Pipe on, const Item& item);
  void compute(Pipe on, const Item& item);
  void account(Pipe on, const Item& item, uint64_t read, uint64_t written, uint64_t moved);
  void spoil(const Instruction& i);
  void erase(uint64_t begin, uint64_t end);
  void deadlock(const Instruction& i, Pipe on, Event event, uint32_t flag);
  bool is_to_come(const Item& wait) const;
  void deadlocks();
  void leftovers();
  void told_idle(Place at, const char* what);

  Global& all_;
  Diagnostics& told_;
  const Chip& chip_;
  Hazards hazards_;
  Queues queues_;
  Idle idle_;
  Timeline* timeline_ = nullptr;
  std::vector<uint8_t> bytes_;
  std::vector<Flag> flags_;
  std::array<int, kEventTypes> owed_ = {};  // flags set and not awaited, in program order
  PipeState pipes_[kPipes];
  uint32_t woken_ = 0;  // pipes whose flag was set
  uint32_t block_ = 0;
  uint64_t ub_high_ = 0;
  Atomic atomic_ = Atomic::none;
  DType atomic_type_ = DType::none;
  bool stuck_ = false;
  CoreUse use_;
  std::vector<BufferUse> buffers_;
};

}  // namespace npu::replay

#include "core_ends.h"
#include "core_pipes.h"
#include "core_scalar.h"
