// z = x + y in half: tiles of any size, dealt to the cores in runs, one or two buffers a queue.
#include "kernel_operator.h"

using namespace AscendC;

extern "C" __global__ __aicore__ void add(GM_ADDR x, GM_ADDR y, GM_ADDR z, uint32_t tile,
                                          uint32_t tiles, uint32_t buffers) {
  TPipe pipe;
  TQue<TPosition::VECIN, 1> inX, inY;
  TQue<TPosition::VECOUT, 1> out;
  pipe.InitBuffer(inX, buffers, tile * sizeof(half));
  pipe.InitBuffer(inY, buffers, tile * sizeof(half));
  pipe.InitBuffer(out, buffers, tile * sizeof(half));
  GlobalTensor<half> xGm, yGm, zGm;
  xGm.SetGlobalBuffer((__gm__ half*)x, (uint64_t)tile * tiles);
  yGm.SetGlobalBuffer((__gm__ half*)y, (uint64_t)tile * tiles);
  zGm.SetGlobalBuffer((__gm__ half*)z, (uint64_t)tile * tiles);
  uint32_t first = (uint64_t)tiles * GetBlockIdx() / GetBlockNum();
  uint32_t end = (uint64_t)tiles * (GetBlockIdx() + 1) / GetBlockNum();
  for (uint64_t i = first; i < end; i++) {
    LocalTensor<half> xLocal = inX.AllocTensor<half>();
    LocalTensor<half> yLocal = inY.AllocTensor<half>();
    DataCopy(xLocal, xGm[i * tile], tile);
    DataCopy(yLocal, yGm[i * tile], tile);
    inX.EnQue(xLocal);
    inY.EnQue(yLocal);
    xLocal = inX.DeQue<half>();
    yLocal = inY.DeQue<half>();
    LocalTensor<half> zLocal = out.AllocTensor<half>();
    Add(zLocal, xLocal, yLocal, tile);
    out.EnQue(zLocal);
    inX.FreeTensor(xLocal);
    inY.FreeTensor(yLocal);
    zLocal = out.DeQue<half>();
    DataCopy(zGm[i * tile], zLocal, tile);
    out.FreeTensor(zLocal);
  }
}
