// The trace: what the process of student code tells ours. A stream of frames after one header.
//
// Little-endian, no padding that is not zero. Whoever reads it believes nothing of it.
#pragma once

#include <cstdint>

#include "npu/isa.h"

namespace npu::trace {

inline constexpr char kMagic[8] = {'N', 'P', 'U', 'T', 'R', 'A', 'C', 'E'};
inline constexpr uint32_t kVersion = 1;

struct Header {
  char magic[8];
  uint32_t version;
  uint32_t reserved;
};

enum class Kind : uint32_t {
  file,         // text: name of a source file; the first is number 1 (0 = not known)
  alloc,        // Alloc
  release,      // u64 address
  host_write,   // u64 address, then the bytes that the host copied to GM
  host_fill,    // Fill
  host_copy,    // Copy: GM to GM
  host_read,    // Read: the host copied GM to itself: an output
  launch,       // Launch, then the kernel's name
  core,         // u32: the instructions that follow are of this block (GetBlockIdx)
  instruction,  // Instruction: its head, then as many operands as it has
  core_end,     // u32 End: the current block has ended
  launch_end,   // nothing
  fault,        // text: a mistake of the caller, e.g. "add_custom takes 4 arguments, 3 were given"
  end,          // nothing: the recording is whole
  count_
};

struct FrameHead {
  Kind kind;
  uint32_t bytes;  // that follow
};

struct Alloc {
  uint64_t address, bytes;
  uint32_t array;  // number of the caller's array, from 1: its bytes are what the caller gave; or 0
  uint32_t reserved;
};
struct Fill {
  uint64_t address, bytes;
  uint32_t value, reserved;
};
struct Copy {
  uint64_t target, source, bytes;
};
struct Read {
  uint64_t address, bytes;
  uint64_t digest;  // FNV-1a, 64 bits, of what the recording process read
};
struct Launch {
  uint32_t blocks, arguments;
  uint64_t tiling_key;
};
enum class End : uint32_t {
  returned,
  blocked,  // the kernel would wait for ever on the device: the last instruction says for what
};

inline constexpr uint32_t kMostText = 4096;       // of a file's or kernel's name, or a fault
inline constexpr uint32_t kMostBytes = 1u << 28;  // of one host_write frame

constexpr uint64_t fnv1a(const uint8_t* bytes, uint64_t count) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (uint64_t i = 0; i < count; ++i) hash = (hash ^ bytes[i]) * 0x100000001b3u;
  return hash;
}

}  // namespace npu::trace
