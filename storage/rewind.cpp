#include "storage/rewind.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "storage/key/layout.h"
#include "storage/range.h"
#include "storage/space_job.h"

namespace shoal {
namespace {

constexpr std::size_t kRecordBytes = 1 << 20;  // Of what was there before; a transaction may keep several records.
constexpr std::size_t kRecordsAtOnce = 64;     // That one transaction of the way back undoes.

enum class Kind : char { value = 'v', absent = 'a', sum = 's' };

// <kind:1> <key bytes:4> <value bytes:4> <key> <value>; of a sum, the value is the amount that was added, 8 bytes.
void append_entry(std::string& out, Kind kind, std::string_view key, std::string_view value) {
  const auto append_size = [&out](std::size_t size) {
    const auto bytes = static_cast<std::uint32_t>(size);
    out.append(reinterpret_cast<const char*>(&bytes), sizeof bytes);
  };
  out.push_back(static_cast<char>(kind));
  append_size(key.size());
  append_size(value.size());
  out.append(key).append(value);
}

struct Entry {
  Kind kind;
  std::string_view key, value;
};

std::vector<Entry> entries_of(std::string_view record) {
  std::vector<Entry> entries;
  while (!record.empty()) {
    std::uint32_t key = 0, value = 0;
    std::memcpy(&key, record.data() + 1, sizeof key);
    std::memcpy(&value, record.data() + 5, sizeof value);
    entries.push_back({static_cast<Kind>(record[0]), record.substr(9, key), record.substr(9 + key, value)});
    record.remove_prefix(9 + key + value);
  }
  return entries;
}

std::uint64_t last_undo(const kv::Snapshot& snapshot) {
  const auto cursor = snapshot.cursor();
  const auto range = range_of(undo_prefix());
  return cursor->seek_before(range.end) && range.holds(cursor->key()) ? number_of_undo(cursor->key()) : 0;
}

std::string mark_bytes(std::uint64_t number) { return {reinterpret_cast<const char*>(&number), sizeof number}; }

std::uint64_t mark_of(std::string_view bytes) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

struct Mark {
  std::string name;
  std::uint64_t at;  // The last undo record that was there when it was made.
};

std::vector<Mark> marks_in(const kv::Snapshot& snapshot) {
  std::vector<Mark> marks;
  const auto range = range_of(mark_key({}));
  const auto cursor = snapshot.cursor();
  for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()); more = cursor->next()) {
    marks.push_back({std::string(cursor->key().substr(range.begin.size())), mark_of(cursor->value())});
  }
  std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.at < b.at; });
  return marks;
}

// Keeps what was there before each write of a transaction.
class Keeper final : public kv::Transaction {
 public:
  explicit Keeper(kv::Transaction& inner) : inner_(inner) {}

  std::optional<kv::Bytes> get(kv::Bytes key) const override { return inner_.get(key); }
  std::unique_ptr<kv::Cursor> cursor() const override { return inner_.cursor(); }
  void put(kv::Bytes key, kv::Bytes value) override {
    keep(key);
    inner_.put(key, value);
  }
  void erase(kv::Bytes key) override {
    keep(key);
    inner_.erase(key);
  }
  void add(kv::Bytes counter, std::int64_t amount) override {
    append_entry(room(), Kind::sum, counter, {reinterpret_cast<const char*>(&amount), sizeof amount});
    inner_.add(counter, amount);
  }

  // At the end: appends to what is to be undone.
  void finish() {
    if (records_.empty()) return;
    auto number = last_undo(inner_);
    for (const auto& record : records_) inner_.put(undo_key(++number), record);
  }

 private:
  void keep(kv::Bytes key) {
    if (key == sequence_key("space")) return;  // Numbers of tables are never used again.
    const auto before = inner_.get(key);
    append_entry(room(), before ? Kind::value : Kind::absent, key, before.value_or(kv::Bytes()));
  }
  std::string& room() {
    if (records_.empty() || records_.back().size() >= kRecordBytes) records_.emplace_back();
    return records_.back();
  }

  kv::Transaction& inner_;
  std::vector<std::string> records_;
};

void undo(kv::Transaction& transaction, std::string_view record) {
  const auto entries = entries_of(record);
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (entry->kind == Kind::value) {
      transaction.put(entry->key, entry->value);
    } else if (entry->kind == Kind::absent) {
      transaction.erase(entry->key);
    } else {
      std::int64_t amount = 0;
      std::memcpy(&amount, entry->value.data(), sizeof amount);
      transaction.add(entry->key, -amount);
    }
  }
}

// Some of the newest records after `mark`; true when none is left.
bool undo_some(kv::Transaction& transaction, std::uint64_t mark) {
  for (std::size_t i = 0; i < kRecordsAtOnce; ++i) {
    const auto last = last_undo(transaction);
    if (last <= mark) return true;
    const auto key = undo_key(last);
    undo(transaction, std::string(transaction.get(key).value()));
    transaction.erase(key);
  }
  return last_undo(transaction) <= mark;
}

}  // namespace

RewindableEngine::RewindableEngine(std::unique_ptr<kv::Engine> inner)
    : inner_(std::move(inner)), keeping_(!marks_in(*inner_->snapshot()).empty()) {}

void RewindableEngine::submit(kv::Body body, kv::Done done, kv::Submitter submitter) {
  const auto run = [this, inner = std::move(body)](kv::Transaction& transaction) {
    if (!keeping_.load(std::memory_order_relaxed)) return inner(transaction);
    Keeper keeper(transaction);
    inner(keeper);
    keeper.finish();
  };
  inner_->submit(run, std::move(done), submitter);
}

void RewindableEngine::keep(std::string_view name) {
  inner_->write([&](kv::Transaction& transaction) {
    transaction.put(mark_key(name), mark_bytes(last_undo(transaction)));
    keeping_ = true;
  });
}

bool RewindableEngine::rewind(std::string_view name) {
  bool found = false;
  for (bool done = false; !done;) {
    inner_->write([&](kv::Transaction& transaction) {
      const auto mark = transaction.get(mark_key(name));
      found = mark.has_value();
      done = true;
      if (!found) return;
      const auto at = mark_of(*mark);
      done = undo_some(transaction, at);
      for (const auto& other : marks_in(transaction)) {
        if (other.at > at) transaction.erase(mark_key(other.name));
      }
    });
  }
  return found;
}

void RewindableEngine::forget_all() {
  for (bool done = false; !done;) {
    inner_->write([&](kv::Transaction& transaction) {
      keeping_ = false;
      done = !erase_some(transaction, range_of(mark_key({}))) && !erase_some(transaction, range_of(undo_prefix()));
    });
  }
}

std::vector<std::string> RewindableEngine::names() const {
  std::vector<std::string> names;
  for (auto& mark : marks_in(*inner_->snapshot())) names.push_back(std::move(mark.name));
  return names;
}

}  // namespace shoal
