// Rules of copies, scalar accesses, events and modes.
#pragma once

#include "npu/impl/copy_shape.h"
#include "npu/impl/operands.h"
#include "npu/names.h"

namespace npu {

inline constexpr uint32_t kMostCopyBlocks = 4095;
inline constexpr uint32_t kMostBlockLength = 65535;          // in 32 bytes
inline constexpr uint32_t kMostPaddedLength = 2097151;       // in bytes
inline constexpr uint32_t kMostPadding = 32;                 // in bytes
inline constexpr uint32_t kUserEvents = 6;                   // 6 and 7 are the system's
enum : uint8_t { kVecIn = 9, kVecOut = 10, kVecCalc = 11 };  // TPosition

NPU_FUNCTION const char* copy_name(const Instruction& copy) {
  return copy.detail == static_cast<uint8_t>(CopyForm::padded) ? "DataCopyPad" : "DataCopy";
}

NPU_FUNCTION Fault check_copy_numbers(const Instruction& copy) {
  const bool padded = copy.detail == static_cast<uint8_t>(CopyForm::padded);
  const uint32_t* param = copy.param;
  const uint32_t most = padded ? kMostPaddedLength : kMostBlockLength;
  const uint32_t size = size_of(copy.dtype);
  const char* name = copy_name(copy);
  if (param[kBlocks] > kMostCopyBlocks)
    return broken("COPY_PARAM", false, "%s: blockCount is %u, 1 to %u are possible", name,
                  param[kBlocks], kMostCopyBlocks);
  if (param[kLength] > most)
    return broken("COPY_PARAM", false, "%s: blockLen is %u, 1 to %u are possible", name,
                  param[kLength], most);
  if (copy.scalar && size == sizeof(uint64_t) && (copy.flags & Flag::pad))
    return broken("COPY_PARAM", false, "%s: elements of 64 bits can only be padded with 0", name);
  const uint32_t padding = param[kLeft] > param[kRight] ? param[kLeft] : param[kRight];
  if (padding > kMostPadding / size)
    return broken("COPY_PARAM", false, "%s: padding of %u elements is more than 32 bytes", name,
                  padding);
  if (padded && param[kLength] % size)
    return broken("COPY_PARAM", true, "%s: blockLen is %u bytes, no multiple of the element's %u",
                  name, param[kLength], size);
  return kNoFault;
}

// The first rule that the form's own numbers break.
NPU_FUNCTION Fault check_copy_form(const Instruction& copy) {
  if (copy.dtype == DType::none || copy.dtype > DType::f32 ||
      copy.detail > static_cast<uint8_t>(CopyForm::padded) ||
      (copy.detail == static_cast<uint8_t>(CopyForm::padded) && copy.op == Op::copy_local))
    return broken("TYPE_UNSUPPORTED", false, "DataCopy: no such type or form");
  if (copy.detail != static_cast<uint8_t>(CopyForm::by_count)) return check_copy_numbers(copy);
  const uint64_t bytes = uint64_t{copy.count} * size_of(copy.dtype);
  if (bytes % kBlock == 0) return kNoFault;
  Fault fault =
      broken("COPY_NOT_32B", false,
             "DataCopy of %u elements = %llu B; hardware moves only %llu B. Use DataCopyPad",
             copy.count, static_cast<unsigned long long>(bytes),
             static_cast<unsigned long long>(bytes / kBlock * kBlock));
  fault.runs = true;
  return fault;
}

NPU_FUNCTION Fault check_copy_places(const Instruction& copy, Memory& memory) {
  const CopyShape shape = copy_shape(copy);
  const char* name = copy_name(copy);
  const bool padded = copy.detail == static_cast<uint8_t>(CopyForm::padded);
  const uint32_t size = padded ? 1 : size_of(copy.dtype);  // DataCopyPad takes any GM address
  if (shape.empty()) return kNoFault;
  const Fault target = copy.op == Op::copy_out
                           ? check_global(name, copy.dst(), shape.target_extent(), size, memory)
                           : check_local(name, copy.dst(), shape.target_extent(), kBlock, memory);
  if (target.stops()) return target;
  const Fault source = copy.op == Op::copy_in
                           ? check_global(name, copy.src0(), shape.source_extent(), size, memory)
                           : check_local(name, copy.src0(), shape.source_extent(), kBlock, memory);
  return source.stops() || !target.code ? source : target;
}

// DataCopy in belongs to VECIN, out to VECOUT; VECCALC is the student's own affair. DataCopyPad is
// documented for both, both ways.
NPU_FUNCTION Fault check_copy_positions(const Instruction& copy) {
  if (copy.detail == static_cast<uint8_t>(CopyForm::padded)) return kNoFault;
  if (copy.op == Op::copy_in && copy.dst().position == kVecOut)
    return broken("POSITION", true, "%s: a VECOUT tensor is the target of a copy from GM",
                  copy_name(copy));
  if (copy.op == Op::copy_out && copy.src0().position == kVecIn)
    return broken("POSITION", true, "%s: a VECIN tensor is the source of a copy to GM",
                  copy_name(copy));
  return kNoFault;
}

NPU_FUNCTION Fault check_data_copy(const Instruction& copy, Memory& memory) {
  const Fault form = check_copy_form(copy);
  if (form.stops()) return form;
  const Fault places = check_copy_places(copy, memory);
  if (places.stops() || !form.code) return places.code ? places : check_copy_positions(copy);
  return form;
}

// One element, read or written by the scalar unit.
NPU_FUNCTION Fault check_element(const Instruction& access, Memory& memory) {
  const bool writes = access.op == Op::set_local || access.op == Op::set_global;
  const bool local = access.op == Op::get_local || access.op == Op::set_local;
  const char* name = writes ? "SetValue" : "GetValue";
  if (access.dtype == DType::none || access.dtype > DType::f32)
    return broken("TYPE_UNSUPPORTED", false, "%s: no such type", name);
  const uint32_t size = size_of(access.dtype);
  return local ? check_local(name, access.dst(), size, size, memory)
               : check_global(name, access.dst(), size, size, memory);
}

NPU_FUNCTION Fault check_event(const Instruction& event) {
  const char* name = api_name(event.op);
  if (event.detail >= static_cast<uint8_t>(Event::count_))
    return broken("EVENT_ID_RANGE", false, "%s: a vector core has no such event", name);
  if (event.op == Op::alloc_event && event.count >= kEvents)
    return broken("EVENT_ID_EXHAUSTED", false, "%s: all %u ids of this event are in use", name,
                  kEvents);
  if (event.count >= kEvents)
    return broken("EVENT_ID_RANGE", false, "%s: event id %d, only 0 to %u exist", name,
                  static_cast<int32_t>(event.count), kEvents - 1);
  const bool flag = event.op == Op::set_flag || event.op == Op::wait_flag;
  if (flag && event.count >= kUserEvents)
    return broken("EVENT_ID_RANGE", true, "%s: event ids 6 and 7 are reserved, %u was used", name,
                  event.count);
  return kNoFault;
}

NPU_FUNCTION Fault check_atomic(const Instruction& mode) {
  if (mode.detail > static_cast<uint8_t>(Atomic::min))
    return broken("TYPE_UNSUPPORTED", false, "SetAtomic: no such operation");
  if (mode.detail == static_cast<uint8_t>(Atomic::none)) return kNoFault;
  switch (mode.dtype) {
    case DType::i8:
    case DType::i16:
    case DType::i32:
    case DType::f16:
    case DType::bf16:
    case DType::f32:
      return kNoFault;
    default:
      return broken("TYPE_UNSUPPORTED", false,
                    "SetAtomic: the type must be int8_t, int16_t, int32_t, half, bfloat16_t or "
                    "float");
  }
}

NPU_FUNCTION Fault check_copy(const Instruction& instruction, Memory& memory) {
  switch (instruction.op) {
    case Op::copy_in:
    case Op::copy_out:
    case Op::copy_local:
      return check_data_copy(instruction, memory);
    case Op::get_local:
    case Op::set_local:
    case Op::get_global:
    case Op::set_global:
      return check_element(instruction, memory);
    case Op::set_flag:
    case Op::wait_flag:
    case Op::fetch_event:
    case Op::alloc_event:
    case Op::release_event:
      return check_event(instruction);
    case Op::set_atomic:
      return check_atomic(instruction);
    case Op::raw_pointer:
      return check_local("GetPhyAddr", instruction.dst(), 0, 1, memory);
    default:
      return kNoFault;
  }
}

}  // namespace npu
