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

// y becomes x * factor; queues of their own, as long as `pipe` keeps them.
__aicore__ inline void Once(AscendC::TPipe& pipe, GM_ADDR x, GM_ADDR y, float factor) {
  constexpr uint32_t count = 256;
  AscendC::TQue<AscendC::TPosition::VECIN, 1> in;
  AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
  pipe.InitBuffer(in, 2, count * sizeof(float));
  pipe.InitBuffer(out, 2, count * sizeof(float));
  AscendC::GlobalTensor<float> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ float*)x, count);
  yGm.SetGlobalBuffer((__gm__ float*)y, count);
  auto a = in.AllocTensor<float>();
  AscendC::DataCopy(a, xGm, count);
  in.EnQue(a);
  a = in.DeQue<float>();
  auto b = out.AllocTensor<float>();
  AscendC::Muls(b, a, factor, count);
  in.FreeTensor(a);
  out.EnQue(b);
  b = out.DeQue<float>();
  AscendC::DataCopy(yGm, b, count);
  out.FreeTensor(b);
}

// A pipe after another one, and one that starts again.
extern "C" __global__ __aicore__ void pipes_in_turn(GM_ADDR x, GM_ADDR y, GM_ADDR z, GM_ADDR w) {
  {
    AscendC::TPipe pipe;
    Once(pipe, x, y, 2);
    pipe.Destroy();
  }
  AscendC::TPipe pipe;
  Once(pipe, x, z, 3);
  pipe.Reset();
  Once(pipe, x, w, 4);
}

// Every step behind a barrier, in one buffer without a queue.
extern "C" __global__ __aicore__ void all_barriers(GM_ADDR x, GM_ADDR y, uint32_t count) {
  constexpr uint32_t tile = 128;
  AscendC::TPipe pipe;
  AscendC::TBuf<> buffer;
  pipe.InitBuffer(buffer, tile * sizeof(half));
  AscendC::LocalTensor<half> t = buffer.Get<half>();
  AscendC::GlobalTensor<half> xGm, yGm;
  xGm.SetGlobalBuffer((__gm__ half*)x);
  yGm.SetGlobalBuffer((__gm__ half*)y);
  for (uint32_t i = 0; i < count; i += tile) {
    AscendC::DataCopy(t, xGm[i], tile);
    AscendC::PipeBarrier<PIPE_ALL>();
    AscendC::Abs(t, t, tile);
    AscendC::PipeBarrier<PIPE_ALL>();
    AscendC::DataCopy(yGm[i], t, tile);
    AscendC::PipeBarrier<PIPE_ALL>();
  }
}
