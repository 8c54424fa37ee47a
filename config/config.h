// Everything a user can set, in one struct. Each field is a flag (--data-dir), an environment variable (SHOAL_DATA_DIR)
// and a key of the TOML file (data-dir = "..."), nearest wins: flag, environment, file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shoal {

std::string_view version();  // "0.1.0"

struct Config {
  std::string bind = "127.0.0.1";              // Address to listen on: "0.0.0.0", "::", "localhost" (both loopbacks).
  std::uint16_t port = 8000;                   // 0 picks a free one, which the ready line names.
  std::string data_dir = "shoal-data";         // Made when absent.
  bool in_memory = false;                      // Keep nothing: data goes with the process.
  std::string mounted_data_dir;                // data_dir if it is a mount, else in_memory; empty: those two were said.
  std::string durability = "sync";             // sync | relaxed
  std::uint32_t wal_mb = 256;                  // The most that the write-ahead log may grow to.
  std::string credentials;                     // JSON file; empty: open to anybody.
  std::string control = "open";                // open | signed | off; parse_config: signed with credentials.
  std::string log_format = "text";             // text | json
  std::string access_log;                      // File of a line for each request; "-": standard output; empty: none.
  std::uint32_t slow_ms = 0;                   // Requests that take as long are logged; 0: none.
  std::string log_level = "info";              // trace | debug | info | warn | error | off
  bool shared_regions = false;                 // Tables of all regions in one.
  bool single_namespace = false;               // Those of all accounts, too; parse_config: regions then are shared.
  std::uint32_t threads = 0;                   // Connection threads; 0: one per core.
  std::uint32_t max_connections = 10'000;      // More are refused with 503.
  std::uint32_t header_timeout_ms = 10'000;    // From a request's first byte to the end of its headers.
  std::uint32_t body_timeout_ms = 30'000;      // Between two reads of a body.
  std::uint32_t idle_timeout_ms = 350'000;     // Between requests of a connection.
  std::uint32_t shutdown_timeout_ms = 10'000;  // For requests in flight at SIGTERM.
  std::vector<std::string> cors_origins;       // Besides loopback; "*" is every origin.
  std::string kinesis_endpoint;    // http://host:port that Kinesis destinations are delivered to; empty: they wait.
  std::string kinesis_access_key;  // Signs what is sent there; empty: the table's account.
  std::string kinesis_secret_key = "local";
  std::vector<std::string> lambda_endpoints;   // URL, or name=URL for one function: where triggers call functions.
  std::uint32_t lambda_concurrency = 0;        // Calls at once to each of them; 0: as suits what listens there.
  std::string triggers;                        // JSON file of triggers.
  std::string failure_dir;                     // Of file:// destinations; empty: `failures` in the data folder.
  std::uint32_t stream_readers_max = 0;        // Readers that a stream's shard bears in a second; 0: any number.
  std::uint32_t shard_rollover_minutes = 240;  // Age at which a stream's shard is closed and a child opened.
  std::uint32_t ttl_delay_ms = 0;              // Between an item's expiry and its deletion.
  std::uint32_t ttl_change_interval_seconds = 3600;  // Between two changes of a table's time to live.
  std::uint32_t table_units_max = 40'000;            // Provisioned units of a table; of all: twice as many. 0: any.
  std::uint32_t table_delay_ms = 0;                  // How long tables and indexes stay CREATING, UPDATING, DELETING.
};

// What parse_config makes of a command line: a configuration, or text to print and a status to exit with.
struct ParsedConfig {
  Config config;
  bool exit = false;
  int status = 0;
  std::string output;  // --help, --version, or what is wrong and what to do.
};

// `commands`: what --help says of the program's other uses.
ParsedConfig parse_config(int argc, const char* const* argv, std::string_view commands = {});

}  // namespace shoal
