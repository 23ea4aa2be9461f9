// The instructions of the virtual NPU: what a kernel issues, a trace carries, and the replay runs.
//
// Both processes include this file: the one that runs student code, which records instructions,
// and ours, which replays them. An instruction is plain data; nothing here knows of either.
#pragma once

#include <cstddef>
#include <cstdint>

namespace npu {

// Pipes of a vector core (AIV). S issues; the others are queues of instructions, each in order.
enum class Pipe : uint8_t { S, V, MTE2, MTE3 };
inline constexpr int kPipes = 4;

enum class DType : uint8_t { none, u8, i8, u16, i16, u32, i32, u64, i64, f16, bf16, f32 };

constexpr uint32_t size_of(DType type) {
  constexpr uint32_t sizes[] = {0, 1, 1, 2, 2, 4, 4, 8, 8, 2, 2, 4};
  return sizes[static_cast<uint8_t>(type)];
}

// TPosition of the public API, by its order there; `space` is what the machine needs of it.
enum class Space : uint8_t { none, GM, UB };

inline constexpr uint32_t kBlock = 32;    // bytes that UB is addressed by (ONE_BLK)
inline constexpr uint32_t kRepeat = 256;  // bytes of a vector instruction's repeat (ONE_REPEAT)
inline constexpr uint32_t kBlocksOfRepeat = kRepeat / kBlock;
inline constexpr uint32_t kMostRepeats = 255;
inline constexpr uint32_t kMostBuffers = 64;     // of one TPipe
inline constexpr uint32_t kEvents = 8;           // ids of each event type
inline constexpr uint32_t kReservedUb = 256;     // at the end of UB, never a buffer's
inline constexpr uint32_t kPoison = 0x7FE57FE5;  // NaN as float, half and bfloat16

enum class Op : uint16_t {
  none,
  // Elementwise, two sources: dst = src0 . src1
  add,
  sub,
  mul,
  div,
  max,
  min,
  bit_and,
  bit_or,
  add_relu,       // max(src0 + src1, 0)
  mul_add_dst,    // dst = src0 * src1 + dst, rounded once
  fused_mul_add,  // dst = src0 * dst + src1, rounded once
  // Elementwise, one source and a scalar
  adds,
  muls,
  maxs,
  mins,
  leaky_relu,
  shift_left,
  shift_right,
  axpy,  // dst = scalar * src0 + dst, rounded once; src0 may be half where dst is float
  // Elementwise, one source
  exp,
  ln,
  sqrt,
  rsqrt,
  reciprocal,
  abs,
  relu,
  bit_not,
  cast,              // types differ; detail = RoundMode
  copy,              // Copy(): UB to UB with mask and repeats
  duplicate,         // dst = scalar
  create_vec_index,  // dst[i] = scalar + i
  // Comparisons write one bit for each element; detail = CMPMODE
  compare,
  compares,
  select,  // src0, src1, mask bits in extra; detail = SELMODE; scalar for tensor-scalar forms
  // Reductions; see execute_reduce.h for where results go
  whole_reduce_sum,
  whole_reduce_max,
  whole_reduce_min,  // one result for each repeat
  block_reduce_sum,
  block_reduce_max,
  block_reduce_min,   // one for each block
  pair_reduce_sum,    // one for each pair of elements
  repeat_reduce_sum,  // as whole_reduce_sum, older form
  reduce_sum,
  reduce_max,
  reduce_min,  // one for all `count`; extra = temporary buffer
  // Permutations
  brcb,
  gather,
  gather_mask,
  transpose,
  // Data movement
  copy_in,     // GM to UB, on MTE2
  copy_out,    // UB to GM, on MTE3
  copy_local,  // UB to UB, on V
  // Scalar accesses, on S: dtype, scalar = the value that student code read or wrote
  get_local,
  set_local,
  get_global,
  set_global,
  // Cube, high level and functional only: GM to GM
  matmul,
  // Synchronisation
  set_flag,
  wait_flag,     // detail = Event, count = id
  pipe_barrier,  // detail = pipe, or kAllPipes
  sync_all,
  fetch_event,
  alloc_event,
  release_event,  // detail = Event, count = id given
  // Resources of a TPipe
  init_queue,
  init_buffer,
  queue_alloc,
  queue_enque,
  queue_deque,
  queue_free,
  get_buffer,
  reset_pipe,  // a TPipe ends: what it gave is free again
  // Modes
  set_atomic,  // dtype, detail = Atomic; of copy_out from here on
  clean_cache,
  // Told by the recording process itself: a hint, worth what it is worth
  assert_failed,
  red_zone,
  raw_pointer,
  count_  // not an instruction
};

// How a vector instruction says which elements it works on.
enum class Form : uint8_t {
  none,
  count,    // `count` elements in a row
  repeat,   // `repeats` times up to 8 blocks, by `mask` and strides
  counter,  // `count` elements in all, by strides: mask mode COUNTER
};

enum class Event : uint8_t {
  MTE2_V,
  V_MTE2,
  MTE3_V,
  V_MTE3,
  V_V,
  MTE3_MTE2,
  MTE2_MTE3,
  S_V,
  V_S,
  S_MTE2,
  MTE2_S,
  S_MTE3,
  MTE3_S,
  count_
};
inline constexpr Pipe kFrom[] = {Pipe::MTE2, Pipe::V,    Pipe::MTE3, Pipe::V, Pipe::V,
                                 Pipe::MTE3, Pipe::MTE2, Pipe::S,    Pipe::V, Pipe::S,
                                 Pipe::MTE2, Pipe::S,    Pipe::MTE3};
inline constexpr Pipe kTo[] = {Pipe::V,    Pipe::MTE2, Pipe::V, Pipe::MTE3, Pipe::V,
                               Pipe::MTE2, Pipe::MTE3, Pipe::V, Pipe::S,    Pipe::MTE2,
                               Pipe::S,    Pipe::MTE3, Pipe::S};
inline constexpr uint8_t kAllPipes = 255;

enum class Atomic : uint8_t { none, add, max, min };

// One tensor that an instruction works on. Addresses in UB are bytes from its start; in GM they
// are the addresses of the recording process, which the replay looks up in its own table.
struct Operand {
  uint64_t address;  // of the first element
  uint64_t base;     // of the tensor it belongs to: where that starts, and how many bytes it has;
  uint64_t bytes;    // of a GlobalTensor, 0 if never said
  uint32_t queue;    // number of the queue whose buffer it is, or 0
  Space space;       // none: an operand that is not there, or a tensor never given memory
  uint8_t position;  // TPosition
  uint8_t reserved[2];
};
static_assert(sizeof(Operand) == 32);

inline constexpr int kMostOperands = 4;

// One instruction. Fields that an operation does not use are 0, and a trace with others is refused.
struct Instruction {
  Op op;
  Form form;
  uint8_t operands;  // how many follow in a trace: dst, src0, src1, extra
  DType dtype;       // of dst, or of all
  DType source;      // of src0, where it differs
  uint8_t detail;    // RoundMode, CMPMODE, SELMODE, Event, pipe, Atomic, …
  uint8_t flags;     // see Flag
  uint32_t line;     // of the student's file, from 1; 0 if not known
  uint16_t file;     // number in the trace's table of files
  uint16_t repeats;
  uint32_t count;
  uint32_t reserved;  // 0
  uint64_t mask[2];   // Form::repeat: bit i for element i of a repeat
  // Form::repeat and counter: strides in blocks of 32 bytes, dst, src0, src1: between blocks of a
  // repeat, then between repeats. Data movement and resources have them for their own; see there.
  uint32_t param[8];
  uint64_t scalar;  // bits of a scalar of `dtype` in its low bytes
  Operand operand[kMostOperands];

