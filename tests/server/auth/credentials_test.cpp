#include "server/auth/credentials.h"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "protocol/error.h"
#include "protocol/sigv4/sha256.h"
#include "protocol/sigv4/signing_key.h"

using namespace shoal;
using namespace std::chrono_literals;

namespace {

const auto kNow = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + 10h + 15min;

// A folder of its own for the credentials file, gone with the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "shoal-auth-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path file(std::string_view text) const {
    std::ofstream(path_ / "credentials.json", std::ios::binary) << text;
    return path_ / "credentials.json";
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::unique_ptr<Authenticator> with_file(std::string_view text) {
  return Authenticator::from_file(Folder().file(text));
}

std::string complaint(std::string_view text) {
  const Folder folder;
  const auto file = folder.file(text);
  try {
    Authenticator::from_file(file);
  } catch (const std::runtime_error& error) {
    const std::string message = error.what();
    const std::string prefix = "credentials file " + file.string() + ": ";
    CHECK(message.starts_with(prefix));
    return message.substr(std::min(prefix.size(), message.size()));
  }
  return "accepted";
}

struct Login {
  std::string access_key;
  std::string secret;
  std::string token = "";
  std::string region = "us-east-1";
};

// Signs a request and presents it.
Caller authenticate(Authenticator& authenticator, const Login& login,
                    std::chrono::system_clock::time_point now = kNow) {
  using namespace sigv4;
  const auto hash = [](std::string_view message) { return std::string(text(hex(sha256(message)))); };
  const auto scope = "20261123/" + login.region + "/dynamodb/aws4_request";
  const auto to_sign =
      "AWS4-HMAC-SHA256\n20261123T101500Z\n" + scope + "\n" + hash("POST\n/\n\nhost:h\n\nhost\n" + hash("{}"));
  const auto signature = hex(derive_signing_key(login.secret, "20261123", login.region).sign(to_sign));
  const auto authorization = "AWS4-HMAC-SHA256 Credential=" + login.access_key + "/" + scope +
                             ", SignedHeaders=host, Signature=" + std::string(text(signature));
  std::vector<Header> headers{{"Host", "h"}, {"X-Amz-Date", "20261123T101500Z"}, {"Authorization", authorization}};
  if (!login.token.empty()) headers.emplace_back("X-Amz-Security-Token", login.token);
  return authenticator.authenticate({"POST", "/", headers, "{}"}, now);
}

std::string answer(Authenticator& authenticator, const Login& login, std::chrono::system_clock::time_point now = kNow) {
  try {
    return "account " + authenticate(authenticator, login, now).account;
  } catch (const Error& error) {
    CHECK(error.type().status == 400);
    return std::string(error.type().name) + ": " + error.message();
  }
}

constexpr auto kUnknown = "UnrecognizedClientException: The security token included in the request is invalid.";
constexpr auto kBadToken = "UnrecognizedClientException: The security token included in the request is invalid";
constexpr auto kExpiredToken = "ExpiredTokenException: The security token included in the request is expired";
constexpr auto kMismatch =
    "InvalidSignatureException: The request signature we calculated does not match the signature you provided. Check "
    "your AWS Secret Access Key and signing method. Consult the service documentation for details.";

// What the log is told while it lives.
class Log {
 public:
  Log() : before_(spdlog::default_logger()) {
    const auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(out_);
    const auto logger = std::make_shared<spdlog::logger>("test", sink);
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(logger);
  }
  ~Log() { spdlog::set_default_logger(before_); }

  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    std::istringstream in(out_.str());
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
  }

 private:
  std::shared_ptr<spdlog::logger> before_;
  std::ostringstream out_;
};

}  // namespace

TEST_CASE("A credential of the file names its account, the scope the region") {
  const auto authenticator = with_file(R"({"credentials": [
    {"access_key": "AKIDONE", "secret_key": "one", "account": "111111111111"},
    {"access_key": "AKIDTWO", "secret_key": "two"}]})");
  const auto one = authenticate(*authenticator, {"AKIDONE", "one", "", "eu-west-1"});
  CHECK(one.access_key == "AKIDONE");
  CHECK(one.account == "111111111111");
  CHECK(one.region == "eu-west-1");
  CHECK(authenticate(*authenticator, {"AKIDTWO", "two"}).account == "000000000000");
}

