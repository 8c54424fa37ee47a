#include "protocol/sigv4/signing_key.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <type_traits>
#include <vector>

#include "protocol/error.h"

using namespace shoal;
using namespace shoal::sigv4;

namespace {

std::string hex_text(const Digest& digest) { return std::string(text(hex(digest))); }

}  // namespace

TEST_CASE("SHA-256 and its HMAC are those of the standards") {
  // FIPS 180-4's example, and RFC 4231's cases 2 and 6 (a key longer than a block).
  CHECK(hex_text(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex_text(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex_text(HmacKey("Jefe").sign("what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hex_text(HmacKey(std::string(131, '\xaa')).sign("Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("Texts are equal only when all of them is") {
  CHECK(equal_in_constant_time("", ""));
  CHECK(equal_in_constant_time("abc", "abc"));
  CHECK_FALSE(equal_in_constant_time("abc", "abd"));
  CHECK_FALSE(equal_in_constant_time("abc", "ab"));
}

// Two sets that owned the same keys would free them twice.
static_assert(!std::is_copy_constructible_v<SigningKeys> && !std::is_copy_assignable_v<SigningKeys>);

TEST_CASE("Many threads may verify by one set of signing keys while it overflows") {
  SigningKeys keys;
  std::atomic<int> wrong{0};
  std::atomic<int> refused{0};
  const auto work = [&](int seed) {
    for (int i = 0; i < 700; ++i) {
      const auto n = (i * 7 + seed) % 600;  // more than a shard keeps
      Claim claim;
      claim.date = "20261123";
      claim.region = "region-" + std::to_string(n);
      claim.timestamp = "20261123T101500Z";
      claim.signed_headers = {"host"};
      const std::vector<Header> headers{{"Host", "h"}};
      const Request request{"POST", "/", headers, "{}"};
      // The canonical request and the string to sign, written out.
      const auto canonical = "POST\n/\n\nhost:h\n\nhost\n" + hex_text(sha256("{}"));
      const auto to_sign = "AWS4-HMAC-SHA256\n20261123T101500Z\n20261123/" + claim.region + "/dynamodb/aws4_request\n" +
                           hex_text(sha256(canonical));
      claim.signature = hex_text(derive_signing_key("secret", claim.date, claim.region).sign(to_sign));
      try {
        verify(request, claim, "secret", keys);
      } catch (const Error&) {
        ++wrong;
      }
      try {
        verify(request, claim, "Secret", keys);
      } catch (const Error&) {
        ++refused;
      }
    }
  };
  std::vector<std::thread> threads;
  for (int seed = 0; seed < 4; ++seed) threads.emplace_back(work, seed);
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(refused == 4 * 700);
}
