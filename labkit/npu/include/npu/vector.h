// Conventions of vector instructions (Op::add to Op::transpose), for who makes them and who runs
// them. Everything lies in UB; offsets below are of elements unless bytes are said.
//
// Common to all
//   dtype    type of dst, sources and scalar; `source` only where src0 has another (cast, axpy).
//   count    Form::count: that many elements. Form::repeat: the mask as a number, 0 if the student
//            gave bits; mask[] holds the bits in both cases. Form::counter: elements in all.
//   repeats  Form::repeat only (gather_mask: in both its forms).
//   A repeat is 256 bytes of the widest type; element e of it lies in block e * size / 32. Thus a
//   cast from half to float works on 64 elements a repeat, 4 blocks of src0 and 8 of dst.
//   Strides are in blocks of 32 bytes; an operation without some operand leaves its strides 0.
//
// Where an operation differs
//   adds … axpy, duplicate, compares: the scalar, as bits of `dtype`, in `scalar`.
//   shift_left, shift_right: the distance in `scalar`, as bits of `dtype`; shift_right rounds half
//   up where detail is 1 (roundEn).
//   cast                of int32 to half: the scale that multiplies, bits of a half, in `scalar`.
//   compare, compares   dtype is the sources' type; dst holds bits: bit e of the instruction's e-th
//                       element; a repeat writes 256 / size bits, without gaps. detail =
//                       Comparison.
//   select              extra = the mask's bits; detail = Selection. By Flag::by_scalar src1 is not
//                       there, and `scalar` stands for it.
//   whole_reduce_*      one result a repeat; param[kDstRepeat] counts results (sum: elements; max
//                       and min: what `detail` = Order makes one result). repeat_reduce_sum: same.
//   block_reduce_*      8 results a repeat; kDstRepeat counts 8 results.
//   pair_reduce_sum     half as many results as elements; kDstRepeat counts 128 bytes.
//   reduce_*            extra = work tensor; Form::count, or Form::repeat with kSrc0Repeat. With
//                       Flag::indices the index (as bits: u16 beside half, u32 beside float)
//                       follows the value.
//   brcb                Form::repeat, mask unused (0): each of 8 elements of src0 a repeat goes to
//                       one block.
//   gather              src1 = byte offsets (u32) from src0 + param[kGatherBase], one for each
//                       element. Form::count, or Form::repeat with kDstRepeat.
//   gather_mask         detail = pattern 1 to 7, or 0: bits in src1. Form::repeat (reduceMode
//                       false; mask unused) or Form::counter (true; count = elements a repeat);
//                       strides kSrc0Block, kSrc0Repeat, kSrc1Repeat. execute returns how many.
//   create_vec_index    `scalar` = the first value.
//   transpose           Form::count, count = 256: 16 x 16 elements of 2 bytes.
#pragma once

#include "npu/isa.h"

namespace npu {

constexpr bool is_vector(Op op) { return op >= Op::add && op <= Op::transpose; }

enum : int { kGatherBase = 6 };  // param[] of gather

// Values of `detail`, numbered as in the public API.
enum class Round : uint8_t { none, rint, floor, ceil, round, trunc, odd, count_ };
enum class Comparison : uint8_t { lt, gt, eq, le, ge, ne, count_ };
enum class Selection : uint8_t { one_mask, tensor_scalar, tensor_tensor, count_ };
enum class Order : uint8_t { value_index, index_value, only_value, only_index, count_ };

constexpr DType source_type(const Instruction& instruction) {
  return instruction.source == DType::none ? instruction.dtype : instruction.source;
}

// Whether a cast multiplies by the scale of SetDeqScale; then its mode means nothing.
constexpr bool scales(const Instruction& cast) {
  return source_type(cast) == DType::i32 && cast.dtype == DType::f16;
}

// Elements of a repeat: 256 bytes of the wider type.
constexpr uint32_t repeat_width(const Instruction& instruction) {
  uint32_t size = size_of(instruction.dtype);
  if (instruction.op != Op::gather_mask && size_of(source_type(instruction)) > size)
    size = size_of(source_type(instruction));
  return size ? kRepeat / size : 0;
}

}  // namespace npu
