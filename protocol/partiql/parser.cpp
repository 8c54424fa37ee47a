#include <algorithm>
#include <array>
#include <charconv>

#include "protocol/error.h"
#include "protocol/expression/operand_faults.h"
#include "protocol/expression/paths.h"
#include "protocol/partiql/lexer.h"
#include "protocol/partiql/statement.h"
#include "protocol/value/item_size.h"
#include "protocol/value/number.h"

namespace shoal::partiql {
namespace {

constexpr int kDepthMax = 100;  // Of conditions and operands in each other.
constexpr std::size_t kInOperandsMax = 100;

// What a function, whatever its case, is called in conditions.
struct ConditionFunction {
  std::string_view name;
  ConditionOperator op;
};
constexpr std::array<ConditionFunction, 5> kConditionFunctions{{
    {"BEGINS_WITH", ConditionOperator::begins_with},
    {"CONTAINS", ConditionOperator::contains},
    {"ATTRIBUTE_TYPE", ConditionOperator::attribute_type},
    {"ATTRIBUTE_EXISTS", ConditionOperator::attribute_exists},
    {"ATTRIBUTE_NOT_EXISTS", ConditionOperator::attribute_not_exists},
}};

// IS <type>: SQL's and DynamoDB's names.
struct TypeWord {
  std::string_view word, type;
};
constexpr std::array<TypeWord, 22> kTypeWords{{
    {"NULL", "NULL"}, {"BOOL", "BOOL"}, {"BOOLEAN", "BOOL"}, {"N", "N"},     {"NUMBER", "N"}, {"INT", "N"},
    {"INTEGER", "N"}, {"DECIMAL", "N"}, {"NUMERIC", "N"},    {"FLOAT", "N"}, {"S", "S"},      {"STRING", "S"},
    {"VARCHAR", "S"}, {"B", "B"},       {"BINARY", "B"},     {"BLOB", "B"},  {"L", "L"},      {"LIST", "L"},
    {"M", "M"},       {"MAP", "M"},     {"STRUCT", "M"},     {"TUPLE", "M"},
}};

struct Comparison {
  std::string_view symbol;
  ConditionOperator op;
};
constexpr std::array<Comparison, 7> kComparisons{{
    {"=", ConditionOperator::equal},
    {"<>", ConditionOperator::not_equal},
    {"!=", ConditionOperator::not_equal},
    {"<", ConditionOperator::less},
    {"<=", ConditionOperator::less_or_equal},
    {">", ConditionOperator::greater},
    {">=", ConditionOperator::greater_or_equal},
}};

// Words that end what stands before them, so that they are no alias and no name.
constexpr std::array<std::string_view, 24> kKeywords{
    "SELECT", "FROM",    "WHERE", "ORDER", "BY",  "GROUP",  "HAVING", "LIMIT",     "OFFSET", "AND",  "OR",       "NOT",
    "IN",     "BETWEEN", "IS",    "LIKE",  "SET", "REMOVE", "INTO",   "RETURNING", "ASC",    "DESC", "DISTINCT", "AS"};

bool is_keyword(const Token& token) {
  return std::any_of(kKeywords.begin(), kKeywords.end(), [&](auto keyword) { return token.is_word(keyword); });
}

// A condition or an operand: which one, shows only when it has been read.
struct Expression {
  std::optional<ConditionNode> condition;
  std::optional<Operand> operand;
};

// Where in a literal a value stands, told only when it is refused: "root.x[1]". How deep, counted as for items: an
// attribute is at level 1, and what is compared with one.
struct Place {
  const Place* outer = nullptr;
  std::optional<std::string_view> field = {};  // Or else an element.
  std::size_t element = 0;
  std::size_t level = 1;

  Place of_field(std::string_view name) const { return {this, name, 0, level + 1}; }
  Place of_element(std::size_t index) const { return {this, std::nullopt, index, level + 1}; }
  std::string text() const {
    if (outer == nullptr) return "root";
    if (field) return outer->text() + "." + std::string(*field);
    return outer->text() + "[" + std::to_string(element) + "]";
  }
};
constexpr Place kOperandPlace{};
constexpr Place kItemPlace{nullptr, std::nullopt, 0, 0};

class Parser {
 public:
  Parser(std::string_view text, std::span<const Value> parameters)
      : text_(text), parameters_(parameters), lexer_(text) {
    token_ = lexer_.next();
    next_ = lexer_.next();
  }

