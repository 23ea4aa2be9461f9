#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

// Whether so many compilers live at once; what they read from never ends.
static bool all_live() {
  int ends[2];
  if (pipe(ends)) return false;
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, ends[0], 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  const char* words[] = {"g++", "-x", "c++", "-S", "-o", "-", "-", nullptr};
  for (long n = 0; n < @N@; n++) {
    pid_t child;
    if (posix_spawnp(&child, "g++", &files, nullptr, const_cast<char**>(words), environ)) return false;
  }
  usleep(1500000);
  return waitpid(-1, nullptr, WNOHANG) == 0;
}

int main(int count, char** words) {
  std::printf("%d", all_live() && count == 3 ? 2 * std::atoi(words[2]) : 0);
}
