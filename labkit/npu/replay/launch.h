// One launch: its blocks, one after another, and where they meet.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core.h"
#include "npu/trace.h"

namespace npu::replay {

struct LaunchUse {
  std::string kernel;
  uint32_t blocks;
  double kernel_cycles = 0, microseconds = 0;
  const char* bound = "core";
  bool shown = true;  // with time line and buffers
  std::vector<CoreUse> cores;
  std::vector<BufferUse> buffers;  // of block 0
  Timeline timeline;
};

class Launch {
 public:
  Launch(Global& all, Diagnostics& told, const Chip& chip, std::vector<std::unique_ptr<Core>>& idle,
         LaunchUse& use)
      : all_(all), told_(told), chip_(chip), idle_(idle), use_(use), blocks_(use.blocks) {
    use.cores.resize(use.blocks);
    all_.launch();
  }

  void core(uint32_t index);
  void issue(const Instruction& i);
  void core_end(trace::End how);
  void end();
  // The recording broke off: what its blocks did so far is told, too.
  void break_off();

 private:
  enum class Stage : uint8_t { fresh, running, waiting, ended };
  struct Block {
    Stage stage = Stage::fresh;
    uint32_t met = 0;  // SyncAll that it came to
    std::unique_ptr<Core> core;
  };

  void meet(const Instruction& i);
  bool all_met(uint32_t times) const { return arrived_[times - 1].blocks == blocks_.size(); }
  void close(uint32_t index, bool returned);
  void unwritten();
  void gaps(const Allocation& one);
  void time();

  struct Meeting {
    uint32_t blocks = 0;
    double time = 0;  // of the last to come
    Place place;
  };

