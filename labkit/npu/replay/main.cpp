// npu-replay: runs the trace on stdin on a machine of our own, and tells what a 910B would have
// done.
#include <sys/stat.h>

#include <cstdlib>
#include <cstring>

#include "npu/impl/access.h"
#include "npu/impl/check.h"
#include "npu/impl/execute.h"
#include "options.h"
#include "report.h"

namespace {

using namespace npu;
using namespace npu::replay;

bool put(int to, const uint8_t* bytes, uint64_t count, uint64_t offset) {
  while (count > 0) {
    const ssize_t done = pwrite(to, bytes, count, static_cast<off_t>(offset));
    if (done <= 0) return false;
    bytes += done;
    count -= static_cast<uint64_t>(done);
    offset += static_cast<uint64_t>(done);
  }
  return true;
}

uint64_t end_of(const std::vector<Array>& arrays) {
  uint64_t end = 0;
  for (const Array& array : arrays) end = std::max(end, array.offset + array.bytes);
  return end;
}

bool put_outputs(int to, const Global& all, const Machine& machine) {
  for (const Array& array : all.arrays())
    if (array.written && !put(to, array.data, array.bytes, array.offset)) return false;
  uint64_t offset = end_of(all.arrays());
  for (const HostRead& read : machine.reads) {
    if (!put(to, read.data.data(), read.bytes, offset)) return false;
    offset += read.bytes;
  }
  return true;
}

bool image_holds(const Options& options) {
  if (options.arrays.empty()) return true;
  struct stat status;
  return fstat(options.image, &status) == 0 &&
         end_of(options.arrays) <= static_cast<uint64_t>(status.st_size);
}

int failed(const char* why) {
  fprintf(stderr, "npu-replay: %s\n", why);
  return 2;
}

int run(const Options& options) {
  Stream stream(STDIN_FILENO, options.limit);
  Global all(options.image, options.arrays, options.chip->hbm_bytes);
  Machine machine(stream, all, options);
  machine.run();
  if (options.outputs >= 0 && !put_outputs(options.outputs, all, machine))
    return failed("the outputs cannot be written");
  Report(machine, all, *options.chip, stdout).write(end_of(options.arrays));
  return fflush(stdout) == 0 ? 0 : failed("the report cannot be written");
}

}  // namespace

int main(int count, char** words) {
  const Options options = parse(count, words);
  if (options.wrong) return failed(options.wrong);
  if (!image_holds(options)) return failed("the image is shorter than its arrays");
  try {
    return run(options);
  } catch (const std::exception& wrong) {
    return failed(wrong.what());
  }
}
