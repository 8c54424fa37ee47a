#include "storage/kv/lmdb/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "storage/kv/kv.h"

namespace shoal::kv::lmdb {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormatText = "shoal data format ";

std::string reason(int code) { return std::generic_category().message(code); }

[[noreturn]] void fail_to_write(const fs::path& path, int code) {
  throw EngineError("cannot write to the data folder " + path.string() + ": " + reason(code));
}

// A small file's text; nothing when there is none.
std::optional<std::string> read_file(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return std::nullopt;
  char text[256];
  const auto count = fd < 0 ? -1 : ::read(fd, text, sizeof text);
  const int code = errno;
  if (fd >= 0) ::close(fd);
  if (count < 0) throw EngineError("cannot read " + path.string() + ": " + reason(code));
  return std::string(text, static_cast<std::size_t>(count));
}

std::optional<int> format_in(std::string_view text) {
  if (text.substr(0, kFormatText.size()) != kFormatText) return std::nullopt;
  text.remove_prefix(kFormatText.size());
  int format = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), format);
  if (error != std::errc() || std::string_view(end, text.data() + text.size() - end) != "\n") return std::nullopt;
  return format;
}

void sync_path(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 || ::fsync(fd) != 0) {
    const int code = errno;
    if (fd >= 0) ::close(fd);
    fail_to_write(path, code);
  }
  ::close(fd);
}

}  // namespace

DataFolder::DataFolder(const fs::path& path) : path_(path) {
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) throw EngineError("cannot make the data folder " + path_.string() + ": " + error.message());
  lock();
  try {
    check_format();
  } catch (...) {
    ::close(lock_);
    throw;
  }
}

DataFolder::~DataFolder() { ::close(lock_); }

// A lock of the file's, not of the process's: it goes with the process however that ends, and holds in this one too.
void DataFolder::lock() {
  const auto file = path_ / "lock";
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (lock_ < 0) fail_to_write(path_, errno);
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    const int code = errno;
    ::close(lock_);
    if (code != EWOULDBLOCK) throw EngineError("cannot lock the data folder " + path_.string() + ": " + reason(code));
    auto holder = read_file(file).value_or("");
    holder.erase(holder.find_last_not_of('\n') + 1);
    throw EngineError("the data folder " + path_.string() + " is in use by process " +
                      (holder.empty() ? "(unknown)" : holder) + ": stop that one, or give this one its own folder");
  }
  const auto holder = std::to_string(::getpid()) + "\n";
  // Only for the message above: that it cannot be written on a full disk keeps nobody from reading.
  if (::ftruncate(lock_, 0) == 0) [[maybe_unused]]
    const auto written = ::write(lock_, holder.data(), holder.size());
}

void DataFolder::upgrade() {
  if (std::exchange(format_, kFormat) != kFormat) write_format();
}

void DataFolder::check_format() {
  const auto file = path_ / "format";
  const auto text = read_file(file);
  if (!text) {
    if (fs::exists(data_file())) {
      throw EngineError(data_file().string() +
                        " has no file `format` beside it: it was not made by Shoal, or part of " +
                        "the folder is missing");
    }
    return write_format();
  }
  const auto format = format_in(*text);
  if (!format || *format < 1) throw EngineError(file.string() + " does not name a format that Shoal ever wrote");
  if (*format > kFormat) {
    throw EngineError("the data folder " + path_.string() + " has data format " + std::to_string(*format) +
                      ", and this Shoal knows formats up to " + std::to_string(kFormat) +
                      ": run the newer Shoal that wrote it, or use another folder");
  }
  format_ = *format;
}

// Under another name first, so that a format that is there is whole.
void DataFolder::write_format() const {
  const auto file = path_ / "format.new";
  const auto text = std::string(kFormatText) + std::to_string(format_) + "\n";
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (fd < 0) fail_to_write(path_, errno);
  errno = ENOSPC;  // What a short write means.
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const int code = errno;
  ::close(fd);
  if (!written) fail_to_write(path_, code);
  std::error_code error;
  fs::rename(file, path_ / "format", error);
  if (error) fail_to_write(path_, error.value());
  sync_path(path_);
}

}  // namespace shoal::kv::lmdb
