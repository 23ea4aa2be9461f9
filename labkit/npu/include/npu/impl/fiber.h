// A stack of its own for a block, so that it can stop in the middle of a kernel.
#pragma once

#include <sys/mman.h>
#include <ucontext.h>

#include <cstdint>

namespace npu {

class Fiber {
 public:
  Fiber() {
    void* got = mmap(nullptr, kStack, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (got == MAP_FAILED) return;
    stack_ = static_cast<uint8_t*>(got);
    mprotect(stack_, kGuard, PROT_NONE);
  }
  ~Fiber() {
    if (stack_) munmap(stack_, kStack);
  }
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  bool ready() const { return stack_; }

  // The next `resume` calls `run(context)`; where it was before is forgotten.
  void start(void (*run)(void*), void* context) {
    run_ = run;
    context_ = context;
    getcontext(&inside_);
    inside_.uc_stack.ss_sp = stack_ + kGuard;
    inside_.uc_stack.ss_size = kStack - kGuard;
    inside_.uc_link = &outside_;
    const auto self = reinterpret_cast<uint64_t>(this);
    makecontext(&inside_, reinterpret_cast<void (*)()>(enter), 2, static_cast<uint32_t>(self),
                static_cast<uint32_t>(self >> 32));
  }

  // Runs the fiber until it returns or suspends.
  void resume() { swapcontext(&outside_, &inside_); }
  void suspend() { swapcontext(&inside_, &outside_); }

 private:
  static constexpr size_t kGuard = 65536, kStack = (1 << 20) + kGuard;

  static void enter(uint32_t low, uint32_t high) {
    auto* self = reinterpret_cast<Fiber*>(uint64_t{high} << 32 | low);
    self->run_(self->context_);
  }

  uint8_t* stack_ = nullptr;
  ucontext_t inside_ = {}, outside_ = {};
  void (*run_)(void*) = nullptr;
  void* context_ = nullptr;
};

}  // namespace npu
