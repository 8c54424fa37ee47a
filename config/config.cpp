#include "config/config.h"

#include <arpa/inet.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "config/dynamodb_local.h"
#include "config/mounted_folder.h"

namespace shoal {
namespace {

constexpr std::uint32_t kDayMs = 24 * 60 * 60 * 1000;

// Validators say what is allowed, then what was given; CLI11 puts the flag's name before.

CLI::Validator whole_number(std::uint32_t min, std::uint32_t max) {
  auto check = [min, max](std::string& text) -> std::string {
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = failure == std::errc() && end == text.data() + text.size();
    if (whole && number >= min && number <= max) return {};
    return "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max) + ", not '" + text + "'";
  };
  return CLI::Validator(check, "");
}

CLI::Validator one_of(std::vector<std::string> allowed) {
  auto check = [allowed = std::move(allowed)](std::string& text) -> std::string {
    if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return {};
    std::string list;
    for (const auto& word : allowed) list += (list.empty() ? "" : ", ") + word;
    return "must be one of " + list + ", not '" + text + "'";
  };
  return CLI::Validator(check, "");
}

CLI::Validator address() {
  auto check = [](std::string& text) -> std::string {
    const std::string host = text.substr(0, text.find('%'));  // fe80::1%eth0 has a zone.
    unsigned char bytes[sizeof(in6_addr)];
    if (text == "localhost" || inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
        inet_pton(AF_INET6, host.c_str(), bytes) == 1) {
      return {};
    }
    return "must be an IPv4 or IPv6 address or localhost, not '" + text + "'";
  };
  return CLI::Validator(check, "");
}

CLI::Validator not_empty() {
  auto check = [](std::string& text) -> std::string { return text.empty() ? "must not be empty" : ""; };
  return CLI::Validator(check, "");
}

CLI::Validator origin() {
  auto check = [](std::string& text) -> std::string {
    const auto scheme = text.find("://");
    if (text == "*" || (scheme != std::string::npos && scheme > 0 && text.find('/', scheme + 3) == std::string::npos &&
                        text.size() > scheme + 3)) {
      return {};
    }
    return "must be an origin such as https://app.example.com, or *, not '" + text + "'";
  };
  return CLI::Validator(check, "");
}

bool is_http_url(std::string_view text) {
  const auto host = text.find("://") + 3;
  const bool known = text.starts_with("http://") || text.starts_with("https://");
  return known && text.size() > host && text[host] != '/' && text.find_first_of(" @#", host) == std::string_view::npos;
}

CLI::Validator http_url() {
  auto check = [](std::string& text) -> std::string {
    return is_http_url(text) ? "" : "must be a URL such as http://localhost:4567, not '" + text + "'";
  };
  return CLI::Validator(check, "");
}

CLI::Validator lambda_endpoint() {
  auto check = [](std::string& text) -> std::string {
    const auto equals = text.find('=');
    const bool is_named = equals != std::string::npos && equals > 0 && equals < text.find("://");
    if (is_http_url(std::string_view(text).substr(is_named ? equals + 1 : 0))) return {};
    return "must be a URL such as http://localhost:9001, or name=URL, not '" + text + "'";
  };
  return CLI::Validator(check, "");
}

std::string environment_name(std::string_view flag) {
  std::string name = "SHOAL_";
  for (const char c : flag) name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

// One field: its flag, its environment variable, its meaning and its default.
template <typename Field>
CLI::Option* field(CLI::App& app, const std::string& name, Field& value, const std::string& meaning) {
  return app.add_option("--" + name, value, meaning)->envname(environment_name(name))->capture_default_str();
}

CLI::Option* number(CLI::App& app, const std::string& name, std::uint32_t& value, std::uint32_t min, std::uint32_t max,
                    const std::string& meaning) {
  return field(app, name, value, meaning)->check(whole_number(min, max))->type_name("NUMBER");
}

CLI::Option* flag(CLI::App& app, const std::string& name, bool& value, const std::string& meaning) {
  return app.add_flag("--" + name, value, meaning)->envname(environment_name(name));
}

void declare(CLI::App& app, Config& config) {
  field(app, "bind", config.bind, "Address to listen on: an IP address, or localhost for both loopbacks")
      ->check(address())
      ->type_name("ADDRESS");
  field(app, "port", config.port, "Port to listen on; 0 picks a free one, which the ready line names")
      ->check(whole_number(0, 65535))
      ->type_name("NUMBER");
  field(app, "data-dir", config.data_dir, "Folder that the data is kept in; made when absent")
      ->check(not_empty())
      ->type_name("FOLDER");
  flag(app, "in-memory", config.in_memory, "Keep nothing: the data goes with the process");
  field(app, "mounted-data-dir", config.mounted_data_dir,
        "For containers: folder that the data is kept in if a volume is mounted there; if none is, the data is kept in "
        "memory; --data-dir and --in-memory come before it")
      ->type_name("FOLDER");
  field(app, "durability", config.durability,
        "sync: what was acknowledged survives a power cut; relaxed: it survives a killed process, but a power cut may "
        "take the last moments")
      ->check(one_of({"sync", "relaxed"}))
      ->type_name("LEVEL");
  number(app, "wal-mb", config.wal_mb, 1, 64 * 1024,
         "The most that the write-ahead log may grow to, and the memory that holds the same writes; a start after a "
         "crash replays as much");
  field(app, "credentials", config.credentials,
        "JSON file of who may call; without it everybody may, and signatures of local/local alone are verified")
      ->type_name("FILE");
  app.add_option("--control", config.control,
                 "Who may use the control interface, /_shoal/...: open (anybody), signed (who has a credential of the "
                 "file), off (nobody) [open; with --credentials: signed]")
      ->envname(environment_name("control"))
      ->check(one_of({"open", "signed", "off"}))
      ->type_name("WHO");
  field(app, "log-level", config.log_level, "Least that is logged: trace, debug, info, warn, error, off")
      ->check(one_of({"trace", "debug", "info", "warn", "error", "off"}))
      ->type_name("LEVEL");
  field(app, "log-format", config.log_format, "text, or json: an object a line, the access log's, too")
      ->check(one_of({"text", "json"}))
      ->type_name("FORMAT");
  field(app, "access-log", config.access_log, "File that gets a line for each request; - is standard output")
      ->type_name("FILE");
  number(app, "slow-ms", config.slow_ms, 0, kDayMs, "Requests that take as long or longer are logged; 0: none are");
  flag(app, "shared-regions", config.shared_regions, "Fold all regions into one: every client sees every table");
  flag(app, "single-namespace", config.single_namespace,
       "Fold all accounts and all regions into one, as DynamoDB Local's -sharedDb does; without it an access key of "
       "twelve digits is an account, with tables of its own");
  number(app, "threads", config.threads, 0, 1024, "Threads that serve connections; 0: one per core");
  number(app, "max-connections", config.max_connections, 1, 1'000'000, "More connections are answered 503");
  number(app, "header-timeout-ms", config.header_timeout_ms, 1, kDayMs,
         "Time from a request's first byte to the end of its headers");
  number(app, "body-timeout-ms", config.body_timeout_ms, 1, kDayMs,
         "Time between two pieces of a request's body, or of an answer");
  number(app, "idle-timeout-ms", config.idle_timeout_ms, 1, kDayMs, "Time between two requests of a connection");
  number(app, "shutdown-timeout-ms", config.shutdown_timeout_ms, 0, kDayMs,
         "Time that requests in flight have at SIGTERM");
  field(app, "cors-origin", config.cors_origins,
        "Origin whose web pages may call, besides those of this machine; may be repeated; * is every origin")
      ->check(origin())
      ->delimiter(',')
      ->type_name("ORIGIN");
  field(app, "kinesis-endpoint", config.kinesis_endpoint,
        "URL of the Kinesis that tables' streaming destinations are delivered to; without it their changes wait, for a "
        "day at most")
      ->check(http_url())
      ->type_name("URL");
  field(app, "kinesis-access-key", config.kinesis_access_key,
        "Access key that signs what is sent there; without it the account of the table")
      ->type_name("KEY");
  field(app, "kinesis-secret-key", config.kinesis_secret_key, "Its secret key")->type_name("KEY");
  field(app, "lambda-endpoint", config.lambda_endpoints,
        "URL of the Lambda runtime that triggers call, or name=URL of a function's own; may be repeated; without it "
        "changes wait, for a day at most")
      ->check(lambda_endpoint())
      ->delimiter(',')
      ->type_name("URL");
  number(app, "lambda-concurrency", config.lambda_concurrency, 0, 1'000,
         "Calls at once to each of them; 0: 10, and 1 to what is an emulator by its path");
  field(app, "triggers", config.triggers, "JSON file of triggers to set up, as event source mappings")
      ->type_name("FILE");
  field(app, "failure-dir", config.failure_dir,
        "Folder in which file:// destinations of changes that functions did not take may lie; without it 'failures' in "
        "the data folder")
      ->type_name("FOLDER");
  number(app, "stream-readers-max", config.stream_readers_max, 0, 1'000,
         "Readers that a shard of a stream bears in one second before GetRecords is throttled: production's figure is "
         "2; 0: any number");
  number(app, "shard-rollover-minutes", config.shard_rollover_minutes, 1, 24 * 60,
         "Age at which a stream's shard is closed and a child takes its place");
  number(app, "ttl-delay-ms", config.ttl_delay_ms, 0, 7 * kDayMs,
         "How long after its time to live an item is deleted; production takes up to days");
  number(app, "ttl-change-interval-seconds", config.ttl_change_interval_seconds, 0, 24 * 60 * 60,
         "Time that must pass between two changes of a table's time to live");
  number(
      app, "table-units-max", config.table_units_max, 0, 1'000'000'000,
      "Read and write units each that a table and its global indexes may be provisioned with; all tables of a region "
      "may have twice as many; 0: any number");
  number(app, "table-delay-ms", config.table_delay_ms, 0, kDayMs,
         "How long tables and indexes stay CREATING, UPDATING or DELETING, and streams, times to live and destinations "
         "ENABLING or DISABLING");
}

// Gives the options that neither flag nor environment has set the file's values. Not CLI11's own way: there, the file
// goes before the environment.
void read_file(CLI::App& app, const std::string& path) {
  std::ifstream file(path);
  if (!file || std::filesystem::is_directory(path)) throw CLI::FileError("--config: cannot read " + path);
  for (const auto& item : CLI::ConfigTOML().from_config(file)) {
    if (item.name == "++" || item.name == "--") {
      throw CLI::ConfigError(path + ": [" + item.parents.front() + "] is not known: Shoal's settings have no sections");
    }
    auto* option = item.parents.empty() ? app.get_option_no_throw("--" + item.name) : nullptr;
    if (option == nullptr || option->get_envname().empty() || item.name == "config") {
      throw CLI::ConfigError(path + ": '" + item.fullname() + "' is not a setting of Shoal: see shoal --help");
    }
    if (option->count() > 0) continue;
    for (const auto& input : item.inputs) option->add_result(input);
    option->run_callback();
  }
}

void settle_namespaces(Config& config) { config.shared_regions = config.shared_regions || config.single_namespace; }

// In a container, a volume says that the data is to be kept.
void settle_data(const CLI::App& app, Config& config) {
  const bool said = app.get_option("--data-dir")->count() > 0 || config.in_memory;
  if (said) config.mounted_data_dir.clear();
  const std::string& folder = config.mounted_data_dir;
  if (folder.empty()) return;
  config.in_memory = !is_mounted(folder);
  if (config.in_memory) return;
  config.data_dir = folder;
  if (access(folder.c_str(), W_OK | X_OK) != 0) {
    const std::string user = std::to_string(geteuid());
    throw CLI::FileError("a volume is mounted at " + folder + ", but user " + user +
                         " cannot write there: give it to " + user +
                         " (chown), or run as the user whose it is (docker run --user)");
  }
}

// By whether there are credentials, unless it was said.
void settle_control(const CLI::App& app, Config& config) {
  const bool said = app.get_option("--control")->count() > 0;
  if (!said) config.control = config.credentials.empty() ? "open" : "signed";
  if (config.control == "signed" && config.credentials.empty()) {
    throw CLI::ValidationError("--control=signed needs --credentials: without them nobody's signature can be checked");
  }
}

// As CLI11 takes them: the last one first.
std::vector<std::string> reversed_words(int argc, const char* const* argv) {
  auto words = from_dynamodb_local({argv + 1, argv + argc});
  std::reverse(words.begin(), words.end());
  return words;
}

}  // namespace

std::string_view version() { return SHOAL_VERSION; }

ParsedConfig parse_config(int argc, const char* const* argv, std::string_view commands) {
  ParsedConfig parsed;
  CLI::App app("Shoal: a server that speaks DynamoDB's protocol, for development, tests and self-hosting.", "shoal");
  app.set_version_flag("--version", "shoal " + std::string(version()));
  declare(app, parsed.config);
  std::string file;
  app.add_option("--config", file, "TOML file of these settings: port = 8001")
      ->envname("SHOAL_CONFIG")
      ->type_name("FILE");
  std::string footer =
      "Nearest wins: flag, environment variable, file. Keys of the file are the flags' names without dashes before.\n"
      "DynamoDB Local's flags (-port, -inMemory, -sharedDb, -dbPath, -cors, ...) are understood, too.\n";
  if (!commands.empty()) footer.append("\nshoal COMMAND, each with a --help of its own:\n").append(commands);
  app.footer(footer);
  app.get_formatter()->column_width(34);
  try {
    app.parse(reversed_words(argc, argv));
    if (!file.empty()) read_file(app, file);
    settle_data(app, parsed.config);
    settle_control(app, parsed.config);
    settle_namespaces(parsed.config);
  } catch (const CLI::CallForHelp&) {
    parsed.exit = true;
    parsed.output = app.help();
  } catch (const CLI::CallForVersion& call) {
    parsed.exit = true;
    parsed.output = std::string(call.what()) + "\n";
  } catch (const CLI::ParseError& error) {
    parsed.exit = true;
    parsed.status = 1;
    parsed.output = "shoal: " + std::string(error.what()) + "\nSee shoal --help.\n";
  }
  return parsed;
}

}  // namespace shoal
