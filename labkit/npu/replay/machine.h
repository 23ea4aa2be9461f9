// The machine: takes the trace frame by frame, and does what they say.
#pragma once

#include <optional>

#include "launch.h"
#include "options.h"
#include "shape.h"
#include "stream.h"

namespace npu::replay {

struct HostRead {  // what the host took from global memory
  uint64_t bytes;
  std::vector<uint8_t> data;
};

class Machine {
 public:
  Machine(Stream& stream, Global& all, const Options& options)
      : stream_(stream), all_(all), chip_(*options.chip), options_(options) {}

  // Runs the trace to its end, or to the frame that no recording would have made.
  void run();

  Diagnostics told;
  std::vector<std::string> files;
  std::vector<LaunchUse> launches;
  std::vector<HostRead> reads;
  std::string error, fault;  // empty: none
  uint64_t host_bytes = 0;   // that the host wrote to global memory
  bool complete = false;

 private:
  static constexpr uint64_t kMostInstructions = 8u << 20;
  static constexpr size_t kMostLaunches = 16384, kMostFiles = 4096;
  static constexpr uint64_t kMostBlocks = 1 << 18;                // of all launches
  static constexpr uint64_t kMostTimelines = 8;                   // as long as one may be, in all
  static constexpr size_t kMostShown = 32;                        // launches with their buffers
  static constexpr uint64_t kMostHostBytes = uint64_t{16} << 30;  // written and copied, in all
  static constexpr uint64_t kMostReadBytes = uint64_t{2} << 30;

  void header();
  void frame(const trace::FrameHead& head);
  void host(const trace::FrameHead& head);
  void host_access(const trace::FrameHead& head);
  void launch(const trace::FrameHead& head);
  void instruction(uint32_t bytes);
  void host_write(uint32_t bytes);
  void host_fill(const trace::Fill& fill);
  void host_copy(const trace::Copy& copy);
  void host_read(const trace::Read& read);
  uint8_t* host_target(uint64_t address, uint64_t bytes, bool fills);
  std::string text(uint32_t bytes);

  template <typename T>
  T body(uint32_t bytes) {
    require(bytes == sizeof(T), "a frame has another size");
    T read;
    stream_.need(&read, sizeof read);
    return read;
  }

