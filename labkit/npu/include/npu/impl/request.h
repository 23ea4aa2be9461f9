// What this process is asked to run: lines of text on a descriptor, one word and its values each.
//   npu-request 1
//   soc 910B1
//   limit 1073741824     bytes of trace
//   mode launch          or run (run_kernel), or program (a main of its own)
//   kernel add_custom    and for a launch: blocks 8, key 0
// then the arguments in order, where arrays lie in the image at multiples of 4096:
//   array 0 8192         offset and bytes; tiling 8192 24 likewise, at last
//   i64 -5, f64 0x1.8p+1, bytes 0a0b0c
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace npu {

struct Argument {
  enum Kind { array, integer, real, bytes };

  Kind kind = integer;
  uint64_t offset = 0, size = 0;  // array: where it is in the image, and how many bytes it has
  bool negative = false;          // integer: sign and magnitude
  uint64_t magnitude = 0;
  double number = 0;          // real
  std::vector<uint8_t> data;  // bytes
};

struct Request {
  enum Mode { program, launch, run };

  Mode mode = program;
  std::string soc = "910B1", kernel;
  uint64_t limit = uint64_t{1} << 30, blocks = 1, key = 0;
  std::vector<Argument> arguments;
  bool tiled = false;  // the last argument is the tiling, which the caller's list does not have
};

inline bool read_all(int fd, std::string& text) {
  char part[65536];
  for (;;) {
    const ssize_t got = ::read(fd, part, sizeof part);
    if (got == 0) return true;
    if (got < 0) return false;
    text.append(part, static_cast<size_t>(got));
  }
}

// Reads one request; a line that it does not know is left in `wrong`.
class RequestReader {
 public:
  explicit RequestReader(const std::string& text) {
    size_t start = 0;
    for (size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1) {
      const std::string line = text.substr(start, end - start);
      if (start ? !take(line) : line != "npu-request 1") wrong = line;
    }
    if (start == 0) wrong = "(nothing)";
  }

  Request request;
  std::string wrong;

 private:
  bool take(const std::string& line) {
    const size_t space = line.find(' ');
    if (space == std::string::npos) return false;
    const std::string word = line.substr(0, space), rest = line.substr(space + 1);
    if (word == "soc") return request.soc = rest, true;
    if (word == "kernel") return request.kernel = rest, true;
    if (word == "limit") return request.limit = number(rest), true;
    if (word == "blocks") return request.blocks = number(rest), true;
    if (word == "key") return request.key = number(rest), true;
    if (word == "mode") return take_mode(rest);
    return take_argument(word, rest);
  }

  bool take_mode(const std::string& mode) {
    if (mode == "launch") return request.mode = Request::launch, true;
    if (mode == "run") return request.mode = Request::run, true;
    return mode == "program";
  }

  bool take_argument(const std::string& word, const std::string& rest) {
    Argument argument;
    if (word == "array" || word == "tiling") {
      argument.kind = Argument::array;
      char* end = nullptr;
      argument.offset = std::strtoull(rest.c_str(), &end, 10);
      argument.size = std::strtoull(end, nullptr, 10);
      request.tiled = word == "tiling";
    } else if (word == "i64") {
      argument.negative = rest[0] == '-';
      argument.magnitude = number(rest.substr(argument.negative));
    } else if (word == "f64") {
      argument.kind = Argument::real;
      argument.number = std::strtod(rest.c_str(), nullptr);
    } else if (word == "bytes") {
      argument.kind = Argument::bytes;
      for (size_t i = 0; i + 1 < rest.size(); i += 2)
        argument.data.push_back(
            static_cast<uint8_t>(std::strtoul(rest.substr(i, 2).c_str(), nullptr, 16)));
    } else {
      return false;
    }
    request.arguments.push_back(argument);
    return true;
  }

  static uint64_t number(const std::string& text) {
    return std::strtoull(text.c_str(), nullptr, 10);
  }
};

}  // namespace npu
