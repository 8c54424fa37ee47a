#include "server/auth/credentials_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <vector>

#include "server/auth/credentials.h"

namespace shoal {
namespace {

using nlohmann::json;
using namespace std::chrono;

std::runtime_error wrong(const std::string& what) { return std::runtime_error(what); }

std::string contents(const std::filesystem::path& file) {
  if (std::filesystem::is_directory(file)) throw wrong("is a folder; give the JSON file itself");
  std::ifstream in(file, std::ios::binary);
  if (!in) throw wrong(std::string("cannot be read: ") + std::strerror(errno));
  return {std::istreambuf_iterator<char>(in), {}};
}

// Of a member that is given twice the parser would silently keep the second.
class RepeatedMembers {
 public:
  bool operator()(int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) {
      open_.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      open_.pop_back();
    } else if (event == json::parse_event_t::key && !open_.back().insert(parsed.get<std::string>()).second) {
      throw wrong("member \"" + parsed.get<std::string>() + "\" is given twice in one object");
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> open_;
};

json parsed(const std::string& text) {
  try {
    // By reference: the parser would copy the callback, and with it what it has seen, only once; this says so.
    RepeatedMembers repeated;
    return json::parse(text, std::ref(repeated));
  } catch (const json::exception& error) {
    // The parser quotes the text around the fault, which may be a secret: only the place is told.
    if (const auto* fault = dynamic_cast<const json::parse_error*>(&error)) {
      const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(fault->byte, text.size()));
      throw wrong("is not valid JSON, near line " + std::to_string(1 + std::count(text.begin(), end, '\n')));
    }
    throw wrong("is not valid JSON");
  }
}

void check_members(const json& object, const std::string& where, std::initializer_list<std::string_view> known) {
  for (const auto& member : object.items()) {
    if (std::find(known.begin(), known.end(), member.key()) != known.end()) continue;
    std::string list;
    for (const auto name : known) list.append(list.empty() ? "" : ", ").append(name);
    throw wrong("unknown member \"" + member.key() + "\" " + where + "; known: " + list);
  }
}

// The text of a member; nothing when it is absent.
std::optional<std::string> text_of(const json& object, const char* name, const std::string& where) {
  const auto found = object.find(name);
  if (found == object.end()) return std::nullopt;
  if (!found->is_string()) throw wrong("\"" + std::string(name) + "\" " + where + " is not a string");
  if (found->get_ref<const std::string&>().empty()) throw wrong("\"" + std::string(name) + "\" " + where + " is empty");
  return found->get<std::string>();
}

std::string required(const json& object, const char* name, const std::string& where) {
  auto text = text_of(object, name, where);
  if (!text) throw wrong("\"" + std::string(name) + "\" is missing " + where);
  return *std::move(text);
}

// The digits at `at`, which it moves past them and the `mark` that has to follow.
std::optional<int> take(std::string_view& text, std::size_t digits, char mark) {
  if (text.size() < digits + (mark != 0 ? 1 : 0)) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  if (mark == 0) return value;
  if (text.front() != mark) return std::nullopt;
  text.remove_prefix(1);
  return value;
}

// "Z", "+01:00": how far ahead of UTC.
std::optional<minutes> parse_offset(std::string_view text) {
  if (text == "Z") return minutes{0};
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const int sign = text.front() == '+' ? 1 : -1;
  text.remove_prefix(1);
  const auto hour = take(text, 2, ':');
  const auto minute = hour ? take(text, 2, 0) : std::nullopt;
  if (!minute || !text.empty() || *hour > 23 || *minute > 59) return std::nullopt;
  return sign * minutes{*hour * 60 + *minute};
}

// ISO 8601, extended: "2026-11-23T10:00:00Z", "2026-11-23T11:00:00.5+01:00". A fraction of a second is dropped.
std::optional<sys_seconds> parse_time(std::string_view text) {
  const auto y = take(text, 4, '-');
  const auto m = y ? take(text, 2, '-') : std::nullopt;
  const auto d = m ? take(text, 2, 'T') : std::nullopt;
  const auto hour = d ? take(text, 2, ':') : std::nullopt;
  const auto minute = hour ? take(text, 2, ':') : std::nullopt;
  const auto second = minute ? take(text, 2, 0) : std::nullopt;
  if (!second) return std::nullopt;
  if (text.starts_with('.')) text.remove_prefix(std::min(text.find_first_not_of("0123456789", 1), text.size()));
  const auto offset = parse_offset(text);
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!offset || !date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return sys_days{date} + hours{*hour} + minutes{*minute} + seconds{*second} - *offset;
}

Credential credential(const json& object, const std::string& where) {
  Credential made;
  made.secret_key = required(object, "secret_key", where);
  made.account = text_of(object, "account", where).value_or(std::string(kDefaultAccount));
  if (!is_account(made.account)) {
    throw wrong("\"account\" " + where + " is not 12 digits: \"" + made.account + "\"");
  }
  made.session_token = text_of(object, "session_token", where).value_or("");
  if (const auto text = text_of(object, "expires", where)) {
    made.expires = parse_time(*text);
    if (!made.expires) {
      throw wrong("\"expires\" " + where + " is not an ISO 8601 time such as 2026-11-23T10:00:00Z: \"" + *text + "\"");
    }
    if (made.session_token.empty()) {
      throw wrong("\"expires\" " + where + " goes with a \"session_token\" only");
    }
  }
  return made;
}

Credentials credentials(const json& root) {
  if (!root.is_object()) throw wrong("is not a JSON object with the member \"credentials\"");
  check_members(root, "in the file", {"credentials"});
  const auto list = root.find("credentials");
  if (list == root.end()) throw wrong("member \"credentials\" is missing in the file");
  if (!list->is_array()) throw wrong("\"credentials\" is not a list");
  if (list->empty()) throw wrong("\"credentials\" is empty, so that every request would be refused");

  Credentials made;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto& entry = (*list)[i];
    const auto where = "in credentials[" + std::to_string(i) + "]";
    if (!entry.is_object()) throw wrong("credentials[" + std::to_string(i) + "] is not an object");
    check_members(entry, where, {"access_key", "secret_key", "account", "session_token", "expires"});
    const auto access_key = required(entry, "access_key", where);
    if (access_key.find('/') != std::string::npos) {
      throw wrong("\"access_key\" " + where + " has a '/', which no request could sign with");
    }
    if (!made.try_emplace(access_key, credential(entry, where)).second) {
      throw wrong("access key \"" + access_key + "\" is given twice");
    }
  }
  return made;
}

}  // namespace

Credentials read_credentials(const std::filesystem::path& file) {
  try {
    return credentials(parsed(contents(file)));
  } catch (const std::exception& error) {
    throw std::runtime_error("credentials file " + file.string() + ": " + error.what());
  }
}

}  // namespace shoal
