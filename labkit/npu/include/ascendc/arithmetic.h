// Integer arithmetic that tilings are made of.
#pragma once

namespace AscendC {

// Returns how many pieces of `size` hold `value`. Integers; `size` 0 gives 0.
template <typename Integer>
constexpr Integer DivCeil(Integer value, Integer size) {
  return size == 0 ? 0 : (value + size - 1) / size;
}

// Returns `value` rounded up to a multiple of `size`.
template <typename Integer>
constexpr Integer AlignUp(Integer value, Integer size) {
  return DivCeil(value, size) * size;
}

}  // namespace AscendC
