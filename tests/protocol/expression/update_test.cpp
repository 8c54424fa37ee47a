#include "protocol/expression/update.h"

#include <catch2/catch.hpp>
#include <string>

#include "protocol/expression/ast.h"
#include "protocol/expression/request.h"

using namespace shoal;
using namespace shoal::testing;

namespace {

const std::string kInvalid = "Invalid UpdateExpression: ";
const std::string kMissing = "The provided expression refers to an attribute that does not exist in the item";
const std::string kWrongType = "An operand in the update expression has an incorrect data type";
const std::string kWrongPath = "The document path provided in the update expression is invalid for update";

// The item after, or the error.
std::string updated(std::string_view expression, std::string_view before, std::string_view values = kValues,
                    bool exists = true) {
  auto bound = placeholders("", values);
  const auto update = Update::parse(expression, bound);
  const auto item_before = item(before);
  std::string after;
  const auto error = error_of([&] { after = text(update.apply(item_before.view(), exists)); }, false);
  return error.empty() ? after : error;
}

std::string type_error(std::string_view op, std::string_view type) {
  return kInvalid + "Incorrect operand type for operator or function; operator or function: " + std::string(op) +
         ", operand type: " + std::string(type);
}

std::string list(std::initializer_list<std::string_view> texts) {
  std::string elements;
  for (const auto element : texts) {
    elements += std::string(elements.empty() ? "" : ",") + R"({"S":")" + std::string(element) + R"("})";
  }
  return R"({"L":[)" + elements + "]}";
}

struct Typed {
  std::string_view placeholder, type, long_type;
};
constexpr Typed kOperands[] = {{":s", "S", "STRING"},       {":n", "N", "NUMBER"},       {":b", "B", "BINARY"},
                               {":yes", "BOOL", "BOOLEAN"}, {":null", "NULL", "NULL"},   {":ss", "SS", "STRING_SET"},
                               {":ns", "NS", "NUMBER_SET"}, {":bs", "BS", "BINARY_SET"}, {":l", "L", "LIST"},
                               {":m", "M", "MAP"}};

}  // namespace

// ---- SET

TEST_CASE("SET creates and replaces, at the top and in maps and lists") {
  CHECK(updated("SET b = :a", R"({"a": {"N": "1"}, "c": {"N": "3"}})") ==
        R"({"a":{"N":"1"},"b":{"S":"a"},"c":{"N":"3"}})");
  CHECK(updated("SET a = :a", R"({"a": {"N": "1"}, "c": {"N": "3"}})") == R"({"a":{"S":"a"},"c":{"N":"3"}})");
  CHECK(updated("SET z = :a, aa = :n", R"({"a": {"N": "1"}})") == R"({"a":{"N":"1"},"aa":{"N":"2"},"z":{"S":"a"}})");
  CHECK(updated("SET a = :a", "{}") == R"({"a":{"S":"a"}})");
  CHECK(updated("SET m.x = :a, m.n.y = :n", R"({"m": {"M": {"n": {"M": {}}, "z": {"N": "1"}}}})") ==
        R"({"m":{"M":{"n":{"M":{"y":{"N":"2"}}},"x":{"S":"a"},"z":{"N":"1"}}}})");
  CHECK(updated("SET l[1] = :a, l[0].k = :n", R"({"l": {"L": [{"M": {}}, {"N": "1"}, {"N": "2"}]}})") ==
        R"({"l":{"L":[{"M":{"k":{"N":"2"}}},{"S":"a"},{"N":"2"}]}})");
}

TEST_CASE("SET beyond the end of a list appends, in ascending order of index") {
  const std::string values = R"({":A": {"S": "A"}, ":B": {"S": "B"}})";
  CHECK(updated("SET l[10] = :A, l[7] = :B", R"({"l": )" + list({"x", "y"}) + "}", values) ==
        R"({"l":)" + list({"x", "y", "B", "A"}) + "}");
  CHECK(updated("SET l[0] = :A, l[1] = :B", R"({"l": {"L": []}})", values) == R"({"l":)" + list({"A", "B"}) + "}");
  CHECK(updated("SET l[2147483647] = :A REMOVE l[0]", R"({"l": )" + list({"x"}) + "}", values) ==
        R"({"l":)" + list({"A"}) + "}");
}

