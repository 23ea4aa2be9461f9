// Global memory of the recording process: each allocation has its own pages at addresses that are
// the same on each run, between red zones that tell who wrote past its ends by a plain pointer.
#pragma once

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <map>

#include "npu/poison.h"

namespace npu {

struct Allocation {
  uint8_t* data;
  uint64_t bytes;
  uint8_t* pages;
  uint64_t page_bytes;
  bool shared;     // of GmAlloc: the host reads and writes it by plain pointers
  uint64_t known;  // shared: digest of what the trace says it holds
};

class Arena {
 public:
  // Returns an allocation of `bytes`, which nobody has written, or null where the system has
  // no memory. `file` >= 0: it holds the file's bytes from `offset` on, privately.
  Allocation* allocate(uint64_t bytes, int file = -1, uint64_t offset = 0) {
    const uint64_t held = round_up(bytes + kCanary, kPage);
    uint8_t* pages = map(kPage + held);
    if (!pages) return nullptr;
    uint8_t* data = pages + kPage;
    if (file >= 0 && !load(data, bytes, file, offset)) {
      munmap(pages, kPage + held);
      return nullptr;
    }
    total_ += bytes;
    if (file < 0 && total_ <= kMostPoisoned) fill_poison(data, bytes);
    Allocation made = {data, bytes, pages, kPage + held, false, 0};
    draw(made);
    return &(all_[address_of(data)] = made);
  }

  // Frees what starts at `data`; false if nothing does.
  bool release(const void* data) {
    const auto found = all_.find(address_of(data));
    if (found == all_.end()) return false;
    munmap(found->second.pages, found->second.page_bytes);
    total_ -= found->second.bytes;
    all_.erase(found);
    return true;
  }

  // Returns the allocation that holds all of [address, address + bytes), or null.
  Allocation* find(uint64_t address, uint64_t bytes) {
    auto after = all_.upper_bound(address);
    if (after == all_.begin()) return nullptr;
    Allocation& found = (--after)->second;
    const uint64_t offset = address - address_of(found.data);
    return offset <= found.bytes && bytes <= found.bytes - offset ? &found : nullptr;
  }

  // Lets this process reach what only the device can, or not: all but shared memory.
  void reach(bool may) {
    for (auto& [address, one] : all_)
      if (!one.shared)
        mprotect(one.pages, one.page_bytes, may ? PROT_READ | PROT_WRITE : PROT_NONE);
  }

  // Calls `visit(address)` for each red zone that was written to, and makes it whole again.
  template <typename Visit>
  void each_broken(Visit&& visit) {
    for (auto& [address, one] : all_) {
      const uint64_t at = broken(one);
      if (!at) continue;
      draw(one);
      visit(at);
    }
  }

  std::map<uint64_t, Allocation>& all() { return all_; }
  uint64_t total() const { return total_; }

  static uint64_t address_of(const void* data) { return reinterpret_cast<uint64_t>(data); }

 private:
  static constexpr uint64_t kStart = 0x100000000000;
  static constexpr uint64_t kPage = 65536;  // a multiple of every system's
  static constexpr uint64_t kCanary = 512;
  static constexpr uint8_t kMark = 0xC5;

  static constexpr uint64_t round_up(uint64_t n, uint64_t unit) {
    return (n + unit - 1) / unit * unit;
  }

  // A gap without pages follows, so that an access far behind the end stops the process.
  uint8_t* map(uint64_t bytes) {
    void* wanted = reinterpret_cast<void*>(next_);
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void* got = mmap(wanted, bytes, PROT_READ | PROT_WRITE, flags | MAP_FIXED_NOREPLACE, -1, 0);
    if (got == MAP_FAILED) got = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (got == MAP_FAILED) return nullptr;
    next_ += bytes + kPage;
    return static_cast<uint8_t*>(got);
  }

  // Maps the file's pages rather than copy them; its bytes behind the array become a red zone.
  static bool load(uint8_t* data, uint64_t bytes, int file, uint64_t offset) {
    struct stat info;
    const bool known = !fstat(file, &info);
    const auto size = known ? static_cast<uint64_t>(info.st_size) : 0;
    if (offset > size || bytes > size - offset) return false;
    if (bytes == 0) return true;
    const auto start = static_cast<off_t>(offset);
    return mmap(data, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, file,
                start) != MAP_FAILED ||
           copy(data, bytes, file, start);
  }

  // Where pages are larger than 4096 bytes, an array may begin within one.
  static bool copy(uint8_t* data, uint64_t bytes, int file, off_t start) {
    for (uint64_t done = 0; done < bytes;) {
      const ssize_t got = pread(file, data + done, bytes - done, start + static_cast<off_t>(done));
      if (got <= 0) return false;
      done += static_cast<uint64_t>(got);
    }
    return true;
  }

  static void draw(const Allocation& one) {
    std::memset(one.data - kCanary, kMark, kCanary);
    std::memset(one.data + one.bytes, kMark, kCanary);
  }

  // Returns the address of a byte that was written outside of the allocation, or 0.
  static uint64_t broken(const Allocation& one) {
    uint8_t whole[kCanary];
    std::memset(whole, kMark, kCanary);
    if (!std::memcmp(one.data - kCanary, whole, kCanary) &&
        !std::memcmp(one.data + one.bytes, whole, kCanary))
      return 0;
    for (uint64_t i = 0; i < kCanary; ++i)
      if (one.data[one.bytes + i] != kMark) return address_of(one.data + one.bytes + i);
    for (uint64_t i = 1; i <= kCanary; ++i)
      if (*(one.data - i) != kMark) return address_of(one.data - i);
    return 0;
  }

  std::map<uint64_t, Allocation> all_;
  uint64_t next_ = kStart, total_ = 0;
};

}  // namespace npu
