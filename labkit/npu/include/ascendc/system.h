// What a kernel can ask of the system.
#pragma once

#include "ascendc/global_tensor.h"
#include "ascendc/local_tensor.h"
#include "npu/core_state.h"

namespace npu {

// block_idx and block_num: names that student code may give its own variables.
template <uint32_t (*get)()>
struct Variable {
  constexpr operator int64_t() const { return get(); }
};

}  // namespace npu

inline constexpr npu::Variable<npu::block_index> block_idx;
inline constexpr npu::Variable<npu::block_count> block_num;
inline int64_t get_block_idx() { return npu::block_index(); }
inline int64_t get_block_num() { return npu::block_count(); }

// Which cores a kernel runs on: here always vector cores.
enum KernelMetaType {
  KERNEL_TYPE_AIV_ONLY,
  KERNEL_TYPE_AIC_ONLY,
  KERNEL_TYPE_MIX_AIV_1_0,
  KERNEL_TYPE_MIX_AIC_1_0,
  KERNEL_TYPE_MIX_AIC_1_1,
  KERNEL_TYPE_MIX_AIC_1_2
};
#define KERNEL_TASK_TYPE_DEFAULT(type)            \
  static_assert((type) != ::KERNEL_TYPE_AIC_ONLY, \
                "Kernels for the Cube alone are not in the course subset")
#define KERNEL_TASK_TYPE(key, type) KERNEL_TASK_TYPE_DEFAULT(type)

// What core this is: `if ASCEND_IS_AIV {`, or g_coreType == AIV.
namespace AscendC {
inline constexpr int AIC = 1;
inline constexpr int AIV = 2;
}  // namespace AscendC
inline constexpr int g_coreType = AscendC::AIV;
#define ASCEND_IS_AIC constexpr(::g_coreType == ::AscendC::AIC)
#define ASCEND_IS_AIV constexpr(::g_coreType == ::AscendC::AIV)

// Documented outside of the namespace, as GetTPipePtr.
inline __gm__ uint8_t* GetSysWorkSpacePtr() { return npu::state().workspace; }

namespace AscendC {

inline int64_t GetBlockIdx() { return npu::block_index(); }
inline int64_t GetBlockNum() { return npu::block_count(); }
inline int64_t GetSubBlockIdx() { return 0; }
inline int64_t GetSubBlockNum() { return 1; }
inline int64_t GetTaskRation() { return 1; }
inline int64_t GetSystemCycle() { return static_cast<int64_t>(npu::model_ticks()); }

inline void SetSysWorkspace(GM_ADDR workspace) { npu::state().workspace = workspace; }
using ::GetSysWorkSpacePtr;
// Nothing of the workspace is the system's here.
inline GM_ADDR GetUserWorkspace(GM_ADDR workspace) { return workspace; }

enum class CacheLine : uint64_t { SINGLE_CACHE_LINE, ENTIRE_DATA_CACHE };
enum class DcciDst : uint64_t { CACHELINE_ALL, CACHELINE_UB, CACHELINE_OUT, CACHELINE_ATOMIC };

template <typename T, CacheLine line, DcciDst where = DcciDst::CACHELINE_ALL>
void DataCacheCleanAndInvalid(const GlobalTensor<T>& tensor, npu::Site site = npu::here()) {
  npu::Instruction instruction = {};
  instruction.op = npu::Op::clean_cache;
  instruction.operands = 1;
  instruction.operand[0] = tensor.operand();
  npu::issue(instruction, site);
}

}  // namespace AscendC