TEST_CASE("SET below what is missing or another container is no path for an update") {
  const auto before = R"({"s": {"S": "x"}, "l": {"L": [{"N": "1"}]}, "m": {"M": {"k": {"N": "1"}}}})";
  for (const auto path : {"zz.a", "zz[0]", "m.zz.a", "l[3].a", "s.a", "s[0]", "l.a", "m[0]", "m.k.a", "l[0][0]"}) {
    CAPTURE(path);
    CHECK(updated("SET " + std::string(path) + " = :a", before) == kWrongPath);
    CHECK(updated("ADD " + std::string(path) + " :n", before) == kWrongPath);
    CHECK(updated("REMOVE " + std::string(path), before) == kWrongPath);
    CHECK(updated("DELETE " + std::string(path) + " :ss", before) == kWrongPath);
  }
}

TEST_CASE("SET copies from other paths, as they were before") {
  CHECK(updated("SET x = m", R"({"m": {"M": {"k": {"SS": ["a"]}}}})") ==
        R"({"m":{"M":{"k":{"SS":["a"]}}},"x":{"M":{"k":{"SS":["a"]}}}})");
  CHECK(updated("SET l[0] = l[1], l[1] = l[0]", R"({"l": )" + list({"x", "y"}) + "}") ==
        R"({"l":)" + list({"y", "x"}) + "}");
  CHECK(updated("SET a = b, b = :a REMOVE c", R"({"a": {"N": "1"}, "b": {"N": "2"}, "c": {"N": "3"}})") ==
        R"({"a":{"N":"2"},"b":{"S":"a"}})");
  CHECK(updated("SET a = c REMOVE c", R"({"c": {"N": "3"}})") == R"({"a":{"N":"3"}})");
  CHECK(updated("SET a = a", R"({"a": {"N": "3"}})") == R"({"a":{"N":"3"}})");
}

