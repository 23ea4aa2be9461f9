// Calls of the public API, in parts that test_tensor_api.py reads: what each prints is told there.
#include "ascendc/atomic.h"
#include "ascendc/data_copy.h"
#include "ascendc/debug.h"
#include "ascendc/pipe.h"
#include "ascendc/static_memory.h"
#include "ascendc/system.h"
#include "fake_core.h"

using namespace AscendC;

static void part(const char* name) { std::printf("{\"part\": \"%s\"}\n", name); }

static GlobalTensor<half> global(uint64_t count) {
  GlobalTensor<half> tensor;
  tensor.SetGlobalBuffer(reinterpret_cast<__gm__ half*>(npu::kGlobal) + 64, count);
  return tensor;
}

static void copies() {
  LocalTensor<half> local(TPosition::VECIN, 64, 256);
  GlobalTensor<half> gm = global(512);
  part("by count");
  DataCopy(local, gm[16], 128);
  DataCopy(gm, local[16], 64);
  DataCopy(local, local[128], 32);
  part("by block");
  DataCopy(local, gm, {2, 3, 4, 5});
  DataCopyParams params;
  params.srcGap = 6;
  params.dstStride = 7;
  DataCopy(gm, local, params);
  DataCopy(local, local[16], DataCopyParams{1, 2, 0, 0});
  part("padded");
  DataCopyPad(local, gm, DataCopyExtParams{3, 70, 8, 1, 0},
              DataCopyPadExtParams<half>{true, 1, 2, half(1.5f)});
  DataCopyPad(local, gm, {1, 20, 0, 0}, DataCopyPadParams{});
  DataCopyPad(local, gm, {1, 20, 0, 0}, DataCopyPadParams{false, 0, 1, 9});
  SetPadValue<half>(half(3));
  DataCopyPad(local, gm, {1, 20, 0, 0}, DataCopyPadParams{false, 0, 1, 9});
  DataCopyPad(gm, local, DataCopyExtParams{1, 20, 0, 2, 0});
  DataCopyPad(gm, local, DataCopyParams{1, 20, 1, 0});
  part("never given");
  DataCopy(LocalTensor<half>(), GlobalTensor<half>(), 16);
}

static void elements() {
  LocalTensor<float> local(TPosition::VECCALC, 128, 8);
  GlobalTensor<int32_t> gm;
  gm.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(npu::kGlobal));
  npu::kRead = npu::bits_of(2.5f);
  part("elements");
  const float read = local.GetValue(3);
  local.SetValue(1, read + 1);
  local(2) = local(3);
  local(4) += 0.5f;
  npu::kRead = 7;
  gm.SetValue(5, gm.GetValue(6) + 1);
  gm(2) = gm(3) * 2;
  npu::kRead = 0;
  part("");
  AscendC::printf("{\"printed\": \"%g %d\"}\n", local(3) = half(1.5f), int16_t{-2});
  PRINTF("{\"printed\": \"%g %g\"}\n", half(0.5f), bfloat16_t(2));
  LocalTensor<int16_t> slice = local[2].ReinterpretCast<int16_t>();
  std::printf("{\"sizes\": [%u, %u, %u, %d]}\n", local.GetSize(), local[2].GetSize(),
              slice.GetSize(), local[100].GetSize() == 0);
  slice.SetSize(3);
  std::printf("{\"sizes\": [%u, %u]}\n", slice.GetSize(), slice.GetLength());
}