  Statement statement() {
    auto statement = any_statement();
    take(";");
    if (token_.type == TokenType::unreadable) malformed();
    if (token_.type != TokenType::end) refuse_left_over();
    check_parameters(std::holds_alternative<Select>(statement) || std::holds_alternative<Exists>(statement));
    return statement;
  }

 private:
  // ---- Tokens

  void advance() {
    token_ = next_;
    next_ = lexer_.next();
  }
  bool take(std::string_view symbol) { return token_.is(symbol) && (advance(), true); }
  bool take_word(std::string_view keyword) { return token_.is_word(keyword) && (advance(), true); }
  void expect(std::string_view symbol) {
    if (!take(symbol)) malformed();
  }
  void expect_word(std::string_view keyword) {
    if (!take_word(keyword)) malformed();
  }

  // ---- Refusals

  [[noreturn]] static void refuse(std::string message) { throw validation_error(std::move(message)); }
  [[noreturn]] static void malformed(std::string_view detail = {}) {
    refuse("Statement wasn't well formed, can't be processed: " + std::string(detail));
  }
  std::string at(const Token& token) const { return location(text_, token); }

  [[noreturn]] void refuse_left_over() const {
    if (token_.is_word("LIMIT") || token_.is_word("OFFSET")) {
      const auto clause = token_.is_word("LIMIT") ? "LIMIT" : "OFFSET";
      refuse(std::string("Unsupported clause: ") + clause + " at " + at(next_));
    }
    if (token_.is_word("GROUP")) refuse("Unsupported clause: GROUP BY");
    if (token_.is_word("HAVING")) refuse("Unsupported clause: HAVING");
    malformed("Unexpected token after expression");
  }

  void check_parameters(bool surplus_is_harmless) const {
    const bool right = surplus_is_harmless ? used_ <= parameters_.size() : used_ == parameters_.size();
    if (!right) refuse(std::string(kParametersDoNotMatch));
  }

  struct Deeper {
    explicit Deeper(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kDepthMax) malformed("Nesting is too deep");
    }
    ~Deeper() { --parser_.depth_; }
    Parser& parser_;
  };

  // ---- Statements

  Statement any_statement() {
    if (token_.is_word("EXISTS")) return exists();
    if (take_word("SELECT")) return select();
    if (take_word("INSERT")) return insert();
    if (take_word("UPDATE")) return update();
    if (take_word("DELETE")) return remove();
    if (token_.is_word("CREATE") || token_.is_word("DROP")) refuse_definition();
    malformed();
  }

  [[noreturn]] void refuse_definition() const {
    const std::string verb = token_.is_word("CREATE") ? "Create" : "Drop";
    if (next_.is_word("TABLE")) refuse("Unsupported operation: " + verb + "Table");
    if (next_.is_word("INDEX")) refuse("Unsupported operation: " + verb + "Index");
    malformed();
  }

  Exists exists() {
    advance();
    expect("(");
    expect_word("SELECT");
    Exists exists{select()};
    expect(")");
    return exists;
  }

  Select select() {
    Select select;
    if (token_.is_word("DISTINCT")) refuse("Unsupported token in expression: DISTINCT");
    if (token_.is_word("VALUE") || token_.is_word("PIVOT")) {
      if (!next_.is_word("FROM") && !next_.is(",")) {
        refuse("Select projection doesn't support value or pivot keywords");
      }
    }
    if (!take("*")) select.paths = projection();
    expect_word("FROM");
    select.from = source();
    refuse_alias();
    if (token_.is(",") || token_.is_word("JOIN") || token_.is_word("INNER") || token_.is_word("LEFT") ||
        token_.is_word("CROSS")) {
      refuse("Only select from a single table or index is supported.");
    }
    select.where = where();
    if (token_.is_word("ORDER")) select.order_by = order_by(select.where.has_value());
    return select;
  }

