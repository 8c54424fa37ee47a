// The hand-written matchers against the regular expressions that they stand for.
#include "protocol/model/patterns.h"

#include <regex.h>

#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "protocol/model/patterns.h"

namespace shoal::model {
namespace {

struct Matcher {
  const char* pattern;  // In the words of POSIX.
  bool (*matches)(std::string_view);
};

constexpr Matcher kMatchers[] = {
    {"^[a-zA-Z0-9_.-]+$", is_resource_name},
    {"^[^$]+$", is_without_dollar},
    {"^[a-z0-9A-Z]+[.a-zA-Z0-9_-]*[a-z0-9A-Z]+$", is_bucket_name},
    {"^[0-9]{12}$", is_account},
    {"^[ -~]+$", is_printable},
    {"^[ -\x7f\r\n\t]*$", is_xml_text},
    {"^[,;:|\t ]$", is_csv_delimiter},
    {"^[ !#-+.-~-]*$", is_csv_header},
    {"^([0-9a-f]{16})+$", is_hex_token},
};

// POSIX and not std::regex, in which GCC 12 sees uninitialized members when it sanitizes.
class Regex {
 public:
  explicit Regex(const char* pattern) { REQUIRE(regcomp(&regex_, pattern, REG_EXTENDED | REG_NOSUB) == 0); }
  ~Regex() { regfree(&regex_); }
  Regex(const Regex&) = delete;
  bool matches(const std::string& text) const { return regexec(&regex_, text.c_str(), 0, nullptr, 0) == 0; }

 private:
  regex_t regex_;
};

}  // namespace

TEST_CASE("The matchers agree with their patterns on random ASCII") {
  std::mt19937 random(Catch::rngSeed());
  INFO("seed " << Catch::rngSeed());
  const std::string characters = "azAZ09_.-$,;:|\t \"~fg\r\n\x01\x7f/";
  for (const auto& [pattern, matches] : kMatchers) {
    const Regex regex(pattern);
    for (int i = 0; i < 3000; ++i) {
      // Few different characters, so that whole texts match often enough.
      const std::size_t kinds = 1 + random() % 4;
      std::string few;
      for (std::size_t k = 0; k < kinds; ++k) few += characters[random() % characters.size()];
      std::string text(random() % 2 ? random() % 4 : 10 + random() % 8, ' ');
      for (auto& c : text) c = few[random() % few.size()];
      CAPTURE(pattern, text);
      REQUIRE(matches(text) == regex.matches(text));
    }
  }
}

TEST_CASE("Lengths that matter to patterns") {
  CHECK(is_hex_token(std::string(112, 'f')));
  CHECK_FALSE(is_hex_token(std::string(111, 'f')));
  CHECK_FALSE(is_hex_token(""));
  CHECK(is_account("012345678901"));
  CHECK_FALSE(is_account("0123456789012"));
  CHECK_FALSE(is_bucket_name("a"));
  CHECK(is_bucket_name("ab"));
  CHECK_FALSE(is_csv_delimiter(""));
  CHECK_FALSE(is_csv_delimiter(",,"));
}

TEST_CASE("Text beyond ASCII") {
  CHECK(is_xml_text("\u00e9\u20ac\U0001F3B5\ufffd"));
  CHECK_FALSE(is_xml_text("a\ufffe"));
  CHECK_FALSE(is_xml_text("\uffff"));
  CHECK_FALSE(is_resource_name("caf\u00e9"));
  CHECK_FALSE(is_printable("\u00e9"));
  CHECK_FALSE(is_csv_header("\u00e9"));
}

}  // namespace shoal::model
