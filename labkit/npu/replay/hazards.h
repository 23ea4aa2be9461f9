// Who may touch what when: an access needs all earlier ones of the same bytes, of which one writes,
// to be known as complete.
#pragma once

#include <cstring>
#include <vector>

#include "diagnostics.h"
#include "global.h"
#include "npu/access.h"
#include "npu/names.h"
#include "shadow.h"

namespace npu::replay {

inline const char* called(const Instruction& i) {
  const bool copies = i.op == Op::copy_in || i.op == Op::copy_out;
  return copies && i.detail == static_cast<uint8_t>(CopyForm::padded) ? "DataCopyPad"
                                                                      : api_name(i.op);
}

inline void poison_bytes(uint8_t* bytes, uint64_t address, uint64_t count) {
  for (uint64_t n = 0; n < count; ++n)
    bytes[n] = static_cast<uint8_t>(kPoison >> (address + n) % 4 * 8);
}

// The instruction that is looked at.
struct Actor {
  const Instruction& instruction;
  CoreTouch touch;
  std::array<uint32_t, kPipes> complete;  // of each pipe: the last instruction that is

  Actor(const Instruction& i, uint32_t core, Pipe pipe, uint32_t number, const Clock& known,
        bool atomic)
      : instruction(i), complete(known.of) {
    static_cast<Touch&>(touch) = {number, i.line, i.file, i.op, pipe};
    touch.core = core;
    touch.atomic = atomic;
    complete[index(Pipe::S)] = ~0u;  // S waits for whom it touches, and others for S
    if (pipe == Pipe::S) complete.fill(~0u);
    if (pipe == Pipe::V) complete[index(pipe)] = ~0u;  // the compiler puts barriers between
  }
  bool after(const Touch& other) const {
    return other.number <= complete[index(other.pipe)] ||
           (other.number == touch.number && other.pipe == touch.pipe);
  }
};

class Hazards {
 public:
  Hazards(Global& global, Diagnostics& told, uint32_t ub_bytes)
      : shadow(ub_bytes), global_(global), told_(told) {}

  Shadow shadow;

  // Looks at one access, and remembers it. Returns false if its data cannot be relied on.
  bool access(const Actor& actor, const Access& access) {
    touched_ = 0;
    global_.work(1 + access.bytes / kBytesOfStep);
    if (access.bytes == 0) return true;
    if (access.space == Space::GM)
      return access.write ? write_global(actor, access) : read_global(actor, access);
    return access.write ? write_local(actor, access) : read_local(actor, access);
  }

  // Pipes that touched the same bytes before, so that S must wait for them: bit p for pipe p.
  uint32_t touched() const { return touched_; }

  // After it ran: tells of other cores' bytes that it replaced. False if by others.
  bool compare(const Actor& actor);

 private:
  struct Conflict {
    CoreTouch other;
    uint64_t begin, end, base;
    std::vector<uint8_t> before;
  };
  using S = Severity;

  bool read_local(const Actor& actor, const Access& access);
  bool write_local(const Actor& actor, const Access& access);
  bool read_global(const Actor& actor, const Access& access);
  bool write_global(const Actor& actor, const Access& access);
  void uninitialised(const Actor& actor, const Access& access, uint64_t missing);
  bool race(const char* code, const Actor& actor, const Touch& other, const Access& access);
  void conflict(const Actor& actor, const CoreTouch& other, const char* did, uint64_t begin,
                uint64_t end, bool same);
  void mark(const Touch& other) {
    if (other.number) touched_ |= 1u << index(other.pipe);
  }