  std::vector<Path> projection() {
    std::vector<Path> paths;
    do {
      const Token start = token_;
      if (token_.type != TokenType::word && token_.type != TokenType::quoted_name) {
        if (token_.type == TokenType::unreadable || token_.type == TokenType::end) malformed();
        refuse("Unexpected path component at " + at(start));
      }
      if (next_.is("(")) refuse("Unexpected path component at " + at(start));
      paths.push_back(path());
      if (token_.is("+") || token_.is("-") || token_.is("*") || token_.is("<") || token_.is("=")) {
        refuse("Unexpected path component at " + at(token_));
      }
      if (!token_.is_word("FROM")) refuse_alias();
    } while (take(","));
    return paths;
  }

  // "t x", "t AS x"
  void refuse_alias() const {
    if (token_.is_word("AS") || token_.is_word("AT") || token_.type == TokenType::quoted_name ||
        (token_.type == TokenType::word && !is_keyword(token_) && !next_.is_word("JOIN") && !token_.is_word("JOIN"))) {
      refuse("Aliasing is not supported");
    }
  }

  std::vector<SortKey> order_by(bool has_where) {
    if (!has_where) refuse("Must have WHERE clause in the statement when using ORDER BY clause.");
    advance();
    expect_word("BY");
    std::vector<SortKey> keys;
    do {
      auto key = path();
      if (key.nested()) malformed("Invalid path dot component");
      keys.push_back({key.attribute(), false});
      if (take_word("DESC")) {
        keys.back().descending = true;
      } else {
        take_word("ASC");
      }
    } while (take(","));
    return keys;
  }

  Insert insert() {
    expect_word("INTO");
    Insert insert{source(), Value::map({})};
    expect_word("VALUE");
    const Token start = token_;
    const bool is_path = token_.type == TokenType::word && !at_literal() && !next_.is("(");
    if (!is_path) insert.item = literal(kItemPlace);
    if (is_path || insert.item.view().type() != Type::map || start.type == TokenType::parameter) {
      refuse(
          "Unsupported format in item expression. Please use struct format {...} to express item values for insert "
          "statement. at " +
          at(start));
    }
    return insert;
  }

  Update update() {
    Update update;
    update.table = source();
    refuse_alias_before({"SET", "REMOVE"});
    while (true) {
      if (take_word("SET")) {
        do assignment(update.update);
        while (take(","));
      } else if (take_word("REMOVE")) {
        do update.update.actions.push_back({UpdateOperator::remove, path(), {}});
        while (take(","));
      } else {
        break;
      }
    }
    if (update.update.actions.empty()) malformed();
    check_targets(update.update);
    update.where = where();
    update.returning = returning();
    return update;
  }

  void refuse_alias_before(std::initializer_list<std::string_view> keywords) const {
    if (std::any_of(keywords.begin(), keywords.end(), [this](auto keyword) { return token_.is_word(keyword); })) return;
    refuse_alias();
  }

  static void check_targets(const UpdateNode& update) {
    std::vector<const Path*> paths;
    for (const auto& action : update.actions) paths.push_back(&action.target);
    if (paths.size() > 1) check_disjoint(paths, "");
  }

  Delete remove() {
    expect_word("FROM");
    Delete statement;
    statement.from = source();
    refuse_alias();
    statement.where = where();
    statement.returning = returning();
    if (statement.returning != Returning::none && statement.returning != Returning::all_old) {
      refuse("Invalid returning clause: RETURNING " + std::string(returning_text(statement.returning)) +
             " *. Only RETURNING ALL OLD * is allowed in DELETE statements.");
    }
    return statement;
  }

  Returning returning() {
    if (!take_word("RETURNING")) return Returning::none;
    const bool all = token_.is_word("ALL");
    if (!all && !token_.is_word("MODIFIED")) malformed();
    advance();
    const bool old = token_.is_word("OLD");
    if (!old && !token_.is_word("NEW")) malformed();
    advance();
    expect("*");
    if (all) return old ? Returning::all_old : Returning::all_new;
    return old ? Returning::modified_old : Returning::modified_new;
  }

  Source source() {
    Source source{name(), std::nullopt};
    if (take(".")) source.index = name();
    if (token_.is(".")) refuse("A path may contain at most 2 components in the FROM clause");
    if (source.table.empty() || (source.index && source.index->empty())) {
      refuse("Path component cannot be an empty string");
    }
    return source;
  }

