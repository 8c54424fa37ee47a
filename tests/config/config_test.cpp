#include "config/config.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>

using namespace shoal;

namespace {

ParsedConfig parse(std::initializer_list<const char*> flags) {
  std::vector<const char*> arguments = {"shoal"};
  arguments.insert(arguments.end(), flags);
  return parse_config(static_cast<int>(arguments.size()), arguments.data());
}

class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~Environment() { unsetenv(name_); }

 private:
  const char* name_;
};

class File {
 public:
  explicit File(const std::string& text)
      : path_((std::filesystem::temp_directory_path() / ("shoal-config-" + std::to_string(getpid()) + ".toml"))
                  .string()) {
    std::ofstream(path_) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  const char* path() const { return path_.c_str(); }

 private:
  std::string path_;
};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("without flags, everything has its default") {
  const auto parsed = parse({});
  REQUIRE_FALSE(parsed.exit);
  CHECK(parsed.config.bind == "127.0.0.1");
  CHECK(parsed.config.port == 8000);
  CHECK(parsed.config.data_dir == "shoal-data");
  CHECK_FALSE(parsed.config.in_memory);
  CHECK(parsed.config.durability == "sync");
  CHECK(parsed.config.cors_origins.empty());
  CHECK(parsed.config.kinesis_endpoint.empty());
  CHECK(parsed.config.kinesis_access_key.empty());
  CHECK(parsed.config.kinesis_secret_key == "local");
  CHECK(parsed.config.stream_readers_max == 0);
}

TEST_CASE("every field has its flag") {
  const auto parsed = parse({"--bind=::",
                             "--port",
                             "0",
                             "--data-dir=/tmp/x",
                             "--in-memory",
                             "--durability=relaxed",
                             "--wal-mb=64",
                             "--credentials=c.json",
                             "--log-level=debug",
                             "--shared-regions",
                             "--threads=3",
                             "--max-connections=7",
                             "--header-timeout-ms=1",
                             "--body-timeout-ms=2",
                             "--idle-timeout-ms=3",
                             "--shutdown-timeout-ms=0",
                             "--cors-origin=https://a.example",
                             "--cors-origin=*",
                             "--table-delay-ms=50",
                             "--control=off",
                             "--kinesis-endpoint=http://localhost:4567",
                             "--kinesis-access-key=AKID",
                             "--lambda-endpoint=http://localhost:9001",
                             "--lambda-endpoint=resize=http://localhost:9002",
                             "--lambda-concurrency=4",
                             "--triggers=triggers.json",
                             "--failure-dir=/tmp/failures",
                             "--table-units-max=100",
                             "--stream-readers-max=2"});
  INFO(parsed.output);
  REQUIRE_FALSE(parsed.exit);
  const Config& config = parsed.config;
  CHECK(config.bind == "::");
  CHECK(config.port == 0);
  CHECK(config.data_dir == "/tmp/x");
  CHECK(config.in_memory);
  CHECK(config.durability == "relaxed");
  CHECK(config.wal_mb == 64);
  CHECK(config.credentials == "c.json");
  CHECK(config.log_level == "debug");
  CHECK(config.shared_regions);
  CHECK(config.threads == 3);
  CHECK(config.max_connections == 7);
  CHECK(config.header_timeout_ms == 1);
  CHECK(config.body_timeout_ms == 2);
  CHECK(config.idle_timeout_ms == 3);
  CHECK(config.shutdown_timeout_ms == 0);
  CHECK(config.cors_origins == std::vector<std::string>{"https://a.example", "*"});
  CHECK(config.kinesis_endpoint == "http://localhost:4567");
  CHECK(config.kinesis_access_key == "AKID");
  CHECK(config.lambda_endpoints == std::vector<std::string>{"http://localhost:9001", "resize=http://localhost:9002"});
  CHECK(config.lambda_concurrency == 4);
  CHECK(config.triggers == "triggers.json");
  CHECK(config.failure_dir == "/tmp/failures");
  CHECK(config.stream_readers_max == 2);
  CHECK(config.table_units_max == 100);
  CHECK(config.table_delay_ms == 50);
  CHECK(config.control == "off");
}

TEST_CASE("the control interface is open without credentials and signed with them, unless it was said otherwise") {
  CHECK(parse({}).config.control == "open");
  CHECK(parse({"--credentials=c.json"}).config.control == "signed");
  CHECK(parse({"--credentials=c.json", "--control=open"}).config.control == "open");
  CHECK(parse({"--control=off"}).config.control == "off");
  CHECK(parse({"--credentials=c.json", "--control=signed"}).config.control == "signed");
  {
    const Environment said("SHOAL_CONTROL", "off");
    CHECK(parse({"--credentials=c.json"}).config.control == "off");
  }
  const File file("credentials = \"c.json\"\n");
  CHECK(parse({"--config", file.path()}).config.control == "signed");

  const auto refused = parse({"--control=signed"});
  CHECK(refused.status == 1);
  CHECK(contains(refused.output, "--control=signed needs --credentials"));
  CHECK(contains(parse({"--control=closed"}).output, "must be one of open, signed, off, not 'closed'"));
}

TEST_CASE("a mounted data folder is the data folder; one that is not mounted means memory") {
  const auto mounted = parse({"--mounted-data-dir=/dev/shm"});  // A mount that everybody may write to.
  INFO(mounted.output);
  REQUIRE_FALSE(mounted.exit);
  CHECK(mounted.config.data_dir == "/dev/shm");
  CHECK_FALSE(mounted.config.in_memory);

  const auto plain = parse({"--mounted-data-dir=/nowhere"});
  CHECK(plain.config.in_memory);
  CHECK(plain.config.mounted_data_dir == "/nowhere");

  const Environment image("SHOAL_MOUNTED_DATA_DIR", "/dev/shm");
  CHECK(parse({}).config.data_dir == "/dev/shm");
  const auto said = parse({"--data-dir=x"}).config;
  CHECK(said.data_dir == "x");
  CHECK(said.mounted_data_dir.empty());
  CHECK(parse({"--in-memory"}).config.in_memory);
  CHECK(parse({"-inMemory"}).config.in_memory);
}

TEST_CASE("the environment sets what no flag sets") {
  const Environment port("SHOAL_PORT", "9001");
  const Environment memory("SHOAL_IN_MEMORY", "true");
  const Environment origins("SHOAL_CORS_ORIGIN", "https://a.example,https://b.example");
  CHECK(parse({}).config.port == 9001);
  CHECK(parse({}).config.in_memory);
  CHECK(parse({}).config.cors_origins == std::vector<std::string>{"https://a.example", "https://b.example"});
  CHECK(parse({"--port=9002"}).config.port == 9002);
}

TEST_CASE("the file sets what neither flag nor environment sets") {
  const File file(
      "# Shoal\nport = 9003\nin-memory = true\ndata-dir = \"from file\"\ndurability = 'relaxed'\n"
      "cors-origin = [\"https://a.example\", \"https://b.example\"]\n");
  const auto parsed = parse({"--config", file.path()});
  INFO(parsed.output);
  REQUIRE_FALSE(parsed.exit);
  CHECK(parsed.config.port == 9003);
  CHECK(parsed.config.in_memory);
  CHECK(parsed.config.data_dir == "from file");
  CHECK(parsed.config.durability == "relaxed");
  CHECK(parsed.config.cors_origins == std::vector<std::string>{"https://a.example", "https://b.example"});

  const Environment named("SHOAL_CONFIG", file.path());
  const Environment port("SHOAL_PORT", "9004");
  CHECK(parse({}).config.port == 9004);
  CHECK(parse({}).config.data_dir == "from file");
  CHECK(parse({"--port=9005"}).config.port == 9005);
  CHECK(parse({"--durability=sync"}).config.durability == "sync");
}

TEST_CASE("a file's unknown keys are refused by name") {
  const auto refused = [](const std::string& text) {
    const File file(text);
    const auto parsed = parse({"--config", file.path()});
    CHECK(parsed.exit);
    CHECK(parsed.status == 1);
    return parsed.output;
  };
  CHECK(contains(refused("prot = 8001\n"), "'prot' is not a setting of Shoal"));
  CHECK(contains(refused("[server]\nport = 8001\n"), "[server] is not known: Shoal's settings have no sections"));
  CHECK(contains(refused("this is not TOML\n"), "is not a setting of Shoal"));
  CHECK(contains(refused("config = \"other.toml\"\n"), "'config' is not a setting of Shoal"));
  CHECK(contains(refused("help = true\n"), "'help' is not a setting of Shoal"));
  CHECK(contains(refused("port = 70000\n"), "--port: must be a whole number from 0 to 65535, not '70000'"));
}

TEST_CASE("a file that is not there is refused") {
  const auto parsed = parse({"--config=/nowhere/shoal.toml"});
  CHECK(parsed.status == 1);
  CHECK(contains(parsed.output, "--config: cannot read /nowhere/shoal.toml"));
  CHECK(parse({"--config=/tmp"}).status == 1);
}

TEST_CASE("a bad value is refused with what is allowed") {
  const auto refused = [](const char* flag) {
    const auto parsed = parse({flag});
    CHECK(parsed.exit);
    CHECK(parsed.status == 1);
    return parsed.output;
  };
  CHECK(contains(refused("--port=65536"), "--port: must be a whole number from 0 to 65535, not '65536'"));
  CHECK(contains(refused("--port=-1"), "--port: must be a whole number from 0 to 65535, not '-1'"));
  CHECK(contains(refused("--port=80x"), "not '80x'"));
  CHECK(contains(refused("--durability=none"), "--durability: must be one of sync, relaxed, not 'none'"));
  CHECK(contains(refused("--log-level=loud"), "must be one of trace, debug, info, warn, error, off, not 'loud'"));
  CHECK(contains(refused("--bind=example.com"), "--bind: must be an IPv4 or IPv6 address or localhost"));
  CHECK(contains(refused("--cors-origin=example.com"), "--cors-origin: must be an origin such as"));
  for (const auto url :
       {"--kinesis-endpoint=localhost:4567", "--kinesis-endpoint=ftp://x", "--kinesis-endpoint=http://",
        "--kinesis-endpoint=http:///x", "--kinesis-endpoint=http://a b"}) {
    CHECK(contains(refused(url), "--kinesis-endpoint: must be a URL such as http://localhost:4567, not '"));
  }
  CHECK(contains(refused("--max-connections=0"), "from 1 to 1000000"));
  CHECK(contains(refused("--prot=8000"), "--prot"));
}

TEST_CASE("a bad value of the environment is refused too") {
  const Environment port("SHOAL_PORT", "many");
  CHECK(parse({}).status == 1);
  CHECK(contains(parse({}).output, "must be a whole number from 0 to 65535, not 'many'"));
}

TEST_CASE("--help names every setting with its default and its environment variable, --version the version") {
  const auto help = parse({"--help"});
  CHECK(help.exit);
  CHECK(help.status == 0);
  for (const char* flag : {"bind",
                           "port",
                           "data-dir",
                           "in-memory",
                           "mounted-data-dir",
                           "durability",
                           "wal-mb",
                           "credentials",
                           "log-level",
                           "shared-regions",
                           "threads",
                           "max-connections",
                           "header-timeout-ms",
                           "body-timeout-ms",
                           "idle-timeout-ms",
                           "shutdown-timeout-ms",
                           "cors-origin",
                           "table-delay-ms",
                           "kinesis-endpoint",
                           "kinesis-access-key",
                           "kinesis-secret-key",
                           "lambda-endpoint",
                           "lambda-concurrency",
                           "triggers",
                           "failure-dir",
                           "stream-readers-max",
                           "table-units-max",
                           "config"}) {
    CHECK(contains(help.output, std::string("--") + flag));
  }
  CHECK(contains(help.output, "8000"));
  CHECK(contains(help.output, "SHOAL_DATA_DIR"));

  const auto asked = parse({"--version"});
  CHECK(asked.status == 0);
  CHECK(asked.output == "shoal " + std::string(version()) + "\n");
}
