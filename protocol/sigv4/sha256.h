// SHA-256 and HMAC-SHA-256 for short messages: a signature check hashes about 2 KB in four messages, where OpenSSL's
// one-shot calls spend more on fetching the algorithm than on the bytes.
//
//   const HmacKey key("secret");  // hashes the key's pads once
//   key.sign("message");          // two blocks less than HMAC() each time
#pragma once

#include <openssl/sha.h>

#include <array>
#include <string>
#include <string_view>

namespace shoal::sigv4 {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

inline std::string_view bytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Digest sha256(std::string_view message);

// Immutable once made, so any number of threads may sign with one.
class HmacKey {
 public:
  explicit HmacKey(std::string_view key);
  Digest sign(std::string_view message) const;

 private:
  SHA256_CTX inner_;  // after the key's inner pad
  SHA256_CTX outer_;
};

using HexDigest = std::array<char, 2 * SHA256_DIGEST_LENGTH>;

HexDigest hex(const Digest& digest);  // lower case

inline std::string_view text(const HexDigest& digits) { return {digits.data(), digits.size()}; }

// Takes as long for a nearly right guess as for a wrong one; only the length shows.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace shoal::sigv4
