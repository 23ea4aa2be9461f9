// Reading of the trace: buffered, and never beyond a limit.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <vector>

#include "refused.h"

namespace npu::replay {

class Stream {
 public:
  Stream(int descriptor, uint64_t limit)
      : descriptor_(descriptor), left_(limit), buffer_(1 << 20) {}

  // Reads exactly `bytes`. Returns false where the stream ends before the first of them.
  bool read(void* to, size_t bytes) {
    uint8_t* at = static_cast<uint8_t*>(to);
    const size_t wanted = bytes;
    while (bytes > 0) {
      if (begin_ == end_ && !refill()) {
        require(bytes == wanted, "it ends in the middle of a frame");
        return false;
      }
      const size_t some = std::min(bytes, end_ - begin_);
      std::memcpy(at, buffer_.data() + begin_, some);
      begin_ += some;
      at += some;
      bytes -= some;
    }
    return true;
  }

  // As `read`, where the stream must not end.
  void need(void* to, size_t bytes) {
    require(read(to, bytes) || bytes == 0, "it ends in the middle of a frame");
  }

 private:
  bool refill() {
    ssize_t got;
    do {
      got = ::read(descriptor_, buffer_.data(), buffer_.size());
    } while (got < 0 && errno == EINTR);
    require(got >= 0, "it cannot be read");
    require(static_cast<uint64_t>(got) <= left_, "it is longer than the limit");
    left_ -= got;
    begin_ = 0;
    end_ = got;
    return got > 0;
  }

  int descriptor_;
  uint64_t left_;
  std::vector<uint8_t> buffer_;
  size_t begin_ = 0, end_ = 0;
};

}  // namespace npu::replay
