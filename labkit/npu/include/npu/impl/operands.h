// Rules that operands obey whatever the operation: where a run of bytes may lie.
#pragma once

#include "npu/impl/fault.h"

namespace npu {

constexpr bool within(uint64_t address, uint64_t bytes, uint64_t begin, uint64_t size) {
  return address >= begin && bytes <= size && address - begin <= size - bytes;
}

// Checks `bytes` of UB from the operand's first element on; `name` = what the student called.
NPU_FUNCTION Fault check_local(const char* name, const Operand& operand, uint64_t bytes,
                               uint32_t alignment, const Memory& memory) {
  const unsigned long long begin = operand.address, end = begin + bytes;
  if (operand.space != Space::UB)
    return broken("TENSOR_NOT_SET", false, "%s: a LocalTensor was never given memory", name);
  if (begin % alignment)
    return broken("UB_MISALIGNED", false, "%s: UB address %llu is not a multiple of %u", name,
                  begin, alignment);
  if (!within(begin, bytes, 0, memory.ub_bytes))
    return broken("UB_OOB", false, "%s: bytes [%llu,%llu) exceed the UB (%u bytes)", name, begin,
                  end, memory.ub_bytes);
  if (within(begin, bytes, operand.base, operand.bytes)) return kNoFault;
  Fault fault = broken("UB_TENSOR_OOB", false,
                       "%s: bytes [%llu,%llu) of the UB exceed this LocalTensor, [%llu,%llu)", name,
                       begin, end, static_cast<unsigned long long>(operand.base),
                       static_cast<unsigned long long>(operand.base + operand.bytes));
  fault.runs = true;
  return fault;
}

// Checks `bytes` of GM from the operand's first element on, of `size` bytes each.
NPU_FUNCTION Fault check_global(const char* name, const Operand& operand, uint64_t bytes,
                                uint32_t size, Memory& memory) {
  // Told from where the GlobalTensor starts: addresses say nothing to the student.
  const long long begin = static_cast<long long>(operand.address - operand.base);
  const long long end = static_cast<long long>(operand.address - operand.base + bytes);
  if (operand.space != Space::GM)
    return broken("GM_NOT_SET", false, "%s: a GlobalTensor is used before SetGlobalBuffer", name);
  if (operand.address % size)
    return broken("GM_MISALIGNED", false, "%s: a GM address is not a multiple of the element's %u",
                  name, size);
  if (operand.address + bytes < operand.address || !memory.global(operand.address, bytes))
    return broken("GM_OOB", false,
                  "%s: bytes [%lld,%lld) of a GlobalTensor are outside any allocation", name, begin,
                  end);
  if (!operand.bytes || within(operand.address, bytes, operand.base, operand.bytes))
    return kNoFault;
  Fault fault =
      broken("GM_TENSOR_OOB", false,
             "%s: bytes [%lld,%lld) exceed this GlobalTensor (%llu bytes by SetGlobalBuffer)", name,
             begin, end, static_cast<unsigned long long>(operand.bytes));
  fault.runs = true;
  return fault;
}

}  // namespace npu