TEST_CASE("With a file, an unknown access key and a wrong signature get production's answers") {
  const auto authenticator = with_file(R"({"credentials": [
    {"access_key": "AKIDONE", "secret_key": "one"}, {"access_key": "AKIDTWO", "secret_key": "two"}]})");
  CHECK(answer(*authenticator, {"AKIDTHREE", "one"}) == kUnknown);
  CHECK(answer(*authenticator, {"akidone", "one"}) == kUnknown);
  CHECK(answer(*authenticator, {"", "one"}) == kUnknown);
  CHECK(answer(*authenticator, {"local", "local"}) == kUnknown);
  CHECK(answer(*authenticator, {"AKIDONE", "two"}) == kMismatch);
  CHECK(answer(*authenticator, {"AKIDONE", ""}) == kMismatch);
  // The form comes before the key, the clock too.
  CHECK(answer(*authenticator, {"AKIDTHREE", "one", "", "Mars"}) ==
        "InvalidSignatureException: Credential should be scoped to a valid region, not 'Mars'. ");
  CHECK(answer(*authenticator, {"AKIDTHREE", "one"}, kNow + 16min) ==
        "InvalidSignatureException: Signature expired: 20261123T101500Z is now earlier than 20261123T101600Z "
        "(20261123T103100Z - 15 min.)");
  CHECK_THROWS_WITH(authenticator->authenticate({"POST", "/", {}, "{}"}, kNow),
                    "Request is missing Authentication Token");
}

TEST_CASE("A temporary credential needs its token, until it expires") {
  const auto authenticator = with_file(R"({"credentials": [
    {"access_key": "ASIAONE", "secret_key": "one", "session_token": "token", "expires": "2026-11-23T12:15:00.5+02:00"},
    {"access_key": "ASIATWO", "secret_key": "two", "session_token": "token"},
    {"access_key": "ASIAPAST", "secret_key": "past", "session_token": "token", "expires": "2020-01-01T00:00:00Z"},
    {"access_key": "AKID", "secret_key": "long"}]})");
  CHECK(answer(*authenticator, {"ASIAONE", "one", "token"}, kNow - 1s) == "account 000000000000");
  CHECK(answer(*authenticator, {"ASIAONE", "one", "token"}, kNow) == kExpiredToken);
  CHECK(answer(*authenticator, {"ASIATWO", "two", "token"}) == "account 000000000000");
  CHECK(answer(*authenticator, {"ASIAPAST", "past", "token"}) == kExpiredToken);

  CHECK(answer(*authenticator, {"ASIATWO", "two"}) == kUnknown);
  CHECK(answer(*authenticator, {"ASIATWO", "wrong"}) == kUnknown);  // before the signature
  CHECK(answer(*authenticator, {"ASIATWO", "two", "tokem"}) == kBadToken);
  CHECK(answer(*authenticator, {"ASIATWO", "two", "token2"}) == kBadToken);
  CHECK(answer(*authenticator, {"ASIATWO", "wrong", "tokem"}) == kMismatch);
  CHECK(answer(*authenticator, {"ASIAPAST", "past", "tokem"}) == kBadToken);
  // A long-lived credential has no token to be right.
  CHECK(answer(*authenticator, {"AKID", "long", "token"}) == kBadToken);
  CHECK(answer(*authenticator, {"AKID", "long"}) == "account 000000000000");
}

TEST_CASE("A file may be written with any characters and a byte order mark") {
  const auto authenticator =
      with_file("\xEF\xBB\xBF{\"credentials\": [{\"access_key\": \"k\\u00fcy=!\", \"secret_key\": \"\\u20ac\"}]}");
  CHECK(answer(*authenticator, {"k\xC3\xBCy=!", "\xE2\x82\xAC"}) == "account 000000000000");
}

