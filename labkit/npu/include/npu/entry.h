// What the driver appends to a file without a main of its own: which functions it has, and a main
// that calls the one asked for with the arguments of the request.
#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "ascendc/launch.h"

namespace npu {

struct Exported {
  const char* name;
  bool host;  // run_kernel: called, not launched
  void (*function)();
  void (*call)(const Exported&);
  const Exported* next;
};

// Tells of a function. Returns what was told of before it.
const Exported* export_function(const Exported* exported);

// Calls what the request asks for; the exit status of main.
int serve();

// The request's arguments, as a function of `count` parameters gets them. A mistake is a fault.
void prepare_arguments(const Exported& exported, uint32_t count);
uint64_t requested_blocks();
uint8_t* array_argument(uint32_t index);
bool argument_is_real(uint32_t index);
double real_argument(uint32_t index);
uint64_t integer_argument(uint32_t index, uint32_t bits, bool has_sign);
void bytes_argument(uint32_t index, void* target, uint64_t size);
[[noreturn]] void out_of_range(uint32_t index);

template <typename T>
T real_value(uint32_t index) {
  const double value = real_argument(index);
  const T narrow = static_cast<T>(static_cast<float>(value));
  if constexpr (std::is_same_v<T, double>) return value;
  if (std::isfinite(value) && !std::isfinite(static_cast<float>(narrow))) out_of_range(index);
  return narrow;
}

template <typename T>
T argument(uint32_t index) {
  if constexpr (std::is_pointer_v<T>) {
    return (T)array_argument(index);
  } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
    const uint32_t bits = std::is_same_v<T, bool> ? 1 : sizeof(T) * 8;
    return static_cast<T>(integer_argument(index, bits, std::is_signed_v<T>));
  } else if constexpr (std::is_convertible_v<T, float> && std::is_constructible_v<T, float>) {
    return real_value<T>(index);
  } else {
    static_assert(std::is_trivially_copyable_v<T>, "a parameter is no pointer, number or POD");
    T value;
    bytes_argument(index, &value, sizeof value);
    return value;
  }
}

template <bool host, typename Result, typename... Parameters>
class Export {
 public:
  Export(const char* name, Result (*function)(Parameters...))
      : exported_{name, host, reinterpret_cast<void (*)()>(function), call, nullptr} {
    exported_.next = export_function(&exported_);
  }
  Export(const Export&) = delete;  // it is known by its address
  Export& operator=(const Export&) = delete;

 private:
  static void call(const Exported& exported) {
    prepare_arguments(exported, sizeof...(Parameters));
    call(exported, std::make_index_sequence<sizeof...(Parameters)>());
  }

  template <size_t... index>
  static void call(const Exported& exported, std::index_sequence<index...>) {
    const auto function = reinterpret_cast<Result (*)(Parameters...)>(exported.function);
    if constexpr (host)
      function(argument<std::decay_t<Parameters>>(index)...);
    else
      launcher(function, requested_blocks(), 0, 0,
               exported.name)(argument<std::decay_t<Parameters>>(index)...);
  }

  Exported exported_;
};

template <bool host, typename Result, typename... Parameters>
Export<host, Result, Parameters...> exporting(const char* name, Result (*function)(Parameters...)) {
  return {name, function};
}

}  // namespace npu

#define NPU_JOIN(a, b) a##b
#define NPU_NAMED(line) NPU_JOIN(npu_exported_, line)
// The function's name may be qualified; one a line.
#define NPU_EXPORT_KERNEL(name) \
  static const auto NPU_NAMED(__LINE__) = ::npu::exporting<false>(#name, &name);
#define NPU_EXPORT_HOST(name) \
  static const auto NPU_NAMED(__LINE__) = ::npu::exporting<true>(#name, &name);
#define NPU_MAIN \
  int main() { return ::npu::serve(); }
