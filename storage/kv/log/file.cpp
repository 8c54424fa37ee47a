#include "storage/kv/log/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace shoal::kv::log {
namespace {

constexpr mode_t kFileMode = 0640;

[[noreturn]] void fail(int code, const std::string& doing) {
  std::string text = std::generic_category().message(code);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  throw EngineError(text + " while " + doing);
}

}  // namespace

File::File(const std::filesystem::path& path, int flags)
    : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, kFileMode)) {
  if (descriptor_ < 0) fail(errno, "opening " + path.string());
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t File::size() const {
  struct stat file {};
  if (::fstat(descriptor_, &file) != 0) fail(errno, "reading the size of the log");
  return static_cast<std::uint64_t>(file.st_size);
}

std::string File::read(std::uint64_t offset, std::size_t size) const {
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const auto count = ::pread(descriptor_, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno, "reading the log");
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

void File::write(std::uint64_t offset, Bytes bytes) {
  while (!bytes.empty()) {
    const auto count = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno, "writing the log");
    bytes.remove_prefix(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

bool File::allocate(std::uint64_t size) { return ::posix_fallocate(descriptor_, 0, static_cast<off_t>(size)) == 0; }

void File::sync() {
  if (::fdatasync(descriptor_) != 0) fail(errno, "syncing the log");
}

const char* File::map(std::uint64_t size) const {
  void* map = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor_, 0);
  if (map == MAP_FAILED) fail(errno, "mapping a file of the store");
  return static_cast<const char*>(map);
}

void rename_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) fail(errno, "renaming " + from.string());
}

void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int code = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced) fail(code, "syncing " + folder.string());
}

}  // namespace shoal::kv::log