TEST_CASE("What a credentials file holds that is not known is refused by name") {
  CHECK(complaint(R"({"credentials": [{"access_key": "a", "secret_key": "b"}], "policies": []})") ==
        "unknown member \"policies\" in the file; known: credentials");
  CHECK(complaint(R"({"credentials": [{"access_key": "a", "secret_key": "b"},
                                      {"access_key": "c", "secret_key": "d", "policies": []}]})") ==
        "unknown member \"policies\" in credentials[1]; known: access_key, secret_key, account, session_token, "
        "expires");
}

TEST_CASE("What is wrong with a credentials file is told") {
  const auto entry = [](std::string_view members) {
    return complaint("{\"credentials\": [{" + std::string(members) + "}]}");
  };
  CHECK(complaint("[]") == "is not a JSON object with the member \"credentials\"");
  CHECK(complaint("{}") == "member \"credentials\" is missing in the file");
  CHECK(complaint(R"({"credentials": {}})") == "\"credentials\" is not a list");
  CHECK(complaint(R"({"credentials": []})") == "\"credentials\" is empty, so that every request would be refused");
  CHECK(complaint(R"({"credentials": ["a"]})") == "credentials[0] is not an object");
  CHECK(entry(R"("secret_key": "b")") == "\"access_key\" is missing in credentials[0]");
  CHECK(entry(R"("access_key": "a")") == "\"secret_key\" is missing in credentials[0]");
  CHECK(entry(R"("access_key": "", "secret_key": "b")") == "\"access_key\" in credentials[0] is empty");
  CHECK(entry(R"("access_key": "a", "secret_key": "")") == "\"secret_key\" in credentials[0] is empty");
  CHECK(entry(R"("access_key": 1, "secret_key": "b")") == "\"access_key\" in credentials[0] is not a string");
  CHECK(entry(R"("access_key": "a/b", "secret_key": "b")") ==
        "\"access_key\" in credentials[0] has a '/', which no request could sign with");
  for (const std::string account : {"1234", "12345678901x", "1234567890123"}) {
    CHECK(entry(R"("access_key": "a", "secret_key": "b", "account": ")" + account + "\"") ==
          "\"account\" in credentials[0] is not 12 digits: \"" + account + "\"");
  }
  CHECK(entry(R"("access_key": "a", "secret_key": "b"}, {"access_key": "a", "secret_key": "c")") ==
        "access key \"a\" is given twice");
  CHECK(entry(R"("access_key": "a", "secret_key": "b", "secret_key": "c")") ==
        "member \"secret_key\" is given twice in one object");
  CHECK(entry(R"("access_key": "a", "secret_key": "b", "expires": "2026-11-23T10:00:00Z")") ==
        "\"expires\" in credentials[0] goes with a \"session_token\" only");
  for (const std::string time : {"tomorrow", "2026-11-23", "2026-11-23T10:00:00", "2026-02-30T10:00:00Z",
                                 "2026-11-23T24:00:00Z", "2026-11-23T10:00:00+1", "20261123T100000Z"}) {
    CHECK(entry(R"("access_key": "a", "secret_key": "b", "session_token": "t", "expires": ")" + time + "\"") ==
          "\"expires\" in credentials[0] is not an ISO 8601 time such as 2026-11-23T10:00:00Z: \"" + time + "\"");
  }
}

TEST_CASE("A file that is not JSON is refused with the line, and without its secrets") {
  const auto told = complaint("{\"credentials\": [\n{\"access_key\": \"a\",\n\"secret_key\": \"hush\" x}]}");
  CHECK(told == "is not valid JSON, near line 3");
  CHECK(complaint("") == "is not valid JSON, near line 1");
  CHECK(complaint("{\"credentials\": \"\xFF\"}") == "is not valid JSON, near line 1");
}

TEST_CASE("A file that cannot be read is refused") {
  const Folder folder;
  CHECK_THROWS_WITH(
      Authenticator::from_file(folder.path() / "none.json"),
      "credentials file " + (folder.path() / "none.json").string() + ": cannot be read: No such file or directory");
  CHECK_THROWS_WITH(Authenticator::from_file(folder.path()),
                    "credentials file " + folder.path().string() + ": is a folder; give the JSON file itself");
}

