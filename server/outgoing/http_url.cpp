#include "server/outgoing/http_url.h"

#include <charconv>
#include <cstdint>

namespace shoal {
namespace {

constexpr std::string_view default_port(bool tls) { return tls ? "443" : "80"; }

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc() && end == text.data() + text.size() && port != 0;
}

// Splits "host:port", "host", "[::1]:port" or "[::1]".
bool read_authority(std::string_view text, HttpUrl& url) {
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return false;
    url.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else {
    const auto colon = text.find(':');
    url.host = text.substr(0, colon);
    if (colon != std::string_view::npos) port = text.substr(colon);
  }
  url.port = port.empty() ? default_port(url.tls) : port.substr(1);
  return !url.host.empty() && (port.empty() || port.front() == ':') && is_port(url.port);
}

}  // namespace

std::string HttpUrl::authority() const {
  auto text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != default_port(tls)) text += ":" + port;
  return text;
}

std::optional<HttpUrl> parse_http_url(std::string_view text) {
  HttpUrl url;
  url.tls = text.starts_with("https://");
  if (!url.tls && !text.starts_with("http://")) return std::nullopt;
  // Neither blanks nor control characters: they would end a line of the request.
  for (const char c : text) {
    if (c <= ' ' || c == 0x7f || c == '@' || c == '#') return std::nullopt;
  }
  text.remove_prefix(text.find("//") + 2);
  const auto path = text.find_first_of("/?");
  if (path != std::string_view::npos) {
    url.path = (text[path] == '?' ? "/" : "") + std::string(text.substr(path));
    text = text.substr(0, path);
  }
  if (!read_authority(text, url)) return std::nullopt;
  return url;
}

}  // namespace shoal
