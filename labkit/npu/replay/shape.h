// Which fields an operation uses. All others must be 0, and enumerators in their range: whatever
// passes can be looked at without care; whether it makes sense is for `check` to say.
#pragma once

#include "npu/isa.h"
#include "npu/vector.h"
#include "refused.h"

namespace npu::replay {

struct Shape {
  uint8_t least, most;  // operands
  bool dtype = false, source = false, repeats = false, count = false, mask = false, scalar = false;
  uint8_t detail = 0;  // greatest
  uint8_t flags = 0;   // those allowed
  uint8_t params = 0;  // how many may differ from 0
};

inline Shape vector_shape(const Instruction& i) {
  Shape shape = {1, 4};
  shape.dtype = shape.source = shape.count = shape.scalar = true;
  shape.repeats = true;
  shape.mask = i.form == Form::repeat;
  shape.detail = 7;
  shape.flags = indices | by_scalar;
  shape.params = 8;
  return shape;
}

inline Shape shape_of(const Instruction& i) {
  Shape shape = {0, 0};
  switch (i.op) {
    case Op::copy_in:
    case Op::copy_out:
    case Op::copy_local:
      shape = {2, 2};
      shape.dtype = shape.count = shape.scalar = true;
      shape.detail = static_cast<uint8_t>(CopyForm::padded);
      shape.flags = pad;
      shape.params = 6;
      break;
    case Op::get_local:
    case Op::set_local:
    case Op::get_global:
    case Op::set_global:
      shape = {1, 1};
      shape.dtype = shape.scalar = true;
      break;
    case Op::matmul:
      shape = {3, 4};
      shape.dtype = shape.source = shape.count = shape.repeats = true;
      shape.detail = 255;
      shape.flags = transpose_a | transpose_b | has_bias;
      shape.params = 8;
      break;
    case Op::set_flag:
    case Op::wait_flag:
    case Op::fetch_event:
    case Op::alloc_event:
    case Op::release_event:
      shape.count = true;
      shape.detail = 255;  // events of the Cube too: check tells of them
      break;
    case Op::pipe_barrier:
      shape.detail = 255;
      break;
    case Op::init_queue:
    case Op::init_buffer:
      shape = {1, 1};
      shape.flags = in_place;
      shape.params = 6;
      break;
    case Op::queue_alloc:
    case Op::queue_enque:
    case Op::queue_deque:
    case Op::queue_free:
    case Op::get_buffer:
      shape = {1, 1};
      shape.params = 6;
      break;
    case Op::set_atomic:
      shape.dtype = true;
      shape.detail = static_cast<uint8_t>(Atomic::min);
      break;
    case Op::clean_cache:
      shape = {0, 1};
      shape.dtype = true;
      shape.detail = 255;
      break;
    case Op::assert_failed:
    case Op::red_zone:
    case Op::raw_pointer:
      shape = {0, 1};
      shape.dtype = shape.scalar = true;
      break;
    default:
      break;
  }
  return shape;
}

inline void require_operand(const Operand& operand) {
  require(operand.space <= Space::UB, "an operand lies in no space that is known");
  require(operand.position < 32, "an operand has no position that is known");
  require(!operand.reserved[0] && !operand.reserved[1], "an operand's reserved bytes are not 0");
}

// Throws Refused unless `i` has the shape of its operation. Its enumerators come from outside.
inline void require_shape(const Instruction& i, uint32_t files) {
  require(i.op > Op::none && i.op < Op::count_, "an operation is not known");
  require(i.dtype <= DType::f32 && i.source <= DType::f32, "a type is not known");
  require(i.form <= Form::counter, "a form is not known");
  require(is_vector(i.op) == (i.form != Form::none), "a form does not fit its operation");
  require(i.file <= files, "a file has no name");
  const Shape shape = is_vector(i.op) ? vector_shape(i) : shape_of(i);
  require(i.operands >= shape.least && i.operands <= shape.most,
          "operands are missing, or too many");
  require((shape.dtype || i.dtype == DType::none) && (shape.source || i.source == DType::none) &&
              (shape.repeats || !i.repeats) && (shape.count || !i.count) &&
              (shape.mask || (!i.mask[0] && !i.mask[1])) && (shape.scalar || !i.scalar) &&
              i.detail <= shape.detail && !(i.flags & ~shape.flags),
          "a field that the operation does not use is not 0");
  for (int n = shape.params; n < 8; ++n)
    require(i.param[n] == 0, "a parameter that the operation does not use is not 0");
  require(i.op != Op::pipe_barrier || i.detail < kPipes || i.detail == kAllPipes,
          "a pipe is not known");
  for (int n = 0; n < i.operands; ++n) require_operand(i.operand[n]);
}

}  // namespace npu::replay