TEST_CASE("Without a file, local/local is verified") {
  const Log log;
  const auto authenticator = Authenticator::open();
  const auto caller = authenticate(*authenticator, {"local", "local", "", "local"});
  CHECK(caller.access_key == "local");
  CHECK(caller.account == "000000000000");
  CHECK(caller.region == "local");
  CHECK(answer(*authenticator, {"local", "other"}) == kMismatch);
  CHECK(log.lines().empty());
}

TEST_CASE("Without a file, any other access key is believed once its request has been checked for form") {
  const Log log;
  const auto authenticator = Authenticator::open();
  for (const std::string key : {"AKID", "k=\xE2\x82\xAC", "Local", "x"}) {
    const auto caller = authenticate(*authenticator, {key, "any", "any token"});
    CHECK(caller.access_key == key);
    CHECK(caller.account == "000000000000");
  }
  CHECK(answer(*authenticator, {"", "any"}) == kUnknown);
  CHECK(answer(*authenticator, {"AKID", "any", "", "Mars"}) ==
        "InvalidSignatureException: Credential should be scoped to a valid region, not 'Mars'. ");
  CHECK_THROWS_WITH(authenticator->authenticate({"POST", "/", {}, "{}"}, kNow),
                    "Request is missing Authentication Token");
  // A blank parts the parameters of the header form; the query form carries any character.
  const std::vector<sigv4::Header> host{{"Host", "h"}};
  CHECK(
      authenticator
          ->authenticate({"POST",
                          "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%20b%20c%2F20261123%2Flocal%2Fdynamodb"
                          "%2Faws4_request&X-Amz-Date=20261123T101500Z&X-Amz-SignedHeaders=host&X-Amz-Signature=x",
                          host, "{}"},
                         kNow)
          .access_key == "a b c");
}

TEST_CASE("Each access key that is believed is warned of once, in plain letters, up to a thousand of them") {
  const Log log;
  const auto authenticator = Authenticator::open();
  for (int i = 0; i < 3; ++i) authenticate(*authenticator, {"AKID", "any"});
  REQUIRE(log.lines().size() == 1);
  CHECK(log.lines()[0] ==
        "warning access key AKID is believed: its signature is not checked. To let in only keys that you name, start "
        "with --credentials FILE (or sign with the built-in pair local/local)");

  authenticate(*authenticator, {"\x1B[31m" + std::string(1'000, 'k'), "any"});
  REQUIRE(log.lines().size() == 2);
  CHECK(log.lines()[1].find("access key ?[31mkkk") != std::string::npos);
  CHECK(log.lines()[1].size() < 400);

  for (int i = 0; i < 1'500; ++i) authenticate(*authenticator, {"key-" + std::to_string(i), "any"});
  REQUIRE(log.lines().size() == 1'000);
  CHECK(log.lines()[998].ends_with("local/local)"));
  CHECK(log.lines()[999].ends_with("Further keys will not be told of"));
}

TEST_CASE("Many threads may ask one authenticator") {
  const Log log;
  const auto open = Authenticator::open();
  const auto by_file = with_file(R"({"credentials": [{"access_key": "AKID", "secret_key": "one"}]})");
  std::atomic<int> refused{0};
  std::atomic<int> accepted{0};
  const auto work = [&] {
    const auto count = [&](Authenticator& authenticator, const Login& login) {
      try {
        authenticate(authenticator, login);
        ++accepted;
      } catch (const Error&) {
        ++refused;
      }
    };
    for (int i = 0; i < 100; ++i) {
      count(*open, {"key-" + std::to_string(i), "any"});
      count(*open, {"local", "local"});
      count(*by_file, {"AKID", "one", "", "region-" + std::to_string(i % 10)});
      count(*by_file, {"AKID", "two", "", "region-" + std::to_string(i % 10)});
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work);
  for (auto& thread : threads) thread.join();
  CHECK(accepted == 4 * 300);
  CHECK(refused == 4 * 100);
  CHECK(log.lines().size() == 100);
}
