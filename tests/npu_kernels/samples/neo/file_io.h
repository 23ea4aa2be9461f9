// Whole files to memory and back.
#pragma once

#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

#define ERROR_LOG(fmt, args...) fprintf(stdout, "[ERROR]  " fmt "\n", ##args)

inline bool ReadFile(const std::string& path, void* buffer, size_t size) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0 || (size_t)info.st_size != size) {
    ERROR_LOG("%s is not there, or not of %zu bytes", path.c_str(), size);
    return false;
  }
  std::ifstream file(path, std::ios::binary);
  return static_cast<bool>(file.read(static_cast<char*>(buffer), size));
}

inline bool WriteFile(const std::string& path, const void* buffer, size_t size) {
  std::ofstream file(path, std::ios::binary);
  return static_cast<bool>(file.write(static_cast<const char*>(buffer), size));
}
