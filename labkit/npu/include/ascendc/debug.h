// Printing and assertions of kernel code.
#pragma once

#include <cstdio>

#include "ascendc/global_tensor.h"
#include "ascendc/local_tensor.h"

namespace npu {

// printf knows no half: what it gets for an argument.
template <typename T>
const T& printable(const T& value) {
  return value;
}
inline double printable(half value) { return static_cast<float>(value); }
inline double printable(bfloat16_t value) { return static_cast<float>(value); }
template <typename T>
auto printable(const Element<T>& element) {
  const T value = element;
  return printable(value);
}

template <typename T>
void print_element(const T& value) {
  if constexpr (std::is_integral_v<T>)
    std::printf(" %lld", static_cast<long long>(value));
  else
    std::printf(" %g", static_cast<double>(static_cast<float>(value)));
}

template <typename Tensor>
void dump(const Tensor& tensor, uint32_t description, uint32_t count, Site site) {
  std::printf("DumpTensor: desc=%u, block=%u, elements=%u:", description, block_index(), count);
  for (uint32_t i = 0; i < count; ++i) print_element(tensor.GetValue(i, site));
  std::printf("\n");
}

// What ASSERT is: "value ASSERT(value != 0);" is the value, as where the device leaves ASSERT out.
struct Asserted {};
inline Asserted operator+(Asserted asserted) { return asserted; }
template <typename T>
T operator+(const T& value, Asserted) {
  return value;
}

inline void assert_failed(const char* expression, Site site) {
  std::fprintf(stderr, "%s:%u: block %u: assertion failed: %s\n", site.file, site.line,
               block_index(), expression);
  Instruction instruction = {};
  instruction.op = Op::assert_failed;
  issue(instruction, site);
}

inline Asserted asserted(bool holds, const char* expression, Site site = here()) {
  if (!holds) assert_failed(expression, site);
  return {};
}

}  // namespace npu

namespace AscendC {

template <typename... Arguments>
int printf(const char* format, const Arguments&... arguments) {
  return std::printf(format, npu::printable(arguments)...);
}

// Elements are read as by GetValue, which waits for whoever writes them.
template <typename... Arguments>
int PRINTF(const char* format, const Arguments&... arguments) {
  return printf(format, arguments...);
}

template <typename T>
void DumpTensor(const LocalTensor<T>& tensor, uint32_t desc, uint32_t dumpSize,
                npu::Site site = npu::here()) {
  npu::dump(tensor, desc, dumpSize, site);
}
template <typename T>
void DumpTensor(const GlobalTensor<T>& tensor, uint32_t desc, uint32_t dumpSize,
                npu::Site site = npu::here()) {
  npu::dump(tensor, desc, dumpSize, site);
}

}  // namespace AscendC
using AscendC::PRINTF;

#define ASSERT(expression) +::npu::asserted((expression) ? true : false, #expression)
#define ascendc_assert(expression, ...) ASSERT(expression)
#ifndef assert  // <cassert> has one for the host, too
#define assert(...) ASSERT((__VA_ARGS__))
#endif
