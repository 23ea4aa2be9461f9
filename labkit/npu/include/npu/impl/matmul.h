// The matmul instruction: which rules it obeys, what it touches, what it computes.
//
// C[i][j] = sum over k of A[i][k] B[k][j] + bias[j], in order of k; accumulated in float, or for
// int8 exactly; rounded once to the type of C. Functional only: the cube unit's layouts and cycles
// are not modelled.
#pragma once

#include <cstring>
#include <vector>

#include "npu/access.h"
#include "npu/half.h"
#include "npu/impl/operands.h"
#include "npu/linkage.h"

namespace npu {

inline constexpr uint64_t kMostMatmul = 1ull << 33;  // multiplications of one block
inline constexpr uint32_t kMostSide = 1u << 16;      // rows or columns of one block
inline constexpr uint64_t kMostElements = 1u << 26;  // of one matrix

// A matrix in memory: `rows` runs of `length` elements, `stride` elements apart.
struct Matrix {
  const char* name;
  const Operand* place;
  DType type;
  uint64_t rows, length, stride;

  bool empty() const { return !rows || !length; }
  uint64_t bytes() const { return length * size_of(type); }
  uint64_t span() const { return empty() ? 0 : (rows - 1) * stride * size_of(type) + bytes(); }
  Operand row(uint64_t number) const {
    Operand at = *place;
    at.address += number * stride * size_of(type);
    return at;
  }
};

struct Matrices {
  Matrix c, a, b, bias;

