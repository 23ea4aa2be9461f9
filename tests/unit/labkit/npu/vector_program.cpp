// Runs vector instructions that a test sends, or random ones.
//   vector_program run           stdin: instruction, u32 bytes, that many bytes of UB; again and
//                                again. stdout for each: 32 bytes of the fault's code, u64 result,
//                                f64 cycles, u32 repeats used, needed, u32 runs, then of each run
//                                u32 write, exact, address, bytes; UB.
//   vector_program fuzz N SEED   N random instructions; a broken promise ends it with status 1
//   vector_program halves        stdout: each half as float; then u32 on stdin as half, bfloat16
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "npu/cost.h"
#include "npu/impl/access.h"
#include "npu/impl/check.h"
#include "npu/impl/execute.h"

namespace {

using npu::Access, npu::DType, npu::Form, npu::Instruction, npu::Op;

struct Ub : npu::Memory {
  std::vector<uint8_t> bytes;
  explicit Ub(uint32_t size) : bytes(size) {
    ub = bytes.data();
    ub_bytes = size;
  }
  // Copies are asked for their cost only.
  uint8_t* global(uint64_t address, uint64_t size) override {
    static std::vector<uint8_t> all(1 << 20);
    return address + size <= all.size() ? all.data() + address : nullptr;
  }
};

std::vector<Access> accesses(const Instruction& instruction) {
  std::vector<Access> all;
  npu::each_access(instruction, [&](const Access& access) { all.push_back(access); });
  return all;
}

template <typename T>
void put(const T& value) {
  fwrite(&value, sizeof value, 1, stdout);
}

void tell(const Instruction& instruction, const npu::Fault& fault, uint64_t result) {
  char code[32] = {};
  if (fault.code) snprintf(code, sizeof code, "%s", fault.code);
  put(code);
  put(result);
  put(fault.stops() ? 0.0 : npu::cycles(instruction));
  put(fault.stops() ? 0u : npu::repeats_used(instruction));
  put(fault.stops() ? 0u : npu::repeats_needed(instruction));
  const std::vector<Access> all = fault.stops() ? std::vector<Access>() : accesses(instruction);
  put(static_cast<uint32_t>(all.size()));
  for (const Access& access : all) {
    put(uint32_t{access.write});
    put(uint32_t{access.exact});
    put(static_cast<uint32_t>(access.address));
    put(static_cast<uint32_t>(access.bytes));
  }
}

int run() {
  Instruction instruction;
  uint32_t bytes;
  while (fread(&instruction, sizeof instruction, 1, stdin) == 1) {
    if (fread(&bytes, sizeof bytes, 1, stdin) != 1) return 1;
    Ub ub(bytes);
    if (fread(ub.ub, 1, bytes, stdin) != bytes) return 1;
    const npu::Fault fault = npu::check(instruction, ub);
    uint64_t result = 0;
    if (!fault.stops()) result = npu::execute(instruction, ub, npu::Atomic::none, DType::none);
    tell(instruction, fault, result);
    fwrite(ub.ub, 1, bytes, stdout);
  }
  return 0;
}

class Fuzz {
 public:
  explicit Fuzz(uint32_t seed) : random_(seed) {}

  uint64_t below(uint64_t bound) { return random_() % bound; }
  // Mostly small, at times anything.
  uint64_t number(uint64_t small) { return below(40) ? below(small) : random_(); }

  npu::Operand operand() {
    npu::Operand operand = {};
    operand.address = below(8) ? below(kUb / 32 + 1) * 32 : number(kUb + 64);
    operand.space = below(50) ? npu::Space::UB : npu::Space::none;
    operand.base = below(4) ? 0 : operand.address;
    operand.bytes = below(4) ? kUb : number(kUb);
    return operand;
  }

  Instruction instruction() {
    Instruction i = {};
    const uint64_t first = static_cast<uint64_t>(Op::add);
    i.op = static_cast<Op>(first + below(static_cast<uint64_t>(Op::transpose) - first + 1));
    i.form = static_cast<Form>(below(30) ? 1 + below(3) : below(6));
    i.dtype = static_cast<DType>(below(3) ? 9 + below(3) : below(14));
    if (i.op == Op::cast || !below(9)) i.source = static_cast<DType>(below(14));
    i.detail = static_cast<uint8_t>(number(8));
    i.flags = static_cast<uint8_t>(below(3) ? 0 : below(64));
    i.repeats = static_cast<uint16_t>(number(6));
    i.count = static_cast<uint32_t>(i.form == Form::repeat && below(4) ? 0 : number(600));
    i.mask[0] = below(3) ? (below(2) ? ~0ull : (1ull << below(64)) - 1) : random_();
    i.mask[1] = below(2) ? 0 : below(2) ? ~0ull : random_();
    for (int k = 0; k < 6; ++k) i.param[k] = static_cast<uint32_t>(number(k < 3 ? 3 : 10));
    if (i.op == Op::gather) i.param[npu::kGatherBase] = static_cast<uint32_t>(number(64));
    i.scalar = number(100);
    for (npu::Operand& o : i.operand) o = operand();
    return i;
  }

