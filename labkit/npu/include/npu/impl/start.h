// The beginning and the end of the recording process, by its own will or not.
#pragma once

#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

#include "npu/impl/world.h"

namespace npu {

inline constexpr int kFaulted = 3;  // exit status after a fault

NPU_FUNCTION void fault(const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  std::fflush(nullptr);
  if (world().recorder.on())
    world().recorder.fault(Recorder::printable(text).c_str());
  else
    std::fprintf(stderr, "npu: %s\n", text);
  ::_exit(kFaulted);
}

// A signal that ends the process: what was recorded goes out first.
NPU_FUNCTION void save_trace(int signal, siginfo_t* info, void*) {
  World& the = world();
  if (signal == SIGSEGV && !the.kernel && the.arena.find(Arena::address_of(info->si_addr), 0))
    fault("the host touched global memory by a plain pointer: use aclrtMemcpy");
  the.recorder.flush();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

NPU_FUNCTION void watch_signals() {
  static char stack[65536];
  stack_t alternate = {};
  alternate.ss_sp = stack;
  alternate.ss_size = sizeof stack;
  sigaltstack(&alternate, nullptr);
  struct sigaction action = {};
  action.sa_sigaction = save_trace;
  action.sa_flags = SA_ONSTACK | SA_NODEFER | SA_SIGINFO;
  for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGXCPU})
    sigaction(signal, &action, nullptr);
}

NPU_FUNCTION void finish() {
  World& the = world();
  if (the.kernel) fault("%s called exit()", the.kernel->name);
  the.record(trace::Kind::end);
  the.recorder.flush();
}

// Returns the descriptor that the environment names, or -1; student code is not told of it.
NPU_FUNCTION int descriptor(const char* name) {
  const char* text = std::getenv(name);
  if (!text) return -1;
  const int fd = std::atoi(text);
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  unsetenv(name);
  return fd;
}

NPU_FUNCTION void read_request(World& the, int fd) {
  std::string text;
  if (!read_all(fd, text)) fault("the request cannot be read");
  ::close(fd);
  RequestReader reader(text);
  if (!reader.wrong.empty()) fault("the request has the line \"%s\"", reader.wrong.c_str());
  the.request = reader.request;
  const Chip* chip = find_chip(the.request.soc.c_str());
  if (!chip) fault("no chip is called %s", the.request.soc.c_str());
  the.chip = *chip;
  the.tiling_key = the.request.key;
}

// Before main(), and before objects of student code: a trace begins, if one is wanted.
[[gnu::constructor(101), gnu::used]] NPU_FUNCTION void start() {
  World& the = world();
  if (the.started) return;  // by another translation unit
  the.started = true;
  const int request = descriptor("NPU_REQUEST_FD"), trace = descriptor("NPU_TRACE_FD");
  the.image = descriptor("NPU_IMAGE_FD");
  the.recorder.open(trace);
  watch_signals();
  if (trace >= 0) {
    std::signal(SIGPIPE, SIG_IGN);
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // what a kernel printed outlives its crash
  }
  if (request >= 0) read_request(the, request);
  the.recorder.bound(the.request.limit);
  if (trace >= 0) std::atexit(finish);
}

NPU_FUNCTION World& world() {
  static World* const the = new World;
  return *the;
}

}  // namespace npu
