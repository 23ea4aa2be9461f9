// Reductions. A sum is a tree of neighbours inside a repeat; the sums of repeats are added one
// after another (reduce_sum by count) or are summed in turn by such trees. Each addition rounds to
// the type, halves beyond their largest to infinity. A maximum tells the first place where it was
// found.
#pragma once

#include "npu/impl/execute_element.h"
#include "npu/impl/parts_reduce.h"

namespace npu {

inline constexpr uint32_t kMostWidth = 128;

// The elements of one repeat; those that the mask leaves out have `chosen` false.
template <typename T>
struct Chosen {
  Wide<T> value[kMostWidth];
  bool chosen[kMostWidth];
};

template <typename T>
void load_chosen(const uint8_t* ub, const Grid& grid, const Lane& lane, uint32_t repeat,
                 Chosen<T>& to) {
  const Mask mask = repeat + 1 == grid.repeats ? grid.last : grid.mask;
  if (mask == first_bits(grid.width) && lane.block == kBlock) {
    load_plane<T>(to.value, ub + place(lane, repeat, 0), grid.width);
    std::memset(to.chosen, true, sizeof to.chosen);
    return;
  }
  for (uint32_t e = 0; e < grid.width; ++e) {
    to.chosen[e] = has(mask, e);
    to.value[e] = to.chosen[e] ? load_one<T>(ub + place(lane, repeat, e)) : 0;
  }
}

template <typename T>
void round_plane(Wide<T>* values, uint32_t count) {
  uint8_t bytes[kMostWidth * sizeof(T)];
  store_plane<T>(bytes, values, count);
  load_plane<T>(values, bytes, count);
}

// Sums `count` = 2^k values in place.
template <typename T>
Wide<T> tree_sum(Wide<T>* values, uint32_t count) {
  for (; count > 1; count /= 2) {
    for (uint32_t i = 0; i < count / 2; ++i) values[i] = values[2 * i] + values[2 * i + 1];
    round_plane<T>(values, count / 2);
  }
  return values[0];
}

// Sums of repeats, summed as if they were elements: round after round, until one is left.
template <typename T>
class SumOfRepeats {
 public:
  explicit SumOfRepeats(uint32_t width) : width_(width) {}

  void add(Wide<T> sum, int round = 0) {
    row_[round][used_[round]++] = sum;
    ++seen_[round];
    if (used_[round] == width_) sum_up(round);
  }
  Wide<T> total() {
    int round = 0;
    for (; seen_[round] != 1; ++round)
      if (used_[round]) sum_up(round);
    return row_[round][0];
  }

 private:
  void sum_up(int round) {
    Wide<T>* row = row_[round];
    for (uint32_t i = used_[round]; i < width_; ++i) row[i] = 0;
    used_[round] = 0;
    add(tree_sum<T>(row, width_), round + 1);
  }

