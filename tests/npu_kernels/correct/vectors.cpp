// Vector instructions in their less usual forms, each between a copy in and a copy out.
#include "kernel_operator.h"

using namespace AscendC;

// Copies `count` elements of GM into UB at byte `address`, for V to read.
template <typename T>
__aicore__ inline LocalTensor<T> Load(GM_ADDR from, uint32_t address, uint32_t count) {
  LocalTensor<T> local(TPosition::VECIN, address, count);
  GlobalTensor<T> gm;
  gm.SetGlobalBuffer((__gm__ T*)from, count);
  DataCopy(local, gm, count);
  SetFlag<HardEvent::MTE2_V>(EVENT_ID0);
  WaitFlag<HardEvent::MTE2_V>(EVENT_ID0);
  return local;
}

template <typename T>
__aicore__ inline void Store(GM_ADDR to, const LocalTensor<T>& local, uint32_t count) {
  GlobalTensor<T> gm;
  gm.SetGlobalBuffer((__gm__ T*)to, count);
  SetFlag<HardEvent::V_MTE3>(EVENT_ID0);
  WaitFlag<HardEvent::V_MTE3>(EVENT_ID0);
  DataCopy(gm, local, count);
}

// 4 repeats of 64 floats. y = x0 + x1 in the even elements, x0 * x1 in the first 16 of each odd
// repeat, 9 elsewhere.
extern "C" __global__ __aicore__ void masks(GM_ADDR x0, GM_ADDR x1, GM_ADDR y) {
  LocalTensor<float> a = Load<float>(x0, 0, 256);
  LocalTensor<float> b = Load<float>(x1, 1024, 256);
  LocalTensor<float> c(TPosition::VECOUT, 2048, 256);
  uint64_t even[2] = {0x5555555555555555, 0};
  Duplicate(c, 9.0f, 64, 4, 1, 8);
  Add(c, a, b, even, 4, {1, 1, 1, 8, 8, 8});
  uint64_t first = 16;
  Mul(c[64], a[64], b[64], first, 2, BinaryRepeatParams(1, 1, 1, 16, 16, 16));
  Store(y, c, 256);
}

// y, 16 x 32 halfs: the blocks of x, 16 x 64, at every second place.
extern "C" __global__ __aicore__ void strides(GM_ADDR x, GM_ADDR y) {
  LocalTensor<half> a = Load<half>(x, 0, 1024);
  LocalTensor<half> c(TPosition::VECOUT, 2048, 512);
  Muls(c, a, half(2), 128, 4, UnaryRepeatParams(1, 2, 8, 16));
  Store(y, c, 512);
}

// y = exp(x) of 200 floats in counter mode: no tail to think of.
extern "C" __global__ __aicore__ void counter(GM_ADDR x, GM_ADDR y, int32_t count) {
  LocalTensor<float> a = Load<float>(x, 0, 256);
  LocalTensor<float> c(TPosition::VECOUT, 1024, 256);
  Duplicate(c, 0.0f, 256);
  SetMaskCount();
  SetVectorMask<float, MaskMode::COUNTER>(0, count);
  Exp<float, false>(c, a, MASK_PLACEHOLDER, 1, {1, 1, 8, 8});
  SetMaskNorm();
  ResetMask();
  Store(y, c, 256);
}

// half to float, sigmoid there, and back.
extern "C" __global__ __aicore__ void cast_chain(GM_ADDR x, GM_ADDR y) {
  LocalTensor<half> a = Load<half>(x, 0, 256);
  LocalTensor<float> wide(TPosition::VECCALC, 512, 256);
  LocalTensor<float> one(TPosition::VECCALC, 1536, 256);
  LocalTensor<half> c(TPosition::VECOUT, 2560, 256);
  Cast(wide, a, RoundMode::CAST_NONE, 256);
  Muls(wide, wide, -1.0f, 256);
  Exp(wide, wide, 256);
  Adds(wide, wide, 1.0f, 256);
  Duplicate(one, 1.0f, 256);
  Div(wide, one, wide, 256);
  Cast(c, wide, RoundMode::CAST_RINT, 256);
  Store(y, c, 256);
}

