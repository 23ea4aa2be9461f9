// Global memory, as our process has it: allocations at the recording process's addresses, who
// touched them since all cores last met, and what was ever written.
#pragma once

#include <sys/mman.h>

#include <map>
#include <utility>
#include <vector>

#include "intervals.h"
#include "npu/memory.h"
#include "npu/poison.h"
#include "refused.h"
#include "shadow.h"

namespace npu::replay {

struct CoreTouch : Touch {
  uint32_t core = 0;
  bool atomic = false;

  explicit operator bool() const { return number != 0; }
};

struct GlobalCell {
  CoreTouch writer;
  CoreTouch reader;        // the last one
  CoreTouch other_reader;  // the last one of another core than `reader`
};

struct Array {             // of the caller
  uint64_t offset, bytes;  // in the image
  uint8_t* data = nullptr;
  bool written = false;
  bool taken = false;
};

inline constexpr uint64_t kBytesOfStep = 512;  // that are looked at, filled or moved in a step

struct Allocation {
  uint64_t address, bytes;
  uint32_t array;
  uint8_t* data;
  RangeMap<GlobalCell> touched;  // since all cores last met
  Ranges written;                // ever; not kept of arrays, whose bytes the caller gave
  Ranges launch_written;         // by the launch that runs
  Place launch_writer;           // who did so first
  bool launch_read = false;
};

inline size_t pieces_of(const Allocation& one) {
  return one.touched.pieces() + one.launch_written.pieces() + one.written.pieces();
}

class Global {
 public:
  Global(int image, std::vector<Array> arrays, uint64_t most)
      : arrays_(std::move(arrays)), most_(most) {
    for (Array& array : arrays_)
      array.data = map(array.bytes, MAP_PRIVATE, image, static_cast<off_t>(array.offset));
  }

  void allocate(uint64_t address, uint64_t bytes, uint32_t array) {
    require(array <= arrays_.size(), "an allocation is of an array that was not given");
    require(array == 0 || arrays_[array - 1].bytes == bytes, "an array has another size");
    require(bytes <= most_ - held_ && count_++ < kMostAllocations, "more memory than the chip has");
    require(address % 512 == 0 && address >= kPage && address <= kHighest,
            "an allocation is at an address that cannot be");
    const auto next = all_.lower_bound(address);
    require((next == all_.end() || next->first >= address + bytes + kRedZone) &&
                (next == all_.begin() || end_of(std::prev(next)->second) + kRedZone <= address),
            "an allocation overlaps another");
    if (array) require(!std::exchange(arrays_[array - 1].taken, true), "an array is taken twice");
    held_ += bytes;
    const bool poisoned = array == 0 && held_ <= kMostPoisoned;
    if (poisoned) work(bytes / 16);
    Allocation& made = all_[address];
    made.address = address;
    made.bytes = bytes;
    made.array = array;
    made.data = array ? arrays_[array - 1].data : map(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (poisoned) fill_poison(made.data, bytes);
  }

  void release(uint64_t address) {
    const auto found = all_.find(address);
    require(found != all_.end() && found->second.array == 0, "what is freed was never allocated");
    const Allocation& one = found->second;
    munmap(one.data, mapped(one.bytes));
    pieces_ -= pieces_of(one);
    held_ -= found->second.bytes;
    all_.erase(found);
    last_ = nullptr;
  }

  // Returns the allocation that holds all of [address, address + bytes), or null.
  Allocation* find(uint64_t address, uint64_t bytes) {
    if (last_ && holds(*last_, address, bytes)) return last_;
    auto after = all_.upper_bound(address);
    if (after == all_.begin()) return nullptr;
    Allocation& found = std::prev(after)->second;
    return holds(found, address, bytes) ? last_ = &found : nullptr;
  }

  // As `find`, for the host's own accesses: the recording process would have refused others.
  Allocation& need(uint64_t address, uint64_t bytes) {
    Allocation* found = find(address, bytes);
    require(found, "the host reaches outside of what it allocated");
    return *found;
  }

  uint8_t* at(uint64_t address, uint64_t bytes) {
    Allocation* found = find(address, bytes);
    return found ? found->data + (address - found->address) : nullptr;
  }

  // Somebody writes [begin, end) of an allocation.
  void written(Allocation& one, uint64_t begin, uint64_t end) {
    if (one.array)
      arrays_[one.array - 1].written = true;
    else
      one.written.add(begin, end);
  }

  std::map<uint64_t, Allocation>& all() { return all_; }
  const std::vector<Array>& arrays() const { return arrays_; }

  // Counts what the replay does, each some nanoseconds: a trace must not keep it for hours.
  void work(uint64_t steps) {
    require((steps_ += steps) <= kMostSteps, "it takes too long to replay");
  }

  // Counts parts that accesses cut allocations into.
  void cut(size_t before, size_t after) {
    pieces_ += after - before;
    require(pieces_ <= kMostPieces, "global memory is touched in too many pieces");
  }

  // All cores have met: nobody's accesses from before can be in the way of those to come.
  void meet() {
    work(all_.size());
    for (auto& [_, one] : all_) {
      pieces_ -= one.touched.pieces();
      one.touched.clear();
    }
  }

  // A launch begins.
  void launch() {
    meet();
    for (auto& [_, one] : all_) {
      one.launch_read = false;
      pieces_ -= one.launch_written.pieces();
      one.launch_written.clear();
    }
  }

 private:
  static constexpr uint64_t kPage = 4096, kRedZone = 64, kHighest = uint64_t{1} << 56;
  static constexpr uint32_t kMostAllocations = 1 << 20;
  static constexpr uint64_t kMostSteps = uint64_t{1} << 31, kMostPieces = uint64_t{1} << 22;

  static uint64_t end_of(const Allocation& one) { return one.address + one.bytes; }
  static uint64_t mapped(uint64_t bytes) { return std::max(bytes, kPage); }
  static bool holds(const Allocation& one, uint64_t address, uint64_t bytes) {
    return address >= one.address && address - one.address <= one.bytes &&
           bytes <= one.bytes - (address - one.address);
  }

  static uint8_t* map(uint64_t bytes, int flags, int file, off_t offset) {
    void* got =
        mmap(nullptr, mapped(bytes), PROT_READ | PROT_WRITE, flags | MAP_NORESERVE, file, offset);
    require(got != MAP_FAILED, "there is no memory for an allocation");
    return static_cast<uint8_t*>(got);
  }

  std::vector<Array> arrays_;
  uint64_t most_, held_ = 0;
  uint64_t steps_ = 0, pieces_ = 0;
  uint32_t count_ = 0;
  std::map<uint64_t, Allocation> all_;  // by address
  Allocation* last_ = nullptr;
};

}  // namespace npu::replay
