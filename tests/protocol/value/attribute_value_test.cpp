#include "protocol/value/attribute_value.h"

#include <catch2/catch.hpp>

#include "protocol/value/item_size.h"

using namespace shoal;

TEST_CASE("A map finds its members whatever order they were written in") {
  const auto one = Value::number("1"), two = Value::string("two");
  const auto map = Value::map({{"b", one.view()}, {"a", two.view()}, {"c", one.view()}});
  CHECK(map.view().find("a")->text() == "two");
  CHECK(map.view().find("c")->text() == "1");
  CHECK_FALSE(map.view().find("aa"));
  CHECK_FALSE(map.view().find("d"));
  CHECK(map == Value::map({{"c", one.view()}, {"b", one.view()}, {"a", two.view()}}));
}

TEST_CASE("Of two members with one name the later counts") {
  const auto one = Value::number("1"), two = Value::number("2");
  const auto map = Value::map({{"a", one.view()}, {"b", one.view()}, {"a", two.view()}});
  CHECK(map.view().count() == 2);
  CHECK(map.view().find("a")->text() == "2");
}

TEST_CASE("Containers of more than 127 members keep them all") {
  std::vector<Value> values;
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i) {
    values.push_back(Value::number(std::to_string(i)));
    names.push_back("n" + std::to_string(1000 - i));
  }
  std::vector<ValueView> elements;
  std::vector<Field> fields;
  for (int i = 0; i < 300; ++i) {
    elements.push_back(values[i].view());
    fields.push_back({names[i], values[i].view()});
  }
  const auto list = Value::list(elements);
  const auto map = Value::map(fields);
  REQUIRE(list.view().count() == 300);
  CHECK(list.view().element(299)->text() == "299");
  CHECK_FALSE(list.view().element(300));
  REQUIRE(map.view().count() == 300);
  for (int i = 0; i < 300; ++i) CHECK(map.view().find(names[i])->text() == std::to_string(i));
  CHECK(ValueView::at(map.bytes().data()).bytes().size() == map.bytes().size());
}

TEST_CASE("Sets are kept in order, numbers by value") {
  const auto set = Value::set(Type::number_set, {"10", "9", "-1", "0.5"});
  std::vector<std::string> members;
  for (const auto member : set.view().texts()) members.emplace_back(member);
  CHECK(members == std::vector<std::string>{"-1", "0.5", "9", "10"});
  CHECK(set.view().holds("9"));
  CHECK_FALSE(set.view().holds("1"));
  CHECK(Value::set(Type::string_set, {"b", "a"}) == Value::set(Type::string_set, {"a", "b"}));
}

TEST_CASE("Strings and binaries compare by unsigned bytes, a prefix first") {
  const auto order = [](std::string_view a, std::string_view b) {
    return compare_scalars(Value::string(a).view(), Value::string(b).view());
  };
  CHECK(order("a", "b") < 0);
  CHECK(order("a", "ab") < 0);
  CHECK(order("\x7f", "\xc3\xa9") < 0);
  CHECK(order("x", "x") == 0);
  CHECK(compare_scalars(Value::number("9").view(), Value::number("10").view()) < 0);
}

// The reference's measured figures.
TEST_CASE("Numbers take about a byte per two digits") {
  CHECK(number_size("0") == 1);
  CHECK(number_size("1") == 2);
  CHECK(number_size("3.14159") == 5);
  CHECK(number_size("123456") == 4);
  CHECK(number_size("1" + std::string(125, '0')) == 2);
  CHECK(number_size("-1") == 3);
  CHECK(number_size("0.5") == 2);
  CHECK(number_size("0.0005") == 2);
  CHECK(number_size("100.5") == 4);
  CHECK(number_size(std::string(38, '9')) == 20);
}

TEST_CASE("Sizes are those of names and values, with 3 for a list or map and 1 for each of its members") {
  const auto a = Value::string("a"), one = Value::number("1"), yes = Value::boolean(true), null = Value::null();
  CHECK(item_size(Value::map({{"p", a.view()}, {"x", one.view()}}).view()) == 5);
  CHECK(value_size(yes.view()) == 1);
  CHECK(value_size(null.view()) == 1);
  CHECK(value_size(Value::binary(std::string_view("\0\1", 2)).view()) == 2);
  CHECK(value_size(Value::list({}).view()) == 3);
  CHECK(value_size(Value::map({}).view()) == 3);
  CHECK(value_size(Value::list({a.view(), one.view()}).view()) == 3 + 1 + 1 + 1 + 2);
  CHECK(value_size(Value::map({{"key", a.view()}}).view()) == 3 + 1 + 3 + 1);
  CHECK(value_size(Value::set(Type::string_set, {"ab", "c"}).view()) == 3);
  CHECK(value_size(Value::set(Type::number_set, {"1", "22"}).view()) == 4);
}

TEST_CASE("Nesting levels count the attribute itself") {
  auto value = Value::string("x");
  CHECK(nesting_levels(value.view()) == 1);
  for (int level = 2; level <= 40; ++level) {
    value = level % 2 ? Value::list({value.view()}) : Value::map({{"m", value.view()}});
    CHECK(nesting_levels(value.view()) == static_cast<std::size_t>(level));
  }
}
