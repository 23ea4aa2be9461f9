// Names of the public API that are not in the course subset: using one says so, in one line.
#pragma once

#include "ascendc/vector_types.h"

namespace npu {

// What an excluded function returns, so that nothing is told but that it is excluded.
struct Excluded {
  template <typename T>
  operator T() const;
};

// Any argument, in braces too.
struct Anything {
  template <typename... T>
  Anything(const T&...) {}
};

}  // namespace npu

namespace AscendC {

// Whatever template arguments a call has, types or values, just one of these fits. A function of
// the student's own fits better than these parameters do.
#define NPU_EXCLUDED(name)                                                            \
  NPU_EXCLUDED_WITH(name, (T...), typename... T)                                      \
  NPU_EXCLUDED_WITH(name, (decltype(v)), auto v, auto... w)                           \
  NPU_EXCLUDED_WITH(name, (T), typename T, auto v, auto... w)                         \
  NPU_EXCLUDED_WITH(name, (T), typename T, auto v, typename U, auto... w)             \
  NPU_EXCLUDED_WITH(name, (T), typename T, typename U, auto v, auto... w)             \
  NPU_EXCLUDED_WITH(name, (T), typename T, typename U, typename V, auto v, auto... w) \
  NPU_EXCLUDED_WITH(name, (T), auto v, typename T, typename... U)                     \
  NPU_EXCLUDED_WITH(name, (T), auto v, typename T, auto w)
#define NPU_EXCLUDED_WITH(name, known, ...)                               \
  template <__VA_ARGS__>                                                  \
  npu::Excluded name(NPU_ANYTHING) {                                      \
    static_assert(NPU_NEVER known, #name " is not in the course subset"); \
    return {};                                                            \
  }
#define NPU_ANYTHING                                                              \
  npu::Anything = {}, npu::Anything = {}, npu::Anything = {}, npu::Anything = {}, \
  npu::Anything = {}, npu::Anything = {}, npu::Anything = {}, ...
#define NPU_NEVER(...) npu::never<__VA_ARGS__>
#define NPU_EXCLUDED_TYPE(name)                                              \
  struct name {                                                              \
    template <typename... T>                                                 \
    name(T&&...) {                                                           \
      static_assert(npu::never<T...>, #name " is not in the course subset"); \
    }                                                                        \
  };
#define NPU_EXCLUDED_TEMPLATE(name)                                        \
  template <typename... T>                                                 \
  struct name {                                                            \
    static_assert(npu::never<T...>, #name " is not in the course subset"); \
  };
#include "ascendc/excluded.inc"
#undef NPU_EXCLUDED
#undef NPU_EXCLUDED_WITH
#undef NPU_EXCLUDED_TYPE
#undef NPU_EXCLUDED_TEMPLATE
#undef NPU_ANYTHING
#undef NPU_NEVER

}  // namespace AscendC
