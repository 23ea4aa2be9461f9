// What of the standard library the public API has under its own names.
#pragma once

#include <type_traits>

namespace AscendC {

template <typename T, typename U>
using IsSameType = std::is_same<T, U>;

namespace Std {

using std::conditional;
using std::conditional_t;
using std::enable_if;
using std::enable_if_t;
using std::integral_constant;
using std::is_same;
using std::is_same_v;

template <typename T, typename U>
constexpr T max(const T& a, const U& b) {
  return a < b ? b : a;
}
template <typename T, typename U>
constexpr T min(const T& a, const U& b) {
  return b < a ? b : a;
}

}  // namespace Std

}  // namespace AscendC