  // ---- Names and paths

  std::string name() {
    std::string name;
    if (token_.type == TokenType::word) {
      if (is_keyword(token_)) malformed();
      name = token_.text;
    } else if (token_.type == TokenType::quoted_name) {
      name = token_.unquoted();
    } else {
      malformed();
    }
    advance();
    return name;
  }

  Path path() {
    Path path;
    path.elements.push_back({name()});
    while (true) {
      if (take(".")) {
        if (token_.type != TokenType::word && token_.type != TokenType::quoted_name) {
          malformed("Invalid path dot component");
        }
        path.elements.push_back({token_.type == TokenType::word ? std::string(token_.text) : token_.unquoted()});
        advance();
      } else if (take("[")) {
        path.elements.push_back(subscript());
        expect("]");
      } else {
        break;
      }
    }
    if (path.elements.size() > kPathElementsMax) {
      refuse("The document path has too many nesting elements; nesting levels: " +
             std::to_string(path.elements.size()));
    }
    return path;
  }
  static constexpr std::size_t kPathElementsMax = 32;

  PathElement subscript() {
    PathElement element;
    if (token_.type == TokenType::string) {
      element.name = token_.unquoted();
    } else {
      const auto* end = token_.text.data() + token_.text.size();
      const auto [rest, error] = std::from_chars(token_.text.data(), end, element.index);
      if (token_.type != TokenType::number || error != std::errc() || rest != end) malformed();
    }
    advance();
    return element;
  }

  // ---- Values

  const Value& parameter() {
    advance();
    static const Value kNone = Value::null();
    // That there are too few is told when the statement is known to be well formed otherwise.
    return used_ < parameters_.size() ? parameters_[used_++] : (++used_, kNone);
  }

  void refuse_missing() const {
    if (token_.is_word("MISSING") && !next_.is("(")) refuse("MISSING must be compared using IS operator");
  }

  bool at_literal() const {
    return token_.type == TokenType::string || token_.type == TokenType::number ||
           token_.type == TokenType::parameter || token_.is("[") || token_.is("{") || token_.is("<<") ||
           token_.is("-") || token_.is("+") || token_.is_word("TRUE") || token_.is_word("FALSE") ||
           token_.is_word("NULL");
  }

  Value literal(const Place& place) {
    if (token_.type == TokenType::parameter) return parameter(place);
    check_level(place.level);
    if (token_.type == TokenType::string) return string();
    if (token_.type == TokenType::number || token_.is("-") || token_.is("+")) return number(place);
    if (take_word("TRUE")) return Value::boolean(true);
    if (take_word("FALSE")) return Value::boolean(false);
    if (take_word("NULL")) return Value::null();
    if (take("[")) return list(place);
    if (take("{")) return map(place);
    if (take("<<")) return bag(place);
    if (token_.type == TokenType::word && next_.is("(")) {
      refuse("Unsupported data type: " + lower(token_.text) + " under key " + place.text() + " at " + at(token_));
    }
    malformed();
  }

  static void check_level(std::size_t level) {
    if (level <= kNestingLevelsMax) return;
    refuse(
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
        "limit");
  }

  // Who read it has seen that it is not too deep by itself.
  const Value& parameter(const Place& place) {
    const auto& value = parameter();
    if (place.level > 1) check_level(place.level - 1 + nesting_levels(value.view()));
    return value;
  }

  static std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
  }

  Value string() {
    const auto text = token_.unquoted();
    advance();
    return Value::string(text);
  }

  std::string canonical_number(const Place& place) {
    std::string text;
    if (token_.is("-") || token_.is("+")) {
      if (token_.is("-")) text = "-";
      advance();
    }
    if (token_.type != TokenType::number) malformed();
    check_exponent();
    text += token_.text;
    advance();
    const auto parsed = Number::parse(text);
    if (const auto* fault = std::get_if<NumberFault>(&parsed)) {
      if (*fault == NumberFault::not_numeric) malformed();
      refuse(std::string(number_fault_message(*fault)) + " under " + place.text());
    }
    return std::get<Number>(parsed).text();
  }

