#include "server/metrics/request_log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>

#include "protocol/json/writer.h"
#include "storage/utc_text.h"

namespace shoal {
namespace {

constexpr std::chrono::seconds kFlushInterval{1};

std::string time_text(const RequestRecord& record) {
  return utc_milliseconds(std::chrono::duration_cast<std::chrono::milliseconds>(record.at.time_since_epoch())) + "Z";
}

std::string milliseconds_text(std::chrono::nanoseconds took) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", std::chrono::duration<double, std::milli>(took).count());
  return text;
}

std::string tables_text(const RequestRecord& record) {
  std::string text;
  for (const auto& table : record.spent.tables) text += (text.empty() ? "" : ",") + table;
  return text.empty() ? "-" : text;
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

std::string json_line(const RequestRecord& record) {
  std::string line;
  json::ObjectWriter object(line);
  object.text("time", time_text(record));
  object.text("request_id", record.request_id);
  object.text("account", record.account);
  object.text("region", record.region);
  object.text("operation", record.operation);
  auto& tables = object.key("tables") += '[';
  for (std::size_t i = 0; i < record.spent.tables.size(); ++i) {
    if (i > 0) tables += ',';
    json::append_string(tables, record.spent.tables[i]);
  }
  tables += ']';
  object.integer("status", record.status);
  if (!record.error.empty()) object.text("error", record.error);
  object.key("milliseconds") += milliseconds_text(record.took);
  object.close();
  return line;
}

std::shared_ptr<spdlog::logger> open_access_log(const std::string& file) {
  if (file.empty()) return nullptr;
  spdlog::sink_ptr sink;
  if (file == "-") {
    sink = std::make_shared<spdlog::sinks::stdout_sink_mt>();
  } else {
    try {
      sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
    } catch (const spdlog::spdlog_ex& failure) {
      throw std::runtime_error("--access-log: " + std::string(failure.what()));
    }
  }
  auto log = std::make_shared<spdlog::logger>("access", std::move(sink));
  log->set_pattern("%v");
  log->flush_on(spdlog::level::warn);
  spdlog::register_logger(log);
  spdlog::flush_every(kFlushInterval);
  return log;
}

}  // namespace

struct RequestLog::Impl {
  RequestLogOptions options;
  std::shared_ptr<spdlog::logger> access;
};

RequestLog::RequestLog(const RequestLogOptions& options)
    : impl_(std::make_unique<Impl>(Impl{options, open_access_log(options.access_file)})) {}

RequestLog::~RequestLog() {
  if (!impl_->access) return;
  impl_->access->flush();
  spdlog::drop(impl_->access->name());
}

bool RequestLog::wants(std::chrono::nanoseconds took) const {
  return impl_->access || (impl_->options.slow && took >= *impl_->options.slow);
}

void RequestLog::add(const RequestRecord& record) {
  if (impl_->access) impl_->access->info("{}", access_line(record, impl_->options.json));
  if (impl_->options.slow && record.took >= *impl_->options.slow) {
    spdlog::warn("slow: request {} took {} ms: {} {}", record.request_id, milliseconds_text(record.took),
                 record.operation, tables_text(record));
  }
}

std::string access_line(const RequestRecord& record, bool json) {
  if (json) return json_line(record);
  return time_text(record) + " " + record.request_id + " " + or_dash(record.account) + " " + or_dash(record.region) +
         " " + record.operation + " " + tables_text(record) + " " + std::to_string(record.status) + " " +
         or_dash(record.error) + " " + milliseconds_text(record.took) + " ms";
}

}  // namespace shoal
