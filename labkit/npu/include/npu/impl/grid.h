// The elements that a vector instruction works on, and where each operand has them.
//
// A repeat is 256 bytes of the widest type: `width` elements, of which a mask chooses. Element e
// of an operand with elements of `size` bytes lies in its block e * size / 32 of that repeat.
#pragma once

#include "npu/vector.h"

namespace npu {

struct Mask {
  uint64_t low, high;
};
constexpr Mask first_bits(uint32_t count) {
  if (count >= 128) return {~0ull, ~0ull};
  if (count >= 64) return {~0ull, (1ull << (count - 64)) - 1};
  return {(1ull << count) - 1, 0};
}
constexpr bool operator==(Mask a, Mask b) { return a.low == b.low && a.high == b.high; }
constexpr bool has(Mask mask, uint32_t bit) {
  return ((bit < 64 ? mask.low : mask.high) >> (bit % 64)) & 1;
}
inline uint32_t chosen(Mask mask) {
  return static_cast<uint32_t>(__builtin_popcountll(mask.low) + __builtin_popcountll(mask.high));
}

struct Grid {
  uint32_t width, repeats;
  Mask mask, last;  // `last`: of the last repeat
};

// One operand: where its first element lies, the bytes of one, and of a step to the next block
// and to the next repeat.
struct Lane {
  uint64_t address;
  uint32_t size;
  uint64_t block, repeat;

  uint64_t offset(uint32_t element) const {
    return uint64_t(element) * size / kBlock * block + uint64_t(element) * size % kBlock;
  }
};

constexpr bool writes_bits(Op op) { return op == Op::compare || op == Op::compares; }

inline Grid grid_of_count(uint32_t count, uint32_t width) {
  const uint32_t repeats = count / width + (count % width ? 1 : 0);
  return {width, repeats, first_bits(width),
          first_bits(count - (repeats ? repeats - 1 : 0) * width)};
}

inline Grid grid_of(const Instruction& instruction) {
  const uint32_t width = repeat_width(instruction);
  const bool whole = instruction.form == Form::count && writes_bits(instruction.op);
  const uint32_t count = instruction.count - (whole ? instruction.count % width : 0);
  if (instruction.form != Form::repeat) return grid_of_count(count, width);
  const Mask all = first_bits(width);
  const Mask mask = {instruction.mask[0] & all.low, instruction.mask[1] & all.high};
  return {width, chosen(mask) ? instruction.repeats : 0u, mask, mask};
}

inline uint64_t elements(const Grid& grid) {
  if (!grid.repeats) return 0;
  return uint64_t(grid.repeats - 1) * chosen(grid.mask) + chosen(grid.last);
}

// Elements one after another, as those of Form::count.
inline Lane in_a_row(uint64_t address, uint32_t size, uint32_t width) {
  return {address, size, kBlock, uint64_t(width) * size};
}

struct Run {
  uint32_t first, count;  // elements of a repeat
};
struct Runs {
  Run run[128];
  uint32_t count;
};

// Returns the runs of chosen elements that lie in a row in each of `lanes`.
inline Runs runs_of(Mask mask, uint32_t width, const Lane* lanes, int count) {
  Runs runs;
  runs.count = 0;
  for (uint32_t e = 0; e < width; ++e) {
    if (!has(mask, e)) continue;
    bool follows =
        runs.count && runs.run[runs.count - 1].first + runs.run[runs.count - 1].count == e;
    for (int i = 0; i < count && follows; ++i)
      follows = uint64_t(e) * lanes[i].size % kBlock || lanes[i].block == kBlock;
    if (follows)
      ++runs.run[runs.count - 1].count;
    else
      runs.run[runs.count++] = {e, 1};
  }
  return runs;
}

// Whether all elements lie in a row in each of `lanes`.
inline bool all_in_a_row(const Grid& grid, const Lane* lanes, int count) {
  if (!(grid.last == first_bits(chosen(grid.last)))) return false;
  if (grid.repeats > 1 && !(grid.mask == first_bits(grid.width))) return false;
  for (int i = 0; i < count; ++i) {
    if (lanes[i].block != kBlock && chosen(grid.last) * lanes[i].size > kBlock) return false;
    if (grid.repeats > 1 &&
        (lanes[i].block != kBlock || lanes[i].repeat != uint64_t(grid.width) * lanes[i].size))
      return false;
  }
  return true;
}

// Calls visit(uint32_t repeat, uint32_t first, uint32_t count) for each run of elements that lie in
// a row in each of `lanes`, in order; a run may go on into the repeats that follow.
template <typename Visit>
void each_run(const Grid& grid, const Lane* lanes, int count, Visit&& visit) {
  if (!grid.repeats) return;
  if (all_in_a_row(grid, lanes, count)) return visit(0u, 0u, static_cast<uint32_t>(elements(grid)));
  Runs runs = runs_of(grid.mask, grid.width, lanes, count);
  for (uint32_t repeat = 0; repeat < grid.repeats; ++repeat) {
    if (repeat + 1 == grid.repeats && !(grid.last == grid.mask))
      runs = runs_of(grid.last, grid.width, lanes, count);
    for (uint32_t i = 0; i < runs.count; ++i) visit(repeat, runs.run[i].first, runs.run[i].count);
  }
}

inline uint64_t place(const Lane& lane, uint32_t repeat, uint32_t element) {
  return lane.address + repeat * lane.repeat + lane.offset(element);
}

// Returns the address after the last byte of `lane` that `grid` chooses.
inline uint64_t end_of(const Grid& grid, const Lane& lane) {
  uint64_t end = lane.address;
  each_run(grid, &lane, 1, [&](uint32_t repeat, uint32_t first, uint32_t count) {
    const uint64_t here = place(lane, repeat, first) + uint64_t(count) * lane.size;
    if (here > end) end = here;
  });
  return end;
}

}  // namespace npu
