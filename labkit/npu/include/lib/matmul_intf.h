// The high-level Matmul of the public API: functional, for the ND format.
//
// Each block of baseM x baseN of C is one instruction from global memory (or UB) to global memory
// (or UB): values and bounds are checked, cycles of the cube unit are not modelled. Left for later:
// Mmad, LoadData, Fixpipe, and formats other than ND.
#pragma once

#include "kernel_operator.h"
#include "kernel_tiling/kernel_tiling.h"

enum class CubeFormat { ND = 0, NZ, ZN, ZZ, NN, ND_ALIGN, SCALAR, VECTOR };

namespace AscendC {

using ::CubeFormat;

// What one matrix is: where it lies, its format, its type, and whether it is stored transposed.
template <TPosition Position, CubeFormat Format, typename Type, bool Transposed = false>
struct MatmulType {
  using T = Type;
  static constexpr TPosition pos = Position;
  static constexpr CubeFormat format = Format;
  static constexpr bool isTrans = Transposed;
};

// C = A B + bias, in blocks of baseM x baseN. A is M x K, B is K x N, C is M x N, bias is N.
template <class AType, class BType, class CType, class BiasType = CType>
class Matmul {
  using A = typename AType::T;
  using B = typename BType::T;
  using C = typename CType::T;
  using Bias = typename BiasType::T;
  static_assert(AType::format == CubeFormat::ND && BType::format == CubeFormat::ND &&
                    CType::format == CubeFormat::ND,
                "Matmul is in the course subset for CubeFormat::ND only");
  static_assert(sizeof(A) == sizeof(B), "Matmul wants A and B of one type");

 public:
  void Init(const TCubeTiling* tiling, TPipe* = nullptr) {
    tiling_ = *tiling;
    SetOrgShape(tiling->M, tiling->N, tiling->Ka, tiling->Kb);
    SetSingleShape(tiling->singleCoreM, tiling->singleCoreN, tiling->singleCoreK);
  }

  // The whole matrices in memory: their rows and columns are the strides.
  void SetOrgShape(int m, int n, int k) { SetOrgShape(m, n, k, k); }
  void SetOrgShape(int m, int n, int ka, int kb, int = 0) {
    org_ = {static_cast<uint32_t>(m), static_cast<uint32_t>(n), static_cast<uint32_t>(ka)};
    org_kb_ = static_cast<uint32_t>(kb);
  }
  // The part that this core computes.
  void SetSingleShape(int m, int n, int k) {
    single_ = {static_cast<uint32_t>(m), static_cast<uint32_t>(n), static_cast<uint32_t>(k)};
  }
  // The same, where less is left at an edge; -1 leaves a size as it is.
  void SetTail(int m = -1, int n = -1, int k = -1) {
    if (m >= 0) single_.m = static_cast<uint32_t>(m);
    if (n >= 0) single_.n = static_cast<uint32_t>(n);
    if (k >= 0) single_.k = static_cast<uint32_t>(k);
  }

  template <template <typename> class Tensor>
  void SetTensorA(const Tensor<A>& tensor, bool transposed = AType::isTrans) {
    a_ = tensor.operand();
    transposed_a_ = transposed;
    next_ = 0;
  }
  template <template <typename> class Tensor>
  void SetTensorB(const Tensor<B>& tensor, bool transposed = BType::isTrans) {
    b_ = tensor.operand();
    transposed_b_ = transposed;
    next_ = 0;
  }
  template <template <typename> class Tensor>
  void SetBias(const Tensor<Bias>& tensor) {
    bias_ = tensor.operand();
  }
  void ClearBias() { bias_ = {}; }
  void DisableBias() { ClearBias(); }

  // Computes all of this core's C.
  template <bool sync = true, template <typename> class Tensor>
  void IterateAll(const Tensor<C>& c, uint8_t atomic = 0, bool sequential = false,
                  npu::Site site = npu::here()) {
    while (Iterate<sync>()) GetTensorC<sync>(c, atomic, sequential, site);
  }

  // Goes to the next block of C; false when there is none.
  template <bool sync = true>
  bool Iterate(bool = false) {
    if (next_ >= blocks(single_.m, tiling_.baseM) * blocks(single_.n, tiling_.baseN)) return false;
    current_ = next_++;
    return true;
  }

