// High-level matrix products, and what the banks of the Unified Buffer cost.
#include "kernel_operator.h"
#include "lib/matmul_intf.h"

using namespace AscendC;

template <typename T>
using InGlobal = MatmulType<TPosition::GM, CubeFormat::ND, T>;

// C = A B + bias: every block at its place, and the tails of all three sizes.
template <typename In, typename Out>
__aicore__ inline void Product(GM_ADDR a, GM_ADDR b, GM_ADDR bias, GM_ADDR c, GM_ADDR tilingGm) {
  GET_TILING_DATA_WITH_STRUCT(TCubeTiling, tiling, tilingGm);
  TPipe pipe;
  GlobalTensor<In> aGm, bGm;
  GlobalTensor<Out> cGm, biasGm;
  aGm.SetGlobalBuffer((__gm__ In*)a, tiling.M * tiling.Ka);
  bGm.SetGlobalBuffer((__gm__ In*)b, tiling.Kb * tiling.N);
  cGm.SetGlobalBuffer((__gm__ Out*)c, tiling.M * tiling.N);
  biasGm.SetGlobalBuffer((__gm__ Out*)bias, tiling.N);
  Matmul<InGlobal<In>, InGlobal<In>, InGlobal<Out>> mm;
  REGIST_MATMUL_OBJ(&pipe, GetSysWorkSpacePtr(), mm, &tiling);
  mm.SetTensorA(aGm);
  mm.SetTensorB(bGm);
  mm.SetBias(biasGm);
  mm.IterateAll(cGm);
  mm.End();
}

extern "C" __global__ __aicore__ void of_halfs(GM_ADDR a, GM_ADDR b, GM_ADDR bias, GM_ADDR c,
                                               GM_ADDR tiling) {
  Product<half, float>(a, b, bias, c, tiling);
}
extern "C" __global__ __aicore__ void of_bytes(GM_ADDR a, GM_ADDR b, GM_ADDR bias, GM_ADDR c,
                                               GM_ADDR tiling) {
  Product<int8_t, int32_t>(a, b, bias, c, tiling);
}

// C += A B, by the atomic form.
extern "C" __global__ __aicore__ void added(GM_ADDR a, GM_ADDR b, GM_ADDR c, GM_ADDR tilingGm) {
  GET_TILING_DATA_WITH_STRUCT(TCubeTiling, tiling, tilingGm);
  TPipe pipe;
  GlobalTensor<half> aGm, bGm;
  GlobalTensor<float> cGm;
  aGm.SetGlobalBuffer((__gm__ half*)a, tiling.M * tiling.Ka);
  bGm.SetGlobalBuffer((__gm__ half*)b, tiling.Kb * tiling.N);
  cGm.SetGlobalBuffer((__gm__ float*)c, tiling.M * tiling.N);
  Matmul<InGlobal<half>, InGlobal<half>, InGlobal<float>> mm;
  REGIST_MATMUL_OBJ(&pipe, GetSysWorkSpacePtr(), mm, &tiling);
  mm.SetTensorA(aGm);
  mm.SetTensorB(bGm);
  mm.IterateAll(cGm, 1);
  mm.End();
}

// C = LeakyRelu(A B'), block by block by way of UB; each core has rows of its own, the last fewer.
extern "C" __global__ __aicore__ void leaky(GM_ADDR a, GM_ADDR b, GM_ADDR c, GM_ADDR tilingGm) {
  GET_TILING_DATA_WITH_STRUCT(TCubeTiling, tiling, tilingGm);
  TPipe pipe;
  TQue<TPosition::VECOUT, 1> out;
  pipe.InitBuffer(out, 1, tiling.baseM * tiling.baseN * sizeof(float));
  uint32_t first = GetBlockIdx() * tiling.singleCoreM;
  uint32_t rows =
      tiling.M - first < uint32_t(tiling.singleCoreM) ? tiling.M - first : tiling.singleCoreM;
  GlobalTensor<half> aGm, bGm;
  GlobalTensor<float> cGm;
  aGm.SetGlobalBuffer((__gm__ half*)a + first * tiling.Ka, rows * tiling.Ka);
  bGm.SetGlobalBuffer((__gm__ half*)b, tiling.Kb * tiling.N);
  cGm.SetGlobalBuffer((__gm__ float*)c + first * tiling.N, rows * tiling.N);
  matmul::Matmul<InGlobal<half>, MatmulType<TPosition::GM, CubeFormat::ND, half, true>,
                 MatmulType<TPosition::VECIN, CubeFormat::ND, float>>
      mm;
  REGIST_MATMUL_OBJ(&pipe, GetSysWorkSpacePtr(), mm, &tiling);
  mm.SetTensorA(aGm);
  mm.SetTensorB(bGm, true);
  mm.SetTail(rows);
  uint32_t down = rows / tiling.baseM;
  for (uint32_t block = 0; mm.template Iterate<true>(); ++block) {
    LocalTensor<float> local = out.AllocTensor<float>();
    mm.template GetTensorC<true>(local, false, true);
    LeakyRelu(local, local, 0.5f, tiling.baseM * tiling.baseN);
    out.EnQue(local);
    local = out.DeQue<float>();
    DataCopyParams copy{uint16_t(tiling.baseM), uint16_t(tiling.baseN / 8), 0,
                        uint16_t((tiling.N - tiling.baseN) / 8)};
    DataCopy(cGm[block % down * tiling.baseM * tiling.N + block / down * tiling.baseN], local,
             copy);
    out.FreeTensor(local);
  }
  mm.End();
}

// One Add of 4096 floats with its sources `apart` bytes from one another, over and over.
extern "C" __global__ __aicore__ void add_apart(GM_ADDR y, uint32_t apart) {
  LocalTensor<float> a(TPosition::VECCALC, 0, 4096);
  LocalTensor<float> b(TPosition::VECCALC, 16384 + apart, 4096);
  LocalTensor<float> sum(TPosition::VECCALC, 65536, 4096);
  GlobalTensor<float> yGm;
  yGm.SetGlobalBuffer((__gm__ float*)y, 4096);
  Duplicate(a, 1.0f, 4096);
  Duplicate(b, 2.0f, 4096);
  Add(sum, a, b, 4096);
  SetFlag<HardEvent::V_MTE3>(EVENT_ID0);
  WaitFlag<HardEvent::V_MTE3>(EVENT_ID0);
  DataCopy(yGm, sum, 4096);
}

// One repeat of Adds whose 8 blocks lie `stride` blocks from one another.
extern "C" __global__ __aicore__ void strided(GM_ADDR y, uint16_t stride) {
  LocalTensor<float> from(TPosition::VECCALC, 0, 4096);
  LocalTensor<float> to(TPosition::VECCALC, 65536, 64);
  GlobalTensor<float> yGm;
  yGm.SetGlobalBuffer((__gm__ float*)y, 64);
  Duplicate(from, 1.0f, 4096);
  Adds(to, from, 1.0f, 64, 1, {1, stride, 8, 8});
  SetFlag<HardEvent::V_MTE3>(EVENT_ID0);
  WaitFlag<HardEvent::V_MTE3>(EVENT_ID0);
  DataCopy(yGm, to, 64);
}