  const Operand& dst() const { return operand[0]; }
  const Operand& src0() const { return operand[1]; }
  const Operand& src1() const { return operand[2]; }
  const Operand& extra() const { return operand[3]; }
};
inline constexpr size_t kHead = offsetof(Instruction, operand);
static_assert(kHead == 80 && sizeof(Instruction) == 208);

// param[] of vector instructions; npu/vector.h says more
enum : int { kDstBlock, kSrc0Block, kSrc1Block, kDstRepeat, kSrc0Repeat, kSrc1Repeat };

// param[] of copy_in, copy_out, copy_local, as the student gave them. `detail` = CopyForm.
//   by_count  `count` elements
//   by_block  blocks, length, source gap, destination gap: all but the first in 32 bytes, tail to
//             head (DataCopyParams)
//   padded    blocks, length in bytes, source stride, destination stride (DataCopyPad): of GM in
//             bytes, of UB in 32 bytes, tail to head; left and right padding in elements, value in
//             `scalar`; with Flag::pad
enum class CopyForm : uint8_t { by_count, by_block, padded };
enum : int { kBlocks, kLength, kSourceGap, kTargetGap, kLeft, kRight };

// param[] of init_queue: number, buffers, bytes of each (as asked, before rounding), depth, source
// and destination position; operand[0] is the first buffer's place. queue_*: param[0] = number,
// operand[0] = the tensor, and of queue_enque and queue_deque the positions where the student named
// others than the queue's. init_buffer (a TBuf): number, 1, bytes. get_buffer: number.
enum : int { kNumber, kBuffers, kBytes, kDepth, kFromPosition, kToPosition };

// param[] of matmul: sizes of the block, strides of the matrices in elements, type of the bias.
enum : int { kM, kN, kK, kStrideA, kStrideB, kStrideC, kBiasType };

enum Flag : uint8_t {
  pad = 1,        // copy_in: isPad
  indices = 2,    // reduce_max, reduce_min: the index comes after the value (calIndex)
  in_place = 4,   // queue of depth 0
  by_scalar = 8,  // select: the second source is a scalar
  transpose_a = 16,
  transpose_b = 32,
  has_bias = 64,
};

}  // namespace npu
