// A template kernel with its tiling by value, which the file launches itself.
#include "acl/acl.h"
#include "kernel_operator.h"

struct Tiling {
  uint32_t coreLength;
  int32_t scale;
};

template <typename T, uint32_t tileLength>
__global__ __vector__ void scale(__gm__ T* x, __gm__ T* y, Tiling tiling) {
  AscendC::TPipe pipe;
  AscendC::TQue<AscendC::TPosition::VECIN, 1> in;
  AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
  pipe.InitBuffer(in, 2, tileLength * sizeof(T));
  pipe.InitBuffer(out, 2, tileLength * sizeof(T));
  AscendC::GlobalTensor<T> xGm, yGm;
  xGm.SetGlobalBuffer(x + AscendC::GetBlockIdx() * tiling.coreLength, tiling.coreLength);
  yGm.SetGlobalBuffer(y + AscendC::GetBlockIdx() * tiling.coreLength, tiling.coreLength);
  for (uint32_t offset = 0; offset < tiling.coreLength; offset += tileLength) {
    AscendC::LocalTensor<T> from = in.AllocTensor<T>();
    AscendC::DataCopy(from, xGm[offset], tileLength);
    in.EnQue(from);
    from = in.DeQue<T>();
    AscendC::LocalTensor<T> to = out.AllocTensor<T>();
    AscendC::Muls(to, from, static_cast<T>(tiling.scale), tileLength);
    out.EnQue(to);
    in.FreeTensor(from);
    to = out.DeQue<T>();
    AscendC::DataCopy(yGm[offset], to, tileLength);
    out.FreeTensor(to);
  }
}

extern "C" void run_kernel(GM_ADDR x, GM_ADDR y, int64_t length, int64_t bits, int64_t cores,
                           aclrtStream stream) {
  Tiling tiling{static_cast<uint32_t>(length / cores), 3};
  if (bits == 16) {
    scale<half, 128><<<cores, nullptr, stream>>>((__gm__ half*)x, (__gm__ half*)y, tiling);
  } else {
    scale<int32_t, 64><<<cores, nullptr, stream>>>((__gm__ int32_t*)x, (__gm__ int32_t*)y, tiling);
  }
}
