// Writes the trace: whole frames into a buffer, the buffer to a descriptor. Never recorded twice,
// never more than the limit; what is in the buffer survives a crash of student code.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "npu/trace.h"

namespace npu {

class Recorder {
 public:
  // Starts a trace on `fd`, or records nothing if `fd` is -1.
  void open(int fd) {
    fd_ = fd;
    if (fd < 0) return;
    buffer_.resize(kBuffer);
    trace::Header header = {};
    std::memcpy(header.magic, trace::kMagic, sizeof header.magic);
    header.version = trace::kVersion;
    put(&header, sizeof header);
    commit();
  }

  void bound(uint64_t limit) { limit_ = limit; }

  bool on() const { return fd_ >= 0; }

  // Returns false where the trace has grown to its limit; the frame is not written then.
  bool frame(trace::Kind kind, const void* first = nullptr, size_t size = 0,
             const void* second = nullptr, size_t more = 0) {
    if (!on()) return true;
    trace::FrameHead head = {kind, static_cast<uint32_t>(size + more)};
    if (recorded_ + sizeof head + size + more > limit_) return false;
    put(&head, sizeof head);
    put(first, size);
    put(second, more);
    commit();
    return true;
  }

  bool instruction(const Instruction& instruction) {
    return frame(trace::Kind::instruction, &instruction, kHead, instruction.operand,
                 instruction.operands * sizeof(Operand));
  }

  // Writes `text` as the last frame of the trace, whatever the limit.
  void fault(const char* text) {
    limit_ = UINT64_MAX;
    frame(trace::Kind::fault, text, std::strlen(text));
    flush();
  }

  // Returns the number of the source file `name`: of the same text, the same number.
  uint16_t file(const char* name) {
    if (!on() || !name) return 0;
    if (name == last_name_) return last_file_;
    last_name_ = name;
    return last_file_ = number_of(printable(name));
  }

  // Writes out whole frames. Safe in a signal handler, but not in one that interrupted a flush.
  void flush() {
    if (flushing_) return;
    flushing_ = true;
    for (size_t done = 0; done < committed_;) done += write_some(&buffer_[done], committed_ - done);
    std::memmove(buffer_.data(), buffer_.data() + committed_, used_ - committed_);
    used_ -= committed_;
    committed_ = 0;
    flushing_ = false;
  }

  // Text fit for the trace: printable, and not too long.
  static std::string printable(const char* text) {
    std::string result(text, strnlen(text, trace::kMostText));
    for (char& c : result)
      if (c < ' ' || c > '~') c = '?';
    return result;
  }

 private:
  static constexpr size_t kBuffer = 1 << 20;

  uint16_t number_of(const std::string& name) {
    for (size_t i = 0; i < files_.size(); ++i)
      if (files_[i] == name) return static_cast<uint16_t>(i + 1);
    if (files_.size() == UINT16_MAX || !frame(trace::Kind::file, name.data(), name.size()))
      return 0;
    files_.push_back(name);
    return static_cast<uint16_t>(files_.size());
  }

  void put(const void* bytes, size_t size) {
    for (const char* from = static_cast<const char*>(bytes); size;) {
      if (used_ == kBuffer) spill();
      const size_t part = size < kBuffer - used_ ? size : kBuffer - used_;
      std::memcpy(&buffer_[used_], from, part);
      used_ += part;
      recorded_ += part;
      from += part;
      size -= part;
    }
  }

  // The buffer is full: what is in it goes out, the part of a frame that has come included.
  void spill() {
    committed_ = used_;
    flush();
  }

  void commit() {
    committed_ = used_;
    if (used_ > kBuffer - sizeof(trace::FrameHead) - sizeof(Instruction)) flush();
  }

  // A reader that went away wants no more: there is nobody to tell.
  size_t write_some(const char* bytes, size_t size) {
    const ssize_t written = ::write(fd_, bytes, size);
    if (written >= 0) return static_cast<size_t>(written);
    if (errno != EINTR && errno != EAGAIN) ::_exit(0);
    return 0;
  }

  int fd_ = -1;
  uint64_t limit_ = UINT64_MAX, recorded_ = 0;
  std::vector<char> buffer_;
  size_t used_ = 0;
  volatile size_t committed_ = 0;  // of used_: the end of the last whole frame
  volatile bool flushing_ = false;
  std::vector<std::string> files_;
  const char* last_name_ = nullptr;
  uint16_t last_file_ = 0;
};

}  // namespace npu