  Global& all_;
  Diagnostics& told_;
  const Chip& chip_;
  std::vector<std::unique_ptr<Core>>& idle_;
  LaunchUse& use_;
  std::vector<Block> blocks_;
  std::vector<Meeting> arrived_;
  Block* now_ = nullptr;
  uint32_t epoch_ = 0;  // meetings that all have left
  uint16_t file_ = 0;   // that the kernel is in
};

inline void Launch::core(uint32_t index) {
  require(index < blocks_.size(), "a block is not of its launch");
  require(!now_ || now_->stage != Stage::running, "a block stops in the middle");
  now_ = &blocks_[index];
  require(now_->stage == Stage::fresh || now_->stage == Stage::waiting, "a block runs twice");
  if (now_->stage == Stage::waiting) return;  // whether it may go on is asked when it does
  now_->stage = Stage::running;
  if (idle_.empty()) idle_.push_back(std::make_unique<Core>(all_, told_, chip_));
  now_->core = std::move(idle_.back());
  idle_.pop_back();
  now_->core->start(index, use_.timeline);
}

inline void Launch::issue(const Instruction& i) {
  require(now_ && now_->stage != Stage::ended, "an instruction is of no block");
  if (file_ == 0) file_ = i.file;
  if (i.op == Op::red_zone) return now_->core->issue(i);
  if (now_->stage == Stage::waiting) {
    require(all_met(now_->met), "a block runs on past a SyncAll that others have not come to");
    if (epoch_ < now_->met) {
      epoch_ = now_->met;
      all_.meet();
    }
    now_->core->resume(arrived_[now_->met - 1].time);
    now_->stage = Stage::running;
  }
  now_->core->issue(i);
  if (i.op == Op::sync_all) meet(i);
}

inline void Launch::meet(const Instruction& i) {
  Core& core = *now_->core;
  if (blocks_.size() > chip_.vector_cores) {
    if (!core.stuck())
      told_.tell(
          "SYNC_DEADLOCK", Severity::error, {i.line, i.file}, {},
          "SyncAll with %zu blocks: the chip has %u cores, and blocks beyond them start when "
          "others have ended",
          blocks_.size(), chip_.vector_cores);
    return core.stop();
  }
  core.settle();
  now_->stage = Stage::waiting;
  if (arrived_.size() < ++now_->met) arrived_.emplace_back();
  Meeting& meeting = arrived_[now_->met - 1];
  ++meeting.blocks;
  meeting.time = std::max(meeting.time, core.time());
  meeting.place = {i.line, i.file};
}

inline void Launch::core_end(trace::End how) {
  require(now_ && now_->stage != Stage::ended, "a block ends twice");
  require(how == trace::End::returned || how == trace::End::blocked, "a block ends as none does");
  Core& core = *now_->core;
  const bool blocked = how == trace::End::blocked;
  const uint32_t index = static_cast<uint32_t>(now_ - blocks_.data());
  told_.core = index;
  if (now_->stage == Stage::waiting && blocked && !core.stuck()) {
    const Meeting& meeting = arrived_[now_->met - 1];
    told_.tell("SYNC_DEADLOCK", Severity::error, meeting.place, {},
               "SyncAll: %u of %zu blocks come to it, and wait for the others for ever",
               meeting.blocks, blocks_.size());
    core.stop();
  }
  if (now_->stage == Stage::waiting && !blocked) {
    require(all_met(now_->met), "a block runs on past a SyncAll that others have not come to");
    core.resume(arrived_[now_->met - 1].time);
  }
  require(!blocked || core.stuck(), "a block waits for ever, and nothing says for what");
  close(index, !blocked);
  idle_.push_back(std::move(now_->core));
  now_->stage = Stage::ended;
}

inline void Launch::close(uint32_t index, bool returned) {
  Core& core = *blocks_[index].core;
  if (index == 0 && use_.shown) use_.buffers = core.buffers();
  use_.cores[index] = core.end(returned);
}

inline void Launch::break_off() {
  for (uint32_t index = 0; index < blocks_.size(); ++index) {
    if (!blocks_[index].core) continue;
    close(index, false);
    use_.cores[index].ended = "never";
  }
  time();
}

inline void Launch::end() {
  for (const Block& block : blocks_)
    require(block.stage == Stage::ended, "a launch ends before all of its blocks");
  if (told_.errors() == 0) unwritten();
  time();
}

// What was left out. An argument that nobody touches is none of it: a workspace may be of no use,
// and a tiling is read by plain C++.
inline void Launch::unwritten() {
  told_.core = 0;
  bool any = all_.all().empty();
  for (const auto& [_, one] : all_.all()) {
    any = any || !one.launch_written.empty();
    if (one.array && !one.launch_read && !one.launch_written.empty()) gaps(one);
  }
  if (!any)
    told_.tell("GM_UNWRITTEN", Severity::warning, {0, file_}, {},
               "the kernel writes nothing to global memory");
}

inline void Launch::gaps(const Allocation& one) {
  uint64_t bytes = 0, first = 0, last = 0;
  one.launch_written.each_gap(0, one.bytes, [&](uint64_t begin, uint64_t end) {
    if (end - begin < kBlock) return;
    if (bytes == 0) first = begin, last = end;
    bytes += end - begin;
  });
  if (bytes > 0)
    told_.tell(
        "GM_GAP", Severity::warning, one.launch_writer, {one.array, 0},
        "array %u of the arguments is written in part: %llu bytes are not, first [%llu,%llu)",
        one.array, static_cast<unsigned long long>(bytes), static_cast<unsigned long long>(first),
        static_cast<unsigned long long>(last));
}

// The slowest core, or global memory, whose rate all share. Blocks beyond the cores come after.
inline void Launch::time() {
  constexpr double kBytesPerMicrosecond = 1.6e6;
  std::vector<double> cores(std::min<size_t>(blocks_.size(), chip_.vector_cores));
  double exposed = 0;
  uint64_t bytes = 0;
  for (size_t n = 0; n < blocks_.size(); ++n) {
    const CoreUse& use = use_.cores[n];
    cores[n % cores.size()] += use.cycles;
    exposed = std::max(exposed, use.exposed);
    bytes += use.pipes[index(Pipe::MTE2)].bytes + use.pipes[index(Pipe::MTE3)].bytes;
  }
  const double slowest = *std::max_element(cores.begin(), cores.end());
  const double memory =
      static_cast<double>(bytes) / kBytesPerMicrosecond * chip_.mhz + (bytes ? exposed : 0);
  use_.bound = memory > slowest ? "memory" : "core";
  use_.kernel_cycles = std::max(memory, slowest);
  use_.microseconds = use_.kernel_cycles / chip_.mhz;
}

}  // namespace npu::replay
