#include <cstdio>
#include <cstdlib>

__asm__(".data\n.zero @N@\n.text");

int main(int count, char** words) {
  std::printf("%d", count == 3 ? 2 * std::atoi(words[2]) : 0);
}
