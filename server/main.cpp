// The program: reads its configuration, opens the store, serves until it is told to stop. The only file that sees
// everything.
#include <malloc.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "config/config.h"
#include "protocol/json/writer.h"
#include "server/auth/credentials.h"
#include "server/commands/command.h"
#include "server/faults/faults.h"
#include "server/http/listener.h"
#include "server/jobs/jobs.h"
#include "server/kinesis/delivery.h"
#include "server/operations/registry.h"
#include "server/triggers/lambda_api.h"
#include "server/triggers/triggers.h"
#include "storage/catalog.h"
#include "storage/clock.h"
#include "storage/kv/lmdb/engine.h"
#include "storage/rewind.h"

namespace shoal {
namespace {

// The message as a text of JSON: %* in a pattern.
class JsonMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    std::string text;
    json::append_string(text, {message.payload.data(), message.payload.size()});
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<JsonMessage>(); }
};

std::unique_ptr<spdlog::formatter> json_lines() {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<JsonMessage>('*').set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":%*})");
  return formatter;
}

void set_up_log(const Config& config) {
  auto logger = spdlog::stderr_color_mt("shoal");
  logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
  if (config.log_format == "json") logger->set_formatter(json_lines());
  logger->set_level(spdlog::level::from_str(config.log_level == "warn" ? "warning" : config.log_level));
  spdlog::set_default_logger(std::move(logger));
}

// A connection takes a file descriptor, and the usual soft limit is 1,024.
void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// Answers of up to a few MB come and go: glibc would give their memory back each time, and each page of it is a fault
// when it is needed again. A third of the CPU of GetRecords of 1,000 records went there.
void keep_memory_of_answers() {
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  mallopt(M_TRIM_THRESHOLD, 8 << 20);
}

// The signals that ask for an orderly end, held back on every thread so that main can wait for them.
sigset_t hold_back_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // A write beyond the limit of a file's size fails, like one to a full disk.
  return signals;
}

// A second Ctrl-C is for now, not for when the requests in flight are done.
void let_through(const sigset_t& signals) { pthread_sigmask(SIG_UNBLOCK, &signals, nullptr); }

std::unique_ptr<kv::Engine> open_engine(const Config& config) {
  if (config.in_memory) return kv::open_lmdb_in_memory();
  kv::LmdbOptions options;
  options.durability = config.durability == "relaxed" ? kv::Durability::relaxed : kv::Durability::sync;
  options.log_bytes = std::size_t{config.wal_mb} << 20;
  options.report = [](const std::string& text) { spdlog::warn("storage: {}", text); };
  return kv::open_lmdb(config.data_dir, options);
}

std::unique_ptr<Authenticator> open_authenticator(const Config& config) {
  return config.credentials.empty() ? Authenticator::open() : Authenticator::from_file(config.credentials);
}

std::string where_data_is(const Config& config) {
  if (config.in_memory && !config.mounted_data_dir.empty()) {
    return "in memory: the data goes with the process, for no volume is mounted at " + config.mounted_data_dir;
  }
  if (config.in_memory) return "in memory: the data goes with the process";
  const std::filesystem::path folder(config.data_dir);
  return "data in " + std::string(folder.is_relative() ? "./" : "") + folder.lexically_normal().string() +
         ", durability " + config.durability;
}

void warn_if_open(const Config& config, const http::Listener& listener) {
  if (listener.loopback_only()) return;
  if (config.credentials.empty()) {
    spdlog::warn(
        "other machines can reach this server, and without --credentials anybody may read and change its data");
  } else if (config.control == "open") {
    spdlog::warn(
        "other machines can reach this server, and with --control=open anybody may move its clock and set faults");
  }
}

void say_ready(const Config& config, const http::Listener& listener) {
  std::printf("Shoal %s is serving on %s (%s)\n", std::string(version()).c_str(), listener.url().c_str(),
              where_data_is(config).c_str());
  std::fflush(stdout);
}

std::shared_ptr<RequestLog> make_request_log(const Config& config) {
  if (config.access_log.empty() && config.slow_ms == 0) return nullptr;
  RequestLogOptions options{config.access_log, config.log_format == "json", {}};
  if (config.slow_ms > 0) options.slow = std::chrono::milliseconds(config.slow_ms);
  return std::make_shared<RequestLog>(options);
}

