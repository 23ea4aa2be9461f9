// What copies to global memory do with what is there.
#pragma once

#include "ascendc/types.h"
#include "npu/core.h"
#include "npu/core_state.h"

namespace npu {

inline void set_atomic(Atomic atomic, DType type, Site site) {
  state().atomic = atomic;
  state().atomic_type = type;
  Instruction instruction = {};
  instruction.op = Op::set_atomic;
  instruction.dtype = type;
  instruction.detail = static_cast<uint8_t>(atomic);
  issue(instruction, site);
}

template <typename T>
void set_atomic(Atomic atomic, Site site) {
  constexpr DType type = type_of<T>();
  static_assert(type == DType::i8 || type == DType::i16 || type == DType::i32 ||
                    type == DType::f16 || type == DType::bf16 || type == DType::f32,
                "SetAtomic supports int8_t, int16_t, int32_t, half, bfloat16_t and float on 910B");
  set_atomic(atomic, type, site);
}

}  // namespace npu

namespace AscendC {

template <typename T>
void SetAtomicAdd(npu::Site site = npu::here()) {
  npu::set_atomic<T>(npu::Atomic::add, site);
}
template <typename T>
void SetAtomicMax(npu::Site site = npu::here()) {
  npu::set_atomic<T>(npu::Atomic::max, site);
}
template <typename T>
void SetAtomicMin(npu::Site site = npu::here()) {
  npu::set_atomic<T>(npu::Atomic::min, site);
}
template <typename T>
void SetAtomicType(npu::Site site = npu::here()) {
  npu::set_atomic<T>(npu::state().atomic, site);
}
inline void SetAtomicNone(npu::Site site = npu::here()) {
  npu::set_atomic(npu::Atomic::none, npu::DType::none, site);
}
inline void DisableDmaAtomic(npu::Site site = npu::here()) { SetAtomicNone(site); }

}  // namespace AscendC
