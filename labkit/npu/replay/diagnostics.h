// What the replay has to tell: each thing once for each place, and how often.
#pragma once

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
  uint64_t count = 1;
};

class Diagnostics {
 public:
  // Where the machine is: of all that is told from here on.
  uint32_t launch = 0, core = 0;

  [[gnu::format(printf, 6, 7)]] void tell(const char* code, Severity severity, Place place,
                                          Place other, const char* format, ...) {
    errors_ += severity == Severity::error;
    const auto [known, is_new] =
        index_.try_emplace(Key(code, place.file, place.line, other.file, other.line), told_.size());
    if (!is_new) {
      if (known->second < kMost) ++told_[known->second].count;
      return;
    }
    if (told_.size() == kMost) {
      index_.erase(known);
      return;
    }
    char text[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    told_.push_back({code, text, severity, launch, core, place, other});
  }

  const std::vector<Diagnostic>& all() const { return told_; }
  uint64_t errors() const { return errors_; }

 private:
  static constexpr size_t kMost = 200;
  using Key = std::tuple<std::string_view, uint16_t, uint32_t, uint16_t, uint32_t>;
  std::map<Key, size_t> index_;  // codes are literals: views of them live on
  std::vector<Diagnostic> told_;
  uint64_t errors_ = 0;
};

}  // namespace npu::replay