  // One that does not fit 32 bits is not read at all.
  void check_exponent() const {
    const auto e = token_.text.find_first_of("eE");
    if (e == std::string_view::npos) return;
    auto digits = token_.text.substr(e + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    std::int32_t exponent = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec != std::errc()) malformed();
  }

  Value number(const Place& place) { return Value::number(canonical_number(place)); }

  Value list(const Place& place) {
    std::vector<Value> values;
    if (!take("]")) {
      do {
        if (take_word("MISSING")) continue;
        values.push_back(literal(place.of_element(values.size())));
      } while (take(","));
      expect("]");
    }
    std::vector<ValueView> views;
    views.reserve(values.size());
    for (const auto& value : values) views.push_back(value.view());
    return Value::list(views);
  }

  Value map(const Place& place) {
    std::vector<std::pair<std::string, Value>> fields;
    if (!take("}")) {
      do {
        if (token_.type != TokenType::string) malformed();
        auto key = token_.unquoted();
        advance();
        expect(":");
        if (take_word("MISSING")) continue;
        if (key.empty()) refuse("Path component cannot be an empty string");
        auto value = literal(place.of_field(key));
        fields.emplace_back(std::move(key), std::move(value));
      } while (take(","));
      expect("}");
    }
    std::vector<Field> views;
    views.reserve(fields.size());
    for (const auto& [key, value] : fields) views.push_back({key, value.view()});
    return Value::map(std::move(views));
  }

  Value bag(const Place& place) {
    if (token_.is(">>")) refuse("Empty bags are not supported");
    std::optional<Type> type;
    std::vector<std::string> members;
    do {
      const auto member = scalar(place.of_element(members.size()));
      const auto found = member.view().type();
      if ((found != Type::string && found != Type::number) || (type && *type != found)) refuse_bag();
      type = found;
      members.emplace_back(member.view().text());
    } while (take(","));
    expect(">>");
    std::sort(members.begin(), members.end());
    if (std::adjacent_find(members.begin(), members.end()) != members.end()) {
      refuse("Input collection contains duplicates");
    }
    return Value::set(*type == Type::string ? Type::string_set : Type::number_set, std::move(members));
  }

  // What can be in a bag: nothing that could hold more of its kind.
  Value scalar(const Place& place) {
    if (token_.is("[") || token_.is("{") || token_.is("<<")) refuse_bag();
    return literal(place);
  }

  [[noreturn]] static void refuse_bag() {
    refuse("Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags");
  }

  // ---- Conditions

  std::optional<ConditionNode> where() {
    if (!take_word("WHERE")) return std::nullopt;
    return condition_of(any());
  }

  [[noreturn]] void refuse_operand() const { malformed(); }

  ConditionNode condition_of(Expression expression) const {
    if (expression.condition) return std::move(*expression.condition);
    const auto* value = expression.operand->value();  // TRUE and FALSE are conditions, too.
    if (value == nullptr || value->view().type() != Type::boolean) refuse_operand();
    return {value->view().boolean() ? ConditionOperator::all : ConditionOperator::any, {}, {}};
  }

  Operand operand_of(Expression expression) const {
    if (!expression.operand) refuse_operand();
    return std::move(*expression.operand);
  }

  Expression any() {
    auto first = all();
    if (!token_.is_word("OR")) return first;
    ConditionNode node{ConditionOperator::any, {}, {}};
    node.conditions.push_back(condition_of(std::move(first)));
    while (take_word("OR")) node.conditions.push_back(condition_of(all()));
    return {std::move(node), std::nullopt};
  }

  Expression all() {
    auto first = negation();
    if (!token_.is_word("AND")) return first;
    ConditionNode node{ConditionOperator::all, {}, {}};
    node.conditions.push_back(condition_of(std::move(first)));
    while (take_word("AND")) node.conditions.push_back(condition_of(negation()));
    return {std::move(node), std::nullopt};
  }

  Expression negation() {
    const Deeper deeper(*this);
    if (take_word("NOT")) return {negated(condition_of(negation())), std::nullopt};
    return comparison();
  }

  static ConditionNode negated(ConditionNode condition) {
    ConditionNode node{ConditionOperator::negation, {}, {}};
    node.conditions.push_back(std::move(condition));
    return node;
  }

