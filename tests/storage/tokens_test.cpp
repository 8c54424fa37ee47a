#include "storage/tokens.h"

#include <catch2/catch.hpp>
#include <memory>

#include "protocol/error.h"
#include "storage/key/layout.h"
#include "storage/kv/lmdb/engine.h"

using namespace shoal;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds kNow = 1'795'394'879'947ms;

Token token(std::string text = "t", std::string fingerprint = "0123456789abcdef") {
  return {"000000000000", "us-east-1", std::move(text), std::move(fingerprint)};
}

class Store {
 public:
  TokenUse check(const Token& token, std::chrono::milliseconds now) {
    return check_token(token, now, *engine_->snapshot());
  }

  void keep(const Token& token, std::chrono::milliseconds now) {
    engine_->write([&](kv::Transaction& transaction) { keep_token(token, now, transaction); });
  }

  // Everything that is kept of tokens: a record for each, and its end.
  std::size_t records() {
    const auto snapshot = engine_->snapshot();
    const auto cursor = snapshot->cursor();
    std::size_t count = 0;
    for (bool found = cursor->seek({}); found; found = cursor->next()) ++count;
    return count;
  }

  kv::Engine& engine() { return *engine_; }

 private:
  std::unique_ptr<kv::Engine> engine_ = kv::open_lmdb_in_memory();
};

}  // namespace

TEST_CASE("a token is fresh until it is kept, then a replay for ten minutes") {
  Store store;
  CHECK(store.check(token(), kNow) == TokenUse::fresh);
  store.keep(token(), kNow);
  CHECK(store.check(token(), kNow) == TokenUse::replay);
  CHECK(store.check(token(), kNow + 10min) == TokenUse::replay);
  CHECK(store.check(token(), kNow + 10min + 1ms) == TokenUse::fresh);
}

TEST_CASE("checking a token keeps nothing") {
  Store store;
  store.check(token(), kNow);
  CHECK(store.records() == 0);
}

TEST_CASE("a token that is kept in a transaction that fails is not kept") {
  Store store;
  CHECK_THROWS(store.engine().write([](kv::Transaction& transaction) {
    keep_token(token(), kNow, transaction);
    throw Error(errors::transaction_canceled, "cancelled");
  }));
  CHECK(store.check(token(), kNow) == TokenUse::fresh);
}

TEST_CASE("other parameters under a token are a mismatch, as long as it lives") {
  Store store;
  store.keep(token(), kNow);
  const auto other = token("t", "fedcba9876543210");
  try {
    store.check(other, kNow + 10min);
    FAIL("no mismatch was found");
  } catch (const Error& error) {
    CHECK(error.type().name == "IdempotentParameterMismatchException");
    CHECK(error.message() ==
          "The request was rejected because the parameters of the request do not match those of the earlier request "
          "with the same client token");
  }
  CHECK(store.check(token(), kNow) == TokenUse::replay);
  CHECK(store.check(other, kNow + 10min + 1ms) == TokenUse::fresh);
}

TEST_CASE("tokens are of an account and a region, and their names are not confused") {
  Store store;
  store.keep(token("ab"), kNow);
  auto elsewhere = token("ab");
  elsewhere.region = "us-east-2";
  CHECK(store.check(elsewhere, kNow) == TokenUse::fresh);
  auto other = token("ab");
  other.account = "111111111111";
  CHECK(store.check(other, kNow) == TokenUse::fresh);
  CHECK(store.check(token("a"), kNow) == TokenUse::fresh);
  CHECK(store.check(token("abc"), kNow) == TokenUse::fresh);
  CHECK(store.check(token(std::string("ab\0", 3)), kNow) == TokenUse::fresh);
  auto shifted = token("b");
  shifted.region = "us-east-1a";
  CHECK(store.check(shifted, kNow) == TokenUse::fresh);
}

TEST_CASE("a token used anew lives ten minutes from then, whatever is forgotten meanwhile") {
  Store store;
  store.keep(token(), kNow);
  const auto again = token("t", "fedcba9876543210");
  store.keep(again, kNow + 11min);
  for (int i = 0; i < 5; ++i) store.keep(token(std::to_string(i)), kNow + 12min);
  CHECK(store.check(again, kNow + 21min) == TokenUse::replay);
  CHECK(store.check(again, kNow + 21min + 1ms) == TokenUse::fresh);
}

TEST_CASE("expired tokens are forgotten as new ones are kept, and never one that lives") {
  Store store;
  constexpr int kOld = 100;
  for (int i = 0; i < kOld; ++i) store.keep(token("old" + std::to_string(i)), kNow + i * 1ms);
  const auto of_one = store.records() / kOld;
  for (int i = 0; i < kOld; ++i) store.keep(token("new" + std::to_string(i)), kNow + 11min);
  CHECK(store.records() == of_one * kOld);
  for (int i = 0; i < kOld; ++i) CHECK(store.check(token("new" + std::to_string(i)), kNow + 21min) == TokenUse::replay);
}

TEST_CASE("tokens that live are not forgotten however many are kept") {
  Store store;
  for (int i = 0; i < 50; ++i) store.keep(token(std::to_string(i)), kNow + i * 1s);
  for (int i = 0; i < 50; ++i) CHECK(store.check(token(std::to_string(i)), kNow + 10min) == TokenUse::replay);
}
