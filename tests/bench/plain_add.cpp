// The plain loop that the virtual NPU is measured beside: prints the seconds of one z = x + y.
#include <chrono>
#include <cstdio>
#include <vector>

int main() {
  const size_t count = size_t(8192) * 8192;
  std::vector<_Float16> x(count, _Float16(1.5f)), y(count, _Float16(0.25f)), z(count);
  auto began = std::chrono::steady_clock::now();
  for (size_t i = 0; i < count; i++) z[i] = x[i] + y[i];
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began;
  std::printf("%f\n", seconds.count());
  return z[count - 1] != _Float16(1.75f);
}
