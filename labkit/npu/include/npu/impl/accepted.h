// Which types each vector instruction has on a 910B.
#pragma once

#include "npu/vector.h"

namespace npu {

using Types = uint16_t;  // bit t: type t
constexpr Types only(DType type) { return static_cast<Types>(1u << static_cast<uint8_t>(type)); }
template <typename... More>
constexpr Types only(DType type, More... more) {
  return static_cast<Types>(only(type) | only(more...));
}

inline constexpr Types kFloats = only(DType::f16, DType::f32);
inline constexpr Types kNumbers = kFloats | only(DType::i16, DType::i32);
inline constexpr Types kShorts = only(DType::i16, DType::u16);
inline constexpr Types kShifted = kShorts | only(DType::i32, DType::u32);
inline constexpr Types kMoved = kNumbers | kShifted | only(DType::bf16);

// Types of dst; of the sources too, where they do not differ.
constexpr Types accepted(Op op) {
  switch (op) {
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::max:
    case Op::min:
    case Op::adds:
    case Op::muls:
    case Op::maxs:
    case Op::mins:
    case Op::create_vec_index:
      return kNumbers;
    case Op::bit_and:
    case Op::bit_or:
    case Op::bit_not:
      return kShorts;
    case Op::add_relu:
      return kFloats | only(DType::i16);
    case Op::relu:
    case Op::compare:
    case Op::compares:
      return kFloats | only(DType::i32);
    case Op::shift_left:
    case Op::shift_right:
      return kShifted;
    case Op::copy:
    case Op::duplicate:
    case Op::brcb:
    case Op::gather:
    case Op::gather_mask:
      return kMoved;
    case Op::transpose:
      return kShorts | only(DType::f16);
    default:
      return kFloats;
  }
}

// Types that Cast makes of one.
constexpr Types cast_from(DType source) {
  switch (source) {
    case DType::f16:
      return only(DType::f32, DType::i32, DType::i16, DType::i8, DType::u8);
    case DType::f32:
      return only(DType::f32, DType::f16, DType::bf16, DType::i64, DType::i32, DType::i16);
    case DType::bf16:
      return only(DType::f32, DType::i32);
    case DType::u8:
    case DType::i8:
      return only(DType::f16);
    case DType::i16:
      return kFloats;
    case DType::i32:
      return kFloats | only(DType::i64, DType::i16);
    case DType::i64:
      return only(DType::f32, DType::i32);
    default:
      return 0;
  }
}

// Ways to round, bit r: Round r. The five that say a direction; and without one, where the value
// stays or where that is the same as rint.
using Rounds = uint8_t;
inline constexpr Rounds kExact = 1u << static_cast<uint8_t>(Round::none), kDirected = 0x3e,
                        kToOdd = 1u << static_cast<uint8_t>(Round::odd);

// How Cast of a pair of cast_from rounds.
constexpr Rounds rounds_of(DType from, DType to) {
  switch (from) {
    case DType::f16:
      if (to == DType::f32) return kExact;
      return to == DType::i8 || to == DType::u8 ? kDirected | kExact : kDirected;
    case DType::f32:
      return to == DType::f16 ? kDirected | kExact | kToOdd : kDirected;
    case DType::bf16:
      return to == DType::f32 ? kExact : kDirected;
    case DType::i16:
      return to == DType::f16 ? kDirected | kExact : kExact;
    case DType::i32:
      if (to == DType::f16) return kDirected | kExact | kToOdd;  // none has an effect
      return to == DType::f32 ? kDirected | kExact : kExact;
    case DType::i64:
      return to == DType::f32 ? kDirected : kExact;
    default:
      return kExact;
  }
}

constexpr bool has_types(const Instruction& instruction) {
  if (instruction.dtype > DType::f32 || instruction.source > DType::f32) return false;
  const DType from = source_type(instruction), to = instruction.dtype;
  if (instruction.op == Op::cast) return cast_from(from) & only(to);
  if (!(accepted(instruction.op) & only(to))) return false;
  const bool widens = instruction.op == Op::axpy || instruction.op == Op::mul_add_dst;
  if (widens && from == DType::f16) return true;
  return from == to || instruction.op == Op::gather_mask;
}

// Int32 is only compared for being the same.
constexpr bool has_detail(const Instruction& instruction) {
  const uint8_t detail = instruction.detail;
  switch (instruction.op) {
    case Op::cast:
      return detail < static_cast<uint8_t>(Round::count_) &&
             (rounds_of(source_type(instruction), instruction.dtype) >> detail & 1);
    case Op::compare:
    case Op::compares:
      return instruction.dtype == DType::i32 ? detail == static_cast<uint8_t>(Comparison::eq)
                                             : detail < static_cast<uint8_t>(Comparison::count_);
    case Op::select:
      return detail < static_cast<uint8_t>(Selection::count_);
    case Op::whole_reduce_max:
    case Op::whole_reduce_min:
      return detail < static_cast<uint8_t>(Order::count_);
    case Op::gather_mask:
      return detail <= 7;
    case Op::shift_right:
      return detail <= 1;
    default:
      return true;
  }
}

constexpr bool has_form(const Instruction& instruction) {
  const Form form = instruction.form;
  switch (instruction.op) {
    case Op::transpose:
      return form <= Form::count;
    case Op::copy:  // whose mode COUNTER differs from all others'
      return form == Form::count || form == Form::repeat;
    case Op::brcb:
      return form == Form::repeat;
    case Op::gather_mask:
      return form == Form::repeat || form == Form::counter;
    case Op::whole_reduce_sum:
    case Op::whole_reduce_max:
    case Op::whole_reduce_min:
    case Op::block_reduce_sum:
    case Op::block_reduce_max:
    case Op::block_reduce_min:
    case Op::pair_reduce_sum:
    case Op::repeat_reduce_sum:
      return form == Form::repeat || form == Form::counter;
    default:
      return form >= Form::count && form <= Form::counter;
  }
}

}  // namespace npu
