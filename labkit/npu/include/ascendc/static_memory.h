// Static tensors: UB given out by hand, without a TPipe.
#pragma once

#include "ascendc/pipe.h"

namespace AscendC {

template <Hardware hardware = Hardware::UB>
class LocalMemAllocator {
  static_assert(hardware == Hardware::UB, "Memories of the Cube are not in the course subset");

 public:
  template <TPosition position, typename T, uint32_t count>
  LocalTensor<T> Alloc(npu::Site site = npu::here()) {
    return take<T>(position, count, site);
  }
  template <typename T, uint32_t count>
  LocalTensor<T> Alloc(npu::Site site = npu::here()) {
    return take<T>(TPosition::VECCALC, count, site);
  }
  template <TPosition position, typename T>
  LocalTensor<T> Alloc(uint32_t count, npu::Site site = npu::here()) {
    return take<T>(position, count, site);
  }
  template <typename T>
  LocalTensor<T> Alloc(uint32_t count, npu::Site site = npu::here()) {
    return take<T>(TPosition::VECCALC, count, site);
  }
  uint32_t GetCurAddr() const { return static_cast<uint32_t>(npu::state().next); }

 private:
  template <typename T>
  static LocalTensor<T> take(TPosition position, uint32_t count, npu::Site site) {
    const uint64_t bytes = uint64_t{count} * sizeof(T);
    npu::LocalRange range = {0, npu::whole_blocks(bytes), 0, position, true};
    npu::init_buffer(static_cast<uint32_t>(bytes), position, range.base, site);
    return {range, bytes};
  }
};

// A kernel without TPipe begins with it: masks and modes are as a core starts with.
inline void InitSocState() {
  npu::CoreState& core = npu::state();
  core.mask[0] = core.mask[1] = ~uint64_t{0};
  core.counter = false;
}

}  // namespace AscendC
