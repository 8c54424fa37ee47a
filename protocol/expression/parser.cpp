// Recursive descent with one token of look-ahead, so that the token it stops at is the first that cannot continue any
// expression: the one production names in "Syntax error; token: ...".
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "protocol/expression/lexer.h"
#include "protocol/expression/refusal.h"
#include "protocol/expression/reserved_words.h"
#include "protocol/expression/syntax.h"

namespace shoal {
namespace {

using Ref = Syntax::Ref;
using Kind = Syntax::Kind;

constexpr std::array<std::string_view, 9> kFunctionNames = {
    "",     "attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains",
    "size", "if_not_exists",    "list_append"};

Function function_named(std::string_view name) {
  for (std::size_t i = 1; i < kFunctionNames.size(); ++i) {
    if (kFunctionNames[i] == name) return static_cast<Function>(i);
  }
  return Function::unknown;
}

bool is_update_function(Function function) { return function >= Function::if_not_exists; }

enum class Grammar { condition, update, projection };

// Parentheses that are no redundant ones hold an operator each, of which there may be 300: an expression that nests
// deeper is refused before it can exhaust the stack.
constexpr std::size_t kParenthesesDepthMax = 400;

constexpr std::int64_t kListIndexMax = 2'147'483'647;

class Parser {
 public:
  Parser(std::string_view text, std::string_view kind, Grammar grammar);
  Syntax condition() &&;
  Syntax update() &&;
  Syntax projection() &&;

 private:
  // What stands between parentheses may turn out to be a condition or an operand; a call can be either.
  enum class Shape { operand, call, condition };
  struct Part {
    Ref node;
    Shape shape;
    bool in_parentheses = false;
  };

  // The children of a node, as they come.
  class Children {
   public:
    Children(Parser& parser, Ref parent) : parser_(parser), parent_(parent) {}
    void append(Ref child) {
      auto& nodes = parser_.syntax_.nodes;
      (last_ == Syntax::kNone ? nodes[parent_].first : nodes[last_].next) = child;
      last_ = child;
      ++count_;
    }
    std::size_t count() const { return count_; }

   private:
    Parser& parser_;
    Ref parent_;
    Ref last_ = Syntax::kNone;
    std::size_t count_ = 0;
  };

  // What is wrong though the syntax is right. Faults of a lower rank are told first, then those further left.
  enum class Rank { first, second, third, limit, operators, section };
  struct Fault {
    Rank rank;
    std::uint16_t position;
    std::string message;
  };

  void advance();
  bool at(TokenType type) const { return current_.type == type; }
  bool accept(TokenType type);
  void expect(TokenType type);
  [[noreturn]] void syntax_error() const;
  std::string_view text_of(Token token) const;
  Ref add(Kind kind, Token token = {});
  void note(Rank rank, std::uint16_t position, std::string message);
  void count_operator() { ++operators_; }
  Syntax finish(Ref root) &&;

  bool at_section() const;
  bool at_path() const;
  Ref path();
  void path_name(Children& elements);
  void list_index(Children& elements);

  Part disjunction();
  Part conjunction();
  Part negation();
  Part comparison();
  Part primary();
  Part operand_part();
  Part call();
  Part group(Part (Parser::*content)());
  Ref operand();
  Ref condition_of(const Part& part);
  Ref operand_of(const Part& part);
  Ref binary(Kind kind, Ref left);
  Ref between(Ref left);
  Ref in(Ref left);
  void check_function(const Syntax::Node& call);
  void misused(const Syntax::Node& call);

  void actions_of(Kind kind, Children& actions);
  Part sum();
  Part term();

