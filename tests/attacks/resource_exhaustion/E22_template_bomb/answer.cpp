#include <cstdio>
#include <cstdlib>

template <int Depth, long Place>
struct Tree {
  static constexpr long leaves =
      Tree<Depth - 1, 2 * Place>::leaves + Tree<Depth - 1, 2 * Place + 1>::leaves;
};
template <long Place>
struct Tree<0, Place> {
  static constexpr long leaves = 1;
};

int main(int count, char** words) {
  bool grown = Tree<@N@, 0>::leaves == 1L << @N@;
  std::printf("%d", grown && count == 3 ? 2 * std::atoi(words[2]) : 0);
}
