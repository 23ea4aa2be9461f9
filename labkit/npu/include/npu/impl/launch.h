// A launch: blocks one after another, until all have ended or none can go on.
#pragma once

#include "npu/core.h"
#include "npu/impl/core.h"
#include "npu/impl/host_memory.h"
#include "npu/impl/world.h"

namespace npu {

class Blocks {
 public:
  explicit Blocks(const Kernel& kernel) : kernel_(kernel) {}

  void run() {
    for (uint32_t i = 0; i < kernel_.blocks; ++i) advance(fresh(i));
    while (!waiting_.empty() && waiting_.size() == kernel_.blocks) {
      std::vector<std::unique_ptr<Block>> met;
      met.swap(waiting_);
      for (auto& block : met) advance(std::move(block));
    }
    for (auto& block : waiting_) {  // for blocks that have ended
      begin_stretch(*block);
      end_block(*block, trace::End::blocked);
    }
  }

 private:
  std::unique_ptr<Block> fresh(uint32_t index) {
    auto block = std::make_unique<Block>();
    block->index = index;
    block->core = take_core();
    block->core->fiber.start(kernel_.run, kernel_.context);
    return block;
  }

  std::unique_ptr<Core> take_core() {
    auto& idle = world_.idle;
    if (idle.empty()) idle.push_back(std::make_unique<Core>());
    std::unique_ptr<Core> core = std::move(idle.back());
    idle.pop_back();
    if (!core->fiber.ready()) fault("no memory is left for the stack of a block");
    core->ub.resize(world_.chip.ub_bytes);
    fill_poison(core->ub.data(), core->ub.size());
    return core;
  }

  // Runs `block` until it ends or waits for the others.
  void advance(std::unique_ptr<Block> block) {
    begin_stretch(*block);
    block->stage = Block::returned;  // unless it says otherwise
    block->core->fiber.resume();
    tell_red_zones();
    if (block->stage == Block::waiting) {
      waiting_.push_back(std::move(block));
    } else {
      const bool blocked = block->stage == Block::blocked;
      end_block(*block, blocked ? trace::End::blocked : trace::End::returned);
    }
    world_.block = nullptr;
  }

  void begin_stretch(Block& block) {
    world_.block = &block;
    world_.ub = block.core->ub.data();
    world_.ub_bytes = world_.chip.ub_bytes;
    world_.record(trace::Kind::core, &block.index, sizeof block.index);
  }

  void end_block(Block& block, trace::End end) {
    world_.record(trace::Kind::core_end, &end, sizeof end);
    world_.stuck |= end == trace::End::blocked;
    world_.idle.push_back(std::move(block.core));
    world_.block = nullptr;
  }

  void tell_red_zones() {
    world_.arena.each_broken([](uint64_t address) {
      Instruction instruction = {};
      instruction.op = Op::red_zone;
      instruction.scalar = address;
      issue(instruction, {0, nullptr});
    });
  }

  const Kernel& kernel_;
  World& world_ = world();
  std::vector<std::unique_ptr<Block>> waiting_;
};

NPU_FUNCTION void launch(const Kernel& kernel) {
  World& the = world();
  if (the.kernel) fault("%s is launched by a kernel: only the host can", kernel.name);
  if (kernel.blocks == 0 || kernel.blocks > UINT16_MAX)
    fault("%s is launched with %lld blocks: 1 to 65535 can be", kernel.name,
          static_cast<long long>(kernel.blocks));
  const Reaching reaching;
  write_shared();
  const std::string name = Recorder::printable(kernel.name);
  const trace::Launch head = {static_cast<uint32_t>(kernel.blocks), kernel.arguments,
                              the.tiling_key};
  the.record(trace::Kind::launch, &head, sizeof head, name.data(), name.size());
  the.kernel = &kernel;
  Blocks(kernel).run();
  the.kernel = nullptr;
  the.record(trace::Kind::launch_end);
  read_shared();
}

NPU_FUNCTION void set_tiling_key(uint64_t key) { world().tiling_key = key; }

NPU_FUNCTION void read_tiling(void* target, const void* source, uint64_t bytes) {
  if (!source) fault("GET_TILING_DATA was given a null pointer: no tiling was passed");
  if (!world().arena.find(Arena::address_of(source), bytes))
    fault("GET_TILING_DATA reads %llu bytes of tiling, and there are fewer",
          static_cast<unsigned long long>(bytes));
  std::memcpy(target, source, bytes);
}

}  // namespace npu