TEST_CASE("Arithmetic is exact and takes numbers alone") {
  const auto result = [](std::string_view a, std::string_view op, std::string_view b) {
    return updated("SET n = n " + std::string(op) + " :v", R"({"n": {"N": ")" + std::string(a) + R"("}})",
                   R"({":v": {"N": ")" + std::string(b) + R"("}})");
  };
  CHECK(result("5", "-", "0.1") == R"({"n":{"N":"4.9"}})");
  CHECK(result("0.1", "+", "0.2") == R"({"n":{"N":"0.3"}})");
  CHECK(result("1", "-", "1.0") == R"({"n":{"N":"0"}})");
  CHECK(result("9e125", "+", "9e125") ==
        "Number overflow. Attempting to store a number with magnitude larger than supported range");
  CHECK(result("1e125", "+", "1") == "Attempting to store more than 38 significant digits in a Number");
  CHECK(result("1.1e-129", "-", "1e-129").starts_with(R"({"n":{"N":"0.000)"));
  CHECK(result("1.01e-129", "-", "1e-129") ==
        "Number underflow. Attempting to store a number with magnitude smaller than supported range");
  CHECK(updated("SET a = :n - b, c = b + d", R"({"b": {"N": "3"}, "d": {"N": "-4"}})") ==
        R"({"a":{"N":"-1"},"b":{"N":"3"},"c":{"N":"-1"},"d":{"N":"-4"}})");
  CHECK(updated("SET a = (b + :one) - (b - :n)", R"({"b": {"N": "3"}})") == R"({"a":{"N":"3"},"b":{"N":"3"}})");
  CHECK(updated("SET a = b + :one", R"({"b": {"S": "3"}})") == kWrongType);
  CHECK(updated("SET a = :one - b", R"({"b": {"NS": ["3"]}})") == kWrongType);
}

TEST_CASE("What a right side refers to must exist") {
  for (const auto right : {"zz", "zz + :n", ":n - zz", "list_append(zz, :l)", "list_append(:l, zz)", "m.zz", "l[5]",
                           "s.x", "if_not_exists(zz, yy)", "if_not_exists(s, yy)"}) {
    CAPTURE(right);
    CHECK(updated("SET a = " + std::string(right), R"({"m": {"M": {}}, "l": {"L": []}, "s": {"S": "x"}})") == kMissing);
  }
}

TEST_CASE("if_not_exists is the attribute, or else its fallback") {
  CHECK(updated("SET n = if_not_exists(n, :n) + :one", R"({"n": {"N": "5"}})") == R"({"n":{"N":"6"}})");
  CHECK(updated("SET n = if_not_exists(n, :n) + :one", "{}") == R"({"n":{"N":"3"}})");
  CHECK(updated("SET n = if_not_exists(m.k, s)", R"({"m": {"M": {}}, "s": {"S": "x"}})") ==
        R"({"m":{"M":{}},"n":{"S":"x"},"s":{"S":"x"}})");
  CHECK(updated("SET n = if_not_exists(n, if_not_exists(m, :a))", R"({"m": {"N": "1"}})") ==
        R"({"m":{"N":"1"},"n":{"N":"1"}})");
  CHECK(updated("SET n = if_not_exists(nil, :a)", R"({"nil": {"NULL": true}})") ==
        R"({"n":{"NULL":true},"nil":{"NULL":true}})");
}

TEST_CASE("list_append joins two lists in its order") {
  const std::string values = R"({":v": )" + list({"v"}) + R"(, ":none": {"L": []}})";
  CHECK(updated("SET l = list_append(l, :v), k = list_append(:v, l), j = list_append(if_not_exists(j, :none), :v)",
                R"({"l": )" + list({"x", "y"}) + "}", values) ==
        R"({"j":)" + list({"v"}) + R"(,"k":)" + list({"v", "x", "y"}) + R"(,"l":)" + list({"x", "y", "v"}) + "}");
  CHECK(updated("SET a = list_append(b, :l)", R"({"b": {"S": "x"}})") == kWrongType);
  CHECK(updated("SET a = list_append(:l, b)", R"({"b": {"SS": ["x"]}})") == kWrongType);
}

TEST_CASE("Lists keep their count beyond what fits in one byte") {
  std::string elements;
  for (int i = 0; i < 127; ++i) elements += std::string(i ? "," : "") + R"({"N":"7"})";
  CHECK(updated("SET l[500] = :one, l[501] = :n", R"({"l":{"L":[)" + elements + "]}}") ==
        R"({"l":{"L":[)" + elements + R"(,{"N":"1"},{"N":"2"}]}})");
}

// ---- REMOVE

TEST_CASE("REMOVE takes out what is there and ignores what is not") {
  CHECK(updated("REMOVE a, m.x, zz, m.zz", R"({"a": {"N": "1"}, "b": {"N": "2"}, "m": {"M": {"x": {"N": "1"}}}})") ==
        R"({"b":{"N":"2"},"m":{"M":{}}})");
  CHECK(updated("REMOVE a", R"({"a": {"N": "1"}})") == "{}");
}

TEST_CASE("Indexes to remove are those of the list as it was, in any order") {
  const auto before = R"({"l": )" + list({"a", "b", "c", "d"}) + "}";
  CHECK(updated("REMOVE l[0], l[1]", before) == R"({"l":)" + list({"c", "d"}) + "}");
  CHECK(updated("REMOVE l[2], l[0]", before) == R"({"l":)" + list({"b", "d"}) + "}");
  CHECK(updated("REMOVE l[9], l[3], l[4]", before) == R"({"l":)" + list({"a", "b", "c"}) + "}");
  CHECK(updated("SET l[1] = :a REMOVE l[0]", R"({"l": )" + list({"x", "y"}) + "}") == R"({"l":)" + list({"a"}) + "}");
}

TEST_CASE("Nothing is removed from an item that does not exist, however the path reads") {
  CHECK(updated("REMOVE a, m.x, l[0].k DELETE s.t :ss", R"({"p": {"S": "k"}})", kValues, false) ==
        R"({"p":{"S":"k"}})");
  CHECK(updated("SET m.x = :a", R"({"p": {"S": "k"}})", kValues, false) == kWrongPath);
}

// ---- ADD and DELETE

TEST_CASE("ADD of a number starts at nothing") {
  CHECK(updated("ADD n :n, m.k :one", R"({"m": {"M": {}}})") == R"({"m":{"M":{"k":{"N":"1"}}},"n":{"N":"2"}})");
  CHECK(updated("ADD n :n, l[1] :one, m.k :n",
                R"({"n": {"N": "-2.5"}, "l": {"L": [{"N": "8"}, {"N": "9"}]}, "m": {"M": {"k": {"N": "1"}}}})") ==
        R"({"l":{"L":[{"N":"8"},{"N":"10"}]},"m":{"M":{"k":{"N":"3"}}},"n":{"N":"-0.5"}})");
  CHECK(updated("ADD n :n", R"({"n": {"N": "99999999999999999999999999999999999999"}})", R"({":n": {"N": "0.1"}})") ==
        "Attempting to store more than 38 significant digits in a Number");
  CHECK(updated("ADD l[3] :n", R"({"l": {"L": []}})") == R"({"l":{"L":[]}})");
}

TEST_CASE("ADD of a set is the union, in the order of sets") {
  CHECK(updated("ADD s :ss", R"({"s": {"SS": ["a", "x", "z"]}})") == R"({"s":{"SS":["a","x","y","z"]}})");
  CHECK(updated("ADD s :ns", R"({"s": {"NS": ["10", "-1", "1"]}})") == R"({"s":{"NS":["-1","1","2","10"]}})");
  CHECK(updated("ADD s :bs", R"({"s": {"BS": ["/w=="]}})") == R"({"s":{"BS":["AAE=","/w=="]}})");
  CHECK(updated("ADD s :bs, t :ss", R"({"s": {"BS": ["AAE="]}})") == R"({"s":{"BS":["AAE="]},"t":{"SS":["x","y"]}})");
}

TEST_CASE("ADD and DELETE of another type than what is stored fail") {
  for (const auto stored : {R"({"S": "x"})", R"({"SS": ["x"]})", R"({"L": []})", R"({"NULL": true})"}) {
    CHECK(updated("ADD a :n", R"({"a": )" + std::string(stored) + "}") == kWrongType);
    CHECK(updated("ADD a :ns", R"({"a": )" + std::string(stored) + "}") == kWrongType);
    CHECK(updated("DELETE a :ns", R"({"a": )" + std::string(stored) + "}") == kWrongType);
  }
  CHECK(updated("ADD a :ss", R"({"a": {"N": "1"}})") == kWrongType);
  CHECK(updated("DELETE a :ss", R"({"a": {"S": "x"}})") == kWrongType);
}

TEST_CASE("DELETE is the difference of sets, and an empty one goes") {
  CHECK(updated("DELETE s :ss", R"({"s": {"SS": ["a", "x", "z"]}})") == R"({"s":{"SS":["a","z"]}})");
  CHECK(updated("DELETE s :ns", R"({"s": {"NS": ["10", "1.0", "2"]}})") == R"({"s":{"NS":["10"]}})");
  CHECK(updated("DELETE s :ss", R"({"s": {"SS": ["y", "x"]}, "t": {"N": "1"}})") == R"({"t":{"N":"1"}})");
  CHECK(updated("DELETE m.s :ss", R"({"m": {"M": {"s": {"SS": ["x"]}}}})") == R"({"m":{"M":{}}})");
  CHECK(updated("DELETE s :ss, t :bs", R"({"a": {"N": "1"}, "t": {"BS": ["/w=="]}})") ==
        R"({"a":{"N":"1"},"t":{"BS":["/w=="]}})");
}

TEST_CASE("All actions apply to the item as it was before") {
  CHECK(updated("SET a = b + :one, c = a ADD b :n REMOVE d DELETE s :ss",
                R"({"a": {"N": "1"}, "b": {"N": "10"}, "d": {"S": "x"}, "s": {"SS": ["x", "q"]}})") ==
        R"({"a":{"N":"11"},"b":{"N":"12"},"c":{"N":"1"},"s":{"SS":["q"]}})");
}

// ---- What is refused before any item is seen

TEST_CASE("Undefined placeholders of an update are refused, names first") {
  CHECK(update_error("SET a = :z, #n = :y") ==
        kInvalid + "An expression attribute name used in the document path is not defined; attribute name: #n");
  CHECK(update_error("SET a = :z, a = :y") ==
        kInvalid + "An expression attribute value used in expression is not defined; attribute value: :z");
}

TEST_CASE("Targets that overlap are refused before those that conflict, and both before operands") {
  const auto paths = [](std::string_view what, std::string_view one, std::string_view two) {
    return kInvalid + "Two document paths " + std::string(what) +
           " with each other; must remove or rewrite one of these paths; path one: " + std::string(one) +
           ", path two: " + std::string(two);
  };
  CHECK(update_error("SET x = :a, x = :n, y = :s") == paths("overlap", "[x]", "[x]"));
  CHECK(update_error("SET x.y = :a REMOVE x") == paths("overlap", "[x, y]", "[x]"));
  CHECK(update_error("ADD x :n DELETE x[0] :ss") == paths("overlap", "[x]", "[x, [0]]"));
  CHECK(update_error("SET x.y = :a, x[0] = :n") == paths("conflict", "[x, y]", "[x, [0]]"));
  CHECK(update_error("SET x.y = :a, x[0] = :n, z = :a, z.a = :n") == paths("overlap", "[z]", "[z, a]"));
  CHECK(update_error("SET x = list_append(:n), x = :n") == paths("overlap", "[x]", "[x]"));
  CHECK(update_error("ADD x :s, x :s") == paths("overlap", "[x]", "[x]"));
}

TEST_CASE("ADD takes numbers and sets, DELETE sets; the older layer does not say so") {
  for (const auto& [placeholder, type, long_type] : kOperands) {
    const std::string value(placeholder);
    const std::string wrong = kInvalid + "Incorrect operand type for operator or function; operator: ";
    const bool set = type.size() == 2 && type[1] == 'S';
    CAPTURE(value);
    if (set || type == "N") {
      CHECK(update_error("ADD a " + value) == "");
    } else {
      CHECK(update_error("ADD a " + value) ==
            wrong + "ADD, operand type: " + std::string(long_type) + ", typeSet: ALLOWED_FOR_ADD_OPERAND");
      CHECK(update_error("ADD a " + value, "", kValues, Wording::older) ==
            wrong + "ADD, operand type: " + std::string(long_type));
    }
    if (set) {
      CHECK(update_error("DELETE a " + value) == "");
    } else {
      CHECK(update_error("DELETE a " + value) ==
            wrong + "DELETE, operand type: " + std::string(long_type) + ", typeSet: ALLOWED_FOR_DELETE_OPERAND");
      CHECK(update_error("DELETE a " + value, "", kValues, Wording::older) ==
            wrong + "DELETE, operand type: " + std::string(long_type));
    }
  }
  CHECK(update_error("SET a = list_append(:n) ADD b :s").find("operator: ADD") != std::string::npos);
}

TEST_CASE("Arithmetic takes literals that are numbers, list_append lists") {
  for (const auto& [placeholder, type, _] : kOperands) {
    const std::string value(placeholder);
    CAPTURE(value);
    for (const std::string op : {"+", "-"}) {
      const auto expected = type == "N" ? "" : type_error(op, type);
      CHECK(update_error("SET a = b " + op + " " + value) == expected);
      CHECK(update_error("SET a = (" + value + ") " + op + " b") == expected);
    }
    const auto expected = type == "L" ? "" : type_error("list_append", type);
    CHECK(update_error("SET a = list_append(b, " + value + ")") == expected);
    CHECK(update_error("SET a = list_append(" + value + ", b)") == expected);
    CHECK(update_error("SET a = if_not_exists(b, " + value + ")") == "");
    CHECK(update_error("SET a = " + value) == "");
  }
}

TEST_CASE("Functions of an update take two operands, if_not_exists a path first") {
  const auto count = [](std::string_view function, int operands) {
    return kInvalid +
           "Incorrect number of operands for operator or function; operator or function: " + std::string(function) +
           ", number of operands: " + std::to_string(operands);
  };
  CHECK(update_error("SET a = if_not_exists(b)") == count("if_not_exists", 1));
  CHECK(update_error("SET a = list_append(b, c, d)") == count("list_append", 3));
  CHECK(update_error("SET a = list_append(:n)") == count("list_append", 1));
  CHECK(update_error("SET a = if_not_exists(:a, :a)") ==
        kInvalid + "Operator or function requires a document path; operator or function: if_not_exists");
}

// ---- ReturnValues and upserts

TEST_CASE("What an update touched comes inside its parents, of lists only the elements") {
  auto bound = placeholders("", kValues);
  const auto touched = [&](std::string_view expression, std::string_view of) {
    const auto whole = item(of);
    return text(Update::parse(expression, bound).touched(whole.view()));
  };
  const auto before = R"({"a": {"N": "1"}, "b": {"N": "2"}, "m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}},
                          "l": {"L": [{"N": "5"}, {"N": "6"}, {"N": "7"}]}})";
  CHECK(touched("SET a = :a, m.x = :a REMOVE l[1] ADD l[2] :n", before) ==
        R"({"a":{"N":"1"},"l":{"L":[{"N":"6"},{"N":"7"}]},"m":{"M":{"x":{"N":"1"}}}})");
  CHECK(touched("SET zz = :a, m.zz = :a, l[9] = :a", before) == "{}");
  CHECK(touched("SET l[9] = :a, b = b", before) == R"({"b":{"N":"2"}})");
}

