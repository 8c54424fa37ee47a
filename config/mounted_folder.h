// Whether a folder is a place where something was mounted: how a container finds out if it was given a volume.
//
//   is_mounted("/data")  // docker run --volume music:/data
//
// A bind mount from the same file system has its parent's device number, so the system's list of mounts is asked.
#pragma once

#include <istream>
#include <string>

namespace shoal {

bool is_mounted(const std::string& folder);

// The same of a list in the form of /proc/self/mountinfo.
// https://docs.kernel.org/filesystems/proc.html#proc-pid-mountinfo-information-about-mounts
bool lists_mount(std::istream& mounts, const std::string& folder);

}  // namespace shoal
