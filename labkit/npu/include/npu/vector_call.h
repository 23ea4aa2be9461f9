// How a call of the vector API becomes an instruction: what all its entry points share.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <type_traits>

#include "npu/core.h"

namespace npu {

// The mask of a level 0 call: how many elements of each repeat, or their bits.
class MaskArgument {
 public:
  template <typename Integer, typename = std::enable_if_t<std::is_integral_v<Integer>>>
  MaskArgument(Integer number) : number_(static_cast<uint64_t>(number)) {}
  MaskArgument(const uint64_t* bits) : bits_(bits) {}

  // Sets the mask register of the running block. Returns the number, 0 if bits were given.
  uint32_t set() const;

 private:
  const uint64_t* bits_ = nullptr;
  uint64_t number_ = 0;
};

// In blocks of 32 bytes, or as npu/vector.h says.
struct Strides {
  uint32_t dst_block, src0_block, src1_block, dst_repeat, src0_repeat, src1_repeat;
};

// What a level 0 call says of the elements it works on.
struct Repeats {
  MaskArgument mask;
  bool set_mask;  // isSetMask: without it the register stays as it is, and counts
  int64_t times;
  Strides strides;
};

Instruction vector_instruction(Op op, DType dtype, std::initializer_list<Operand> operands);

// Issue on the first `count` elements (level 2). The call leaves mask and mode as they are at
// first.
uint64_t issue_count(Instruction instruction, int64_t count, Site site);

// The same for a call with isSetMask: without it the mask register says on what.
uint64_t issue_first(Instruction instruction, bool set_mask, int64_t count, Site site);

// Issue on repeats (level 0): in mask mode COUNTER the mask says how many elements in all.
uint64_t issue_repeats(Instruction instruction, const Repeats& repeats, Site site);

// Issue on repeats, whatever the mask and its mode: on all their elements, with no mask at all, or
// on the first `elements` of each.
uint64_t issue_whole(Instruction instruction, int64_t times, const Strides& strides, Site site);
uint64_t issue_unmasked(Instruction instruction, int64_t times, const Strides& strides, Site site);
uint64_t issue_parts(Instruction instruction, uint32_t elements, int64_t times,
                     const Strides& strides, Site site);

}  // namespace npu
