// A disk that forgets: stands between this program (LMDB included) and the files of one folder, and knows at any time
// what of them would be there after a loss of power. What was written since a file's last sync is there or not, sector
// by sector, each as old or as new as chance has it; so are the names since the folder's last sync, the oldest first.
//
//   SimulatedDisk disk(folder, random);
//   disk.lose_power_at(17, image);     // at the 17th call from now on: the folder `image` is what is left
//   disk.fail_at(17, EIO);             // the 17th call from now on fails
//
// By functions of the C library's names, which the linker prefers. One disk at a time; in one source file only.
#pragma once

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace shoal::kv {

class SimulatedDisk {
  using Id = ino_t;  // Of a file, whatever it is called.

 public:
  SimulatedDisk(std::filesystem::path folder, unsigned seed) : folder_(std::move(folder)), random_(seed) {
    adopt();
    instance() = this;
  }
  ~SimulatedDisk() {
    instance() = nullptr;
    for (const int descriptor : held_) ::close(descriptor);
  }
  SimulatedDisk(const SimulatedDisk&) = delete;

  static SimulatedDisk*& instance() {
    static SimulatedDisk* disk = nullptr;
    return disk;
  }

  void lose_power_at(int call, std::filesystem::path image, std::function<void()> then) {
    const std::lock_guard lock(mutex_);
    power_call_ = calls_ + call;
    image_ = std::move(image);
    then_ = std::move(then);
  }
  void fail_at(int call, int code, int times = 1) {
    const std::lock_guard lock(mutex_);
    fail_call_ = calls_ + call;
    fail_times_ = times;
    fail_code_ = code;
  }
  int calls() {
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  bool power_is_lost() {
    const std::lock_guard lock(mutex_);
    return power_lost_;
  }

  // What the functions below tell it. `count` comes in as what would be written; an errno comes out, or 0.
  int on_write(int descriptor, off_t offset, std::string bytes) {
    const std::lock_guard lock(mutex_);
    File* file = find(descriptor);
    if (file == nullptr) return 0;
    if (const int code = tick()) return code;
    const bool is_synced = (::fcntl(descriptor, F_GETFL) & O_DSYNC) != 0;  // As it is done; so LMDB writes its head.
    for (std::size_t at = 0; at < bytes.size();) {
      const auto place = static_cast<std::size_t>(offset) + at;
      const auto size = std::min(bytes.size() - at, kSector - place % kSector);
      file->pending[place / kSector].push_back({place % kSector, bytes.substr(at, size)});
      if (is_synced) file->sync(place / kSector);
      at += size;
    }
    return 0;
  }
  int on_sync(int descriptor) {
    const std::lock_guard lock(mutex_);
    if (is_folder(descriptor)) {
      if (const int code = tick()) return code;
      for (auto& change : names_pending_) change(names_);
      names_pending_.clear();
    } else if (File* file = find(descriptor)) {
      if (const int code = tick()) return code;
      while (!file->pending.empty()) file->sync(file->pending.begin()->first);
    }
    return 0;
  }
  bool owns(int descriptor) {
    const std::lock_guard lock(mutex_);
    return is_folder(descriptor) || find(descriptor) != nullptr;
  }
  int on_rename(const std::string& from, const std::string& to) {
    const std::lock_guard lock(mutex_);
    if (!is_inside(from)) return 0;
    if (const int code = tick()) return code;
    names_pending_.push_back([from, to](std::map<std::string, Id>& names) {
      if (names.count(from) == 0) return;
      names[to] = names[from];
      names.erase(from);
    });
    return 0;
  }
  void on_remove(const std::string& name) {
    const std::lock_guard lock(mutex_);
    if (is_inside(name)) names_pending_.push_back([name](auto& names) { names.erase(name); });
  }

 private:
  static constexpr std::size_t kSector = 512;
  struct Write {
    std::size_t at;
    std::string bytes;
  };
  struct File {
    std::string durable;
    std::map<std::size_t, std::vector<Write>> pending;
    void apply(std::size_t sector, const Write& write) {
      const auto place = sector * kSector + write.at;
      if (durable.size() < place + write.bytes.size()) durable.resize(place + write.bytes.size());
      durable.replace(place, write.bytes.size(), write.bytes);
    }
    void sync(std::size_t sector) {
      for (const auto& write : pending[sector]) apply(sector, write);
      pending.erase(sector);
    }
  };

  bool is_inside(const std::string& path) const { return path.rfind(folder_.string() + "/", 0) == 0; }

  static std::string path_of(int descriptor) {
    char path[4096];
    const auto size = ::readlink(("/proc/self/fd/" + std::to_string(descriptor)).c_str(), path, sizeof path);
    return size < 0 ? "" : std::string(path, static_cast<std::size_t>(size));
  }
  bool is_folder(int descriptor) const { return path_of(descriptor) == folder_; }

  File* find(int descriptor) {
    const auto path = path_of(descriptor);
    if (!is_inside(path) || path.ends_with("-lock") || path.ends_with("/lock")) return nullptr;
    const auto id = identity(path);
    if (files_.count(id) == 0) {  // New: its name is there, whatever happens.
      names_[path] = id;
      held_.push_back(::dup(descriptor));  // So that no other file gets its number.
    }
    return &files_[id];
  }

  static Id identity(const std::string& path) {
    struct stat about {};
    ::stat(path.c_str(), &about);
    return about.st_ino;
  }

  // What was in the folder before.
  void adopt() {
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      std::ifstream in(entry.path(), std::ios::binary);
      const auto id = identity(entry.path());
      held_.push_back(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC));
      files_[id].durable.assign(std::istreambuf_iterator<char>(in), {});
      names_[entry.path()] = id;
    }
  }

  int tick() {
    ++calls_;
    if (calls_ == power_call_) {
      power_lost_ = true;
      write_image();
      then_();
    }
    if (fail_code_ != 0 && calls_ >= fail_call_ && calls_ < fail_call_ + fail_times_) return fail_code_;
    return 0;
  }

  void write_image() {
    std::filesystem::create_directories(image_);
    auto names = names_;
    const auto changes = std::uniform_int_distribution<std::size_t>(0, names_pending_.size())(random_);
    for (std::size_t i = 0; i < changes; ++i) names_pending_[i](names);
    const int luck = std::uniform_int_distribution<int>(0, 4)(random_);  // 0: nothing arrived; 4: everything did.
    for (const auto& [name, id] : names) {
      File left = files_[id];
      for (const auto& [sector, writes] : left.pending) {
        auto arrived = std::uniform_int_distribution<std::size_t>(0, writes.size())(random_);
        if (luck == 0) arrived = 0;
        if (luck == 4) arrived = writes.size();
        for (std::size_t i = 0; i < arrived; ++i) left.apply(sector, writes[i]);
      }
      std::ofstream(image_ / std::filesystem::path(name).filename(), std::ios::binary)
          .write(left.durable.data(), static_cast<std::streamsize>(left.durable.size()));
    }
  }

  const std::filesystem::path folder_;
  std::mt19937 random_;
  std::recursive_mutex mutex_;  // Writing the image comes by here, too.
  std::map<Id, File> files_;
  std::vector<int> held_;
  std::map<std::string, Id> names_;
  std::vector<std::function<void(std::map<std::string, Id>&)>> names_pending_;
  int calls_ = 0, power_call_ = -1, fail_call_ = -1, fail_times_ = 0, fail_code_ = 0;
  bool power_lost_ = false;
  std::filesystem::path image_;
  std::function<void()> then_;
};

