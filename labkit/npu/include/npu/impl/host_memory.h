// What the host does with global memory, and the frames that tell of it.
#pragma once

#include "npu/impl/world.h"

namespace npu {

NPU_FUNCTION void record_alloc(const Allocation& made, uint64_t bytes, uint32_t array) {
  const trace::Alloc alloc = {Arena::address_of(made.data), bytes, array, 0};
  world().record(trace::Kind::alloc, &alloc, sizeof alloc);
}

// While it lives, this process reaches global memory; host code by itself cannot.
class Reaching {
 public:
  Reaching() {
    if (world().reaching++ == 0) world().arena.reach(true);
  }
  ~Reaching() {
    if (--world().reaching == 0) world().arena.reach(false);
  }
  Reaching(const Reaching&) = delete;
  Reaching& operator=(const Reaching&) = delete;
};

// The host copied `bytes` at `source` to GM at `target`.
NPU_FUNCTION void record_write(const uint8_t* target, const uint8_t* source, uint64_t bytes) {
  constexpr uint64_t kPart = trace::kMostBytes / 4;
  for (uint64_t done = 0; done < bytes; done += kPart) {
    const uint64_t address = Arena::address_of(target + done);
    const uint64_t part = bytes - done < kPart ? bytes - done : kPart;
    world().record(trace::Kind::host_write, &address, sizeof address, source + done, part);
  }
}

// The host read `bytes` of GM at `source`.
NPU_FUNCTION void record_read(const uint8_t* source, uint64_t bytes) {
  if (!world().recorder.on()) return;
  const trace::Read read = {Arena::address_of(source), bytes, trace::fnv1a(source, bytes)};
  world().record(trace::Kind::host_read, &read, sizeof read);
}

// Allocates GM for the host, or returns null: no more than the chip has.
NPU_FUNCTION uint8_t* allocate(uint64_t bytes) {
  World& the = world();
  const Reaching reaching;
  if (bytes > the.chip.hbm_bytes - the.arena.total()) return nullptr;
  const Allocation* made = the.arena.allocate(bytes);
  if (!made) return nullptr;
  record_alloc(*made, bytes, 0);
  return made->data;
}

NPU_FUNCTION bool release(void* data) {
  if (!world().arena.release(data)) return false;
  const uint64_t address = Arena::address_of(data);
  world().record(trace::Kind::release, &address, sizeof address);
  return true;
}

NPU_FUNCTION uint8_t* make_workspace(uint64_t bytes) {
  uint8_t* made = allocate(bytes);
  if (!made) fault("no memory is left for a workspace");
  return made;
}

// Memory of GmAlloc is the host's too: what the host wrote since the last launch is told before
// the next one, and what a launch left there after it.
NPU_FUNCTION void write_shared() {
  for (auto& [address, one] : world().arena.all()) {
    if (!one.shared) continue;
    const uint64_t digest = trace::fnv1a(one.data, one.bytes);
    if (digest != one.known) record_write(one.data, one.data, one.bytes);
  }
}

NPU_FUNCTION void read_shared() {
  for (auto& [address, one] : world().arena.all()) {
    if (!one.shared) continue;
    one.known = trace::fnv1a(one.data, one.bytes);
    record_read(one.data, one.bytes);
  }
}

}  // namespace npu
