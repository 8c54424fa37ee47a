#include "server/kinesis/endpoint.h"

#include "protocol/json/base64.h"
#include "protocol/json/reader.h"
#include "protocol/json/writer.h"
#include "protocol/sigv4/sign.h"
#include "server/operations/table_name.h"
#include "server/outgoing/http_client.h"

namespace shoal {
namespace {

constexpr std::string_view kTarget = "Kinesis_20131202.PutRecords";
constexpr std::string_view kContentType = "application/x-amz-json-1.1";
constexpr std::chrono::seconds kTimeout{20};

class HttpKinesis final : public KinesisEndpoint {
 public:
  HttpKinesis(HttpUrl url, KinesisKeys keys) : client_(std::move(url)), keys_(std::move(keys)) {}

  PutResult put_records(const KinesisStream& stream, std::span<const KinesisRecord* const> records) override {
    const auto body = put_records_body(stream, records);
    const auto& path = client_.url().path;
    const std::string target = path.empty() ? "/" : path;
    try {
      const auto reply = client_.post(target, signed_headers(stream, target, body), body, kTimeout);
      return read_put_records(reply.status, reply.body, records.size());
    } catch (const HttpError& error) {
      throw KinesisError(error.what());
    }
  }

  void cancel() override { client_.cancel(); }

 private:
  HttpHeaders signed_headers(const KinesisStream& stream, std::string_view target, std::string_view body) const {
    const auto host = client_.url().authority();
    const sigv4::Header headers[] = {{"Host", host}, {"Content-Type", kContentType}, {"X-Amz-Target", kTarget}};
    const auto& access_key = keys_.access_key.empty() ? stream.account : keys_.access_key;
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    auto signature =
        sigv4::sign({"POST", target, headers, body}, {access_key, keys_.secret_key}, {stream.region, "kinesis"}, now);
    return {{"Content-Type", std::string(kContentType)},
            {"X-Amz-Target", std::string(kTarget)},
            {"X-Amz-Date", std::move(signature.timestamp)},
            {"Authorization", std::move(signature.authorization)}};
  }

  HttpClient client_;
  const KinesisKeys keys_;
};

std::string refusal(int status, const std::optional<json::Json>& answer) {
  std::string text = "HTTP " + std::to_string(status);
  if (!answer) return text;
  for (const auto member : {"__type", "message", "Message"}) {
    const auto value = answer->find(member);
    if (value.kind() == json::Kind::string) text.append(" ").append(value.string());
  }
  return text;
}

}  // namespace

KinesisStream kinesis_stream(std::string_view account, std::string_view arn) {
  const auto parts = parse_resource_arn(arn).value();  // EnableKinesisStreamingDestination took no other.
  return {std::string(account), std::string(parts.region), std::string(parts.resource)};
}

std::unique_ptr<KinesisEndpoint> open_kinesis(HttpUrl url, KinesisKeys keys) {
  return std::make_unique<HttpKinesis>(std::move(url), std::move(keys));
}

std::string put_records_body(const KinesisStream& stream, std::span<const KinesisRecord* const> records) {
  std::size_t bytes = 64 + stream.name.size();
  for (const auto* record : records) bytes += record->data.size() * 4 / 3 + record->partition_key.size() + 40;
  std::string body;
  body.reserve(bytes);
  json::ObjectWriter object(body);
  object.key("Records") += '[';
  for (const auto* record : records) {
    if (record != records.front()) body += ',';
    body += R"({"Data":")";
    json::append_base64(body, record->data);
    body.append(R"(","PartitionKey":")").append(record->partition_key).append("\"}");
  }
  body += ']';
  object.text("StreamName", stream.name);
  object.close();
  return body;
}

PutResult read_put_records(int status, std::string_view body, std::size_t count) {
  json::Parser parser;
  const auto answer = parser.parse(body);
  if (status != 200) throw KinesisError(refusal(status, answer));
  const auto records = answer ? answer->find("Records") : json::Json();
  if (records.kind() != json::Kind::list || records.size() != count) {
    throw KinesisError("an answer that is none of PutRecords");
  }
  PutResult result;
  result.taken.reserve(count);
  for (const auto [name, record] : records) {
    const auto code = record.find("ErrorCode");
    result.taken.push_back(!code);
    if (!code || !result.failure.empty() || code.kind() != json::Kind::string) continue;
    result.failure = code.string();
    const auto message = record.find("ErrorMessage");
    if (message.kind() == json::Kind::string) result.failure.append(": ").append(message.string());
  }
  return result;
}

}  // namespace shoal
