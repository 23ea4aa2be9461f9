// Ways of writing that kernels have beside the commonest.
#include "kernel_operator.h"

#pragma pack(push, 1)
struct ScaleTilingData {
  uint32_t count;
  float factor;
};
#pragma pack(pop)

REGISTER_TILING_DEFAULT(ScaleTilingData)

// Documented names that are no members of AscendC; a lambda; a field-by-field copy of the tiling.
template <typename T>
class Scale {
 public:
  __aicore__ inline Scale(GM_ADDR x, GM_ADDR z, GM_ADDR tiling) {
    auto* words = reinterpret_cast<__gm__ uint32_t*>(tiling);
    auto* field = reinterpret_cast<uint32_t*>(&tiling_);
    for (uint32_t i = 0; i < sizeof(ScaleTilingData) / sizeof(uint32_t); i++) field[i] = words[i];
    x_.SetGlobalBuffer((__gm__ T*)x, tiling_.count);
    z_.SetGlobalBuffer((__gm__ T*)z, tiling_.count);
    GetTPipePtr()->InitBuffer(in_, 2, kTile * sizeof(T));
    GetTPipePtr()->InitBuffer(out_[0], 1, kTile * sizeof(T));
    GetTPipePtr()->InitBuffer(out_[1], 1, kTile * sizeof(T));
    ASSERT(GetSysWorkSpacePtr() == nullptr && "no workspace is set");
  }
  __aicore__ inline void Process() {
    for (uint32_t i = 0; i < tiling_.count / kTile; i++) {
      auto tile = [this, i]() __attribute__((always_inline)) { Tile(i, out_[i % 2]); };
      tile();
      assert(i < tiling_.count);
      if (i > tiling_.count) AscendC::PRINTF("tile %u\n", i);
    }
  }

 private:
  using Out = AscendC::TQue<AscendC::TPosition::VECOUT, 1>;
  static constexpr uint32_t kTile = 8 * AscendC::DEFAULT_C0_SIZE;

  __aicore__ inline void Tile(uint32_t i, Out& out) {
    in_.template AllocTensor<T>(tensor_);
    AscendC::DataCopy<T>(tensor_, x_[i * kTile], kTile);
    in_.EnQue(tensor_);
    in_.template DeQue<T>(tensor_);
    AscendC::LocalTensor<T> scaled = out.template AllocTensor<T>();
    Muls(scaled, tensor_, (T)tiling_.factor, kTile);
    out.EnQue(scaled);
    in_.FreeTensor(tensor_);
    scaled = out.template DeQue<T>();
    AscendC::DataCopy<T>(z_[i * kTile], scaled, kTile);
    out.FreeTensor(scaled);
  }

  AscendC::TQue<AscendC::TPosition::VECIN, 0> in_;
  Out out_[2];
  AscendC::LocalTensor<T> tensor_;
  AscendC::GlobalTensor<T> x_, z_;
  ScaleTilingData tiling_;
};

extern "C" __global__ __aicore__ void by_fields(GM_ADDR x, GM_ADDR z, GM_ADDR tiling) {
  if ASCEND_IS_AIC {
    return;
  }
  AscendC::TPipe pipe;
  Scale<half> op(x, z, tiling);
  op.Process();
}

// The same, with the tiling read where it lies; a condition for a key that is not there.
extern "C" __global__ __aicore__ void by_pointer(GM_ADDR x, GM_ADDR z, GM_ADDR tiling) {
  REGISTER_TILING_FOR_TILINGKEY("TILING_KEY_VAR == 1", ScaleTilingData);
  if (((__gm__ ScaleTilingData*)tiling)->count == 0) return;
  AscendC::TPipe pipe;
  Scale<float> op(x, z, tiling);
  op.Process();
}
