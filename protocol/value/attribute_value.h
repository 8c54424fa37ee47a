// An attribute value, and so an item, in the one binary form in which Shoal keeps, compares and answers it.
//
// Every value has exactly one encoding: numbers are canonical, sets are sorted, maps are sorted by name. So two values
// are equal (sets regardless of order, 1 and 1.0, maps by content) exactly when their bytes are equal, and a record
// changed exactly when its bytes did. A lookup in a map skips siblings without decoding them.
//
//   value := tag:1 body
//   S N B         varint length, bytes                       (N: canonical decimal text, as DynamoDB returns it)
//   BOOL          1 byte, 0 or 1
//   NULL          nothing
//   SS NS BS      u32 byte length of the rest, varint count, { varint length, bytes }...   ascending, no duplicates
//   L             u32 byte length of the rest, varint count, { value }...
//   M             u32 byte length of the rest, varint count, { varint length, name, value }...   names ascending
//
// u32 is little-endian; a varint is LEB128. NS ascends by value, the other sets and the names of a map by bytes. An
// item is a value of type M.
//
//   Value item = read_item(parsed_json, Wording::newer);   // protocol/json/item_reader.h
//   item.view().find("Artist")->text();                    // "Nobody"
//
// A ValueView borrows: it is valid as long as the bytes it was made from. Views trust their bytes; what comes from
// outside is read by protocol/json, which makes only well-formed values.
#pragma once

#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shoal {

enum class Type : std::uint8_t {
  string = 1,
  number,
  binary,
  boolean,
  null,
  string_set,
  number_set,
  binary_set,
  list,
  map,
};

inline bool is_set(Type type) { return type >= Type::string_set && type <= Type::binary_set; }

// "S", "NS", "BOOL": the member name in DynamoDB JSON.
std::string_view type_name(Type type);
std::optional<Type> type_named(std::string_view name);

