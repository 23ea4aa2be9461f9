// How a kernel gets its tiling.
#pragma once

#include "npu/core.h"
#include "npu/launch.h"
#include "register/tilingdata_base.h"

namespace npu {

// The struct that REGISTER_TILING_DEFAULT named in this scope, else the last one defined.
template <typename Registered, typename Ours, typename Theirs, typename = void>
struct TilingOf {
  using Defined = std::conditional_t<std::is_void_v<Ours>, Theirs, Ours>;
  static_assert(!std::is_void_v<Defined>,
                "GET_TILING_DATA: no struct is registered; write REGISTER_TILING_DEFAULT(Struct)");
  using type = std::remove_pointer_t<Defined>;
};
template <typename Registered, typename Ours, typename Theirs>
struct TilingOf<Registered, Ours, Theirs, std::void_t<typename Registered::type>> {
  using type = typename Registered::type;
};

template <typename Registered, typename Ours, typename Theirs>
using tiling_of = typename TilingOf<Registered, Ours, Theirs>::type;

template <typename Struct>
Struct tiling_from(const void* source) {
  static_assert(std::is_trivially_copyable_v<Struct>, "a tiling struct is plain data");
  Struct tiling;
  read_tiling(&tiling, source, sizeof tiling);
  return tiling;
}

}  // namespace npu

#define REGISTER_TILING_DEFAULT(name) \
  struct npu_tiling_default {         \
    using type = name;                \
  };

// For kernels that name the struct where they read it: nothing is looked up by the key.
#define REGISTER_TILING_FOR_TILINGKEY(condition, name) \
  static_assert(sizeof(name) > 0, "a tiling struct has fields")

#define GET_TILING_DATA_WITH_STRUCT(name, tiling, source) \
  name tiling = ::npu::tiling_from<name>(source)
#define NPU_LAST_TILING(scope) \
  decltype(scope npu_tiling_of(::npu::TilingRank<::npu::kTilingRanks>()))
#define GET_TILING_DATA(tiling, source)                                                           \
  auto tiling = ::npu::tiling_from<::npu::tiling_of<struct npu_tiling_default, NPU_LAST_TILING(), \
                                                    NPU_LAST_TILING(::optiling::)>>(source)
#define GET_TILING_DATA_MEMBER(name, member, value, source)                          \
  auto value = ::npu::tiling_from<decltype(name::member)>((const uint8_t*)(source) + \
                                                          offsetof(name, member))
#define GET_TILING_DATA_PTR_WITH_STRUCT(name, tiling, source) \
  const __gm__ name* tiling = (const __gm__ name*)(source)

#define TILING_KEY_IS(key) (::npu::tiling_key() == (key))
