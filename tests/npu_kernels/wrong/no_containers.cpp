// g++ takes this; the compiler of the device does not.
#include <vector>

#include "kernel_operator.h"

extern "C" __global__ __aicore__ void no_containers(GM_ADDR x, GM_ADDR y) {
  std::vector<int32_t> tiles;  // expect: CPP_UNSUPPORTED
  tiles.push_back(1);
}
