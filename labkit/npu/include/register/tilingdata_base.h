// Tiling structs of the host: plain structs, which the kernel reads as they are.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace npu {

// TilingRank<n> is found before TilingRank<n - 1>: of several structs, the last one counts.
template <int rank>
struct TilingRank : TilingRank<rank - 1> {};
template <>
struct TilingRank<0> {};
inline constexpr int kTilingRanks = 64;

template <typename Struct>
struct TilingStruct {
  uint64_t GetDataSize() const { return sizeof(Struct); }
  void SaveToBuffer(void* buffer, uint64_t capacity) const {
    if (capacity >= sizeof(Struct)) std::memcpy(buffer, this, sizeof(Struct));
  }
};

// An array field is set from as many elements as it has.
template <typename Element, size_t count>
void copy_tiling(Element (&field)[count], const Element* values) {
  std::memcpy(field, values, sizeof field);
}

}  // namespace npu

// Where no struct is known: in a kernel's namespace, and in that of the host's tiling code.
void npu_tiling_of(...);
namespace optiling {
void npu_tiling_of(...);
}

#define BEGIN_TILING_DATA_DEF(name)                           \
  struct name;                                                \
  name* npu_tiling_of(const ::npu::TilingRank<__COUNTER__>&); \
  struct name : ::npu::TilingStruct<name> {
#define TILING_DATA_FIELD_DEF(type, name)       \
  type name = {};                               \
  void set_##name(type value) { name = value; } \
  type get_##name() const { return name; }
#define TILING_DATA_FIELD_DEF_ARR(type, count, name)                        \
  type name[count] = {};                                                    \
  void set_##name(const type* values) { ::npu::copy_tiling(name, values); } \
  const type* get_##name() const { return name; }
#define TILING_DATA_FIELD_DEF_STRUCT(type, name) type name = {};
#define END_TILING_DATA_DEF }
#define REGISTER_TILING_DATA_CLASS(operation, name)
