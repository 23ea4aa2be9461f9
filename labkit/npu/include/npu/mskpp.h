// What was measured on 910B chips.
//
// The figures of this file were taken from msKPP (csrc/prof_data/resource910b.cpp), a part of
// Ascend's performance tools, whose notice is kept here:
//   Copyright (c) Huawei Technologies Co., Ltd. All rights reserved.
//   msKPP is licensed under Mulan PSL v2. You can use this software according to the terms and
//   conditions of the Mulan PSL v2. You may obtain a copy of Mulan PSL v2 at
//   http://license.coscl.org.cn/MulanPSL2
//   THIS SOFTWARE IS PROVIDED ON AN "AS IS" BASIS, WITHOUT WARRANTIES OF ANY KIND, EITHER EXPRESS
//   OR IMPLIED, INCLUDING BUT NOT LIMITED TO NON-INFRINGEMENT, MERCHANTABILITY OR FIT FOR A
//   PARTICULAR PURPOSE. See the Mulan PSL v2 for more details.
#pragma once

#include "npu/isa.h"

namespace npu {

// Bandwidth of one core of a 910B1 by the bytes of one transfer.
struct Bandwidth {
  double bytes, bytes_per_cycle;
};
inline constexpr Bandwidth kCopyIn[] = {{1024, 4.35},   {2048, 8.04},   {4096, 14.08}, {8192, 25.5},
                                        {16384, 40.56}, {32768, 46.05}, {65536, 46.0}};
inline constexpr Bandwidth kCopyOut[] = {{1024, 6.8},   {2048, 13.19},  {4096, 22.61},
                                         {8192, 34.5},  {16384, 51.81}, {32768, 64.66},
                                         {65536, 66.01}};

// Cycles of one repeat of 256 bytes, without bank conflicts (see banks.h). Of Add, Sub, Mul, Max
// and Min msKPP has 2, which is with them: the vendor's own measurement of Add of 4096 floats is 22
// + 64 cycles without, 22 + 128 with. Not measured, and taken as their nearest: axpy,
// fused_mul_add, leaky_relu, block_ and pair_reduce, shifts, bits, brcb, gather_mask,
// create_vec_index, transpose; gather as one block a cycle.
constexpr double cycles_of_repeat(Op op, DType type) {
  const bool is_half = type == DType::f16;
  switch (op) {
    case Op::compare:
    case Op::select:
    case Op::axpy:
      return 2;
    case Op::div:
      return 4;
    case Op::exp:
    case Op::ln:
    case Op::sqrt:
      return is_half ? 4 : 2;
    case Op::mul_add_dst:
    case Op::fused_mul_add:
      return 6;
    case Op::whole_reduce_sum:
    case Op::repeat_reduce_sum:
    case Op::reduce_sum:
      return is_half ? 7 : 3;
    case Op::whole_reduce_max:
    case Op::whole_reduce_min:
    case Op::reduce_max:
    case Op::reduce_min:
      return 7;
    case Op::gather:
      return 8;
    default:
      return 1;
  }
}

}  // namespace npu