  Expression comparison() {
    auto left = primary();
    if (token_.type == TokenType::symbol) {
      for (const auto& [symbol, op] : kComparisons) {
        if (!take(symbol)) continue;
        ConditionNode node{op, {}, {}};
        node.operands.reserve(2);
        node.operands.push_back(operand_of(std::move(left)));
        node.operands.push_back(operand_of(primary()));
        return {checked(std::move(node)), std::nullopt};
      }
      return left;
    }
    if (token_.type != TokenType::word) return left;
    if (take_word("IS")) return {is(operand_of(std::move(left))), std::nullopt};
    const bool turned =
        token_.is_word("NOT") && (next_.is_word("IN") || next_.is_word("BETWEEN") || next_.is_word("LIKE"));
    if (turned) advance();
    std::optional<ConditionNode> node;
    if (take_word("BETWEEN")) {
      node = between(operand_of(std::move(left)));
    } else if (take_word("IN")) {
      node = in(operand_of(std::move(left)));
    } else if (token_.is_word("LIKE")) {
      refuse("Unsupported operator in Condition Expression. Operator: like");
    } else {
      return left;
    }
    return {turned ? negated(std::move(*node)) : std::move(*node), std::nullopt};
  }

  static ConditionNode checked(ConditionNode node) {
    if (auto fault = operand_fault(node)) refuse(std::move(*fault));
    return node;
  }

  ConditionNode is(Operand operand) {
    const bool turned = take_word("NOT");
    ConditionNode node;
    if (take_word("MISSING")) {
      node = {ConditionOperator::attribute_not_exists, {}, {std::move(operand)}};
    } else {
      node = {ConditionOperator::attribute_type, {}, {std::move(operand), Operand{Value::string(type_word())}}};
    }
    node = checked(std::move(node));
    return turned ? negated(std::move(node)) : node;
  }

  std::string type_word() {
    for (const auto& [word, type] : kTypeWords) {
      if (take_word(word)) return std::string(type);
    }
    malformed();
  }

  ConditionNode between(Operand operand) {
    ConditionNode node{ConditionOperator::between, {}, {}};
    node.operands.reserve(3);
    node.operands.push_back(std::move(operand));
    node.operands.push_back(operand_of(primary()));
    expect_word("AND");
    node.operands.push_back(operand_of(primary()));
    return checked(std::move(node));
  }

  ConditionNode in(Operand operand) {
    ConditionNode node{ConditionOperator::in, {}, {}};
    node.operands.push_back(std::move(operand));
    const std::string_view end = token_.is("[") ? "]" : ")";
    if ((!take("[") && !take("(")) || token_.is(end)) {
      refuse(
          "IN operator must have a left hand argument of type Variable Reference and right hand argument of type "
          "Seq with at least one member");
    }
    do node.operands.push_back(operand_of(primary()));
    while (take(","));
    expect(end);
    if (const auto count = node.operands.size() - 1; count > kInOperandsMax) {
      refuse("The IN operator is provided with too many operands; number of operands: " + std::to_string(count));
    }
    return checked(std::move(node));
  }

  Expression primary() {
    const Deeper deeper(*this);
    if (take("(")) {
      auto inner = any();
      expect(")");
      return inner;
    }
    refuse_missing();
    if (at_literal()) return {std::nullopt, Operand{literal(kOperandPlace)}};
    if (token_.type == TokenType::word && next_.is("(")) return call();
    return {std::nullopt, Operand{path()}};
  }

  std::vector<Operand> arguments() {
    std::vector<Operand> operands;
    expect("(");
    if (take(")")) return operands;
    do operands.push_back(operand_of(any()));
    while (take(","));
    expect(")");
    return operands;
  }

  Expression call() {
    const Token name = token_;
    if (name.is_word("SIZE")) {
      advance();
      auto operands = arguments();
      if (operands.size() != 1) refuse(operand_count_fault("size", operands.size()));
      if (auto fault = size_fault(operands[0])) refuse(std::move(*fault));
      operands[0].size = true;
      return {std::nullopt, std::move(operands[0])};
    }
    for (const auto& function : kConditionFunctions) {
      if (!name.is_word(function.name)) continue;
      advance();
      return {checked({function.op, {}, arguments()}), std::nullopt};
    }
    refuse("Unrecognized function: " + lower(name.text) + " at " + at(name));
  }

