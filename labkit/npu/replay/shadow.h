// What is known of each 32 bytes of a core's Unified Buffer: who wrote and read it last, and which
// of its bytes were ever written.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "clock.h"
#include "npu/isa.h"

namespace npu::replay {

// One instruction that touched something.
struct Touch {
  uint32_t number = 0;  // on its pipe, from 1; 0: nobody
  uint32_t line = 0;
  uint16_t file = 0;
  Op op = Op::none;
  Pipe pipe = Pipe::S;

  Place place() const { return {line, file}; }
};

struct Cell {
  Touch writer;
  Touch readers[2];      // of V, of MTE3: S is in order with all, MTE2 reads no UB
  uint32_t written = 0;  // bit i: byte i
};

class Shadow {
 public:
  explicit Shadow(uint32_t bytes) : cells_(bytes / kBlock) {}

  Cell* cells(uint64_t address) { return &cells_[address / kBlock]; }

  // Forgets what bytes hold, not who touched them.
  void unwrite(uint64_t begin, uint64_t end) {
    each(begin, end, [](Cell& cell, uint32_t bytes) { cell.written &= ~bytes; });
  }

  // Calls visit(cell, mask of its bytes) for all cells of [begin, end), which lies in UB.
  template <typename Visit>
  void each(uint64_t begin, uint64_t end, Visit&& visit) {
    used_ = std::max<uint64_t>(used_, (end + kBlock - 1) / kBlock);
    for (uint64_t at = begin; at < end;) {
      const uint64_t until = std::min(end, at / kBlock * kBlock + kBlock);
      const uint32_t first = at % kBlock;
      const uint32_t bytes = static_cast<uint32_t>(until - at);
      visit(cells_[at / kBlock], (bytes == kBlock ? ~0u : (1u << bytes) - 1) << first);
      at = until;
    }
  }

  void clear() {
    std::fill_n(cells_.begin(), used_, Cell{});
    used_ = 0;
  }

  uint64_t used() const { return used_ * kBlock; }

 private:
  std::vector<Cell> cells_;
  uint64_t used_ = 0;  // cells from the first on that may differ from Cell{}
};

}  // namespace npu::replay
