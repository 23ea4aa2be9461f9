// Names of places, pipes and events.
#pragma once

#include <cstdint>

#include "npu/isa.h"

enum pipe_t { PIPE_S, PIPE_V, PIPE_M, PIPE_MTE1, PIPE_MTE2, PIPE_MTE3, PIPE_ALL, PIPE_FIX };
enum event_t {
  EVENT_ID0,
  EVENT_ID1,
  EVENT_ID2,
  EVENT_ID3,
  EVENT_ID4,
  EVENT_ID5,
  EVENT_ID6,
  EVENT_ID7
};

namespace AscendC {

enum class TPosition : uint8_t {
  GM,
  A1,
  A2,
  B1,
  B2,
  C1,
  C2,
  CO1,
  CO2,
  VECIN,
  VECOUT,
  VECCALC,
  LCM = VECCALC,
  SPM,
  SHM = SPM,
  TSCM,
  C2PIPE2GM,
  C2PIPE2LOCAL,
  MAX
};
using QuePosition = TPosition;

enum class Hardware : uint8_t { GM, UB, L1, L0A, L0B, L0C, BIAS, FIXBUF, MAX };

// Those of a vector core are the machine's own; the others belong to the Cube.
#define NPU_EVENT(name) name = static_cast<uint8_t>(::npu::Event::name)
enum class HardEvent : uint8_t {
  NPU_EVENT(MTE2_V),
  NPU_EVENT(V_MTE2),
  NPU_EVENT(MTE3_V),
  NPU_EVENT(V_MTE3),
  NPU_EVENT(V_V),
  NPU_EVENT(MTE3_MTE2),
  NPU_EVENT(MTE2_MTE3),
  NPU_EVENT(S_V),
  NPU_EVENT(V_S),
  NPU_EVENT(S_MTE2),
  NPU_EVENT(MTE2_S),
  NPU_EVENT(S_MTE3),
  NPU_EVENT(MTE3_S),
  MTE2_MTE1,
  MTE1_MTE2,
  MTE1_M,
  M_MTE1,
  M_V,
  V_M,
  MTE3_MTE1,
  MTE1_MTE3,
  MTE1_V,
  MTE2_M,
  M_MTE2,
  M_MTE3,
  M_S,
  FIX_M,
  M_FIX,
  FIX_MTE2,
  FIX_MTE3,
  MTE2_FIX,
  FIX_S,
  MAX
};
#undef NPU_EVENT

using TEventID = int8_t;

}  // namespace AscendC

namespace npu {

constexpr bool is_local(AscendC::TPosition position) {
  return position == AscendC::TPosition::VECIN || position == AscendC::TPosition::VECOUT ||
         position == AscendC::TPosition::VECCALC;
}

constexpr bool is_vector_event(AscendC::HardEvent event) {
  return static_cast<uint8_t>(event) < static_cast<uint8_t>(Event::count_);
}

}  // namespace npu
