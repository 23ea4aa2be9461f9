// What copies and scalar accesses do to memory.
#pragma once

#include <cstring>

#include "npu/execute.h"
#include "npu/half.h"
#include "npu/impl/copy_shape.h"
#include "npu/linkage.h"

namespace npu {

// Where the operand's first element lies in this process.
NPU_FUNCTION uint8_t* place_of(const Operand& operand, uint64_t bytes, Memory& memory) {
  return operand.space == Space::GM ? memory.global(operand.address, bytes)
                                    : memory.ub + operand.address;
}

NPU_FUNCTION void fill_elements(uint8_t* begin, const uint8_t* end, const uint8_t* element,
                                uint32_t size) {
  for (uint32_t i = 0; begin + i < end; ++i) begin[i] = element[i % size];
}

// Pads one block of DataCopyPad to 32 bytes. With padding on either side, all of it has that value;
// without, what fills up has the first element's, whatever isPad says.
NPU_FUNCTION void pad_block(const Instruction& copy, const CopyShape& shape, uint8_t* target) {
  const uint8_t* value = reinterpret_cast<const uint8_t*>(&copy.scalar);
  const bool asked = copy.param[kLeft] || copy.param[kRight];
  const uint32_t size = size_of(copy.dtype);
  uint8_t* moved = target + shape.left;
  fill_elements(target, moved, value, size);
  fill_elements(moved + shape.bytes, target + shape.row, asked ? value : moved, size);
}

template <typename T>
T combined(Atomic atomic, T old, T value) {
  switch (atomic) {
    case Atomic::max:
      return old < value ? value : old;
    case Atomic::min:
      return value < old ? value : old;
    default:
      return static_cast<T>(old + value);
  }
}

// Rounds once. A NaN has the same bits on all machines.
template <typename T, typename Wide>
T narrowed(Wide value) {
  if constexpr (std::is_same_v<T, half>) return bits_as<half>(half_of_float(value));
  if constexpr (std::is_same_v<T, float>) return value == value ? value : bits_as<T>(kFloatNan);
  return static_cast<T>(value);
}

// Computes in `Wide`, so wide that rounding its sums again to T is as rounding once.
template <typename T, typename Wide>
void combine_elements(Atomic atomic, uint8_t* target, const uint8_t* source, uint64_t bytes) {
  for (uint64_t i = 0; i + sizeof(T) <= bytes; i += sizeof(T)) {
    T old, value;
    std::memcpy(&old, target + i, sizeof(T));
    std::memcpy(&value, source + i, sizeof(T));
    const T result =
        narrowed<T>(combined(atomic, static_cast<Wide>(old), static_cast<Wide>(value)));
    std::memcpy(target + i, &result, sizeof(T));
  }
}

NPU_FUNCTION void combine(Atomic atomic, DType type, uint8_t* target, const uint8_t* source,
                          uint64_t bytes) {
  switch (type) {
    case DType::i8:
      return combine_elements<int8_t, int32_t>(atomic, target, source, bytes);
    case DType::i16:
      return combine_elements<int16_t, int32_t>(atomic, target, source, bytes);
    case DType::i32:
      return combine_elements<int32_t, int64_t>(atomic, target, source, bytes);
    case DType::f16:
      return combine_elements<half, float>(atomic, target, source, bytes);
    case DType::bf16:
      return combine_elements<bfloat16_t, float>(atomic, target, source, bytes);
    case DType::f32:
      return combine_elements<float, float>(atomic, target, source, bytes);
    default:
      return;
  }
}

NPU_FUNCTION void execute_data_copy(const Instruction& copy, Memory& memory, Atomic atomic,
                                    DType atomic_type) {
  const CopyShape shape = copy_shape(copy);
  if (shape.empty()) return;
  const uint8_t* source = place_of(copy.src0(), shape.source_extent(), memory);
  uint8_t* target = place_of(copy.dst(), shape.target_extent(), memory);
  const bool combines = copy.op == Op::copy_out && atomic != Atomic::none;
  for (uint64_t i = 0; i < shape.blocks; ++i) {
    const uint8_t* from = source + i * shape.source_step;
    uint8_t* to = target + i * shape.target_step;
    if (combines)
      combine(atomic, atomic_type, to, from, shape.bytes);
    else
      std::memmove(to + shape.left, from, shape.bytes);
    if (shape.row != shape.bytes) pad_block(copy, shape, to);
  }
}

// Returns the bits read, or 0.
NPU_FUNCTION uint64_t execute_element(const Instruction& access, Memory& memory) {
  const uint32_t size = size_of(access.dtype);
  uint8_t* place = place_of(access.dst(), size, memory);
  uint64_t bits = 0;
  if (access.op == Op::get_local || access.op == Op::get_global)
    std::memcpy(&bits, place, size);
  else
    std::memcpy(place, &access.scalar, size);
  return bits;
}

// raw_pointer gives the address in this process: worth something in the recording process only.
NPU_FUNCTION uint64_t execute_copy(const Instruction& instruction, Memory& memory, Atomic atomic,
                                   DType atomic_type) {
  switch (instruction.op) {
    case Op::copy_in:
    case Op::copy_out:
    case Op::copy_local:
      execute_data_copy(instruction, memory, atomic, atomic_type);
      return 0;
    case Op::get_local:
    case Op::get_global:
    case Op::set_local:
    case Op::set_global:
      return execute_element(instruction, memory);
    case Op::raw_pointer:
      return reinterpret_cast<uint64_t>(memory.ub + instruction.dst().address);
    default:
      return 0;
  }
}

}  // namespace npu