  Stream& stream_;
  Global& all_;
  const Chip& chip_;
  const Options& options_;
  uint64_t instructions_ = 0, blocks_ = 0, steps_ = 0, read_bytes_ = 0;
  std::vector<std::unique_ptr<Core>> idle_;
  std::optional<Launch> launch_;
};

inline void Machine::run() {
  uint64_t frames = 0;
  try {
    header();
    trace::FrameHead head;
    while (!complete && fault.empty() && stream_.read(&head, sizeof head)) {
      ++frames;
      frame(head);
    }
    uint8_t more;
    require(!complete || !stream_.read(&more, 1), "something follows its end");
    require(!complete || options_.kernel.empty() || launches.size() == 1,
            "the kernel was not launched");
  } catch (const Refused& refused) {
    error = "frame " + std::to_string(frames) + ": " + refused.what();
  } catch (const std::bad_alloc&) {
    error = "frame " + std::to_string(frames) + ": there is no memory for what it wants";
  }
  if (launch_ && error.empty()) launch_->break_off();
}

inline void Machine::header() {
  trace::Header header;
  stream_.need(&header, sizeof header);
  require(std::equal(header.magic, header.magic + sizeof header.magic, trace::kMagic),
          "this is no trace");
  require(header.version == trace::kVersion, "the trace is of another version");
  require(header.reserved == 0, "a reserved field is not 0");
}

inline void Machine::frame(const trace::FrameHead& head) {
  using trace::Kind;
  switch (head.kind) {
    case Kind::instruction:
      return instruction(head.bytes);
    case Kind::file:
      require(files.size() < kMostFiles, "it names too many files");
      return files.push_back(text(head.bytes)), void();
    case Kind::fault:
      fault = text(head.bytes);
      return;
    case Kind::launch:
    case Kind::core:
    case Kind::core_end:
    case Kind::launch_end:
      return launch(head);
    default:
      return host(head);
  }
}

// Frames of the host, which waits for a launch to end.
inline void Machine::host(const trace::FrameHead& head) {
  using trace::Kind;
  require(!launch_, "the host does something in the middle of a launch");
  switch (head.kind) {
    case Kind::alloc: {
      const auto alloc = body<trace::Alloc>(head.bytes);
      require(alloc.reserved == 0, "a reserved field is not 0");
      return all_.allocate(alloc.address, alloc.bytes, alloc.array);
    }
    case Kind::end:
      require(head.bytes == 0, "a frame has another size");
      complete = true;
      return;
    default:
      require(options_.kernel.empty(), "a kernel was launched, and the host did something else");
      return host_access(head);
  }
}

inline void Machine::host_access(const trace::FrameHead& head) {
  using trace::Kind;
  switch (head.kind) {
    case Kind::release:
      return all_.release(body<uint64_t>(head.bytes));
    case Kind::host_write:
      return host_write(head.bytes);
    case Kind::host_fill:
      return host_fill(body<trace::Fill>(head.bytes));
    case Kind::host_copy:
      return host_copy(body<trace::Copy>(head.bytes));
    case Kind::host_read:
      return host_read(body<trace::Read>(head.bytes));
    default:
      throw Refused("a frame is of no kind that is known");
  }
}

inline void Machine::launch(const trace::FrameHead& head) {
  using trace::Kind;
  require((head.kind == Kind::launch) != launch_.has_value(), "a launch in a launch, or none");
  if (head.kind == Kind::core) return launch_->core(body<uint32_t>(head.bytes));
  if (head.kind == Kind::core_end) return launch_->core_end(body<trace::End>(head.bytes));
  if (head.kind == Kind::launch_end) {
    require(head.bytes == 0, "a frame has another size");
    launch_->end();
    launch_.reset();
    return;
  }
  require(head.bytes >= sizeof(trace::Launch) && launches.size() < kMostLaunches,
          "a frame has another size, or there are too many launches");
  const auto begin = body<trace::Launch>(sizeof(trace::Launch));
  require(begin.blocks >= 1 && begin.blocks <= UINT16_MAX, "a launch has no blocks, or too many");
  require((blocks_ += begin.blocks) <= kMostBlocks, "all launches have too many blocks");
  if (!launches.empty()) steps_ += launches.back().timeline.events.size();
  told.launch = static_cast<uint32_t>(launches.size());
  launches.emplace_back();
  LaunchUse& use = launches.back();
  use.kernel = text(head.bytes - sizeof begin);
  use.blocks = begin.blocks;
  require(options_.kernel.empty() || (use.kernel == options_.kernel &&
                                      use.blocks == options_.blocks && launches.size() == 1),
          "something else was launched than the kernel");
  use.shown = launches.size() <= kMostShown;
  use.timeline.most = std::min(options_.timeline, kMostTimelines * options_.timeline - steps_);
  launch_.emplace(all_, told, chip_, idle_, use);
}

// Between `count` and `mask`.
inline bool padding_is_zero(const Instruction& i) {
  constexpr size_t begin = offsetof(Instruction, count) + sizeof i.count;
  uint32_t padding;
  static_assert(begin + sizeof padding == offsetof(Instruction, mask));
  std::memcpy(&padding, reinterpret_cast<const char*>(&i) + begin, sizeof padding);
  return padding == 0;
}

inline void Machine::instruction(uint32_t bytes) {
  Instruction i = {};
  require(bytes >= kHead && bytes <= sizeof i && (bytes - kHead) % sizeof(Operand) == 0,
          "a frame has another size");
  require(++instructions_ <= kMostInstructions, "it has too many instructions");
  stream_.need(&i, bytes);
  require(i.operands == (bytes - kHead) / sizeof(Operand), "a frame has another size");
  require(padding_is_zero(i), "a reserved field is not 0");
  require_shape(i, static_cast<uint32_t>(files.size()));
  require(launch_.has_value(), "an instruction is of no launch");
  launch_->issue(i);
}

// Returns where the host's bytes go. Arrays are the caller's: what lies in them, kernels make. The
// host may fill one as a whole, as kernels want it that add to it.
inline uint8_t* Machine::host_target(uint64_t address, uint64_t bytes, bool fills) {
  Allocation& one = all_.need(address, bytes);
  const bool whole = address == one.address && bytes == one.bytes;
  require(one.array == 0 || (fills && whole), "the host writes to an array of the caller's");
  require(bytes <= kMostHostBytes - host_bytes, "the host moves too many bytes");
  host_bytes += bytes;
  const size_t before = pieces_of(one);
  all_.written(one, address - one.address, address - one.address + bytes);
  all_.cut(before, pieces_of(one));
  return all_.at(address, bytes);
}

inline void Machine::host_write(uint32_t bytes) {
  require(bytes >= sizeof(uint64_t) && bytes <= trace::kMostBytes, "a frame has another size");
  const auto address = body<uint64_t>(sizeof(uint64_t));
  const uint64_t count = bytes - sizeof address;
  stream_.need(host_target(address, count, false), count);
}

inline void Machine::host_fill(const trace::Fill& fill) {
  require(fill.reserved == 0 && fill.value <= UINT8_MAX, "a fill has no byte for its value");
  std::memset(host_target(fill.address, fill.bytes, true), static_cast<int>(fill.value),
              fill.bytes);
}

inline void Machine::host_copy(const trace::Copy& copy) {
  all_.need(copy.source, copy.bytes);
  std::memmove(host_target(copy.target, copy.bytes, false), all_.at(copy.source, copy.bytes),
               copy.bytes);
}

inline void Machine::host_read(const trace::Read& read) {
  all_.need(read.address, read.bytes);
  require(read.bytes <= kMostReadBytes - read_bytes_, "the host reads too many bytes");
  read_bytes_ += read.bytes;
  const uint8_t* data = all_.at(read.address, read.bytes);
  reads.push_back({read.bytes, {data, data + read.bytes}});
  if (trace::fnv1a(data, read.bytes) != read.digest && told.errors() == 0)
    told.tell("VALUE_MISMATCH", Severity::error, {}, {},
              "the host read %llu bytes that are not those the API's calls left there: the kernel "
              "changed global memory through a plain pointer",
              static_cast<unsigned long long>(read.bytes));
}

// Printable ASCII, so that whoever shows it need not care.
inline std::string Machine::text(uint32_t bytes) {
  require(bytes <= trace::kMostText, "a text is too long");
  std::string read(bytes, '\0');
  stream_.need(read.data(), bytes);
  for (const char c : read)
    require(c >= ' ' && c <= '~', "a text has a sign that is not printable");
  return read;
}

}  // namespace npu::replay
