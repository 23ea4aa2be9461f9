// What the replay has to tell: each thing once for each place, and how often.
#pragma once

#include <algorithm>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace npu::replay {

struct Place {  // in the student's source
  uint32_t line = 0;
  uint16_t file = 0;
};

enum class Severity : uint8_t { error, warning };

struct Diagnostic {
  std::string code, message;
  Severity severity;
  uint32_t launch, core;
  Place place, other;
  uint64_t count = 0;
};

class Diagnostics {
 public:
  // Where the machine is: of all that is told from here on.
  uint32_t launch = 0, core = 0;

  [[gnu::format(printf, 6, 7)]] void tell(const char* code, Severity severity, Place place,
                                          Place other, const char* format, ...) {
    errors_ += severity == Severity::error;
    const Key key(code, place.file, place.line, other.file, other.line);
    const auto known = index_.find(key);
    const bool is_new = known == index_.end();
    if (is_new && is_full(severity)) return;
    if (is_new) told_.emplace_back();
    Diagnostic& one = told_[is_new ? index_[key] = told_.size() - 1 : known->second];
    ++one.count;
    if (!is_new && (severity == one.severity || severity == Severity::warning)) return;
    char text[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    one = {code, text, severity, launch, core, place, other, one.count};
  }

  const std::vector<Diagnostic>& all() const { return told_; }
  uint64_t errors() const { return errors_; }

 private:
  static constexpr size_t kMost = 200;
  using Key = std::tuple<std::string_view, uint16_t, uint32_t, uint16_t, uint32_t>;

  // Warnings, however many, leave room for errors to be told.
  bool is_full(Severity severity) const {
    if (severity == Severity::error || told_.size() == kMost) return told_.size() == kMost;
    const auto warns = [](const Diagnostic& one) { return one.severity == Severity::warning; };
    return std::count_if(told_.begin(), told_.end(), warns) == kMost / 2;
  }

  std::map<Key, size_t> index_;  // codes are literals: views of them live on
  std::vector<Diagnostic> told_;
  uint64_t errors_ = 0;
};

}  // namespace npu::replay
