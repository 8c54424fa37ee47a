#include "storage/kv/lmdb/environment.h"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <vector>

#if defined(__SANITIZE_THREAD__)
// Two libraries that are not built for TSan keep orders that it cannot see. LMDB's meta pages and table of readers
// order its writes into the shared map (by memcpy) and who reads them; libstdc++ counts the holders of an exception
// atomically, and the last one, here the writer's thread, deletes what another thread read.
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_suppressions() {
  return "called_from_lib:liblmdb.so\n"
         "race:std::__exception_ptr::exception_ptr::\n";
}
#endif

namespace shoal::kv::lmdb {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMapBytesMin = std::size_t{1} << 20;
constexpr mode_t kFileMode = 0640;

// Whether a smaller map may be granted where this one was refused.
bool is_refusal_of_size(int code) { return code == ENOMEM || code == EFBIG || code == EINVAL || code == ENOSPC; }

std::string words(int code) {
  switch (code) {
    case MDB_MAP_FULL:
      return "the store's map is full and cannot be made larger";
    case MDB_READERS_FULL:
      return "too many snapshots are open at once (" + std::to_string(kReadersMax) + ")";
    case MDB_PANIC:
      return "an earlier write to the head of the data file failed and left it in doubt, restart to recover";
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
      return "the data file is damaged";
    case MDB_INVALID:
      return "the data file is damaged, or was not made by this program";
    case MDB_VERSION_MISMATCH:
      return "the data file was made by another version of LMDB";
    default: {
      std::string text = mdb_strerror(code);
      if (text.rfind("MDB_", 0) != 0 && !text.empty()) text[0] = static_cast<char>(std::tolower(text[0]));
      return text;
    }
  }
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_;
};

// A folder of its own in which an environment has names for as long as it takes to open it.
class PassingFolder {
 public:
  explicit PassingFolder(const fs::path& parent) {
    std::string name = parent / "shoal-XXXXXX";
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~PassingFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  PassingFolder(const PassingFolder&) = delete;
  PassingFolder& operator=(const PassingFolder&) = delete;
  explicit operator bool() const { return !path_.empty(); }
  fs::path data() const { return path_ / "data"; }
  fs::path lock() const { return path_ / "data-lock"; }

 private:
  fs::path path_;
};

std::vector<fs::path> temporary_folders() {
  std::vector<fs::path> folders{"/dev/shm"};
  if (const char* named = std::getenv("TMPDIR"); named != nullptr && *named != '\0') folders.emplace_back(named);
  folders.emplace_back("/tmp");
  return folders;
}

bool link_to_memory(const fs::path& name, const FileDescriptor& memory) {
  std::error_code error;
  fs::create_symlink("/proc/self/fd/" + std::to_string(memory.get()), name, error);
  return !error;
}

}  // namespace

Failure::Failure(int code, const std::string& doing) : EngineError(words(code) + " while " + doing), code_(code) {}

void fail(int code, const char* doing) { throw Failure(code, doing); }

void CloseEnvironment::operator()(MDB_env* env) const { mdb_env_close(env); }

Environment open_environment(const fs::path& path, std::size_t map_bytes, unsigned flags) {
  const std::string doing = "opening " + path.string();
  for (;; map_bytes /= 2) {
    MDB_env* made = nullptr;
    check(mdb_env_create(&made), doing.c_str());
    Environment env(made);
    check(mdb_env_set_maxdbs(made, 1), doing.c_str());
    check(mdb_env_set_maxreaders(made, kReadersMax), doing.c_str());
    check(mdb_env_set_mapsize(made, map_bytes), doing.c_str());
    // NOTLS: a read transaction belongs to its snapshot, not to the thread that took it.
    const int code = mdb_env_open(made, path.c_str(), flags | MDB_NOSUBDIR | MDB_NOTLS, kFileMode);
    if (code == 0) return env;
    if (!is_refusal_of_size(code) || map_bytes / 2 < kMapBytesMin) fail(code, doing.c_str());
  }
}

Environment open_environment_in_memory(std::size_t map_bytes) {
  // WRITEMAP: LMDB works on the memory itself, without a copy. Nothing here is to survive, so nothing is synced or
  // cleared.
  const unsigned flags = MDB_WRITEMAP | MDB_NOSYNC | MDB_NOMEMINIT;
  // LMDB wants a path: it gets links to anonymous memory, which no mount's size limits (as Docker's 64 MB /dev/shm).
  for (const auto& parent : temporary_folders()) {
    const PassingFolder folder(parent);
    const FileDescriptor data(::memfd_create("shoal-data", MFD_CLOEXEC));
    const FileDescriptor lock(::memfd_create("shoal-lock", MFD_CLOEXEC));
    if (!folder || !data || !lock) continue;
    if (!link_to_memory(folder.data(), data) || !link_to_memory(folder.lock(), lock)) continue;
    try {
      return open_environment(folder.data(), map_bytes, flags);
    } catch (const Failure&) {
      continue;  // No /proc, for instance.
    }
  }
  // Where that does not work: files that lose their names at once, and never wait for the disk.
  for (const auto& parent : temporary_folders()) {
    const PassingFolder folder(parent);
    if (!folder) continue;
    try {
      return open_environment(folder.data(), map_bytes, flags);
    } catch (const Failure&) {
      continue;
    }
  }
  throw EngineError("cannot make a store in memory: neither /dev/shm, $TMPDIR nor /tmp can be written");
}

int cause_of_failed_write(MDB_env* env, int code) {
  int fd = -1;
  struct stat file {};
  if (code != EIO || mdb_env_get_fd(env, &fd) != 0 || ::fstat(fd, &file) != 0) return code;
  // Ask for one page more than there are. LMDB does not mind one too many, but nobody needs it either.
  if (const int cause = ::posix_fallocate(fd, file.st_size, 4096); cause != 0) return cause;
  return ::ftruncate(fd, file.st_size) == 0 ? code : errno;
}

std::size_t used_bytes(MDB_env* env) {
  MDB_envinfo info;
  MDB_stat stat;
  check(mdb_env_info(env, &info), "reading the size of the data file");
  check(mdb_env_stat(env, &stat), "reading the size of the data file");
  return (info.me_last_pgno + 1) * stat.ms_psize;
}

bool double_map(MDB_env* env) {
  MDB_envinfo info;
  check(mdb_env_info(env, &info), "reading the size of the map");
  const std::size_t map_bytes = info.me_mapsize * 2;
  // LMDB gives up its map before it asks for the new one, and is lost if that fails: so ask first.
  void* granted = ::mmap(nullptr, map_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (granted == MAP_FAILED) return false;
  ::munmap(granted, map_bytes);
  return mdb_env_set_mapsize(env, map_bytes) == 0;
}

}  // namespace shoal::kv::lmdb
