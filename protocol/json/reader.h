// A request's JSON, parsed once by simdjson and read in place. simdjson's header stays behind this one.
//
//   json::Parser parser;
//   auto body = parser.parse(R"({"Limit": 5})");   // nothing when it is no valid JSON (bad UTF-8 included)
//   body->find("Limit").integer();                 // 5
//
// A Json is a cheap view, valid until its Parser parses again or dies. Of members with one name the last counts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace shoal::json {

enum class Kind : std::uint8_t { absent, null, boolean, integer, decimal, string, list, object };

class Json {
 public:
  Json() = default;  // absent
  Kind kind() const;
  bool present() const { return document_ != nullptr; }
  explicit operator bool() const { return present(); }

  bool boolean() const;
  std::string_view string() const;
  double decimal() const;        // of an integer or decimal
  std::int64_t integer() const;  // of an integer or decimal: truncated, and clamped to 64 bits
  std::size_t size() const;      // members of an object, elements of a list

  // The member of an object; absent when there is none, when it is null, or when this is no object.
  Json find(std::string_view name) const;

  class Iterator;
  // Members of an object, in the order of the text, repeated names included; nulls too.
  Iterator begin() const;  // of an object or a list
  Iterator end() const;

 private:
  friend class Parser;
  friend class Iterator;
  Json(const void* document, std::size_t index) : document_(document), index_(index) {}
  const void* document_ = nullptr;
  std::size_t index_ = 0;
};

struct Member {
  std::string_view name;  // Empty for an element of a list.
  Json value;
};

class Json::Iterator {
 public:
  Member operator*() const;
  Iterator& operator++();
  bool operator==(const Iterator& other) const { return index_ == other.index_; }

 private:
  friend class Json;
  Iterator(const void* document, std::size_t index, bool object)
      : document_(document), index_(index), object_(object) {}
  const void* document_;
  std::size_t index_;
  bool object_;
};

class Parser {
 public:
  Parser();
  ~Parser();
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;

  // `text` is copied (simdjson wants padding). Nothing when it is not valid JSON or nests deeper than 1,024 levels.
  std::optional<Json> parse(std::string_view text);
  // The same without the copy, for a text with at least kPadding readable bytes after its end.
  std::optional<Json> parse_padded(std::string_view text);
  static constexpr std::size_t kPadding = 64;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shoal::json
