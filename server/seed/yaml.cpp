#include <yaml.h>

#include <map>
#include <stdexcept>

#include "server/seed/document.h"

namespace shoal::seed {
namespace {

struct Event {
  ~Event() { yaml_event_delete(&it); }
  yaml_event_t it{};
};

std::string text_of(const yaml_char_t* text) { return text == nullptr ? "" : reinterpret_cast<const char*>(text); }

bool is_json_number(std::string_view text) {
  if (text.empty() || (text.front() != '-' && (text.front() < '0' || text.front() > '9'))) return false;
  return Json::accept(text);
}

// What a plain word is, by YAML's core schema as far as JSON goes: 0123 and 2012-10-17 are texts.
Json plain(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  return is_json_number(text) ? read_json(text) : Json(text);
}

// CloudFormation's short forms: !Ref Name is {"Ref": "Name"}, !Sub text is {"Fn::Sub": "text"}.
Json tagged(const std::string& tag, Json value) {
  if (tag.size() < 2 || tag.front() != '!') return value;
  const auto name = tag.substr(1);
  return {{name == "Ref" || name == "Condition" ? name : "Fn::" + name, std::move(value)}};
}

// Aliases of lists of aliases grow without bounds.
constexpr std::size_t kCopiedMax = 100'000;

std::size_t values_in(const Json& value) {
  std::size_t count = 1;
  if (value.is_structured()) {
    for (const auto& element : value) count += values_in(element);
  }
  return count;
}

class Reader {
 public:
  explicit Reader(std::string_view text) {
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~Reader() { yaml_parser_delete(&parser_); }
  Reader(const Reader&) = delete;

  Json read() {
    for (;;) {
      Event event;
      next(event);
      if (event.it.type == YAML_STREAM_END_EVENT) return nullptr;
      if (event.it.type == YAML_DOCUMENT_START_EVENT) break;
    }
    Event first;
    next(first);
    return value(first, 0);
  }

 private:
  void next(Event& event) {
    if (yaml_parser_parse(&parser_, &event.it) == 0)
      fail(text_of(reinterpret_cast<const yaml_char_t*>(parser_.problem)), parser_.problem_mark);
  }

  [[noreturn]] static void fail(const std::string& what, const yaml_mark_t& where) {
    throw std::runtime_error("no YAML: line " + std::to_string(where.line + 1) + ", column " +
                             std::to_string(where.column + 1) + ": " + what);
  }

  Json value(const Event& event, int depth) {
    const auto& it = event.it;
    if (depth > kDepthMax) fail("too many levels", it.start_mark);
    switch (it.type) {
      case YAML_ALIAS_EVENT: {
        const auto found = anchors_.find(text_of(it.data.alias.anchor));
        if (found == anchors_.end()) fail("an alias of nothing", it.start_mark);
        if ((copied_ += values_in(found->second)) > kCopiedMax) fail("too much by way of aliases", it.start_mark);
        return found->second;
      }
      case YAML_SCALAR_EVENT: {
        const auto& scalar = it.data.scalar;
        const std::string text(reinterpret_cast<const char*>(scalar.value), scalar.length);
        const auto tag = text_of(scalar.tag);
        const bool is_plain = scalar.style == YAML_PLAIN_SCALAR_STYLE && tag.empty();
        return remember(scalar.anchor, tagged(tag, is_plain ? plain(text) : Json(text)));
      }
      case YAML_SEQUENCE_START_EVENT:
        return remember(it.data.sequence_start.anchor, tagged(text_of(it.data.sequence_start.tag), sequence(depth)));
      case YAML_MAPPING_START_EVENT:
        return remember(it.data.mapping_start.anchor, tagged(text_of(it.data.mapping_start.tag), mapping(depth)));
      default:
        fail("a value is missing", it.start_mark);
    }
  }

  Json sequence(int depth) {
    Json list = Json::array();
    for (;;) {
      Event event;
      next(event);
      if (event.it.type == YAML_SEQUENCE_END_EVENT) return list;
      list.push_back(value(event, depth + 1));
    }
  }

  Json mapping(int depth) {
    Json object = Json::object(), merged = Json::object();
    for (;;) {
      Event key;
      next(key);
      if (key.it.type == YAML_MAPPING_END_EVENT) break;
      if (key.it.type != YAML_SCALAR_EVENT) fail("a key that is no text", key.it.start_mark);
      const auto name = text_of(key.it.data.scalar.value);
      Event of_value;
      next(of_value);
      auto found = value(of_value, depth + 1);
      if (name == "<<" && found.is_object()) {
        merged.update(found);
      } else {
        object[name] = std::move(found);
      }
    }
    merged.update(object);
    return merged;
  }

  Json remember(const yaml_char_t* anchor, Json value) {
    if (anchor != nullptr) anchors_[text_of(anchor)] = value;
    return value;
  }

  yaml_parser_t parser_{};
  std::map<std::string, Json> anchors_;
  std::size_t copied_ = 0;
};

}  // namespace

Json read_yaml(std::string_view text) { return Reader(text).read(); }

}  // namespace shoal::seed
