// A write transaction of LMDB's, aborted unless it is committed.
#pragma once

#include <lmdb.h>

#include <string>
#include <utility>

#include "storage/kv/lmdb/environment.h"

namespace shoal::kv::lmdb {

class WriteTransaction {
 public:
  explicit WriteTransaction(MDB_env* env) : env_(env) {
    check(mdb_txn_begin(env, nullptr, 0, &txn_), "beginning a write");
  }
  ~WriteTransaction() {
    if (txn_ != nullptr) mdb_txn_abort(txn_);
  }
  WriteTransaction(const WriteTransaction&) = delete;

  MDB_txn* get() const { return txn_; }
  void commit(const std::string& doing) {  // Throws Failure: nothing of it happened.
    if (const int code = mdb_txn_commit(std::exchange(txn_, nullptr)); code != 0) {
      throw Failure(cause_of_failed_write(env_, code), doing);
    }
  }

 private:
  MDB_env* env_;
  MDB_txn* txn_ = nullptr;
};

}  // namespace shoal::kv::lmdb