// y = (a + b) * (a - b), then where a > b the larger, else 0: tensors as numbers.
extern "C" __global__ __aicore__ void expressions(GM_ADDR x0, GM_ADDR x1, GM_ADDR y) {
  LocalTensor<float> a = Load<float>(x0, 0, 128);
  LocalTensor<float> b = Load<float>(x1, 512, 128);
  LocalTensor<float> sum(TPosition::VECCALC, 1024, 128);
  LocalTensor<float> difference(TPosition::VECCALC, 1536, 128);
  LocalTensor<uint8_t> larger(TPosition::VECCALC, 2048, 32);
  LocalTensor<float> c(TPosition::VECOUT, 2080, 128);
  sum = a + b;
  difference = a - b;
  c = sum * difference;
  larger = a > b;
  Select(c, larger, c, 0.0f, SELMODE::VSEL_TENSOR_SCALAR_MODE, 128);
  Store(y, c, 128);
}

// y = x where x >= limit, else other; the older and the newer name of one comparison.
extern "C" __global__ __aicore__ void choose(GM_ADDR x, GM_ADDR other, GM_ADDR y, float limit) {
  LocalTensor<float> a = Load<float>(x, 0, 128);
  LocalTensor<float> b = Load<float>(other, 512, 128);
  LocalTensor<uint8_t> bits(TPosition::VECCALC, 1024, 32);
  LocalTensor<uint8_t> same(TPosition::VECCALC, 1056, 32);
  LocalTensor<float> c(TPosition::VECOUT, 1088, 128);
  CompareScalar(bits, a, limit, CMPMODE::GE, 128);
  Compares(same, a, limit, CMPMODE::GE, 128);
  And(same.ReinterpretCast<uint16_t>(), same.ReinterpretCast<uint16_t>(),
      bits.ReinterpretCast<uint16_t>(), 8);
  Select(c, same, a, b, SELMODE::VSEL_TENSOR_TENSOR_MODE, 128);
  Store(y, c, 128);
}

// y[i] = x[length - 1 - i], by offsets that the kernel computes.
extern "C" __global__ __aicore__ void backwards(GM_ADDR x, GM_ADDR y) {
  LocalTensor<float> a = Load<float>(x, 0, 64);
  LocalTensor<int32_t> offsets(TPosition::VECCALC, 256, 64);
  LocalTensor<float> c(TPosition::VECOUT, 512, 64);
  CreateVecIndex(offsets, 0, 64);
  Muls(offsets, offsets, -4, 64);
  Adds(offsets, offsets, 63 * 4, 64);
  Gather(c, a, offsets.ReinterpretCast<uint32_t>(), 0u, 64u);
  Store(y, c, 64);
}

// y = the even elements of x, then its odd ones.
extern "C" __global__ __aicore__ void deal(GM_ADDR x, GM_ADDR y) {
  LocalTensor<float> a = Load<float>(x, 0, 128);
  LocalTensor<float> c(TPosition::VECOUT, 512, 128);
  uint64_t kept = 0;
  GatherMask(c, a, 1, false, 0, {1, 2, 8, 0}, kept);
  GatherMask(c[64], a, 2, false, 0, {1, 2, 8, 0}, kept);
  Adds(c, c, static_cast<float>(kept), 128);
  Store(y, c, 128);
}

// y = the transpose of x, 16 x 16 halfs; z = each of x's first 8 floats 8 times.
extern "C" __global__ __aicore__ void turn(GM_ADDR x, GM_ADDR y, GM_ADDR f, GM_ADDR z) {
  LocalTensor<half> a = Load<half>(x, 0, 256);
  LocalTensor<half> c(TPosition::VECOUT, 512, 256);
  Transpose(c, a);
  Store(y, c, 256);
  LocalTensor<float> b = Load<float>(f, 1024, 8);
  LocalTensor<float> d(TPosition::VECOUT, 1056, 64);
  Brcb(d, b, 1, {1, 8});
  Store(z, d, 64);
}

// Bits: y = (x & 0x0ff0 | 3) >> 1, by int16 scalars and tensors.
extern "C" __global__ __aicore__ void bits(GM_ADDR x, GM_ADDR y) {
  LocalTensor<int16_t> a = Load<int16_t>(x, 0, 128);
  LocalTensor<int16_t> m(TPosition::VECCALC, 256, 128);
  LocalTensor<int16_t> c(TPosition::VECOUT, 512, 128);
  Duplicate(m, int16_t(0x0ff0), 128);
  And(c, a, m, 128);
  Duplicate(m, int16_t(3), 128);
  Or(c, c, m, 128);
  ShiftRight(c, c, int16_t(1), 128);
  Store(y, c, 128);
}
