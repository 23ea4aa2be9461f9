// GlobalTensor: elements in global memory.
#pragma once

#include "ascendc/element.h"

namespace AscendC {

enum class CacheMode : uint8_t {
  CACHE_MODE_DISABLE,
  CACHE_MODE_NORMAL,
  CACHE_MODE_LAST,
  CACHE_MODE_PERSISTENT
};
enum class CacheRwMode : uint8_t { READ = 1, WRITE, RW };

template <typename T>
class GlobalTensor {
 public:
  using PrimType = T;

  // `count` elements at `buffer`; without it how many there are is not known, nor checked.
  void SetGlobalBuffer(__gm__ T* buffer, uint64_t count = 0) {
    base_ = address_ = reinterpret_cast<uint64_t>(buffer);
    count_ = count;
    given_ = true;
  }

  npu::Operand operand(uint64_t offset = 0) const {
    npu::Operand operand = {};
    if (!given_) return operand;
    operand.address = address_ + offset * sizeof(T);
    operand.base = base_;
    operand.bytes = count_ * sizeof(T);
    operand.space = npu::Space::GM;
    return operand;
  }

  GlobalTensor operator[](uint64_t offset) const {
    GlobalTensor slice = *this;
    slice.address_ += offset * sizeof(T);
    return slice;
  }
  npu::Element<T> operator()(uint64_t index, npu::Site site = npu::here()) const {
    return {true, operand(index), site};
  }
  T GetValue(uint64_t index, npu::Site site = npu::here()) const {
    return npu::read_element<T>(true, operand(index), site);
  }
  void SetValue(uint64_t index, T value, npu::Site site = npu::here()) const {
    npu::write_element<T>(true, operand(index), value, site);
  }

  uint64_t GetSize() const { return count_; }
  __gm__ T* GetPhyAddr(uint64_t offset = 0) const {
    return reinterpret_cast<T*>(address_) + offset;
  }
  // The machine has no model of the L2 cache.
  template <CacheRwMode mode = CacheRwMode::RW>
  void SetL2CacheHint(CacheMode) {}

 private:
  uint64_t address_ = 0;
  uint64_t base_ = 0;
  uint64_t count_ = 0;
  bool given_ = false;
};

}  // namespace AscendC