TEST_CASE("An update says whether it only removes") {
  auto bound = placeholders("", kValues);
  CHECK(Update::parse("REMOVE a DELETE b :ss", bound).only_removes());
  CHECK_FALSE(Update::parse("REMOVE a DELETE b :ss SET c = :a", bound).only_removes());
  CHECK_FALSE(Update::parse("ADD a :n", bound).only_removes());
}

TEST_CASE("An update lists its targets in order of the text") {
  auto bound = placeholders("", kValues);
  std::string list;
  for (const auto& path : Update::parse("REMOVE z.y SET b[0] = c DELETE a :ss", bound).targets()) list += path.text();
  CHECK(list == "[z, y][b, [0]][a]");
}

TEST_CASE("An update lists every path it names, the targets first") {
  auto bound = placeholders("", kValues);
  const auto update =
      Update::parse("SET a = if_not_exists(b.x, c[0]) + d, e = list_append(f, :l) REMOVE g ADD h :n", bound);
  std::string list;
  for (const auto& path : update.paths()) list += path.text();
  CHECK(list == "[a][e][g][h][b, x][c, [0]][d][f]");
}

TEST_CASE("An update can be built without text, and then ADD appends to lists") {
  const auto one = item(R"({"l": {"L": [{"N": "1"}]}})");
  const auto value = Value(*one.view().find("l"));
  const UpdateNode node{
      {{UpdateOperator::add, Path{{{"l"}}}, {{value}}}, {UpdateOperator::add, Path{{{"new"}}}, {{value}}}}};
  const Update update(std::make_shared<const UpdateNode>(node));
  CHECK(text(update.apply(one.view())) == R"({"l":{"L":[{"N":"1"},{"N":"1"}]},"new":{"L":[{"N":"1"}]}})");
}
