#include "config/mounted_folder.h"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace shoal {
namespace {

// Spaces, tabs, ends of lines and backslashes of a path are written as three octal digits: "\040".
std::string unescaped(const std::string& text) {
  const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
  std::string path;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && is_octal(text[i + 1]) && is_octal(text[i + 2]) &&
        is_octal(text[i + 3])) {
      path += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      path += text[i];
    }
  }
  return path;
}

}  // namespace

bool is_mounted(const std::string& folder) {
  std::error_code absent;
  const auto path = std::filesystem::canonical(folder, absent);
  if (absent) return false;
  std::ifstream mounts("/proc/self/mountinfo");
  return lists_mount(mounts, path.string());
}

bool lists_mount(std::istream& mounts, const std::string& folder) {
  for (std::string line; std::getline(mounts, line);) {
    // 36 35 98:0 /root-of-the-mount /where-it-is rw,noatime ...
    std::istringstream words(line);
    std::string id, parent, device, root, where;
    if (words >> id >> parent >> device >> root >> where && unescaped(where) == folder) return true;
  }
  return false;
}

}  // namespace shoal
