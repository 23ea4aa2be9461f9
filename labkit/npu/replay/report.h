// What is written at the end: the report, as JSON, and what global memory holds.
#pragma once

#include <cinttypes>
#include <cstdio>

#include "machine.h"

namespace npu::replay {

class Json {
 public:
  explicit Json(FILE* to) : to_(to) {}

  Json& key(const char* name) {
    comma();
    fprintf(to_, "\"%s\":", name);
    first_ = true;
    return *this;
  }
  Json& open(char bracket) {
    comma();
    fputc(bracket, to_);
    first_ = true;
    return *this;
  }
  Json& close(char bracket) {
    fputc(bracket, to_);
    first_ = false;
    return *this;
  }
  Json& number(uint64_t value) { return comma(), fprintf(to_, "%" PRIu64, value), *this; }
  Json& number(double value) { return comma(), fprintf(to_, "%.3f", value), *this; }
  Json& word(const char* value) { return comma(), fputs(value, to_), *this; }  // true, false, null
  Json& text(const std::string& value) {
    comma();
    fputc('"', to_);
    for (const char c : value) {
      if (c == '"' || c == '\\') fputc('\\', to_);
      if (c >= ' ' && c <= '~') fputc(c, to_);
    }
    fputc('"', to_);
    return *this;
  }
  Json& text_or_null(const std::string& value) {
    return value.empty() ? word("null") : text(value);
  }

 private:
  void comma() {
    if (!first_) fputc(',', to_);
    first_ = false;
  }
  FILE* to_;
  bool first_ = true;
};

class Report {
 public:
  Report(const Machine& machine, const Global& all, const Chip& chip, FILE* to)
      : machine_(machine), all_(all), chip_(chip), json_(to) {}

  // `read_offset`: where in the outputs the host's reads begin.
  void write(uint64_t read_offset) {
    json_.open('{').key("version").number(uint64_t{1}).key("soc").text(chip_.name);
    json_.key("mhz").number(uint64_t{chip_.mhz});
    json_.key("complete").word(machine_.complete ? "true" : "false");
    json_.key("trace_error").text_or_null(machine_.error);
    json_.key("fault").text_or_null(machine_.fault);
    json_.key("host_bytes").number(machine_.host_bytes);
    json_.key("launches").open('[');
    for (const LaunchUse& launch : machine_.launches) one_launch(launch);
    json_.close(']').key("diagnostics").open('[');
    for (const Diagnostic& one : machine_.told.all()) diagnostic(one);
    json_.close(']').key("reads").open('[');
    for (const HostRead& one : machine_.reads) {
      json_.open('{').key("offset").number(read_offset).key("bytes").number(one.bytes).close('}');
      read_offset += one.bytes;
    }
    json_.close(']').key("written").open('[');  // arrays that are in the outputs
    for (const Array& array : all_.arrays()) json_.word(array.written ? "true" : "false");
    json_.close(']').close('}');
  }

 private:
  std::string file(Place place) const {
    return place.file ? machine_.files[place.file - 1] : std::string();
  }

  void one_launch(const LaunchUse& launch) {
    json_.open('{').key("kernel").text(launch.kernel);
    json_.key("blocks").number(uint64_t{launch.blocks});
    json_.key("kernel_cycles").number(launch.kernel_cycles);
    json_.key("microseconds").number(launch.microseconds).key("bound").text(launch.bound);
    json_.key("cores").open('[');
    for (const CoreUse& core : launch.cores) one_core(core);
    json_.close(']').key("buffers").open('[');
    for (const BufferUse& buffer : launch.buffers) one_buffer(buffer);
    json_.close(']').key("timeline").open('[');
    for (const Step& step : launch.timeline.events) one_step(step);
    json_.close(']').key("timeline_dropped").number(launch.timeline.dropped).close('}');
  }

  void one_core(const CoreUse& core) {
    json_.open('{').key("cycles").number(core.cycles).key("ended").text(core.ended);
    json_.key("ub_bytes").number(core.ub_bytes).key("pipes").open('{');
    for (int p = 0; p < kPipes; ++p) {
      const CoreUse::PipeUse& pipe = core.pipes[p];
      json_.key(kPipeNames[p]).open('{').key("busy").number(pipe.busy);
      json_.key("wait").number(pipe.wait).key("instructions").number(pipe.instructions).close('}');
    }
    json_.close('}').key("bytes").open('{');
    for (int p = 1; p < kPipes; ++p) json_.key(kPipeNames[p]).number(core.pipes[p].bytes);
    json_.close('}').key("copies").open('{');
    for (int p = 2; p < kPipes; ++p) json_.key(kPipeNames[p]).number(core.pipes[p].copies);
    json_.close('}').key("overlap").number(core.overlap);
    json_.key("repeats_used").number(core.repeats_used);
    json_.key("repeats_needed").number(core.repeats_needed);
    json_.key("matmuls").number(core.matmuls).close('}');
  }

  void one_buffer(const BufferUse& buffer) {
    json_.open('{').key("core").number(uint64_t{0});
    json_.key("kind").text(buffer.queue ? "queue" : "buffer");
    json_.key("number").number(uint64_t{buffer.number});
    json_.key("position").text(position_name(buffer.position));
    json_.key("begin").number(buffer.begin).key("end").number(buffer.end);
    json_.key("file").text(file(buffer.place));
    json_.key("line").number(uint64_t{buffer.place.line}).close('}');
  }

  void one_step(const Step& step) {
    json_.open('[').number(uint64_t{step.core}).text(name(step.pipe)).number(step.begin);
    json_.number(step.end).text(op_name(step.op)).number(uint64_t{step.line}).number(step.bytes);
    json_.close(']');
  }

  void diagnostic(const Diagnostic& one) {
    json_.open('{').key("code").text(one.code);
    json_.key("severity").text(one.severity == Severity::error ? "error" : "warning");
    json_.key("launch").number(uint64_t{one.launch}).key("core").number(uint64_t{one.core});
    json_.key("file").text(file(one.place)).key("line").number(uint64_t{one.place.line});
    if (one.other.file) {
      json_.key("other_file").text(file(one.other));
      json_.key("other_line").number(uint64_t{one.other.line});
    } else {
      json_.key("other_file").word("null").key("other_line").word("null");
    }
    json_.key("message").text(one.message).key("count").number(one.count).close('}');
  }

  const Machine& machine_;
  const Global& all_;
  const Chip& chip_;
  Json json_;
};

}  // namespace npu::replay
