#include "config/mounted_folder.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <sstream>

using namespace shoal;

namespace {

bool listed(const std::string& folder) {
  std::istringstream mounts(
      "1200 1100 0:55 / / ro,relatime - overlay overlay rw,lowerdir=/data\n"
      "1201 1200 0:57 / /proc rw,nosuid - proc proc rw\n"
      "1210 1200 8:1 /var/lib/docker/volumes/music/_data /data rw,relatime - ext4 /dev/sda1 rw\n"
      "1211 1200 8:1 /home/me /my\\040data\\134 rw,relatime - ext4 /dev/sda1 rw\n");
  return lists_mount(mounts, folder);
}

}  // namespace

TEST_CASE("a folder is mounted when the system's list of mounts has it as a place, not as a source or in a name") {
  CHECK(listed("/data"));
  CHECK(listed("/my data\\"));
  CHECK_FALSE(listed("/data/music"));
  CHECK_FALSE(listed("/dat"));
  CHECK_FALSE(listed("/home/me"));
  CHECK_FALSE(listed("/dev/sda1"));
}

TEST_CASE("of this machine, /proc is mounted; a folder of files and what is not there are not") {
  CHECK(is_mounted("/proc"));
  CHECK(is_mounted("/proc/"));
  CHECK_FALSE(is_mounted("tests"));
  CHECK_FALSE(is_mounted("/nowhere/at/all"));
}