  explicit Matrices(const Instruction& i) {
    const uint64_t m = i.param[kM], n = i.param[kN], k = i.param[kK];
    const bool ta = i.flags & transpose_a, tb = i.flags & transpose_b;
    const bool with_bias = i.flags & has_bias;
    const uint64_t stride_a = i.param[kStrideA], stride_b = i.param[kStrideB];
    c = {"Matmul's C", &i.operand[0], i.dtype, m, n, i.param[kStrideC]};
    a = {"Matmul's A", &i.operand[1], i.source, ta ? k : m, ta ? m : k, stride_a};
    b = {"Matmul's B", &i.operand[2], i.source, tb ? n : k, tb ? k : n, stride_b};
    bias = {
        "Matmul's bias", &i.operand[3], static_cast<DType>(i.param[kBiasType]), with_bias, n, n};
  }
};

inline bool is_float(DType type) {
  return type == DType::f16 || type == DType::bf16 || type == DType::f32;
}

// A and B of one type: half, bfloat16_t or float into any of them; int8 into int32.
inline bool multiplies(const Instruction& i) {
  const DType bias = i.flags & has_bias ? static_cast<DType>(i.param[kBiasType]) : i.dtype;
  if (i.source == DType::i8) return i.dtype == DType::i32 && bias == DType::i32;
  return is_float(i.source) && is_float(i.dtype) && is_float(bias);
}

NPU_FUNCTION Fault check_matrix(const Matrix& matrix, Memory& memory) {
  if (matrix.empty()) return kNoFault;
  if (matrix.stride < matrix.length)
    return broken("MATMUL_SHAPE", false, "%s: a row has %llu elements, but rows are %llu apart",
                  matrix.name, static_cast<unsigned long long>(matrix.length),
                  static_cast<unsigned long long>(matrix.stride));
  const uint32_t size = size_of(matrix.type);
  const Fault fault = matrix.place->space == Space::UB
                          ? check_local(matrix.name, *matrix.place, matrix.span(), size, memory)
                          : check_global(matrix.name, *matrix.place, matrix.span(), size, memory);
  return fault;
}

NPU_FUNCTION Fault check_matmul(const Instruction& i, Memory& memory) {
  const uint64_t m = i.param[kM], n = i.param[kN], k = i.param[kK];
  if (!multiplies(i))
    return broken("TYPE_UNSUPPORTED", false, "Matmul does not multiply matrices of these types");
  const bool large = m * k > kMostElements || k * n > kMostElements || m * n > kMostElements;
  if (m > kMostSide || n > kMostSide || k > kMostSide || large || m * n * k > kMostMatmul)
    return broken("MATMUL_SHAPE", false, "Matmul: a block of %u x %u x %u is too large",
                  i.param[kM], i.param[kN], i.param[kK]);
  const Matrices all(i);
  for (const Matrix* matrix : {&all.a, &all.b, &all.bias, &all.c}) {
    const Fault fault = check_matrix(*matrix, memory);
    if (fault.code) return fault;
  }
  return kNoFault;
}

template <typename Visit>
void each_access_matmul(const Instruction& i, Visit&& visit) {
  const auto tell = [&visit](const Matrix& matrix, bool write) {
    for (uint64_t row = 0; !matrix.empty() && row < matrix.rows; ++row)
      visit(Access{matrix.place->space, write, matrix.row(row).address, matrix.bytes()});
  };
  const Matrices all(i);
  tell(all.a, false);
  tell(all.b, false);
  tell(all.bias, false);
  if (i.detail) tell(all.c, false);
  tell(all.c, true);
}

inline uint8_t* bytes_of(const Matrix& matrix, uint64_t row, Memory& memory) {
  const Operand at = matrix.row(row);
  return at.space == Space::UB ? memory.ub + at.address : memory.global(at.address, matrix.bytes());
}

template <typename T>
T loaded(const uint8_t* from, uint64_t index) {
  T value;
  std::memcpy(&value, from + index * sizeof(T), sizeof(T));
  return value;
}

// Element `index` of a row as a number: float, or int64_t for integers.
template <typename Number>
Number element(const uint8_t* from, uint64_t index, DType type) {
  if constexpr (std::is_same_v<Number, float>) {
    if (type == DType::f16) return float_of_half(loaded<uint16_t>(from, index));
    if (type == DType::bf16) return float_of_bfloat(loaded<uint16_t>(from, index));
    return loaded<float>(from, index);
  } else {
    return type == DType::i8 ? loaded<int8_t>(from, index) : loaded<int32_t>(from, index);
  }
}

template <typename T>
void stored(uint8_t* to, uint64_t index, T value) {
  std::memcpy(to + index * sizeof(T), &value, sizeof(T));
}

template <typename Number>
void set_element(uint8_t* to, uint64_t index, DType type, Number value) {
  if constexpr (std::is_same_v<Number, float>) {
    if (type == DType::f16) return stored(to, index, half_of_float(value));
    if (type == DType::bf16) return stored(to, index, bfloat_of_float(value));
    stored(to, index, value);
  } else {
    stored(to, index, static_cast<int32_t>(static_cast<uint64_t>(value)));
  }
}

// Reads a matrix by rows, or by columns where it is stored `transposed`.
template <typename Number>
std::vector<Number> numbers(const Matrix& matrix, bool transposed, Memory& memory) {
  std::vector<Number> values(matrix.empty() ? 0 : matrix.rows * matrix.length);
  for (uint64_t row = 0; !values.empty() && row < matrix.rows; ++row) {
    const uint8_t* from = bytes_of(matrix, row, memory);
    for (uint64_t at = 0; at < matrix.length; ++at)
      values[transposed ? at * matrix.rows + row : row * matrix.length + at] =
          element<Number>(from, at, matrix.type);
  }
  return values;
}

template <typename Number>
void multiply(const Instruction& i, Memory& memory) {
  const uint64_t n = i.param[kN], k = i.param[kK];
  const Matrices all(i);
  const auto a = numbers<Number>(all.a, i.flags & transpose_a, memory);
  const auto b = numbers<Number>(all.b, i.flags & transpose_b, memory);
  const auto bias = numbers<Number>(all.bias, false, memory);
  std::vector<Number> sums(n);
  for (uint64_t row = 0; n && row < i.param[kM]; ++row) {
    for (uint64_t column = 0; column < n; ++column)
      sums[column] = bias.empty() ? Number{} : bias[column];
    for (uint64_t step = 0; step < k; ++step) {
      const Number factor = a[row * k + step];
      for (uint64_t column = 0; column < n; ++column) sums[column] += factor * b[step * n + column];
    }
    uint8_t* to = bytes_of(all.c, row, memory);
    for (uint64_t column = 0; column < n; ++column) {
      const Number before = i.detail ? element<Number>(to, column, i.dtype) : Number{};
      set_element<Number>(to, column, i.dtype, before + sums[column]);
    }
  }
}

NPU_FUNCTION uint64_t execute_matmul(const Instruction& i, Memory& memory) {
  i.source == DType::i8 ? multiply<int64_t>(i, memory) : multiply<float>(i, memory);
  return 0;
}

}  // namespace npu
