#include <stdexcept>
#include <vector>

#include "server/seed/document.h"

namespace shoal::seed {
namespace {

// Makes the tree; nlohmann's own makes doubles of numbers.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  Json take() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t, const string_t& text) override { return add(exact_number(text)); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    const std::string words = error.what();
    throw std::runtime_error("no JSON: " + words.substr(words.find("] ") + 2));
  }

 private:
  Json& place(Json value) {
    if (open_.empty()) return root_ = std::move(value);
    auto& parent = *open_.back();
    if (parent.is_object()) return parent[key_] = std::move(value);
    return parent.emplace_back(std::move(value));
  }
  bool add(Json value) {
    place(std::move(value));
    return true;
  }
  bool open(Json value) {
    if (open_.size() == kDepthMax) throw std::runtime_error("more than " + std::to_string(kDepthMax) + " levels deep");
    open_.push_back(&place(std::move(value)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Json*> open_;
  std::string key_;
};

}  // namespace

Json read_json(std::string_view text) {
  Builder builder;
  Json::sax_parse(text, &builder);
  return builder.take();
}

Json exact_number(std::string_view text) { return Json::binary({text.begin(), text.end()}); }

std::optional<std::string> number_text(const Json& value) {
  if (value.is_number_integer()) return value.dump();
  if (!value.is_binary()) return std::nullopt;
  return std::string(value.get_binary().begin(), value.get_binary().end());
}

}  // namespace shoal::seed