namespace encoding {

inline std::uint64_t read_varint(const char*& at) {
  std::uint64_t value = static_cast<unsigned char>(*at++);
  if (value < 0x80) return value;
  value &= 0x7f;
  for (int shift = 7;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

inline void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

inline std::uint32_t read_u32(const char* at) {
  std::uint32_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

inline std::string_view read_text(const char*& at) {
  const auto length = read_varint(at);
  const std::string_view text(at, length);
  at += length;
  return text;
}

// Where the value that starts at `at` ends.
inline const char* end_of_value(const char* at) {
  switch (static_cast<Type>(*at++)) {
    case Type::string:
    case Type::number:
    case Type::binary: {
      const auto length = read_varint(at);
      return at + length;
    }
    case Type::boolean:
      return at + 1;
    case Type::null:
      return at;
    default:
      return at + sizeof(std::uint32_t) + read_u32(at);
  }
}

}  // namespace encoding

class ValueView {
 public:
  explicit ValueView(std::string_view bytes) : bytes_(bytes) {}
  static ValueView at(const char* start) {
    return ValueView(std::string_view(start, encoding::end_of_value(start) - start));
  }

  std::string_view bytes() const { return bytes_; }
  Type type() const { return static_cast<Type>(bytes_[0]); }

  // S, N or B: the text, canonical number or raw bytes.
  std::string_view text() const {
    const char* at = bytes_.data() + 1;
    return encoding::read_text(at);
  }
  bool boolean() const { return bytes_[1] != 0; }

  // Sets, lists and maps: how many members.
  std::size_t count() const {
    const char* at = bytes_.data() + 1 + sizeof(std::uint32_t);
    return encoding::read_varint(at);
  }

  class Texts;     // of a set: std::string_view
  class Elements;  // of a list: ValueView
  class Fields;    // of a map: Field
  Texts texts() const;
  Elements elements() const;
  Fields fields() const;

  // The member of a map; nothing when it is absent or this is no map.
  std::optional<ValueView> find(std::string_view name) const;
  // The element of a list, from 0; nothing when it is beyond the end or this is no list.
  std::optional<ValueView> element(std::size_t index) const;
  // Whether a set holds this member (its canonical text).
  bool holds(std::string_view member) const;

  friend bool operator==(ValueView a, ValueView b) { return a.bytes_ == b.bytes_; }

 private:
  const char* members_start() const { return bytes_.data() + 1 + sizeof(std::uint32_t); }
  std::string_view bytes_;
};

struct Field {
  std::string_view name;
  ValueView value;
};

namespace encoding {

// The three ranges differ only in what they read at a position.
template <class Element, Element (*read)(const char*&)>
class Range {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    using pointer = const Element*;
    using reference = Element;
    Iterator(const char* at, std::size_t left) : at_(at), next_(at), left_(left) {}
    Element operator*() const {
      next_ = at_;
      return read(next_);
    }
    Iterator& operator++() {
      if (next_ == at_) read(next_);
      at_ = next_;
      --left_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return left_ == other.left_; }

   private:
    const char* at_;
    mutable const char* next_;
    std::size_t left_;
  };

  explicit Range(const char* members) : start_(members) { count_ = read_varint(start_); }
  Iterator begin() const { return {start_, count_}; }
  Iterator end() const { return {nullptr, 0}; }
  std::size_t size() const { return count_; }

 private:
  const char* start_;
  std::size_t count_;
};

inline std::string_view read_member(const char*& at) { return read_text(at); }
inline ValueView read_element(const char*& at) {
  const ValueView value = ValueView::at(at);
  at += value.bytes().size();
  return value;
}
inline Field read_field(const char*& at) {
  const auto name = read_text(at);
  return {name, read_element(at)};
}

}  // namespace encoding

class ValueView::Texts : public encoding::Range<std::string_view, encoding::read_member> {
  using Range::Range;
};
class ValueView::Elements : public encoding::Range<ValueView, encoding::read_element> {
  using Range::Range;
};
class ValueView::Fields : public encoding::Range<Field, encoding::read_field> {
  using Range::Range;
};

inline ValueView::Texts ValueView::texts() const { return Texts(members_start()); }
inline ValueView::Elements ValueView::elements() const { return Elements(members_start()); }
inline ValueView::Fields ValueView::fields() const { return Fields(members_start()); }

// A value that owns its bytes. Never empty but when moved from.
class Value {
 public:
  explicit Value(std::string bytes) : bytes_(std::move(bytes)) {}
  explicit Value(ValueView view) : bytes_(view.bytes()) {}
  ValueView view() const { return ValueView(bytes_); }
  const std::string& bytes() const { return bytes_; }
  friend bool operator==(const Value&, const Value&) = default;

  static Value string(std::string_view text);
  static Value binary(std::string_view bytes);
  static Value number(std::string_view canonical);
  static Value boolean(bool value);
  static Value null();
  // Sorts. `members` of a number set are canonical. No duplicates, not empty: the caller has checked.
  static Value set(Type type, std::vector<std::string> members);
  static Value list(const std::vector<ValueView>& elements);
  // Sorts; of two fields with one name the later counts.
  static Value map(std::vector<Field> fields);

 private:
  std::string bytes_;
};

// An item: a Value of type M with the attributes at its top.
using Item = Value;
using ItemView = ValueView;

// Order of two values of one scalar type: negative, zero or positive, as memcmp. S and B by unsigned bytes, N by value.
int compare_scalars(ValueView a, ValueView b);

namespace encoding {

void append_text(std::string& out, Type type, std::string_view text);  // S, N, B with tag
void append_boolean(std::string& out, bool value);
void append_null(std::string& out);

// Writes a container in place: open, then the members, then close, which sets the length. Members that were not
// appended in order are put in order by close_map.
//
//   Container list(out, Type::list);
//   append_text(out, Type::string, "x");
//   list.close(1);
class Container {
 public:
  Container(std::string& out, Type type);
  // `count` members were appended after `start` in this order, uncounted: sets the count and the length.
  void close(std::size_t count);

 private:
  std::string& out_;
  std::size_t start_;
};

// Writes the fields of a map in whatever order they come: name, then the value is appended to `out` by the caller.
class MapWriter {
 public:
  explicit MapWriter(std::string& out);
  void name(std::string_view name);  // The value's bytes must be appended to `out` before the next name or close.
  void close();

 private:
  struct Entry {
    std::size_t offset;  // of the name's varint, from body_
    std::size_t name_offset;
    std::size_t name_length;
  };
  std::string_view name_of(const Entry& entry) const;
  std::string& out_;
  std::size_t start_;
  std::vector<Entry> entries_;
};

}  // namespace encoding
}  // namespace shoal
