// Vector instructions from the arguments of calls.
#pragma once

#include "npu/core_state.h"
#include "npu/impl/grid.h"
#include "npu/linkage.h"
#include "npu/vector_call.h"

namespace npu {

// A field holds the nearest it can; what is out of range there is so for `check`, too.
inline uint32_t clamp_to(uint64_t most, int64_t value) {
  const uint64_t asked = static_cast<uint64_t>(value);
  return static_cast<uint32_t>(asked > most ? most : asked);
}

inline void set_register(uint64_t low, uint64_t high) {
  state().mask[0] = low;
  state().mask[1] = high;
}

NPU_FUNCTION uint32_t MaskArgument::set() const {
  if (bits_) {
    set_register(bits_[0], bits_[1]);
    return 0;
  }
  const uint32_t number = clamp_to(UINT32_MAX, static_cast<int64_t>(number_));
  const Mask mask = first_bits(number);
  if (state().counter)
    set_register(number, 0);
  else
    set_register(mask.low, mask.high);
  return number;
}

NPU_FUNCTION Instruction vector_instruction(Op op, DType dtype,
                                            std::initializer_list<Operand> operands) {
  Instruction instruction = {};
  instruction.op = op;
  instruction.dtype = dtype;
  for (const Operand& operand : operands) instruction.operand[instruction.operands++] = operand;
  return instruction;
}

NPU_FUNCTION uint64_t issue_count(Instruction instruction, int64_t count, Site site) {
  instruction.form = Form::count;
  instruction.count = clamp_to(UINT32_MAX, count);
  set_register(~uint64_t{0}, ~uint64_t{0});
  state().counter = false;
  return issue(instruction, site);
}

inline void set_repeats(Instruction& instruction, int64_t times, const Strides& strides) {
  instruction.form = Form::repeat;
  instruction.repeats = static_cast<uint16_t>(clamp_to(UINT16_MAX, times));
  const uint32_t values[] = {strides.dst_block,  strides.src0_block,  strides.src1_block,
                             strides.dst_repeat, strides.src0_repeat, strides.src1_repeat};
  __builtin_memcpy(instruction.param, values, sizeof values);
}

// The register's bits beyond a repeat mean nothing, unless this call has set them itself.
NPU_FUNCTION uint64_t issue_repeats(Instruction instruction, const Repeats& repeats, Site site) {
  const uint32_t number = repeats.set_mask ? repeats.mask.set() : 0;
  set_repeats(instruction, repeats.times, repeats.strides);
  const uint64_t (&mask)[2] = state().mask;
  if (state().counter) {
    instruction.form = Form::counter;
    instruction.repeats = 0;
    instruction.count = clamp_to(UINT32_MAX, static_cast<int64_t>(mask[0]));
    return issue(instruction, site);
  }
  const Mask most = first_bits(repeats.set_mask ? kRepeat : repeat_width(instruction));
  instruction.count = number;
  instruction.mask[0] = mask[0] & most.low;
  instruction.mask[1] = mask[1] & most.high;
  return issue(instruction, site);
}

// In mode NORMAL it is one repeat.
NPU_FUNCTION uint64_t issue_first(Instruction instruction, bool set_mask, int64_t count,
                                  Site site) {
  if (set_mask) return issue_count(instruction, count, site);
  if (!state().counter) return issue_repeats(instruction, {0, false, 1, {1, 1, 0, 8, 8, 0}}, site);
  instruction.form = Form::count;
  instruction.count = clamp_to(UINT32_MAX, static_cast<int64_t>(state().mask[0]));
  return issue(instruction, site);
}

NPU_FUNCTION uint64_t issue_whole(Instruction instruction, int64_t times, const Strides& strides,
                                  Site site) {
  set_repeats(instruction, times, strides);
  const Mask all = first_bits(repeat_width(instruction));
  instruction.mask[0] = all.low;
  instruction.mask[1] = all.high;
  return issue(instruction, site);
}

NPU_FUNCTION uint64_t issue_unmasked(Instruction instruction, int64_t times, const Strides& strides,
                                     Site site) {
  set_repeats(instruction, times, strides);
  return issue(instruction, site);
}

NPU_FUNCTION uint64_t issue_parts(Instruction instruction, uint32_t elements, int64_t times,
                                  const Strides& strides, Site site) {
  set_repeats(instruction, times, strides);
  instruction.form = Form::counter;
  instruction.count = elements;
  return issue(instruction, site);
}

}  // namespace npu