  Global& global_;
  Diagnostics& told_;
  std::vector<Conflict> conflicts_;
  uint32_t touched_ = 0;
};

// Returns false, unless it is told as a warning only.
inline bool Hazards::race(const char* code, const Actor& actor, const Touch& other,
                          const Access& access) {
  const Touch& self = actor.touch;
  const unsigned long long begin = access.address, end = begin + access.bytes;
  const bool global = access.space == Space::GM;
  const char* where = global ? "global memory" : "the Unified Buffer";
  if (self.pipe == other.pipe) {
    told_.tell(code, S::warning, self.place(), other.place(),
               "%s (pipe %s, line %u) writes bytes of %s that %s (line %u) writes too: no "
               "PipeBarrier<PIPE_%s>() between them",
               called(actor.instruction), name(self.pipe), self.line, where, api_name(other.op),
               other.line, name(self.pipe));
    return true;
  }
  char bytes[64] = "bytes";
  if (!global) snprintf(bytes, sizeof bytes, "bytes [%llu,%llu)", begin, end);
  told_.tell(code, S::error, self.place(), other.place(),
             "%s (pipe %s, line %u) %s %s of %s that %s (pipe %s, line %u) %s: no EnQue/DeQue or "
             "SetFlag/WaitFlag<HardEvent::%s> between them",
             called(actor.instruction), name(self.pipe), self.line,
             access.write ? "overwrites" : "reads", bytes, where, api_name(other.op),
             name(other.pipe), other.line, std::strcmp(code, "RACE_WAR") ? "writes" : "reads",
             name(event_between(other.pipe, self.pipe)));
  return false;
}

inline bool Hazards::read_local(const Actor& actor, const Access& access) {
  Touch unordered;
  uint64_t missing = 0;
  const Pipe pipe = actor.touch.pipe;
  const int reader = pipe == Pipe::V ? 0 : pipe == Pipe::MTE3 ? 1 : -1;
  shadow.each(access.address, access.address + access.bytes, [&](Cell& cell, uint32_t bytes) {
    if ((cell.written & bytes) != bytes)
      missing += static_cast<uint64_t>(__builtin_popcount(bytes & ~cell.written));
    if (!actor.after(cell.writer)) unordered = cell.writer;
    mark(cell.writer);
    if (reader >= 0) cell.readers[reader] = actor.touch;
  });
  if (unordered.number) return race("RACE_RAW", actor, unordered, access);
  if (missing && access.exact) uninitialised(actor, access, missing);
  return true;
}

// What a comparison reads behind the data that is there does no harm: its count is rounded up.
inline void Hazards::uninitialised(const Actor& actor, const Access& access, uint64_t missing) {
  const Op op = actor.instruction.op;
  const bool rounded = (op == Op::compare || op == Op::compares) && missing < access.bytes;
  told_.tell("UNINIT_READ", rounded ? S::warning : S::error, actor.touch.place(), {},
             "%s reads %llu B of the Unified Buffer that were never written, of bytes [%llu,%llu)",
             called(actor.instruction), static_cast<unsigned long long>(missing),
             static_cast<unsigned long long>(access.address),
             static_cast<unsigned long long>(access.address + access.bytes));
}

inline bool Hazards::write_local(const Actor& actor, const Access& access) {
  Touch writer, reader;
  shadow.each(access.address, access.address + access.bytes, [&](Cell& cell, uint32_t bytes) {
    if (!actor.after(cell.writer)) writer = cell.writer;
    mark(cell.writer);
    for (Touch& earlier : cell.readers) {
      if (!actor.after(earlier)) reader = earlier;
      mark(earlier);
      earlier = {};
    }
    cell.writer = actor.touch;
    cell.written |= bytes;
  });
  bool good = true;
  if (reader.number) good = race("RACE_WAR", actor, reader, access);
  if (writer.number && !reader.number) good = race("RACE_WAW", actor, writer, access) && good;
  return good;
}

inline void Hazards::conflict(const Actor& actor, const CoreTouch& other, const char* did,
                              uint64_t begin, uint64_t end, bool same) {
  told_.tell("GM_CORE_CONFLICT", same ? S::warning : S::error, actor.touch.place(), other.place(),
             "core %u %s bytes [%llu,%llu) of an array that core %u %s (line %u), with no SyncAll "
             "between%s",
             actor.touch.core, did, static_cast<unsigned long long>(begin),
             static_cast<unsigned long long>(end), other.core,
             other.op == Op::copy_in || other.op == Op::get_global ? "reads" : "writes", other.line,
             same ? ": the same bytes this time" : ": is the offset by GetBlockIdx() missing?");
}

inline bool Hazards::read_global(const Actor& actor, const Access& access) {
  Allocation& one = *global_.find(access.address, access.bytes);
  const uint64_t begin = access.address - one.address, end = begin + access.bytes;
  one.launch_read = true;
  if (!one.array)
    one.written.each_gap(begin, end, [&](uint64_t from, uint64_t to) {
      global_.work(1 + (to - from) / kBytesOfStep);
      poison_bytes(one.data + from, from, to - from);
      told_.tell("GM_UNINIT", S::warning, actor.touch.place(), {},
                 "%s reads bytes [%llu,%llu) of global memory that nobody ever wrote",
                 called(actor.instruction), static_cast<unsigned long long>(from),
                 static_cast<unsigned long long>(to));
    });
  bool good = true;
  const size_t before = one.touched.pieces();
  one.touched.each(begin, end, [&](uint64_t from, uint64_t to, GlobalCell& cell) {
    global_.work(1);
    if (cell.writer && cell.writer.core != actor.touch.core) {
      conflict(actor, cell.writer, "reads", from, to, false);
      good = false;
    } else if (!actor.after(cell.writer)) {
      good = race("RACE_RAW", actor, cell.writer, access) && good;
    }
    mark(cell.writer);
    if (cell.reader && cell.reader.core != actor.touch.core) cell.other_reader = cell.reader;
    cell.reader = actor.touch;
  });
  global_.cut(before, one.touched.pieces());
  return good;
}

inline bool Hazards::write_global(const Actor& actor, const Access& access) {
  Allocation& one = *global_.find(access.address, access.bytes);
  const uint64_t begin = access.address - one.address, end = begin + access.bytes;
  bool good = true;
  const size_t before = pieces_of(one);
  one.touched.each(begin, end, [&](uint64_t from, uint64_t to, GlobalCell& cell) {
    global_.work(1);
    const CoreTouch& writer = cell.writer;
    const bool both_atomic = writer.atomic && actor.touch.atomic;
    if (writer && writer.core != actor.touch.core && !both_atomic)
      conflicts_.push_back({writer, from, to, one.address, {one.data + from, one.data + to}});
    else if (!actor.after(writer) && !both_atomic)
      good = race("RACE_WAW", actor, writer, access) && good;
    mark(writer);
    for (const CoreTouch& reader : {cell.reader, cell.other_reader}) {
      if (reader && reader.core != actor.touch.core) {
        conflict(actor, reader, "writes", from, to, false);
        good = false;
      } else if (!actor.after(reader)) {
        good = race("RACE_WAR", actor, reader, access) && good;
      }
      mark(reader);
    }
  });
  GlobalCell now;
  now.writer = actor.touch;
  one.touched.set(begin, end, now);
  if (one.launch_written.empty()) one.launch_writer = actor.touch.place();
  one.launch_written.add(begin, end);
  global_.written(one, begin, end);
  global_.cut(before, pieces_of(one));
  return good;
}

inline bool Hazards::compare(const Actor& actor) {
  bool good = true;
  for (const Conflict& one : conflicts_) {
    const uint8_t* now = global_.at(one.base + one.begin, one.end - one.begin);
    const bool same = std::equal(one.before.begin(), one.before.end(), now);
    conflict(actor, one.other, "writes", one.begin, one.end, same);
    good = good && same;
  }
  conflicts_.clear();
  return good;
}

}  // namespace npu::replay