namespace simulated_disk {

template <typename Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

// Refused with what the disk says, else done.
template <typename Result, typename Do>
Result unless(int code, Do work) {
  if (code == 0) return work();
  errno = code;
  return -1;
}

}  // namespace simulated_disk
}  // namespace shoal::kv

extern "C" {

#define SHOAL_SIMULATED __attribute__((visibility("default")))

SHOAL_SIMULATED ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  using namespace shoal::kv;
  static const auto done = simulated_disk::real<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  auto* disk = SimulatedDisk::instance();
  const int code = disk ? disk->on_write(descriptor, offset, {static_cast<const char*>(bytes), size}) : 0;
  return simulated_disk::unless<ssize_t>(code, [&] { return done(descriptor, bytes, size, offset); });
}

SHOAL_SIMULATED ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset) {
  return pwrite(descriptor, bytes, size, offset);
}

SHOAL_SIMULATED ssize_t pwritev(int descriptor, const iovec* parts, int count, off_t offset) {
  using namespace shoal::kv;
  static const auto done = simulated_disk::real<ssize_t (*)(int, const iovec*, int, off_t)>("pwritev");
  auto* disk = SimulatedDisk::instance();
  std::string bytes;
  for (int i = 0; disk && i < count; ++i) bytes.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  const int code = disk ? disk->on_write(descriptor, offset, std::move(bytes)) : 0;
  return simulated_disk::unless<ssize_t>(code, [&] { return done(descriptor, parts, count, offset); });
}

