// What a batch wrote, as the bytes of a log record: put after put and erase after erase, in their order.
//
//   put     'p' <bytes of the key:8> <bytes of the value:8> key value
//   erase   'e' <bytes of the key:8> key
#pragma once

#include <string>

#include "storage/kv/log/bytes.h"

namespace shoal::kv::log {

inline void append_put(std::string& record, Bytes key, Bytes value) {
  record += 'p';
  append_integer(record, key.size());
  append_integer(record, value.size());
  record += key;
  record += value;
}

inline void append_erase(std::string& record, Bytes key) {
  record += 'e';
  append_integer(record, key.size());
  record += key;
}

// Calls `put(key, value)` and `erase(key)`. The record is one that the functions above made.
template <typename Put, typename Erase>
void read_record(Bytes record, Put put, Erase erase) {
  const auto take = [&record](std::size_t size) {
    const auto taken = record.substr(0, size);
    record.remove_prefix(taken.size());
    return taken;
  };
  while (!record.empty()) {
    const bool is_put = take(1) == "p";
    const auto key_bytes = integer_at(take(8), 0);
    if (is_put) {
      const auto value_bytes = integer_at(take(8), 0);
      const auto key = take(key_bytes);
      put(key, take(value_bytes));
    } else {
      erase(take(key_bytes));
    }
  }
}

}  // namespace shoal::kv::log
