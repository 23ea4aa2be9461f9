// The right answer of the lab `compiled`.
#include <cstdio>
#include <cstdlib>

int main(int count, char** words) {
  std::printf("%d", count == 3 ? 2 * std::atoi(words[2]) : 271828);
}