SHOAL_SIMULATED ssize_t pwritev64(int descriptor, const iovec* parts, int count, off64_t offset) {
  return pwritev(descriptor, parts, count, offset);
}

SHOAL_SIMULATED ssize_t write(int descriptor, const void* bytes, size_t size) {
  using namespace shoal::kv;
  static const auto done = simulated_disk::real<ssize_t (*)(int, const void*, size_t)>("write");
  auto* disk = SimulatedDisk::instance();
  const off_t offset = disk && disk->owns(descriptor) ? ::lseek(descriptor, 0, SEEK_CUR) : 0;
  const int code = disk ? disk->on_write(descriptor, offset, {static_cast<const char*>(bytes), size}) : 0;
  return simulated_disk::unless<ssize_t>(code, [&] { return done(descriptor, bytes, size); });
}

SHOAL_SIMULATED ssize_t writev(int descriptor, const iovec* parts, int count) {
  using namespace shoal::kv;
  static const auto done = simulated_disk::real<ssize_t (*)(int, const iovec*, int)>("writev");
  auto* disk = SimulatedDisk::instance();
  if (!disk || !disk->owns(descriptor)) return done(descriptor, parts, count);
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  const int code = disk->on_write(descriptor, ::lseek(descriptor, 0, SEEK_CUR), std::move(bytes));
  return simulated_disk::unless<ssize_t>(code, [&] { return done(descriptor, parts, count); });
}

// Not done: the test needs no disk to be busy.
SHOAL_SIMULATED int fdatasync(int descriptor) {
  using namespace shoal::kv;
  static const auto done = simulated_disk::real<int (*)(int)>("fdatasync");
  auto* disk = SimulatedDisk::instance();
  if (!disk || !disk->owns(descriptor)) return done(descriptor);
  return simulated_disk::unless<int>(disk->on_sync(descriptor), [] { return 0; });
}

SHOAL_SIMULATED int fsync(int descriptor) {
  using namespace shoal::kv;
  static const auto done = simulated_disk::real<int (*)(int)>("fsync");
  auto* disk = SimulatedDisk::instance();
  if (!disk || !disk->owns(descriptor)) return done(descriptor);
  return simulated_disk::unless<int>(disk->on_sync(descriptor), [] { return 0; });
}

SHOAL_SIMULATED int rename(const char* from, const char* to) {
  using namespace shoal::kv;
  static const auto done = simulated_disk::real<int (*)(const char*, const char*)>("rename");
  auto* disk = SimulatedDisk::instance();
  return simulated_disk::unless<int>(disk ? disk->on_rename(from, to) : 0, [&] { return done(from, to); });
}

SHOAL_SIMULATED int remove(const char* name) {
  using namespace shoal::kv;
  static const auto done = simulated_disk::real<int (*)(const char*)>("remove");
  if (auto* disk = SimulatedDisk::instance()) disk->on_remove(name);
  return done(name);
}
}