// Nothing when there is nowhere to deliver to.
std::unique_ptr<KinesisDelivery> make_delivery(const Config& config, kv::Engine& engine, Catalog& catalog,
                                               const Clock& clock) {
  if (config.kinesis_endpoint.empty()) return nullptr;
  const auto url = parse_http_url(config.kinesis_endpoint);
  if (!url) throw std::runtime_error("--kinesis-endpoint: not a URL: " + config.kinesis_endpoint);
  DeliveryTimes times;
  times.table_delay = std::chrono::milliseconds(config.table_delay_ms);
  return std::make_unique<KinesisDelivery>(
      engine, catalog, clock, open_kinesis(*url, {config.kinesis_access_key, config.kinesis_secret_key}), times);
}

// Nothing when there is neither somebody to call nor a file of triggers.
std::unique_ptr<Triggers> make_triggers(const Config& config, kv::Engine& engine, const Clock& clock) {
  if (config.lambda_endpoints.empty() && config.triggers.empty()) return nullptr;
  std::vector<LambdaEndpoint> endpoints;
  for (const auto& text : config.lambda_endpoints) endpoints.push_back(parse_lambda_endpoint(text));
  std::vector<DeclaredTrigger> declared;
  if (!config.triggers.empty()) declared = read_declared_triggers(config.triggers, mapping_rules(config));
  auto runtime = open_runtime(std::move(endpoints), config.lambda_concurrency);
  return std::make_unique<Triggers>(engine, clock, std::move(runtime), std::move(declared));
}

void serve(const Config& config, const sigset_t& stop_signals) {
  const auto authenticator = open_authenticator(config);
  RewindableEngine engine(open_engine(config));
  keep_memory_of_answers();  // After LMDB has taken its large and mostly empty lists, which are to stay pages of
                             // nothing.
  Clock clock;
  Catalog catalog(engine, &clock);
  Faults faults(engine, clock);
  const JobTimes times{std::chrono::minutes(config.shard_rollover_minutes),
                       std::chrono::milliseconds(config.ttl_delay_ms)};
  Jobs jobs(engine, catalog, clock, times);
  const auto delivery = make_delivery(config, engine, catalog, clock);
  const auto triggers = make_triggers(config, engine, clock);
  const auto wake = [&jobs, &delivery, &triggers] {
    jobs.wake();
    if (delivery) delivery->wake();
    if (triggers) triggers->wake();
  };
  Services services{config, engine, catalog, clock, wake, faults};
  services.request_log = make_request_log(config);
  http::Listener listener(services, *authenticator, find_operation);
  jobs.start();
  if (delivery) delivery->start();
  if (triggers) triggers->start();
  listener.start();
  warn_if_open(config, listener);
  say_ready(config, listener);

  int signal = 0;
  sigwait(&stop_signals, &signal);
  spdlog::info("stopping: requests in flight have {} ms", config.shutdown_timeout_ms);
  let_through(stop_signals);
  listener.stop();
  if (delivery) delivery->stop();
  if (triggers) triggers->stop();
  jobs.stop();
}

int run(int argc, char** argv) {
  if (argc > 1 && argv[1][0] != '-' && argv[1][0] != '\0') {
    const auto* command = find_command(argv[1]);
    if (command != nullptr) return command->run({argv + 1, static_cast<std::size_t>(argc - 1)});
    std::fprintf(stderr, "shoal: %s\nSee shoal --help.\n", no_such_command(argv[1]).c_str());
    return 2;
  }
  const ParsedConfig parsed = parse_config(argc, argv, command_summaries());
  if (parsed.exit) {
    std::fputs(parsed.output.c_str(), parsed.status == 0 ? stdout : stderr);
    return parsed.status;
  }
  set_up_log(parsed.config);
  raise_file_limit();
  const auto stop_signals = hold_back_stop_signals();
  try {
    serve(parsed.config, stop_signals);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "shoal: %s\n", failure.what());
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace shoal

int main(int argc, char** argv) { return shoal::run(argc, argv); }
