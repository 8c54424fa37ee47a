#include "server/http/request_reader.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <optional>
#include <string>
#include <vector>

#include "protocol/json/reader.h"

namespace shoal::http {
namespace {

namespace beast = boost::beast;
using beast::http::error;
using beast::http::field;
using boost::system::error_code;

constexpr std::size_t kKeptBytesMax = 256 * 1024;  // A body's buffer that is larger is not kept for the next request.

// A request's text in two buffers that are used again. Beast's own containers allocate a node per header.
struct Text {
  struct Field {
    field id;
    std::size_t name, name_size, value, value_size;  // Places in `head`, which moves while it grows.
  };
  std::string head;
  std::size_t method_size = 0, target_size = 0;
  int version = 11;
  std::vector<Field> fields;
  std::string body;

  std::string_view name(const Field& f) const { return std::string_view(head).substr(f.name, f.name_size); }
  std::string_view value(const Field& f) const { return std::string_view(head).substr(f.value, f.value_size); }
};

class Parser final : public beast::http::basic_parser<true> {
 public:
  explicit Parser(Text& text) : text_(text) {
    eager(true);
    header_limit(2 * kHeadBytesMax);
    body_limit(kBodyBytesMax);
  }

 private:
  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                       error_code& failure) override {
    if (method.size() + target.size() > kHeadBytesMax) failure = error::header_limit;
    text_.head.append(method.data(), method.size()).append(target.data(), target.size());
    text_.method_size = method.size();
    text_.target_size = target.size();
    text_.version = version;
  }
  void on_response_impl(int, beast::string_view, int, error_code&) override {}

  void on_field_impl(field id, beast::string_view name, beast::string_view value, error_code& failure) override {
    if (header_done_) return;  // Trailers of a chunked body say nothing that Shoal asks.
    header_bytes_ += name.size() + value.size() + 4;
    if (header_bytes_ > kHeadBytesMax) failure = error::header_limit;
    const std::size_t at = text_.head.size();
    text_.fields.push_back({id, at, name.size(), at + name.size(), value.size()});
    text_.head.append(name.data(), name.size()).append(value.data(), value.size());
  }
  void on_header_impl(error_code&) override { header_done_ = true; }

  void on_body_init_impl(const boost::optional<std::uint64_t>& bytes, error_code&) override {
    if (bytes) text_.body.reserve(std::min<std::uint64_t>(*bytes, kKeptBytesMax) + json::Parser::kPadding);
  }
  std::size_t on_body_impl(beast::string_view bytes, error_code&) override {
    text_.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code&) override {
    text_.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_finish_impl(error_code&) override {}

  Text& text_;
  std::size_t header_bytes_ = 0;
  bool header_done_ = false;
};

}  // namespace

struct RequestReader::Impl {
  Text text;
  std::optional<Parser> parser;
  std::vector<sigv4::Header> headers;
  Request request;
  State state = State::head;
  Refusal refusal = Refusal::malformed;
  std::string reason;
  bool expects_continue = false;

  void begin() {
    text.head.clear();
    text.fields.clear();
    text.body.clear();
    parser.emplace(text);
    state = State::head;
    expects_continue = false;
  }

  void refuse(const error_code& failure) {
    state = State::refused;
    refusal = failure == error::body_limit ? Refusal::too_large : Refusal::malformed;
    reason = failure.message();
  }

  void read_head() {
    state = State::body;
    headers.clear();
    request = {};
    request.method = std::string_view(text.head).substr(0, text.method_size);
    request.target = std::string_view(text.head).substr(text.method_size, text.target_size);
    request.http_1_0 = text.version == 10;
    request.keep_alive = parser->keep_alive();
    for (const auto& f : text.fields) {
      headers.emplace_back(text.name(f), text.value(f));
      note(f);
    }
    request.headers = headers;
  }

  void note(const Text::Field& f) {
    const auto value = text.value(f);
    switch (f.id) {
      case field::content_type:
        request.content_type = value;
        break;
      case field::content_encoding:
        request.content_encoding = value;
        break;
      case field::origin:
        request.origin = value;
        break;
      case field::access_control_request_headers:
        request.requested_headers = value;
        break;
      case field::access_control_request_method:
        request.requested_method = value;
        break;
      case field::expect:
        expects_continue = beast::iequals({value.data(), value.size()}, "100-continue");
        break;
      case field::unknown:
        if (beast::iequals({text.name(f).data(), f.name_size}, "x-amz-target")) request.api_target = value;
        break;
      default:
        break;
    }
  }

  void complete() {
    state = State::complete;
    text.body.reserve(text.body.size() + json::Parser::kPadding);
    request.body = text.body;
  }
};

RequestReader::RequestReader() : impl_(std::make_unique<Impl>()) { impl_->begin(); }
RequestReader::~RequestReader() = default;

std::size_t RequestReader::feed(std::string_view bytes) {
  Impl& self = *impl_;
  if (bytes.empty() || self.state == State::complete || self.state == State::refused) return 0;
  error_code failure;
  const std::size_t used = self.parser->put(boost::asio::const_buffer(bytes.data(), bytes.size()), failure);
  if (failure && failure != error::need_more) {
    self.refuse(failure);
    return used;
  }
  if (self.state == State::head && self.parser->is_header_done()) self.read_head();
  if (self.parser->is_done()) self.complete();
  return used;
}

RequestReader::State RequestReader::state() const { return impl_->state; }
const Request& RequestReader::request() const { return impl_->request; }
RequestReader::Refusal RequestReader::refusal() const { return impl_->refusal; }
const char* RequestReader::refusal_reason() const { return impl_->reason.c_str(); }
bool RequestReader::expects_continue() const { return impl_->state == State::body && impl_->expects_continue; }

void RequestReader::next() {
  if (impl_->text.body.capacity() > kKeptBytesMax) std::string().swap(impl_->text.body);
  impl_->begin();
}

}  // namespace shoal::http