static void queues() {
  TPipe pipe;
  TQue<QuePosition::VECIN, 1> in;
  TQue<QuePosition::VECOUT, 2> out;
  TQueBind<TPosition::VECIN, TPosition::VECOUT, 0> through;
  TBuf<> work;
  part("init");
  pipe.InitBuffer(in, 2, 100);
  pipe.InitBuffer(work, 33);
  pipe.InitBuffer(out, 1, 64);
  pipe.InitBuffer(through, 1, 32);
  part("buffer");
  LocalTensor<float> all = work.Get<float>(), some = work.Get<float>(3);
  LocalTensor<float> later = work.GetWithOffset<float>(4, 32);
  std::printf("{\"sizes\": [%u, %u, %u]}\n", all.GetSize(), some.GetSize(), later.GetSize());
  part("around");
  LocalTensor<half> first = in.AllocTensor<half>(), second = in.AllocTensor<half>();
  const bool vacant = in.VacantInQue(), idle = in.HasIdleBuffer();
  in.EnQue(second);
  in.EnQue(first);
  std::printf("{\"sizes\": [%d, %d, %d, %d, %d]}\n", vacant, idle, in.VacantInQue(),
              in.HasTensorInQue(), in.GetTensorCountInQue());
  LocalTensor<half> taken = in.DeQue<half>();
  in.FreeTensor(taken);
  LocalTensor<half> again = in.AllocTensor<half>();
  std::printf("{\"sizes\": [%u]}\n", again.GetSize());
  part("in place");
  LocalTensor<int32_t> place;
  through.AllocTensor<int32_t>(place);
  through.EnQue<TPosition::GM, TPosition::VECIN, int32_t>(place);
  place = through.DeQue<TPosition::GM, TPosition::VECIN, int32_t>();
  through.EnQue(place);
  through.DeQue<int32_t>(place);
  through.FreeTensor(place);
  part("wrong");
  out.EnQue(first);           // of another queue
  out.FreeTensor(place);      // of another queue
  through.FreeTensor(place);  // free already
  LocalTensor<half> never;
  in.EnQue(never);
  part("end of pipe");
}

static void static_memory() {
  part("static");
  LocalMemAllocator<Hardware::UB> memory;
  LocalTensor<float> first = memory.Alloc<float, 9>();
  LocalTensor<half> second = memory.Alloc<TPosition::VECIN, half>(5);
  std::printf("{\"sizes\": [%u, %u, %u]}\n", first.GetSize(), second.GetSize(),
              memory.GetCurAddr());
}

static void synchronisation() {
  TPipe pipe;
  part("flags");
  SetFlag<HardEvent::MTE2_V>(EVENT_ID3);
  WaitFlag<HardEvent::S_MTE3>(2);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID1);
  wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0);
  set_flag(PIPE_M, PIPE_V, EVENT_ID0);
  TQueSync<PIPE_S, PIPE_V> sync;
  sync.SetFlag(4);
  part("barriers");
  PipeBarrier<PIPE_MTE2>();
  pipe_barrier(PIPE_ALL);
  pipe_barrier(PIPE_M);
  SyncAll();
  SyncAll<false>();
  part("events");
  const TEventID first = pipe.AllocEventID<HardEvent::V_S>();
  pipe.AllocEventID<HardEvent::V_S>();
  pipe.FetchEventID(HardEvent::V_S);
  pipe.ReleaseEventID<HardEvent::V_S>(first);
  GetTPipePtr()->FetchEventID<HardEvent::V_S>();
  for (int i = 0; i < 8; ++i) pipe.AllocEventID<HardEvent::V_V>();
  pipe.AllocEventID<HardEvent::V_V>();
  part("modes");
  SetAtomicAdd<float>();
  SetAtomicMax<half>();
  SetAtomicType<int32_t>();
  SetAtomicNone();
  DisableDmaAtomic();
  DataCacheCleanAndInvalid<half, CacheLine::ENTIRE_DATA_CACHE>(global(16));
  uint32_t passes = 8 ASSERT(GetBlockNum() == 8 && "passes");
  if (passes == 8) ASSERT(passes == GetBlockNum());
  ASSERT(block_idx > 100);
  part("");
}

// Ends the process: there is no buffer left.
static void block(bool alloc) {
  TPipe pipe;
  TQue<QuePosition::VECIN, 1> in;
  if (alloc) pipe.InitBuffer(in, 1, 32);
  part("blocks");
  if (alloc) in.AllocTensor<half>();
  if (alloc) in.AllocTensor<half>();
  in.DeQue<half>();
}

int main(int count, char** words) {
  if (count > 1) block(words[1][0] == 'a');
  KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_AIV_ONLY);
  copies();
  elements();
  queues();
  static_memory();
  synchronisation();
}
