// Rules of vector instructions. What passes can run: `execute_vector` touches only the parts
// (parts.h), and each of these lies in the UB.
#pragma once

#include <cstring>

#include "npu/impl/accepted.h"
#include "npu/impl/operands.h"
#include "npu/impl/parts_of.h"
#include "npu/names.h"

namespace npu {

NPU_FUNCTION Fault check_cast(const Instruction& cast) {
  constexpr const char* rounds[] = {"CAST_NONE",  "CAST_RINT",  "CAST_FLOOR", "CAST_CEIL",
                                    "CAST_ROUND", "CAST_TRUNC", "CAST_ODD",   "CAST_HYBRID"};
  const char *from = type_name(source_type(cast)), *to = type_name(cast.dtype);
  if (!has_detail(cast))
    return broken("TYPE_UNSUPPORTED", false, "Cast of %s to %s does not know %s on 910B", from, to,
                  cast.detail < 8 ? rounds[cast.detail] : "this mode");
  if (scales(cast) && !cast.scalar)
    return broken("DEQ_SCALE_NOT_SET", false,
                  "Cast of %s to %s multiplies by the scale of SetDeqScale, which is not set", from,
                  to);
  return kNoFault;
}

NPU_FUNCTION Fault check_kind(const Instruction& instruction) {
  const char* name = api_name(instruction.op);
  if (!has_types(instruction)) {
    const bool known = instruction.dtype <= DType::f32 && instruction.source <= DType::f32;
    return broken("TYPE_UNSUPPORTED", false, "%s does not support %s on 910B", name,
                  known ? type_name(instruction.dtype) : "this type");
  }
  if (instruction.op == Op::cast) {
    const Fault fault = check_cast(instruction);
    if (fault.code) return fault;
  }
  if (!has_detail(instruction))
    return broken("TYPE_UNSUPPORTED", false, "%s of %s has no mode %u on 910B", name,
                  type_name(instruction.dtype), instruction.detail);
  if (!has_form(instruction))
    return broken("TYPE_UNSUPPORTED", false, "%s: no such form%s", name,
                  instruction.form == Form::counter ? ", with mask mode COUNTER" : "");
  return kNoFault;
}

NPU_FUNCTION Fault check_mask(const Instruction& instruction) {
  const uint32_t width = repeat_width(instruction);
  const Mask mask = {instruction.mask[0], instruction.mask[1]}, all = first_bits(width);
  const char* name = api_name(instruction.op);
  if (instruction.count > width) {
    Fault fault = broken("MASK_RANGE", false, "%s: a mask of %u, and a repeat has %u elements",
                         name, instruction.count, width);
    fault.runs = true;
    return fault;
  }
  if ((mask.low & ~all.low) | (mask.high & ~all.high))
    return broken("MASK_RANGE", true, "%s: the mask chooses beyond the %u elements of a repeat",
                  name, width);
  if (!chosen(mask))
    return broken("MASK_RANGE", true, "%s: the mask chooses no element, so nothing is done", name);
  return kNoFault;
}

// Numbers that parts_of relies on. A count is bounded so that sums of bytes cannot overflow.
NPU_FUNCTION Fault check_numbers(const Instruction& instruction, const Memory& memory) {
  const char* name = api_name(instruction.op);
  if (instruction.repeats > kMostRepeats && !reduces_all(instruction.op))
    return broken("REPEAT_RANGE", false, "%s: repeatTime is %u, at most %u are possible", name,
                  instruction.repeats, kMostRepeats);
  if (instruction.form != Form::repeat && instruction.count > memory.ub_bytes)
    return broken("UB_OOB", false, "%s of %u elements: the UB has %u bytes", name,
                  instruction.count, memory.ub_bytes);
  if (instruction.op == Op::gather_mask && instruction.param[kSrc0Block] != 1 &&
      looked_at(instruction) > repeat_width(instruction))
    return broken("MASK_RANGE", false, "%s: a mask of %u, and a repeat has %u elements", name,
                  instruction.count, repeat_width(instruction));
  if (instruction.form == Form::repeat && has_mask(instruction.op) && instruction.repeats)
    return check_mask(instruction);
  return kNoFault;
}

// The bytes from the operand's first element to the last one used. Of a gather's source only the
// first is looked at here: check_offsets has the rest.
NPU_FUNCTION Fault check_parts(const Instruction& instruction, const Memory& memory) {
  const Parts parts = parts_of(instruction);
  Fault first = kNoFault;
  for (int i = 0; i < parts.count; ++i) {
    const Part& part = parts.part[i];
    if (!part.grid.repeats) continue;
    const uint64_t bytes = end_of(part.grid, part.lane) - part.lane.address;
    const Fault fault =
        check_local(api_name(instruction.op), *part.operand, bytes, part.align, memory);
    if (fault.stops()) return fault;
    if (!first.code) first = fault;
  }
  return first;
}

NPU_FUNCTION Fault check_offset(const Instruction& instruction, uint64_t at, const Memory& memory) {
  const Operand& source = instruction.src0();
  const uint32_t size = size_of(instruction.dtype);
  const unsigned long long offset = at;
  if (at % size)
    return broken("UB_MISALIGNED", false, "Gather: offset %llu is not a multiple of %u", offset,
                  size);
  if (!within(source.address + at, size, 0, memory.ub_bytes))
    return broken("UB_OOB", false, "Gather: offset %llu is beyond the UB (%u bytes)", offset,
                  memory.ub_bytes);
  if (within(source.address + at, size, source.base, source.bytes)) return kNoFault;
  Fault fault = broken("UB_TENSOR_OOB", false, "Gather: offset %llu exceeds its source", offset);
  fault.runs = true;
  return fault;
}

// Offsets that the gather itself overwrites before it has read them could say anything.
NPU_FUNCTION bool spoils_offsets(const Instruction& gather) {
  const Parts parts = parts_of(gather);
  const Part &offsets = parts.part[parts.count - 2], &target = parts.part[parts.count - 1];
  const uint64_t begin = target.lane.address, from = offsets.lane.address;
  if (begin >= end_of(offsets.grid, offsets.lane) || from >= end_of(target.grid, target.lane))
    return false;
  return begin != from || !all_in_a_row(target.grid, &target.lane, 1);
}

// A gather reads where its offsets say.
NPU_FUNCTION Fault check_offsets(const Instruction& instruction, const Memory& memory) {
  if (spoils_offsets(instruction))
    return broken("OVERLAP", false, "Gather: its destination overlaps the offsets");
  const Grid grid = grid_of(instruction);
  const Lane offsets = in_a_row(instruction.src1().address, sizeof(uint32_t), grid.width);
  Fault worst = check_local("Gather", instruction.src0(), 0, kBlock, memory);
  each_run(grid, &offsets, 1, [&](uint32_t repeat, uint32_t first, uint32_t count) {
    for (uint32_t i = 0; i < count && !worst.stops(); ++i) {
      uint32_t offset;
      std::memcpy(&offset, memory.ub + place(offsets, repeat, first) + uint64_t(i) * 4, 4);
      const uint64_t at = uint64_t(offset) + instruction.param[kGatherBase];
      const Fault fault = check_offset(instruction, at, memory);
      if (fault.stops() || !worst.code) worst = fault;
    }
  });
  return worst;
}

// Compare by count works on whole repeats only.
NPU_FUNCTION Fault check_tail(const Instruction& instruction) {
  const uint32_t bytes = instruction.count * size_of(instruction.dtype);
  if (instruction.form != Form::count || !writes_bits(instruction.op) || bytes % kRepeat == 0)
    return kNoFault;
  return broken("COUNT_NOT_256", true,
                "%s of %u elements = %u B; only whole 256 B are compared, %u elements",
                api_name(instruction.op), instruction.count, bytes,
                bytes / kRepeat * kRepeat / size_of(instruction.dtype));
}

// A destination may be a source, or lie apart from it; told of elements in a row only.
NPU_FUNCTION Fault check_overlap(const Instruction& instruction) {
  const Parts parts = parts_of(instruction);
  const Part& target = parts.part[parts.count - 1];
  const uint64_t begin = target.lane.address, end = end_of(target.grid, target.lane);
  for (int i = 0; i + 1 < parts.count; ++i) {
    const Part& part = parts.part[i];
    const uint64_t from = part.lane.address, to = end_of(part.grid, part.lane);
    const bool rows = all_in_a_row(part.grid, &part.lane, 1);
    if (rows && from < end && begin < to && (from != begin || part.lane.size < target.lane.size))
      return broken("OVERLAP", true,
                    "%s: its destination [%llu,%llu) overlaps a source [%llu,%llu)",
                    api_name(instruction.op), static_cast<unsigned long long>(begin),
                    static_cast<unsigned long long>(end), static_cast<unsigned long long>(from),
                    static_cast<unsigned long long>(to));
  }
  return kNoFault;
}

// Brcb and Gather cannot work in place. What a Gather reads is for its offsets to say.
NPU_FUNCTION Fault check_apart(const Instruction& instruction) {
  const Parts parts = parts_of(instruction);
  const Part &source = parts.part[0], &target = parts.part[parts.count - 1];
  const uint64_t begin = target.lane.address, from = source.lane.address;
  if (!target.grid.repeats || begin >= end_of(source.grid, source.lane) ||
      from >= end_of(target.grid, target.lane) || (!source.exact && begin != from))
    return kNoFault;
  return broken("OVERLAP", true, "%s: its destination overlaps its source",
                api_name(instruction.op));
}

NPU_FUNCTION Fault check_warnings(const Instruction& instruction) {
  if (instruction.op == Op::brcb || instruction.op == Op::gather) return check_apart(instruction);
  const Fault fault = check_tail(instruction);
  if (fault.code || instruction.op >= Op::compare) return fault;
  const Parts parts = parts_of(instruction);
  const Part& target = parts.part[parts.count - 1];
  return all_in_a_row(target.grid, &target.lane, 1) ? check_overlap(instruction) : kNoFault;
}

NPU_FUNCTION Fault check_vector(const Instruction& instruction, const Memory& memory) {
  Fault fault = check_kind(instruction);
  if (!fault.code) fault = check_numbers(instruction, memory);
  if (fault.stops()) return fault;
  const Fault parts = check_parts(instruction, memory);
  if (parts.stops() || !fault.code) fault = parts;
  if (fault.stops()) return fault;
  if (instruction.op == Op::gather) {
    const Fault offsets = check_offsets(instruction, memory);
    if (offsets.code) return offsets;
  }
  return fault.code ? fault : check_warnings(instruction);
}

}  // namespace npu