  // ---- Right sides of SET

  void assignment(UpdateNode& update) {
    UpdateAction action{UpdateOperator::set, path(), {}};
    expect("=");
    if (token_.is_word("SET_ADD") || token_.is_word("SET_DELETE")) {
      change_set(action);
    } else {
      action.term.push_back(sum());
    }
    update.actions.push_back(std::move(action));
  }

  // "s = set_add(s, <<'a'>>)" is what other operations call ADD.
  void change_set(UpdateAction& action) {
    const Token name = token_;
    const bool adds = name.is_word("SET_ADD");
    const std::string called = adds ? "SET_ADD" : "SET_DELETE";
    advance();
    std::vector<Operand> operands = arguments();
    if (operands.size() != 2) refuse(called + " must have exactly two arguments at " + at(name));
    const auto* path = operands[0].path();
    if (path == nullptr || *path != action.target) {
      refuse("The first argument to " + called + " must equal the assignment value at " + at(name));
    }
    const auto* value = operands[1].value();
    const auto type = value ? value->view().type() : Type::null;
    if (type != Type::string_set && type != Type::number_set && type != Type::binary_set) {
      refuse("The second argument to " + called + " must be a value with type SET at " + at(name));
    }
    action.op = adds ? UpdateOperator::add : UpdateOperator::delete_members;
    action.term.push_back({*value});
  }

  UpdateTerm sum() {
    auto left = term();
    if (!token_.is("+") && !token_.is("-")) return left;
    UpdateCall call{token_.is("+") ? UpdateFunction::plus : UpdateFunction::minus, {}};
    const std::string name(token_.text);
    advance();
    call.operands.push_back(std::move(left));
    call.operands.push_back(term());
    check_types(call, name, Type::number);
    return {std::move(call)};
  }

  static void check_types(const UpdateCall& call, std::string_view name, Type accepted) {
    for (const auto& operand : call.operands) {
      const auto* value = std::get_if<Value>(&operand.term);
      if (value && value->view().type() != accepted) refuse(operand_type_fault(name, value->view().type()));
    }
  }

  UpdateTerm term() {
    const Deeper deeper(*this);
    if (take("(")) {
      auto inner = sum();
      expect(")");
      return inner;
    }
    refuse_missing();
    if (at_literal()) return {literal(kOperandPlace)};
    if (token_.type == TokenType::word && next_.is("(")) return update_call();
    return {path()};
  }

  UpdateTerm update_call() {
    const Token name = token_;
    const bool appends = name.is_word("LIST_APPEND");
    if (!appends && !name.is_word("IF_NOT_EXISTS")) {
      refuse("Unrecognized function: " + lower(name.text) + " at " + at(name));
    }
    const auto called = lower(name.text);
    advance();
    expect("(");
    UpdateCall call{appends ? UpdateFunction::list_append : UpdateFunction::if_not_exists, {}};
    if (!take(")")) {
      do call.operands.push_back(sum());
      while (take(","));
      expect(")");
    }
    if (call.operands.size() != 2) refuse(operand_count_fault(called, call.operands.size()));
    if (appends) {
      check_types(call, called, Type::list);
    } else if (!std::holds_alternative<Path>(call.operands[0].term)) {
      refuse(no_path_fault(called));
    }
    return {std::move(call)};
  }

  std::string_view text_;
  std::span<const Value> parameters_;
  std::size_t used_ = 0;  // Parameters.
  Lexer lexer_;
  Token token_, next_;
  int depth_ = 0;
};

}  // namespace

std::string_view returning_text(Returning returning) {
  constexpr std::array<std::string_view, 5> kTexts{"", "ALL OLD", "ALL NEW", "MODIFIED OLD", "MODIFIED NEW"};
  return kTexts[static_cast<std::size_t>(returning)];
}

Statement parse(std::string_view text, std::span<const Value> parameters) {
  return Parser(text, parameters).statement();
}

}  // namespace shoal::partiql
