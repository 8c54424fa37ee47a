#include "protocol/json/reader.h"

#include <simdjson.h>

#include <bit>
#include <cmath>
#include <limits>

namespace shoal::json {

namespace dom = simdjson::dom;

namespace {

// A Json is a simdjson element in disguise: a document and a place in it.
struct Place {
  const void* document;
  std::size_t index;
};
static_assert(sizeof(Place) == sizeof(dom::element) && std::is_trivially_copyable_v<dom::element>);
static_assert(sizeof(Place) == sizeof(dom::object::iterator) && sizeof(Place) == sizeof(dom::array::iterator));

template <class T>
Place place(const T& simdjson_view) {
  return std::bit_cast<Place>(simdjson_view);
}
template <class T>
T view(const void* document, std::size_t index) {
  return std::bit_cast<T>(Place{document, index});
}

}  // namespace

Kind Json::kind() const {
  if (!document_) return Kind::absent;
  switch (view<dom::element>(document_, index_).type()) {
    case dom::element_type::ARRAY:
      return Kind::list;
    case dom::element_type::OBJECT:
      return Kind::object;
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
      return Kind::integer;
    case dom::element_type::DOUBLE:
      return Kind::decimal;
    case dom::element_type::STRING:
      return Kind::string;
    case dom::element_type::BOOL:
      return Kind::boolean;
    case dom::element_type::NULL_VALUE:
      return Kind::null;
  }
  return Kind::absent;
}

bool Json::boolean() const { return view<dom::element>(document_, index_).get_bool().value_unsafe(); }

std::string_view Json::string() const { return view<dom::element>(document_, index_).get_string().value_unsafe(); }

double Json::decimal() const { return view<dom::element>(document_, index_).get_double().value_unsafe(); }

std::int64_t Json::integer() const {
  const auto element = view<dom::element>(document_, index_);
  std::int64_t value;
  if (element.get_int64().get(value) == simdjson::SUCCESS) return value;
  const double decimal = std::trunc(element.get_double().value_unsafe());
  constexpr double kBound = 9223372036854775808.0;  // 2^63
  if (decimal >= kBound) return std::numeric_limits<std::int64_t>::max();
  if (decimal < -kBound) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(decimal);
}

std::size_t Json::size() const {
  std::size_t size = 0;
  for (auto it = begin(); it != end(); ++it) ++size;
  return size;
}

Json Json::find(std::string_view name) const {
  Json found;
  dom::object object;
  if (!document_ || view<dom::element>(document_, index_).get_object().get(object) != simdjson::SUCCESS) return found;
  for (auto it = object.begin(); it != object.end(); ++it) {
    if (it.key_equals(name)) {
      const auto [document, index] = place(it.value());
      found = Json(document, index);
    }
  }
  return found.kind() == Kind::null ? Json() : found;
}

Json::Iterator Json::begin() const {
  if (kind() == Kind::object) {
    const auto start = place(view<dom::element>(document_, index_).get_object().value_unsafe().begin());
    return {start.document, start.index, true};
  }
  if (kind() != Kind::list) return {nullptr, 0, false};
  const auto start = place(view<dom::element>(document_, index_).get_array().value_unsafe().begin());
  return {start.document, start.index, false};
}

Json::Iterator Json::end() const {
  if (kind() == Kind::object) {
    const auto end = place(view<dom::element>(document_, index_).get_object().value_unsafe().end());
    return {end.document, end.index, true};
  }
  if (kind() != Kind::list) return {nullptr, 0, false};
  const auto end = place(view<dom::element>(document_, index_).get_array().value_unsafe().end());
  return {end.document, end.index, false};
}

Member Json::Iterator::operator*() const {
  if (object_) {
    const auto it = view<dom::object::iterator>(document_, index_);
    const auto [document, index] = place(it.value());
    return {it.key(), Json(document, index)};
  }
  const auto [document, index] = place(*view<dom::array::iterator>(document_, index_));
  return {{}, Json(document, index)};
}

Json::Iterator& Json::Iterator::operator++() {
  if (object_) {
    auto it = view<dom::object::iterator>(document_, index_);
    index_ = place(++it).index;
  } else {
    auto it = view<dom::array::iterator>(document_, index_);
    index_ = place(++it).index;
  }
  return *this;
}

struct Parser::Impl {
  dom::parser parser;
};

Parser::Parser() : impl_(std::make_unique<Impl>()) {}
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

namespace {

std::optional<Place> root_of(simdjson::simdjson_result<dom::element> parsed) {
  dom::element root;
  if (parsed.get(root) != simdjson::SUCCESS) return std::nullopt;
  return place(root);
}

}  // namespace

std::optional<Json> Parser::parse(std::string_view text) {
  const auto root = root_of(impl_->parser.parse(text.data(), text.size(), true));
  if (!root) return std::nullopt;
  return Json(root->document, root->index);
}

std::optional<Json> Parser::parse_padded(std::string_view text) {
  static_assert(kPadding >= simdjson::SIMDJSON_PADDING);
  const auto root = root_of(impl_->parser.parse(text.data(), text.size(), false));
  if (!root) return std::nullopt;
  return Json(root->document, root->index);
}

}  // namespace shoal::json
