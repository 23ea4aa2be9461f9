// npu/core.h: an instruction is checked, executed on this process's own memory, and recorded.
#pragma once

#include "npu/check.h"
#include "npu/core.h"
#include "npu/cost.h"
#include "npu/execute.h"
#include "npu/impl/world.h"

namespace npu {

// Returns the block that runs; code of the host has none.
NPU_FUNCTION Block& running_block() {
  Block* block = world().block;
  if (!block) fault("Ascend C was called outside of a kernel: launch the kernel, do not call it");
  return *block;
}

// Without a trace there is no replay to tell of a broken rule: say it here.
NPU_FUNCTION void complain(const Fault& broken, Site site) {
  World& the = world();
  if (the.recorder.on() || ++the.complaints > 20) return;
  std::fprintf(stderr, "%s:%u: %s: %s (block %u)\n", site.file ? site.file : "?", site.line,
               broken.code, broken.text, the.block->index);
}

// Executes `instruction` if it may; returns what `execute` returns.
NPU_FUNCTION uint64_t perform(const Instruction& instruction, Site site) {
  World& the = world();
  const Fault broken = check(instruction, the);
  if (broken.code) complain(broken, site);
  if (broken.stops()) return 0;
  the.block->cycles += cycles(instruction);
  const CoreState& modes = the.block->state;
  return execute(instruction, the, modes.atomic, modes.atomic_type);
}

NPU_FUNCTION uint64_t issue(Instruction instruction, Site site) {
  running_block();
  const uint64_t result = perform(instruction, site);
  World& the = world();
  if (instruction.op == Op::get_local || instruction.op == Op::get_global)
    instruction.scalar = result;
  instruction.line = site.line;
  instruction.file = the.recorder.file(site.file);
  if (!the.recorder.instruction(instruction)) the.full();
  return result;
}

// Gives the processor back until the launch comes to this block again, if ever.
NPU_FUNCTION void leave(Block::Stage stage) {
  Block& block = running_block();
  block.stage = stage;
  block.core->fiber.suspend();
}

NPU_FUNCTION void issue_and_block(Instruction instruction, Site site) {
  issue(instruction, site);
  leave(Block::blocked);
  __builtin_unreachable();
}

NPU_FUNCTION void meet(Site site) {
  Instruction instruction = {};
  instruction.op = Op::sync_all;
  // Blocks beyond the chip's cores start when others have ended: they never meet.
  if (block_count() > world().chip.vector_cores) issue_and_block(instruction, site);
  issue(instruction, site);
  leave(Block::waiting);
}

NPU_FUNCTION void poison(uint32_t address, uint32_t bytes) {
  running_block();
  World& the = world();
  if (address > the.ub_bytes || bytes > the.ub_bytes - address) return;
  fill_poison(the.ub + address, bytes);
}

NPU_FUNCTION uint32_t block_index() { return running_block().index; }
NPU_FUNCTION uint32_t block_count() {
  running_block();
  return static_cast<uint32_t>(world().kernel->blocks);
}
NPU_FUNCTION uint32_t ub_bytes() { return world().chip.ub_bytes - kReservedUb; }
NPU_FUNCTION uint64_t tiling_key() { return world().tiling_key; }
NPU_FUNCTION uint64_t model_ticks() {
  return static_cast<uint64_t>(running_block().cycles / world().chip.mhz * 50);
}
NPU_FUNCTION CoreState& state() { return running_block().state; }

}  // namespace npu