  static constexpr int kMostRounds = 5;  // 64 to the fourth is more than a count of repeats holds
  uint32_t width_, used_[kMostRounds] = {}, seen_[kMostRounds] = {};
  Wide<T> row_[kMostRounds][kMostWidth];
};

template <typename T>
struct Best {
  Wide<T> value;
  uint32_t index;
  bool found;
};

// A NaN beats all.
template <typename W>
bool beats(W value, W best, bool largest) {
  if (best != best) return false;
  return value != value || (largest ? value > best : value < best);
}

template <typename T>
Best<T> best_of(const Chosen<T>& from, uint32_t first, uint32_t count, bool largest) {
  const Wide<T> infinity = bits_as<float>(0x7F800000u);
  Best<T> best = {largest ? -infinity : infinity, 0, false};
  for (uint32_t e = first; e < first + count; ++e)
    if (from.chosen[e] && (!best.found || beats(from.value[e], best.value, largest)))
      best = {from.value[e], e - first, true};
  return best;
}

inline bool finds_largest(Op op) {
  return op == Op::whole_reduce_max || op == Op::block_reduce_max || op == Op::reduce_max;
}
inline bool sums(Op op) {
  return op != Op::whole_reduce_min && op != Op::block_reduce_min && op != Op::reduce_min &&
         !finds_largest(op);
}

// An index lies in the bits of an element; one alone is a uint32.
inline void store_index(uint8_t* to, uint32_t index, uint32_t bytes) {
  std::memcpy(to, &index, bytes);
}

template <typename T>
void store_best(uint8_t* dst, const Best<T>& best, Order order) {
  if (order == Order::only_index) return store_index(dst, best.index, 4);
  const bool index_first = order == Order::index_value;
  store_one<T>(dst + (index_first ? sizeof(T) : 0), best.value);
  if (order != Order::only_value)
    store_index(dst + (index_first ? 0 : sizeof(T)), best.index, sizeof(T));
}

// block_reduce_* and pair_reduce_sum: a result for each `group` elements of which one is chosen.
template <typename T>
void reduce_groups(const Instruction& instruction, Chosen<T>& from, uint32_t width, uint32_t group,
                   uint8_t* dst) {
  const bool largest = finds_largest(instruction.op);
  for (uint32_t first = 0; first < width; first += group) {
    const Best<T> best = best_of<T>(from, first, group, largest);
    if (!best.found) continue;
    const Wide<T> value =
        sums(instruction.op) ? tree_sum<T>(from.value + first, group) : best.value;
    store_one<T>(dst + first / group * sizeof(T), value);
  }
}

template <typename T>
void reduce_repeat(const Instruction& instruction, Chosen<T>& from, uint32_t width, uint8_t* dst) {
  if (const uint32_t group = group_of(instruction))
    return reduce_groups<T>(instruction, from, width, group, dst);
  if (sums(instruction.op)) return store_one<T>(dst, tree_sum<T>(from.value, width));
  store_best<T>(dst, best_of<T>(from, 0, width, finds_largest(instruction.op)),
                static_cast<Order>(instruction.detail));
}

template <typename T>
void reduce_each(const Instruction& instruction, uint8_t* ub) {
  const Grid grid = grid_of(instruction);
  const Lane lane = reduced_lane(instruction, grid);
  const uint64_t step = uint64_t(instruction.param[kDstRepeat]) * result_bytes(instruction);
  Chosen<T> from;
  for (uint32_t repeat = 0; repeat < grid.repeats; ++repeat) {
    load_chosen<T>(ub, grid, lane, repeat, from);
    reduce_repeat<T>(instruction, from, grid.width, ub + instruction.dst().address + repeat * step);
  }
}

template <typename T>
Wide<T> sum_all(const Instruction& instruction, const Grid& grid, const Lane& lane, uint8_t* ub) {
  Chosen<T> from;
  SumOfRepeats<T> rounds(grid.width);
  Wide<T> sum = 0;
  for (uint32_t repeat = 0; repeat < grid.repeats; ++repeat) {
    load_chosen<T>(ub, grid, lane, repeat, from);
    const Wide<T> part = tree_sum<T>(from.value, grid.width);
    if (!sums_in_turn(instruction)) {
      rounds.add(part);
      continue;
    }
    sum = repeat ? sum + part : part;
    round_plane<T>(&sum, 1);
  }
  return sums_in_turn(instruction) ? sum : rounds.total();
}

// Indices of reduce_max and reduce_min count elements from the first of src0.
template <typename T>
Best<T> best_of_all(const Instruction& instruction, const Grid& grid, const Lane& lane,
                    uint8_t* ub) {
  const bool largest = finds_largest(instruction.op);
  Chosen<T> from;
  Best<T> best = {0, 0, false};
  for (uint32_t repeat = 0; repeat < grid.repeats; ++repeat) {
    load_chosen<T>(ub, grid, lane, repeat, from);
    Best<T> here = best_of<T>(from, 0, grid.width, largest);
    here.index += static_cast<uint32_t>(repeat * lane.repeat / sizeof(T));
    if (!best.found || beats(here.value, best.value, largest)) best = here;
  }
  return best;
}

template <typename T>
void reduce_all(const Instruction& instruction, uint8_t* ub) {
  const Grid grid = grid_of(instruction);
  const Lane lane = reduced_lane(instruction, grid);
  uint8_t* dst = ub + instruction.dst().address;
  if (sums(instruction.op)) return store_one<T>(dst, sum_all<T>(instruction, grid, lane, ub));
  store_best<T>(dst, best_of_all<T>(instruction, grid, lane, ub),
                instruction.flags & indices ? Order::value_index : Order::only_value);
}

template <typename T>
void reduce(const Instruction& instruction, uint8_t* ub) {
  if (!grid_of(instruction).repeats) return;
  if (reduces_all(instruction.op)) return reduce_all<T>(instruction, ub);
  reduce_each<T>(instruction, ub);
}

NPU_FUNCTION void execute_reduction(const Instruction& instruction, uint8_t* ub) {
  if (instruction.dtype == DType::f16) return reduce<half>(instruction, ub);
  reduce<float>(instruction, ub);
}

}  // namespace npu