  // Writes the current block. In global memory it goes to its place in C, or, with `sequential`,
  // to the start of `c`, baseN elements a row; in UB it always goes to the start.
  template <bool sync = true, template <typename> class Tensor>
  void GetTensorC(const Tensor<C>& c, uint8_t atomic = 0, bool sequential = false,
                  npu::Site site = npu::here()) {
    npu::Instruction made = block();
    npu::Operand target = c.operand();
    if (target.space == npu::Space::GM && !sequential) {
      target.address += (uint64_t{row()} * org_.n + column()) * sizeof(C);
    } else {
      made.param[npu::kStrideC] = static_cast<uint32_t>(tiling_.baseN);
    }
    made.detail = static_cast<uint8_t>(atomic ? npu::Atomic::add : npu::Atomic::none);
    made.operand[0] = target;
    npu::issue(made, site);
  }

  void End() { next_ = ~0u; }

 private:
  struct Shape {
    uint32_t m, n, k;
  };

  static uint32_t blocks(uint32_t length, int32_t base) {
    return base > 0 ? (length + base - 1) / base : 0;
  }
  static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

  // Place of the current block in this core's C: along M first, unless iterateOrder says N.
  uint32_t row() const {
    const uint32_t across = blocks(single_.n, tiling_.baseN);
    const uint32_t down = blocks(single_.m, tiling_.baseM);
    return (tiling_.iterateOrder ? current_ / across : current_ % down) * tiling_.baseM;
  }
  uint32_t column() const {
    const uint32_t across = blocks(single_.n, tiling_.baseN);
    const uint32_t down = blocks(single_.m, tiling_.baseM);
    return (tiling_.iterateOrder ? current_ % across : current_ / down) * tiling_.baseN;
  }

  npu::Instruction block() const {
    npu::Instruction made{};
    made.op = npu::Op::matmul;
    made.operands = 4;
    made.dtype = npu::type_of<C>();
    made.source = npu::type_of<A>();
    made.param[npu::kM] = least(tiling_.baseM, single_.m - row());
    made.param[npu::kN] = least(tiling_.baseN, single_.n - column());
    made.param[npu::kK] = single_.k;
    made.param[npu::kStrideA] = transposed_a_ ? org_.m : org_.k;
    made.param[npu::kStrideB] = transposed_b_ ? org_kb_ : org_.n;
    made.param[npu::kStrideC] = org_.n;
    made.flags = (transposed_a_ ? npu::transpose_a : 0) | (transposed_b_ ? npu::transpose_b : 0);
    made.operand[1] = moved(a_, uint64_t{row()} * (transposed_a_ ? 1 : org_.k) * sizeof(A));
    made.operand[2] = moved(b_, uint64_t{column()} * (transposed_b_ ? org_kb_ : 1) * sizeof(B));
    if (bias_.space != npu::Space::none) {
      made.flags |= npu::has_bias;
      made.param[npu::kBiasType] = static_cast<uint32_t>(npu::type_of<Bias>());
      made.operand[3] = moved(bias_, uint64_t{column()} * sizeof(Bias));
    }
    return made;
  }
  static npu::Operand moved(npu::Operand operand, uint64_t bytes) {
    operand.address += bytes;
    return operand;
  }

  TCubeTiling tiling_{};
  Shape org_{}, single_{};
  uint32_t org_kb_ = 0, next_ = 0, current_ = 0;
  npu::Operand a_{}, b_{}, bias_{};
  bool transposed_a_ = AType::isTrans, transposed_b_ = BType::isTrans;
};

// The older name; its configuration arguments say nothing to this machine.
template <class AType, class BType, class CType, class BiasType = CType>
using MatmulImpl = Matmul<AType, BType, CType, BiasType>;

namespace detail {
template <class Object>
void register_matmul(TPipe* pipe, Object& object, const TCubeTiling* tiling) {
  object.Init(tiling, pipe);
}
}  // namespace detail

}  // namespace AscendC

namespace matmul {
using AscendC::Matmul;
using AscendC::MatmulImpl;
using AscendC::MatmulType;
}  // namespace matmul

#define REGIST_MATMUL_OBJ(pipe, workspace, object, tiling) \
  ((void)(workspace), AscendC::detail::register_matmul((pipe), (object), (tiling)))
