// The launch forms of the public API: k<<<…>>>(…) as the driver rewrites it,
//   ::npu::launcher(k, blocks, ctrl, stream, "k")(arguments…)      k may be a template-id
// ACLRT_LAUNCH_KERNEL(k)(blocks, stream, arguments…), and ICPU_RUN_KF(k, blocks, arguments…).
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include "npu/launch.h"

namespace npu {

// Converts an argument of a launch as a call would, and pointers to one another.
template <typename Parameter, typename Given>
Parameter passed(Given&& given) {
  using Plain = std::decay_t<Given>;
  if constexpr (std::is_pointer_v<Parameter> &&
                (std::is_pointer_v<Plain> || std::is_integral_v<Plain>))
    return (Parameter)given;  // an integer: NULL
  else
    return static_cast<Given&&>(given);
}

template <typename... Parameters>
class Launcher {
 public:
  Launcher(void (*kernel)(Parameters...), const char* name, uint64_t blocks)
      : kernel_(kernel), name_(name), blocks_(blocks) {}

  template <typename... Given>
  void operator()(Given&&... given) const {
    static_assert(sizeof...(Given) == sizeof...(Parameters),
                  "the kernel is launched with another number of arguments than it takes");
    if constexpr (sizeof...(Given) == sizeof...(Parameters))
      start(passed<std::decay_t<Parameters>>(static_cast<Given&&>(given))...);
  }

 private:
  void start(std::decay_t<Parameters>... values) const {
    auto block = [&] { kernel_(values...); };
    launch({name_, blocks_, sizeof...(Parameters),
            [](void* context) { (*static_cast<decltype(block)*>(context))(); }, &block});
  }

  void (*kernel_)(Parameters...);
  const char* name_;
  uint64_t blocks_;
};

template <typename... Parameters, typename Blocks, typename Control, typename Stream>
Launcher<Parameters...> launcher(void (*kernel)(Parameters...), Blocks blocks, const Control&,
                                 const Stream&, const char* name = "kernel") {
  return {kernel, name, static_cast<uint64_t>(blocks)};
}

// ACLRT_LAUNCH_KERNEL(k): blocks and stream come with the arguments.
template <typename... Parameters>
struct NamedKernel {
  void (*kernel)(Parameters...);
  const char* name;

  template <typename Blocks, typename Stream, typename... Given>
  uint32_t operator()(Blocks blocks, const Stream& stream, Given&&... given) const {
    launcher(kernel, blocks, 0, stream, name)(static_cast<Given&&>(given)...);
    return 0;
  }
};
template <typename... Parameters>
NamedKernel<Parameters...> named_kernel(void (*kernel)(Parameters...), const char* name) {
  return {kernel, name};
}

}  // namespace npu

#define ACLRT_LAUNCH_KERNEL(name) ::npu::named_kernel(name, #name)
#define ICPU_RUN_KF(name, blocks, ...) \
  ::npu::launcher(name, blocks, nullptr, nullptr, #name)(__VA_ARGS__)
#define ICPU_SET_TILING_KEY(key) ::npu::set_tiling_key(key)
