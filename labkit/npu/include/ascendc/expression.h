// dst = a + b: operators on whole tensors.
#pragma once

#include "ascendc/vector_compare.h"

namespace npu {

// A tensor, and where it was written: what stands right of an operator.
template <typename T>
struct Located {
  const AscendC::LocalTensor<T>& tensor;
  Site site;
  Located(const AscendC::LocalTensor<T>& tensor, Site site = here()) : tensor(tensor), site(site) {}
};

// Two tensors and what to do with them; LocalTensor's operator= stores it.
template <Op op, typename T, AscendC::CMPMODE mode = AscendC::CMPMODE::LT>
struct Expression {
  using OfTensors = T;
  AscendC::LocalTensor<T> src0, src1;
  Site site;

  template <typename U>
  void store(const AscendC::LocalTensor<U>& dst) const {
    if constexpr (op == Op::compare) {
      AscendC::Compare(dst, src0, src1, mode, src0.GetSize(), site);
    } else {
      static_assert(std::is_same_v<T, U>, "the tensors of an expression must have one type");
      if constexpr (std::is_same_v<T, U>) compute(dst, static_cast<int32_t>(dst.GetSize()));
    }
  }

 private:
  void compute(const AscendC::LocalTensor<T>& dst, int32_t count) const {
    using namespace AscendC;
    if constexpr (op == Op::add) Add(dst, src0, src1, count, site);
    if constexpr (op == Op::sub) Sub(dst, src0, src1, count, site);
    if constexpr (op == Op::mul) Mul(dst, src0, src1, count, site);
    if constexpr (op == Op::div) Div(dst, src0, src1, count, site);
    if constexpr (op == Op::bit_and) And(dst, src0, src1, count, site);
    if constexpr (op == Op::bit_or) Or(dst, src0, src1, count, site);
  }
};

// The right operand's type is that of the left one, so that it may be converted to Located.
template <typename T>
using LocatedBeside = Located<std::enable_if_t<true, T>>;

}  // namespace npu

namespace AscendC {

#define NPU_OPERATOR(sign, ...)                                                   \
  template <typename T>                                                           \
  npu::Expression<__VA_ARGS__> operator sign(const LocalTensor<T>& src0,          \
                                             const npu::LocatedBeside<T>& src1) { \
    return {src0, src1.tensor, src1.site};                                        \
  }
NPU_OPERATOR(+, npu::Op::add, T)
NPU_OPERATOR(-, npu::Op::sub, T)
NPU_OPERATOR(*, npu::Op::mul, T)
NPU_OPERATOR(/, npu::Op::div, T)
NPU_OPERATOR(&, npu::Op::bit_and, T)
NPU_OPERATOR(|, npu::Op::bit_or, T)
NPU_OPERATOR(<, npu::Op::compare, T, CMPMODE::LT)
NPU_OPERATOR(>, npu::Op::compare, T, CMPMODE::GT)
NPU_OPERATOR(<=, npu::Op::compare, T, CMPMODE::LE)
NPU_OPERATOR(>=, npu::Op::compare, T, CMPMODE::GE)
NPU_OPERATOR(==, npu::Op::compare, T, CMPMODE::EQ)
NPU_OPERATOR(!=, npu::Op::compare, T, CMPMODE::NE)
#undef NPU_OPERATOR

}  // namespace AscendC
