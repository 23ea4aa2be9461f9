// Sets and maps of byte ranges.
#pragma once

#include <cstdint>
#include <iterator>
#include <map>

namespace npu::replay {

// A set of bytes, as ranges that do not touch.
class Ranges {
 public:
  void add(uint64_t begin, uint64_t end) {
    if (begin >= end) return;
    auto at = ranges_.upper_bound(begin);
    if (at != ranges_.begin() && std::prev(at)->second >= begin) {
      --at;
      begin = at->first;
      if (at->second >= end) return;
    }
    while (at != ranges_.end() && at->first <= end) {
      if (at->second > end) end = at->second;
      if (at->first == begin) {  // it grows: the usual case, without a new node
        auto next = std::next(at);
        if (next == ranges_.end() || next->first > end) {
          at->second = end;
          return;
        }
      }
      at = ranges_.erase(at);
    }
    ranges_.emplace_hint(at, begin, end);
  }

  // Calls visit(begin, end) for each part of [begin, end) that is not in the set.
  template <typename Visit>
  void each_gap(uint64_t begin, uint64_t end, Visit&& visit) const {
    auto at = ranges_.upper_bound(begin);
    if (at != ranges_.begin() && std::prev(at)->second > begin) begin = std::prev(at)->second;
    for (; at != ranges_.end() && at->first < end; ++at) {
      if (at->first > begin) visit(begin, at->first);
      begin = at->second;
    }
    if (begin < end) visit(begin, end);
  }

  bool empty() const { return ranges_.empty(); }
  size_t pieces() const { return ranges_.size(); }
  void clear() { ranges_.clear(); }

 private:
  std::map<uint64_t, uint64_t> ranges_;
};

// Values of byte ranges that do not overlap.
template <typename Value>
class RangeMap {
 public:
  // Calls visit(begin, end, Value&) for all of [begin, end), cut where its values change. Bytes
  // without a value get one.
  template <typename Visit>
  void each(uint64_t begin, uint64_t end, Visit&& visit) {
    auto at = cut(begin);
    while (begin < end) {
      if (at == ranges_.end() || at->first > begin) {
        const uint64_t until = at == ranges_.end() ? end : at->first < end ? at->first : end;
        at = ranges_.emplace_hint(at, begin, Range{until, Value{}});
      } else if (at->second.end > end) {
        cut(end);
      }
      visit(begin, at->second.end, at->second.value);
      begin = at->second.end;
      ++at;
    }
  }

  // Makes [begin, end) one range.
  void set(uint64_t begin, uint64_t end, const Value& value) {
    auto at = cut(begin);
    const auto last = cut(end);
    if (at != last && at->first == begin) {
      at->second = {end, value};
      ranges_.erase(std::next(at), last);
    } else {
      ranges_.emplace_hint(ranges_.erase(at, last), begin, Range{end, value});
    }
  }

  size_t pieces() const { return ranges_.size(); }
  void clear() { ranges_.clear(); }

 private:
  struct Range {
    uint64_t end;
    Value value;
  };
  using Map = std::map<uint64_t, Range>;

  // Returns the first range that begins at or after `address`, with none across it.
  typename Map::iterator cut(uint64_t address) {
    auto at = ranges_.lower_bound(address);
    if (at == ranges_.begin()) return at;
    auto before = std::prev(at);
    if (before->second.end <= address) return at;
    const Range rest = before->second;
    before->second.end = address;
    return ranges_.emplace_hint(at, address, rest);
  }

  Map ranges_;
};

}  // namespace npu::replay