  // Bytes that make small offsets for gather now and then.
  void fill(Ub& ub) {
    const bool small = below(2);
    for (uint32_t at = 0; at + 4 <= ub.ub_bytes; at += 4) {
      const uint32_t word = small ? static_cast<uint32_t>(below(64) * 4) : random_();
      std::memcpy(ub.ub + at, &word, 4);
    }
  }

  static constexpr uint32_t kUb = 8192;

 private:
  std::minstd_rand random_;
};

bool broken(const char* promise, const Instruction& i) {
  fprintf(stderr, "%s: op %d form %d dtype %d source %d\n", promise, int(i.op), int(i.form),
          int(i.dtype), int(i.source));
  return false;
}

// Executes `i` twice, the second time with other bytes where it says that it does not read. What
// it writes must be the same, and nothing else may change.
bool keeps_promises(const Instruction& i, const Ub& before, const npu::Fault& fault) {
  Ub one(Fuzz::kUb), two(Fuzz::kUb);
  std::vector<bool> reads(Fuzz::kUb), writes(Fuzz::kUb);
  bool exact = true;
  for (const Access& access : accesses(i)) {
    if (access.address > Fuzz::kUb || access.bytes > Fuzz::kUb - access.address)
      return broken("an access beyond UB", i);
    exact = exact && access.exact;
    for (uint64_t at = access.address; at < access.address + access.bytes; ++at)
      (access.write ? writes : reads)[at] = true;
  }
  std::memcpy(one.ub, before.ub, Fuzz::kUb);
  for (uint32_t at = 0; at < Fuzz::kUb; ++at)
    two.ub[at] = static_cast<uint8_t>(before.ub[at] ^ (reads[at] || !exact ? 0 : 0x5A));
  const uint64_t first = npu::execute(i, one, npu::Atomic::none, DType::none);
  const uint64_t second = npu::execute(i, two, npu::Atomic::none, DType::none);
  if (first != second) return broken("two results", i);
  const bool work = i.op >= Op::reduce_sum && i.op <= Op::reduce_min;  // its work tensor stays
  for (uint32_t at = 0; at < Fuzz::kUb; ++at) {
    if (!writes[at] && one.ub[at] != before.ub[at]) return broken("wrote elsewhere", i);
    if (writes[at] && one.ub[at] != two.ub[at] && exact && !work && !fault.code)
      return broken("read elsewhere", i);
  }
  return true;
}

int fuzz(long rounds, uint32_t seed) {
  Fuzz random(seed);
  Ub ub(Fuzz::kUb);
  std::vector<long> passed(static_cast<size_t>(Op::count_));
  for (long round = 0; round < rounds; ++round) {
    if (round % 64 == 0) random.fill(ub);
    const Instruction i = random.instruction();
    const npu::Fault fault = npu::check(i, ub);
    if (fault.stops()) continue;
    ++passed[static_cast<size_t>(i.op)];
    if (!keeps_promises(i, ub, fault)) return 1;
  }
  for (size_t op = size_t(Op::add); op <= size_t(Op::transpose); ++op)
    printf("%s %ld\n", npu::op_name(static_cast<Op>(op)), passed[op]);
  return 0;
}

int halves() {
  for (uint32_t bits = 0; bits < 65536; ++bits) put(npu::float_of_half(uint16_t(bits)));
  float value;
  while (fread(&value, sizeof value, 1, stdin) == 1) {
    put(npu::half_of_float(value));
    put(npu::bfloat_of_float(value));
  }
  return 0;
}

}  // namespace

int main(int count, char** words) {
  const std::string mode = count > 1 ? words[1] : "";
  if (mode == "run") return run();
  if (mode == "halves") return halves();
  if (mode == "fuzz" && count == 4) return fuzz(atol(words[2]), uint32_t(atol(words[3])));
  return 2;
}