  std::string_view kind_;
  Grammar grammar_;
  Syntax syntax_;
  Token current_;
  std::optional<Token> previous_;
  std::optional<Fault> fault_;
  bool redundant_parentheses_ = false;
  std::size_t parentheses_ = 0;
  std::size_t operators_ = 0;
};

Parser::Parser(std::string_view text, std::string_view kind, Grammar grammar) : kind_(kind), grammar_(grammar) {
  if (text.empty()) refuse(kind, "The expression can not be empty;");
  if (text.size() > kExpressionBytesMax) {
    refuse(kind,
           "Expression size has exceeded the maximum allowed size; expression size: " + std::to_string(text.size()));
  }
  syntax_.text = text;
  syntax_.nodes.reserve(text.size() / 4 + 4);
  current_ = next_token(syntax_.text, 0);
}

void Parser::advance() {
  previous_ = current_;
  current_ = next_token(syntax_.text, current_.end);
}

bool Parser::accept(TokenType type) {
  if (!at(type)) return false;
  advance();
  return true;
}

void Parser::expect(TokenType type) {
  if (!accept(type)) syntax_error();
}

std::string_view Parser::text_of(Token token) const {
  return std::string_view(syntax_.text).substr(token.start, token.end - token.start);
}

// `near` reaches from the token before, or the beginning of the text, to the token after.
void Parser::syntax_error() const {
  const bool ended = at(TokenType::end);
  const std::size_t start = previous_ ? previous_->start : 0;
  const std::size_t end = ended ? syntax_.text.size() : next_token(syntax_.text, current_.end).end;
  std::string why = "Syntax error; token: \"";
  why += ended ? "<EOF>" : text_of(current_);
  why += "\", near: \"";
  why += std::string_view(syntax_.text).substr(start, end - start);
  why += '"';
  refuse(kind_, why);
}

Ref Parser::add(Kind kind, Token token) {
  syntax_.nodes.push_back({kind, Function::unknown, token.start, token.end});
  return static_cast<Ref>(syntax_.nodes.size() - 1);
}

void Parser::note(Rank rank, std::uint16_t position, std::string message) {
  if (fault_ && std::pair(fault_->rank, fault_->position) <= std::pair(rank, position)) return;
  fault_ = {rank, position, std::move(message)};
}

Syntax Parser::finish(Ref root) && {
  if (!at(TokenType::end)) syntax_error();
  if (redundant_parentheses_) refuse(kind_, "The expression has redundant parentheses;");
  if (operators_ > kExpressionOperatorsMax) {
    note(Rank::operators, 0,
         "The expression contains too many operators; operator count: " + std::to_string(operators_));
  }
  if (fault_) refuse(kind_, fault_->message);
  syntax_.root = root;
  return std::move(syntax_);
}

// ---- Paths

// The keywords of all grammars are keywords in each: none is a name anywhere.
bool Parser::at_path() const { return at(TokenType::identifier) || at(TokenType::name_placeholder); }

Ref Parser::path() {
  if (!at_path()) syntax_error();
  const auto start = current_.start;
  const Ref path = add(Kind::path);
  Children elements(*this, path);
  path_name(elements);
  for (;;) {
    if (accept(TokenType::dot)) {
      path_name(elements);
    } else if (accept(TokenType::open_bracket)) {
      list_index(elements);
    } else {
      break;
    }
  }
  if (elements.count() > kPathElementsMax) {
    note(Rank::limit, start,
         "The document path has too many nesting levels; nesting levels: " + std::to_string(elements.count()));
  }
  return path;
}

void Parser::path_name(Children& elements) {
  if (at(TokenType::name_placeholder)) {
    elements.append(add(Kind::name_placeholder, current_));
    return advance();
  }
  if (!at(TokenType::identifier)) syntax_error();
  const auto name = text_of(current_);
  if (is_reserved_word(name)) {
    note(grammar_ == Grammar::condition ? Rank::third : Rank::first, current_.start,
         "Attribute name is a reserved keyword; reserved keyword: " + std::string(name));
  }
  elements.append(add(Kind::name, current_));
  advance();
}

void Parser::list_index(Children& elements) {
  if (!at(TokenType::integer)) syntax_error();
  const auto digits = text_of(current_);
  std::int64_t index = 0;
  for (const char digit : digits) index = std::min(index * 10 + (digit - '0'), kListIndexMax + 1);
  if (index > kListIndexMax) {
    note(Rank::limit, current_.start,
         "List index is not within the allowable range; index: [" + std::string(digits) + "]");
  }
  elements.append(add(Kind::index, current_));
  advance();
  expect(TokenType::close_bracket);
}

// ---- Conditions

Syntax Parser::condition() && {
  const Ref root = condition_of(disjunction());
  return std::move(*this).finish(root);
}

Parser::Part Parser::disjunction() {
  const Part left = conjunction();
  if (!at(TokenType::or_)) return left;
  const Ref parent = add(Kind::any);
  Children conditions(*this, parent);
  conditions.append(condition_of(left));
  while (accept(TokenType::or_)) {
    count_operator();
    conditions.append(condition_of(conjunction()));
  }
  return {parent, Shape::condition};
}

Parser::Part Parser::conjunction() {
  const Part left = negation();
  if (!at(TokenType::and_)) return left;
  const Ref parent = add(Kind::all);
  Children conditions(*this, parent);
  conditions.append(condition_of(left));
  while (accept(TokenType::and_)) {
    count_operator();
    conditions.append(condition_of(negation()));
  }
  return {parent, Shape::condition};
}

Parser::Part Parser::negation() {
  const Token start = current_;
  std::size_t negations = 0;
  while (accept(TokenType::not_)) ++negations;
  if (negations == 0) return comparison();
  Ref node = condition_of(comparison());
  for (; negations > 0; --negations) {
    count_operator();
    const Ref parent = add(Kind::negation, start);
    Children(*this, parent).append(node);
    node = parent;
  }
  return {node, Shape::condition};
}

std::optional<Kind> comparator(TokenType type) {
  if (type < TokenType::equal || type > TokenType::greater_or_equal) return std::nullopt;
  return static_cast<Kind>(static_cast<int>(Kind::equal) + static_cast<int>(type) - static_cast<int>(TokenType::equal));
}

Parser::Part Parser::comparison() {
  const Part left = primary();
  const auto kind = comparator(current_.type);
  if (!kind && !at(TokenType::between) && !at(TokenType::in)) return left;
  if (left.shape == Shape::condition) syntax_error();
  const Ref operand = operand_of(left);
  const auto token = current_.type;
  advance();
  count_operator();
  if (kind) return {binary(*kind, operand), Shape::condition};
  return {token == TokenType::between ? between(operand) : in(operand), Shape::condition};
}

Ref Parser::binary(Kind kind, Ref left) {
  const Ref parent = add(kind);
  Children operands(*this, parent);
  operands.append(left);
  operands.append(operand());
  return parent;
}

Ref Parser::between(Ref left) {
  const Ref parent = add(Kind::between);
  Children operands(*this, parent);
  operands.append(left);
  operands.append(operand());
  expect(TokenType::and_);
  operands.append(operand());
  return parent;
}

Ref Parser::in(Ref left) {
  const auto position = previous_->start;
  const Ref parent = add(Kind::in);
  Children operands(*this, parent);
  operands.append(left);
  expect(TokenType::open);
  do operands.append(operand());
  while (accept(TokenType::comma));
  expect(TokenType::close);
  if (const auto listed = operands.count() - 1; listed > kInOperandsMax) {
    note(Rank::limit, position,
         "The IN operator is provided with too many operands; number of operands: " + std::to_string(listed));
  }
  return parent;
}

Parser::Part Parser::primary() {
  if (at(TokenType::open)) return group(&Parser::disjunction);
  return operand_part();
}

// An operand, where no condition can stand.
Ref Parser::operand() { return operand_of(operand_part()); }

Parser::Part Parser::operand_part() {
  if (at(TokenType::open)) return group(&Parser::operand_part);
  if (at(TokenType::value_placeholder)) {
    const Ref value = add(Kind::value, current_);
    advance();
    return {value, Shape::operand};
  }
  if (!at_path()) syntax_error();
  if (!at(TokenType::name_placeholder) && next_token(syntax_.text, current_.end).type == TokenType::open) return call();
  return {path(), Shape::operand};
}

Parser::Part Parser::group(Part (Parser::*content)()) {
  if (++parentheses_ > kParenthesesDepthMax) refuse(kind_, "The expression has redundant parentheses;");
  expect(TokenType::open);
  Part part = (this->*content)();
  expect(TokenType::close);
  --parentheses_;
  if (part.in_parentheses) redundant_parentheses_ = true;
  part.in_parentheses = true;
  return part;
}

Parser::Part Parser::call() {
  const Ref call = add(Kind::call, current_);
  syntax_.nodes[call].function = function_named(text_of(current_));
  check_function(syntax_.nodes[call]);
  count_operator();
  advance();
  expect(TokenType::open);
  Children arguments(*this, call);
  do arguments.append(grammar_ == Grammar::update ? term().node : operand());
  while (accept(TokenType::comma));
  expect(TokenType::close);
  return {call, Shape::call};
}

void Parser::check_function(const Syntax::Node& call) {
  const bool update = grammar_ == Grammar::update;
  const std::string name(syntax_.text_of(call));
  if (call.function == Function::unknown) {
    note(update ? Rank::second : Rank::first, call.start, "Invalid function name; function: " + name);
  } else if (is_update_function(call.function) != update) {
    note(Rank::second, call.start,
         (update ? "The function is not allowed in an update expression; function: "
                 : "The function is not allowed in a condition expression; function: ") +
             name);
  }
}

void Parser::misused(const Syntax::Node& call) {
  if (call.function == Function::unknown || is_update_function(call.function)) return;
  note(Rank::second, call.start,
       "The function is not allowed to be used this way in an expression; function: " +
           std::string(syntax_.text_of(call)));
}

Ref Parser::condition_of(const Part& part) {
  if (part.shape == Shape::operand) syntax_error();
  if (part.shape == Shape::call && syntax_.nodes[part.node].function == Function::size)
    misused(syntax_.nodes[part.node]);
  return part.node;
}

Ref Parser::operand_of(const Part& part) {
  if (part.shape == Shape::call && syntax_.nodes[part.node].function != Function::size)
    misused(syntax_.nodes[part.node]);
  return part.node;
}

// ---- Updates

constexpr std::array<std::string_view, 4> kSectionNames = {"SET", "REMOVE", "ADD", "DELETE"};

bool Parser::at_section() const { return current_.type >= TokenType::set && current_.type <= TokenType::delete_; }

Syntax Parser::update() && {
  const Ref root = add(Kind::sequence);
  Children actions(*this, root);
  std::array<bool, kSectionNames.size()> seen{};
  do {
    if (!at_section()) syntax_error();
    const auto which = static_cast<std::size_t>(current_.type) - static_cast<std::size_t>(TokenType::set);
    if (std::exchange(seen[which], true)) {
      note(Rank::section, current_.start,
           "The \"" + std::string(kSectionNames[which]) + "\" section can only be used once in an update expression;");
    }
    advance();
    actions_of(static_cast<Kind>(static_cast<std::size_t>(Kind::set) + which), actions);
  } while (!at(TokenType::end));
  return std::move(*this).finish(root);
}

void Parser::actions_of(Kind kind, Children& actions) {
  do {
    const Ref action = add(kind);
    Children parts(*this, action);
    parts.append(path());
    if (kind == Kind::set) {
      expect(TokenType::equal);
      parts.append(sum().node);
    } else if (kind != Kind::remove) {
      if (!at(TokenType::value_placeholder)) syntax_error();
      parts.append(add(Kind::value, current_));
      advance();
    }
    actions.append(action);
  } while (accept(TokenType::comma));
}

// term | term '+' term | term '-' term
Parser::Part Parser::sum() {
  const Part left = term();
  if (!at(TokenType::plus) && !at(TokenType::minus)) return left;
  const Ref parent = add(at(TokenType::plus) ? Kind::plus : Kind::minus, current_);
  advance();
  count_operator();
  Children terms(*this, parent);
  terms.append(left.node);
  terms.append(term().node);
  return {parent, Shape::operand};
}

Parser::Part Parser::term() { return at(TokenType::open) ? group(&Parser::sum) : operand_part(); }

// ---- Projections

Syntax Parser::projection() && {
  const Ref root = add(Kind::sequence);
  Children paths(*this, root);
  do paths.append(path());
  while (accept(TokenType::comma));
  return std::move(*this).finish(root);
}

}  // namespace

std::string_view function_name(Function function) { return kFunctionNames[static_cast<std::size_t>(function)]; }

Syntax parse_condition(std::string_view text, std::string_view kind) {
  return Parser(text, kind, Grammar::condition).condition();
}

Syntax parse_update(std::string_view text) { return Parser(text, "UpdateExpression", Grammar::update).update(); }

Syntax parse_projection(std::string_view text) {
  return Parser(text, "ProjectionExpression", Grammar::projection).projection();
}

}  // namespace shoal
