// npu/entry.h: finds the function that the request names, and gives it its arguments.
#pragma once

#include "npu/entry.h"
#include "npu/impl/host_memory.h"
#include "npu/impl/world.h"

namespace npu {

inline constexpr uint64_t kWorkspace = 32u << 20;  // given where a kernel wants one, unasked

// What a parameter gets: an argument of the request, and where it is, if it is an array.
struct Passed {
  const Argument* argument;  // null: a stream, or a workspace
  uint8_t* data;
};
NPU_FUNCTION std::vector<Passed>& passed_arguments() {
  static auto* const the = new std::vector<Passed>;
  return *the;
}

NPU_FUNCTION const Exported*& first_exported() {
  static const Exported* first = nullptr;
  return first;
}
NPU_FUNCTION const Exported* export_function(const Exported* exported) {
  const Exported* before = first_exported();
  first_exported() = exported;
  return before;
}

// Brings an array of the request into GM: array `number`, of which the tiling is the last.
NPU_FUNCTION uint8_t* bring(const Argument& array, uint32_t number) {
  World& the = world();
  const Reaching reaching;
  const Allocation* made = the.arena.allocate(array.size, the.image, array.offset);
  if (!made)
    fault("array %u of %llu bytes cannot be brought into global memory", number,
          static_cast<unsigned long long>(array.size));
  record_alloc(*made, array.size, number);
  return made->data;
}

NPU_FUNCTION void prepare_arguments(const Exported& exported, uint32_t count) {
  World& the = world();
  std::vector<Passed>& passed = passed_arguments();
  const std::vector<Argument>& given = the.request.arguments;
  const size_t missing = count - given.size();
  if (count < given.size() || missing > 1 || (missing && !exported.host && !the.request.tiled))
    fault("%s takes %u arguments, %zu were given", exported.name, count, given.size());
  uint32_t arrays = 0;
  for (const Argument& argument : given) {
    const bool tiling = the.request.tiled && &argument == &given.back();
    if (tiling && missing && !exported.host)
      passed.push_back({nullptr, make_workspace(kWorkspace)});
    uint8_t* data = nullptr;
    if (argument.kind == Argument::array) data = bring(argument, ++arrays);
    passed.push_back({&argument, data});
  }
  if (missing && exported.host) passed.push_back({nullptr, nullptr});
}

NPU_FUNCTION uint64_t requested_blocks() { return world().request.blocks; }

[[noreturn]] NPU_FUNCTION void wrong_argument(uint32_t index, const char* wanted) {
  fault("%s: argument %u has to be %s", world().request.kernel.c_str(), index + 1, wanted);
}

NPU_FUNCTION uint8_t* array_argument(uint32_t index) {
  const Passed& passed = passed_arguments()[index];
  if (passed.argument && passed.argument->kind != Argument::array)
    wrong_argument(index, "an array: the parameter is a pointer");
  return passed.data;
}

// Returns the argument for a parameter that is no pointer.
NPU_FUNCTION const Argument& value_argument(uint32_t index) {
  static const Argument none;
  const Argument* argument = passed_arguments()[index].argument;
  if (!argument) wrong_argument(index, "a value: it was not given");
  return *argument;
}

NPU_FUNCTION void out_of_range(uint32_t index) {
  wrong_argument(index, "in the range of its parameter's type");
}

NPU_FUNCTION double real_argument(uint32_t index) {
  const Argument& argument = value_argument(index);
  if (argument.kind == Argument::real) return argument.number;
  if (argument.kind != Argument::integer) wrong_argument(index, "a number");
  const auto magnitude = static_cast<double>(argument.magnitude);
  return argument.negative ? -magnitude : magnitude;
}

NPU_FUNCTION uint64_t integer_argument(uint32_t index, uint32_t bits, bool has_sign) {
  const Argument& argument = value_argument(index);
  if (argument.kind != Argument::integer) wrong_argument(index, "an integer");
  const uint64_t most = ~uint64_t{0} >> (64 - bits + has_sign);
  const uint64_t least = has_sign ? most + 1 : 0;  // its magnitude
  if (argument.magnitude > (argument.negative ? least : most)) out_of_range(index);
  return argument.negative ? -argument.magnitude : argument.magnitude;
}

NPU_FUNCTION void bytes_argument(uint32_t index, void* target, uint64_t size) {
  const Argument& argument = value_argument(index);
  const bool array = argument.kind == Argument::array;
  const bool data = argument.kind == Argument::bytes;
  const uint64_t given = array ? argument.size : argument.data.size();
  if ((!array && !data) || given != size)
    fault("%s: argument %u is a struct of %llu bytes; %llu were given",
          world().request.kernel.c_str(), index + 1, static_cast<unsigned long long>(size),
          static_cast<unsigned long long>(given));
  const Reaching reaching;
  std::memcpy(target, array ? passed_arguments()[index].data : argument.data.data(), size);
}

NPU_FUNCTION int serve() {
  Request& request = world().request;
  if (request.mode == Request::program) {
    std::fputs("npu: this file has no main; labkit.npu calls its kernels\n", stderr);
    return 2;
  }
  const bool host = request.mode == Request::run;
  if (host) request.kernel = "run_kernel";
  const char* name = request.kernel.c_str();
  for (const Exported* one = first_exported(); one; one = one->next)
    if (one->host == host && std::strcmp(one->name, name) == 0) return one->call(*one), 0;
  fault("the file has no %s called %s", host ? "function" : "kernel", name);
}

}  // namespace npu
