#include "protocol/expression/projection.h"

#include <catch2/catch.hpp>
#include <string>

#include "protocol/expression/request.h"

using namespace shoal;
using namespace shoal::testing;

namespace {

std::string project(std::string_view expression, std::string_view from, std::string_view names = "") {
  auto bound = placeholders(names, "");
  const auto whole = item(from);
  return text(Projection::parse(expression, bound).apply(whole.view()));
}

std::string error(std::string_view expression, std::string_view names = "") {
  return error_of([&] {
    auto bound = placeholders(names, "");
    Projection::parse(expression, bound);
  });
}

constexpr std::string_view kItem = R"({
  "a": {"S": "1"}, "z": {"N": "2"}, "m": {"M": {"x": {"S": "mx"}, "y": {"M": {"q": {"N": "1"}, "r": {"N": "2"}}}}},
  "l": {"L": [{"S": "l0"}, {"M": {"k": {"S": "l1k"}, "o": {"NULL": true}}}, {"S": "l2"}, {"L": [{"N": "3"}]}]}})";

}  // namespace

TEST_CASE("A projection keeps each leaf inside its parents") {
  CHECK(project("a", kItem) == R"({"a":{"S":"1"}})");
  CHECK(project("z, a", kItem) == R"({"a":{"S":"1"},"z":{"N":"2"}})");
  CHECK(project("m.x", kItem) == R"({"m":{"M":{"x":{"S":"mx"}}}})");
  CHECK(project("m.y.r, a, m.x", kItem) == R"({"a":{"S":"1"},"m":{"M":{"x":{"S":"mx"},"y":{"M":{"r":{"N":"2"}}}}}})");
  CHECK(project("m.y", kItem) == R"({"m":{"M":{"y":{"M":{"q":{"N":"1"},"r":{"N":"2"}}}}}})");
}

TEST_CASE("Elements of a list close up in ascending order of index") {
  CHECK(project("l[2], l[0]", kItem) == R"({"l":{"L":[{"S":"l0"},{"S":"l2"}]}})");
  CHECK(project("l[3][0], l[1].k", kItem) == R"({"l":{"L":[{"M":{"k":{"S":"l1k"}}},{"L":[{"N":"3"}]}]}})");
}

TEST_CASE("What is absent is left out, with the parents that held nothing else") {
  CHECK(project("zz", kItem) == "{}");
  CHECK(project("m.zz, l[9], a.x, l[1].zz, l[3][1]", kItem) == "{}");
  CHECK(project("a[0], l.k, m[0]", kItem) == "{}");
  CHECK(project("m.zz, m.x, l[9], l[0], l[1].zz", kItem) == R"({"l":{"L":[{"S":"l0"}]},"m":{"M":{"x":{"S":"mx"}}}})");
  CHECK(project("a", "{}") == "{}");
}

TEST_CASE("Names behind placeholders are one element") {
  CHECK(project("#d, m.#x", R"({"a.b": {"N": "1"}, "m": {"M": {"x": {"N": "2"}}}})", R"({"#d": "a.b", "#x": "x"})") ==
        R"({"a.b":{"N":"1"},"m":{"M":{"x":{"N":"2"}}}})");
}

TEST_CASE("Hundreds of elements are projected, and counted right") {
  std::string expression;
  std::string list;
  std::string expected;
  for (int i = 0; i < 300; ++i) {
    const auto index = std::to_string(i);
    list += std::string(i ? "," : "") + R"({"N":")" + index + R"("})";
    if (i % 2) expression += std::string(expression.empty() ? "" : ",") + "l[" + index + "]";
    if (i % 2) expected += std::string(expected.empty() ? "" : ",") + R"({"N":")" + index + R"("})";
  }
  CHECK(project(expression, R"({"l":{"L":[)" + list + "]}}") == R"({"l":{"L":[)" + expected + "]}}");
}

TEST_CASE("Paths that overlap are refused, the earlier first") {
  const auto overlap = [](std::string_view one, std::string_view two) {
    return "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of "
           "these paths; path one: " +
           std::string(one) + ", path two: " + std::string(two);
  };
  CHECK(error("a, a") == overlap("[a]", "[a]"));
  CHECK(error("x.y, x") == overlap("[x, y]", "[x]"));
  CHECK(error("x, b, x[0].y") == overlap("[x]", "[x, [0], y]"));
  CHECK(error("a, #a", R"({"#a": "a"})") == overlap("[a]", "[a]"));
  CHECK(error("l[0], l[1], l[0]") == overlap("[l, [0]]", "[l, [0]]"));
  CHECK(error("a,b,c,d,e,f,g,h,i,j,x.k,x.l,x") == overlap("[x, k]", "[x]"));
  CHECK(error("a,b,c,d,e,f,g,h,i,j,aa,a.b") == overlap("[a]", "[a, b]"));
  CHECK(error("a, aa, a1, x.a, x.aa, l[0], l[1]") == "");
}

TEST_CASE("Paths that go on from one place with a name and with an index conflict") {
  const auto conflict = [](std::string_view one, std::string_view two) {
    return "Invalid ProjectionExpression: Two document paths conflict with each other; must remove or rewrite one of "
           "these paths; path one: " +
           std::string(one) + ", path two: " + std::string(two);
  };
  CHECK(error("x.y, x[0]") == conflict("[x, y]", "[x, [0]]"));
  CHECK(error("x[0].a, b, x.y") == conflict("[x, [0], a]", "[x, y]"));
  CHECK(error("a,b,c,d,e,f,g,h,i,j,x[0],x[1],x.k") == conflict("[x, [0]]", "[x, k]"));
  CHECK(error("x.y, x[0], z, z").find("overlap") != std::string::npos);
}

TEST_CASE("Undefined names are refused in a projection") {
  CHECK(error("a, x.#n") ==
        "Invalid ProjectionExpression: An expression attribute name used in the document path is not defined; "
        "attribute name: #n");
}

TEST_CASE("A projection lists its paths in order of the text, and can be built without one") {
  auto none = Placeholders();
  const auto projection = Projection::parse("b, a.c[1]", none);
  REQUIRE(projection.paths().size() == 2);
  CHECK(projection.paths()[0].text() == "[b]");
  CHECK(projection.paths()[1].text() == "[a, c, [1]]");
  const Projection built({Path{{{"z"}}}, Path{{{"a"}}}});
  const auto whole = item(kItem);
  CHECK(text(built.apply(whole.view())) == R"({"a":{"S":"1"},"z":{"N":"2"}})");
}

TEST_CASE("A flat projection names each value after the last step of its path") {
  const auto flat = [](std::vector<Path> paths) {
    return text(Projection(std::move(paths), ProjectionForm::flat).apply(item(kItem).view()));
  };
  const Path z{{PathElement{"z"}}}, x{{PathElement{"m"}, PathElement{"x"}}};
  const Path element{{PathElement{"l"}, PathElement{"", 2}}};
  const Path deep{{PathElement{"l"}, PathElement{"", 3}, PathElement{"", 0}}};
  const Path key{{PathElement{"l"}, PathElement{"", 1}, PathElement{"k"}}};
  const Path absent{{PathElement{"m"}, PathElement{"nothing"}}};
  CHECK(flat({z, x}) == R"({"x":{"S":"mx"},"z":{"N":"2"}})");
  CHECK(flat({element, deep, key}) == R"({"k":{"S":"l1k"},"l[2]":{"S":"l2"},"l[3][0]":{"N":"3"}})");
  CHECK(flat({absent}) == "{}");
  CHECK(Projection::flat_name(deep) == "l[3][0]");
}
