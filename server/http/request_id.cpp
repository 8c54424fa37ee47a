#include "server/http/request_id.h"

#include <bit>
#include <cstdint>
#include <random>

namespace shoal::http {
namespace {

// xoshiro256** of Blackman and Vigna (https://prng.di.unimi.it): 256 bits of state, so that threads seeded from the
// system's randomness do not meet.
class Random {
 public:
  Random() {
    std::random_device device;
    for (auto& word : state_) word = (std::uint64_t{device()} << 32) | device();
    state_[0] |= 1;  // All zero would stay so.
  }

  std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

 private:
  std::array<std::uint64_t, 4> state_;
};

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
constexpr int kBitsPerCharacter = 5;
constexpr std::size_t kCharactersPerWord = 12;

}  // namespace

RequestId::RequestId() {
  thread_local Random random;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < characters_.size(); ++i, bits >>= kBitsPerCharacter) {
    if (i % kCharactersPerWord == 0) bits = random.next();
    characters_[i] = kAlphabet[bits % kAlphabet.size()];
  }
}

}  // namespace shoal::http
