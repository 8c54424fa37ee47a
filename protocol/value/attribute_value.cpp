#include "protocol/value/attribute_value.h"

#include <algorithm>
#include <array>

#include "protocol/value/number.h"

namespace shoal {
namespace {

constexpr std::array<std::string_view, 11> kTypeNames = {"", "S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"};

}  // namespace

std::string_view type_name(Type type) { return kTypeNames[static_cast<std::size_t>(type)]; }

std::optional<Type> type_named(std::string_view name) {
  for (std::size_t i = 1; i < kTypeNames.size(); ++i) {
    if (kTypeNames[i] == name) return static_cast<Type>(i);
  }
  return std::nullopt;
}

std::optional<ValueView> ValueView::find(std::string_view name) const {
  if (type() != Type::map) return std::nullopt;
  const char* at = members_start();
  for (auto left = encoding::read_varint(at); left > 0; --left) {
    const auto candidate = encoding::read_text(at);
    const int order = candidate.compare(name);
    if (order == 0) return ValueView::at(at);
    if (order > 0) return std::nullopt;
    at = encoding::end_of_value(at);
  }
  return std::nullopt;
}

std::optional<ValueView> ValueView::element(std::size_t index) const {
  if (type() != Type::list) return std::nullopt;
  const char* at = members_start();
  if (index >= encoding::read_varint(at)) return std::nullopt;
  while (index-- > 0) at = encoding::end_of_value(at);
  return ValueView::at(at);
}

bool ValueView::holds(std::string_view member) const {
  const auto members = texts();
  return std::find(members.begin(), members.end(), member) != members.end();
}

Value Value::string(std::string_view text) {
  std::string bytes;
  encoding::append_text(bytes, Type::string, text);
  return Value(std::move(bytes));
}

Value Value::binary(std::string_view content) {
  std::string bytes;
  encoding::append_text(bytes, Type::binary, content);
  return Value(std::move(bytes));
}

Value Value::number(std::string_view canonical) {
  std::string bytes;
  encoding::append_text(bytes, Type::number, canonical);
  return Value(std::move(bytes));
}

Value Value::boolean(bool value) {
  std::string bytes;
  encoding::append_boolean(bytes, value);
  return Value(std::move(bytes));
}

Value Value::null() {
  std::string bytes;
  encoding::append_null(bytes);
  return Value(std::move(bytes));
}

Value Value::set(Type type, std::vector<std::string> members) {
  if (type == Type::number_set) {
    std::sort(members.begin(), members.end(), [](const std::string& a, const std::string& b) {
      return compare(Number::of_canonical(a), Number::of_canonical(b)) < 0;
    });
  } else {
    std::sort(members.begin(), members.end());
  }
  std::string bytes;
  encoding::Container container(bytes, type);
  for (const auto& member : members) {
    encoding::append_varint(bytes, member.size());
    bytes += member;
  }
  container.close(members.size());
  return Value(std::move(bytes));
}

Value Value::list(const std::vector<ValueView>& elements) {
  std::string bytes;
  encoding::Container container(bytes, Type::list);
  for (const auto element : elements) bytes += element.bytes();
  container.close(elements.size());
  return Value(std::move(bytes));
}

Value Value::map(std::vector<Field> fields) {
  std::string bytes;
  encoding::MapWriter map(bytes);
  for (const auto& field : fields) {
    map.name(field.name);
    bytes += field.value.bytes();
  }
  map.close();
  return Value(std::move(bytes));
}

int compare_scalars(ValueView a, ValueView b) {
  if (a.type() == Type::number) return compare(Number::of_canonical(a.text()), Number::of_canonical(b.text()));
  return a.text().compare(b.text());
}

namespace encoding {

void append_text(std::string& out, Type type, std::string_view text) {
  out.push_back(static_cast<char>(type));
  append_varint(out, text.size());
  out += text;
}

void append_boolean(std::string& out, bool value) {
  out.push_back(static_cast<char>(Type::boolean));
  out.push_back(value ? 1 : 0);
}

void append_null(std::string& out) { out.push_back(static_cast<char>(Type::null)); }

namespace {

constexpr std::size_t kHead = 1 + sizeof(std::uint32_t);

// The count's varint follows the head. Almost every container has fewer than 128 members, so one byte is kept for it
// and more are made room for at the end.
void open(std::string& out, Type type) {
  out.push_back(static_cast<char>(type));
  out.append(sizeof(std::uint32_t) + 1, '\0');
}

void close(std::string& out, std::size_t start, std::size_t count) {
  if (count < 0x80) {
    out[start + kHead] = static_cast<char>(count);
  } else {
    std::string varint;
    append_varint(varint, count);
    out.replace(start + kHead, 1, varint);
  }
  const auto length = static_cast<std::uint32_t>(out.size() - start - kHead);
  std::memcpy(out.data() + start + 1, &length, sizeof length);
}

}  // namespace

Container::Container(std::string& out, Type type) : out_(out), start_(out.size()) { open(out, type); }

void Container::close(std::size_t count) { encoding::close(out_, start_, count); }

MapWriter::MapWriter(std::string& out) : out_(out), start_(out.size()) {
  entries_.reserve(16);
  open(out, Type::map);
}

void MapWriter::name(std::string_view name) {
  const auto offset = out_.size();
  append_varint(out_, name.size());
  entries_.push_back({offset, out_.size(), name.size()});
  out_ += name;
}

std::string_view MapWriter::name_of(const Entry& entry) const {
  return {out_.data() + entry.name_offset, entry.name_length};
}

void MapWriter::close() {
  const auto ascending = [this](const Entry& a, const Entry& b) { return name_of(a) < name_of(b); };
  bool in_order = true;
  for (std::size_t i = 1; i < entries_.size() && in_order; ++i) in_order = ascending(entries_[i - 1], entries_[i]);
  if (in_order) {
    encoding::close(out_, start_, entries_.size());
    return;
  }

  const auto length_of = [this](const Entry& entry) {  // Entries stand in `out_` in the order of their offsets.
    const auto after = std::upper_bound(entries_.begin(), entries_.end(), entry.offset,
                                        [](std::size_t offset, const Entry& other) { return offset < other.offset; });
    return (after == entries_.end() ? out_.size() : after->offset) - entry.offset;
  };
  std::vector<std::pair<Entry, std::size_t>> sorted;
  sorted.reserve(entries_.size());
  for (const auto& entry : entries_) sorted.emplace_back(entry, length_of(entry));
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const auto& a, const auto& b) { return ascending(a.first, b.first); });

  std::string members;
  members.reserve(out_.size() - start_);
  std::size_t count = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i + 1 < sorted.size() && name_of(sorted[i].first) == name_of(sorted[i + 1].first)) continue;
    members.append(out_, sorted[i].first.offset, sorted[i].second);
    ++count;
  }
  out_.resize(start_ + kHead + 1);
  out_ += members;
  encoding::close(out_, start_, count);
}

}  // namespace encoding
}  // namespace shoal
