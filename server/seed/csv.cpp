#include <csv.h>

#include <array>
#include <exception>
#include <optional>
#include <stdexcept>
#include <vector>

#include "server/seed/items.h"

namespace shoal::seed {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

struct Column {
  std::string name, type;
};

Column column_of(const std::string& title, const KeyTypes& types) {
  const auto colon = title.rfind(':');
  const auto type = colon == std::string::npos ? "" : title.substr(colon + 1);
  if (type == "S" || type == "N" || type == "B" || type == "BOOL" || type == "JSON") {
    return {title.substr(0, colon), type};
  }
  const auto known = types.find(title);
  return {title, known == types.end() ? "S" : known->second};
}

Json boolean(const std::string& text) {
  if (text == "true" || text == "TRUE" || text == "True") return true;
  if (text == "false" || text == "FALSE" || text == "False") return false;
  throw std::runtime_error("neither true nor false: " + text);
}

Json attribute_value(const Column& column, const std::string& text) {
  if (column.type == "JSON") return item_of({{column.name, read_json(text)}}).at(column.name);
  if (column.type == "BOOL") return {{"BOOL", boolean(text)}};
  return {{column.type, text}};
}

class Parser {
 public:
  Parser(const KeyTypes& types, const std::function<void(Json)>& take) : types_(types), take_(take) {
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL | CSV_EMPTY_IS_NULL) != 0)
      throw std::bad_alloc();
    csv_set_space_func(&parser_, [](unsigned char) { return 0; });  // Spaces belong to a cell.
  }
  ~Parser() { csv_free(&parser_); }
  Parser(const Parser&) = delete;

  void read(std::string_view text) {
    check(csv_parse(&parser_, text.data(), text.size(), on_cell, on_row, this) == text.size());
  }
  void end() { check(csv_fini(&parser_, on_cell, on_row, this) == 0); }

 private:
  // The library is C: nothing is thrown through it.
  static void on_cell(void* text, std::size_t size, void* self) {
    auto& cells = static_cast<Parser*>(self)->cells_;
    cells.push_back(text == nullptr ? std::nullopt : std::optional(std::string(static_cast<const char*>(text), size)));
  }
  static void on_row(int, void* self) {
    auto& parser = *static_cast<Parser*>(self);
    if (!parser.failure_) {
      try {
        parser.row();
      } catch (...) {
        parser.failure_ = std::current_exception();
      }
    }
    parser.cells_.clear();
  }

  void check(bool parsed) {
    if (failure_) std::rethrow_exception(failure_);
    if (!parsed) fail(csv_strerror(csv_error(&parser_)));
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error("row " + std::to_string(rows_ + 1) + ": " + what);
  }

  void row() {
    if (columns_.empty()) {
      for (const auto& title : cells_) {
        if (!title) fail("an attribute without a name");
        columns_.push_back(column_of(*title, types_));
      }
    } else {
      if (cells_.size() != columns_.size()) {
        fail(std::to_string(cells_.size()) + " cells, where the first row has " + std::to_string(columns_.size()));
      }
      take_item();
    }
    ++rows_;
  }

  void take_item() {
    Json item = Json::object();
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (!cells_[i]) continue;
      try {
        item[columns_[i].name] = attribute_value(columns_[i], *cells_[i]);
      } catch (const std::exception& failure) {
        fail(columns_[i].name + ": " + failure.what());
      }
    }
    take_(std::move(item));
  }

  const KeyTypes& types_;
  const std::function<void(Json)>& take_;
  csv_parser parser_{};
  std::vector<Column> columns_;
  std::vector<std::optional<std::string>> cells_;
  std::size_t rows_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

void read_csv(std::istream& in, const KeyTypes& types, const std::function<void(Json)>& take) {
  Parser parser(types, take);
  std::array<char, 65536> room;
  for (bool first = true; in; first = false) {
    in.read(room.data(), static_cast<std::streamsize>(room.size()));
    std::string_view text(room.data(), static_cast<std::size_t>(in.gcount()));
    if (first && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    parser.read(text);
  }
  parser.end();
}

}  // namespace shoal::seed
