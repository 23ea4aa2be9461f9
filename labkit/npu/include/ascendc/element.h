// An element of a tensor, as tensor(i) gives it: reading and writing it are instructions.
#pragma once

#include "ascendc/types.h"
#include "npu/core.h"

namespace npu {

// Reads or writes one element of `dtype` at `element`; `bits` is what is written.
inline uint64_t access_element(Op op, DType dtype, const Operand& element, uint64_t bits,
                               Site site) {
  Instruction instruction = {};
  instruction.op = op;
  instruction.operands = 1;
  instruction.dtype = dtype;
  instruction.scalar = bits;
  instruction.operand[0] = element;
  return issue(instruction, site);
}

template <typename T>
T read_element(bool global, const Operand& element, Site site) {
  const Op op = global ? Op::get_global : Op::get_local;
  return value_of<T>(access_element(op, type_of<T>(), element, 0, site));
}

template <typename T>
void write_element(bool global, const Operand& element, T value, Site site) {
  const Op op = global ? Op::set_global : Op::set_local;
  access_element(op, type_of<T>(), element, bits_of(value), site);
}

template <typename T>
class Element {
 public:
  Element(bool global, const Operand& place, Site site)
      : place_(place), site_(site), global_(global) {}
  Element(const Element&) = default;

  operator T() const { return read_element<T>(global_, place_, site_); }
  Element& operator=(const T& value) {
    write_element<T>(global_, place_, value, site_);
    return *this;
  }
  Element& operator=(const Element& other) { return *this = static_cast<T>(other); }
  Element& operator+=(const T& value) { return *this = static_cast<T>(T(*this) + value); }
  Element& operator-=(const T& value) { return *this = static_cast<T>(T(*this) - value); }
  Element& operator*=(const T& value) { return *this = static_cast<T>(T(*this) * value); }
  Element& operator/=(const T& value) { return *this = static_cast<T>(T(*this) / value); }

 private:
  Operand place_;
  Site site_;
  bool global_;
};

}  // namespace npu
