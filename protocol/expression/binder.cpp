#include "protocol/expression/binder.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <string>

#include "protocol/expression/operand_faults.h"
#include "protocol/expression/paths.h"
#include "protocol/expression/refusal.h"

namespace shoal {
namespace {

using Ref = Syntax::Ref;
using Kind = Syntax::Kind;

// ---- What all kinds share

class Binder {
 public:
  Binder(const Syntax& syntax, std::string_view kind, Placeholders& placeholders)
      : syntax_(syntax), kind_(kind), placeholders_(placeholders) {}

 protected:
  const Syntax::Node& node(Ref ref) const { return syntax_.nodes[ref]; }
  std::string_view text_of(const Syntax::Node& node) const { return syntax_.text_of(node); }
  [[noreturn]] void refuse(std::string_view why) const { shoal::refuse(kind_, why); }

  const std::string& name_of(std::string_view placeholder) const {
    if (const auto* name = placeholders_.name(placeholder)) return *name;
    refuse("An expression attribute name used in the document path is not defined; attribute name: " +
           std::string(placeholder));
  }

  const Value& value_of(std::string_view placeholder) const {
    if (const auto* value = placeholders_.value(placeholder)) return *value;
    refuse("An expression attribute value used in expression is not defined; attribute value: " +
           std::string(placeholder));
  }

  Path path(const Syntax::Node& path) const {
    Path bound;
    bound.elements.reserve(syntax_.child_count(path));
    for (Ref ref = path.first; ref != Syntax::kNone; ref = node(ref).next) {
      bound.elements.push_back(element(node(ref)));
    }
    return bound;
  }

  void refuse_operand_count(std::string_view name, std::size_t count) const {
    refuse(operand_count_fault(name, count));
  }
  void refuse_no_path(std::string_view name) const { refuse(no_path_fault(name)); }
  void refuse_type(std::string_view name, Type type) const { refuse(operand_type_fault(name, type)); }

  const Syntax& syntax_;
  std::string_view kind_;
  Placeholders& placeholders_;

 private:
  PathElement element(const Syntax::Node& element) const {
    const auto text = text_of(element);
    if (element.kind == Kind::name) return {std::string(text)};
    if (element.kind == Kind::name_placeholder) return {name_of(text)};
    std::int64_t index = 0;  // The parser has checked its range.
    for (const char digit : text) index = index * 10 + (digit - '0');
    return {{}, index};
  }
};

// ---- Conditions

constexpr std::array<std::string_view, 16> kOperatorNames = {"OR",
                                                             "AND",
                                                             "NOT",
                                                             "=",
                                                             "<>",
                                                             "<",
                                                             "<=",
                                                             ">",
                                                             ">=",
                                                             "BETWEEN",
                                                             "IN",
                                                             "attribute_exists",
                                                             "attribute_not_exists",
                                                             "attribute_type",
                                                             "begins_with",
                                                             "contains"};

ConditionOperator operator_of(Kind kind) {
  static_assert(static_cast<int>(Kind::in) == static_cast<int>(ConditionOperator::in));
  static_assert(static_cast<int>(Kind::any) == static_cast<int>(ConditionOperator::any));
  return static_cast<ConditionOperator>(kind);
}

ConditionOperator operator_of(Function function) {
  switch (function) {
    case Function::attribute_exists:
      return ConditionOperator::attribute_exists;
    case Function::attribute_not_exists:
      return ConditionOperator::attribute_not_exists;
    case Function::attribute_type:
      return ConditionOperator::attribute_type;
    case Function::begins_with:
      return ConditionOperator::begins_with;
    default:
      return ConditionOperator::contains;
  }
}

class ConditionBinder : Binder {
 public:
  using Binder::Binder;

  ConditionNode condition(Ref ref) const {
    const auto& bound = node(ref);
    if (bound.kind == Kind::call) return call(bound);
    ConditionNode condition{operator_of(bound.kind)};
    if (bound.kind <= Kind::negation) {
      condition.conditions.reserve(syntax_.child_count(bound));
      for (Ref child = bound.first; child != Syntax::kNone; child = node(child).next) {
        condition.conditions.push_back(this->condition(child));
      }
      return condition;
    }
    condition.operands = operands(bound);
    check(condition);
    return condition;
  }

 private:
  std::vector<Operand> operands(const Syntax::Node& parent) const {
    std::vector<Operand> operands;
    operands.reserve(syntax_.child_count(parent));
    for (Ref child = parent.first; child != Syntax::kNone; child = node(child).next) {
      operands.push_back(operand(node(child)));
    }
    return operands;
  }

  Operand operand(const Syntax::Node& bound) const {
    if (bound.kind == Kind::path) return {path(bound)};
    if (bound.kind == Kind::value) return {value_of(text_of(bound))};
    auto arguments = operands(bound);  // Of size(): no other function is an operand.
    if (arguments.size() != 1) refuse_operand_count(function_name(bound.function), arguments.size());
    if (const auto fault = size_fault(arguments[0])) refuse(*fault);
    arguments[0].size = true;
    return std::move(arguments[0]);
  }

  ConditionNode call(const Syntax::Node& bound) const {
    ConditionNode condition{operator_of(bound.function)};
    condition.operands = operands(bound);
    check(condition);
    return condition;
  }

  void check(const ConditionNode& condition) const {
    if (const auto fault = operand_fault(condition)) refuse(*fault);
  }
};

// ---- Updates

// ADD and DELETE name types in their own way.
std::string_view long_type_name(Type type) {
  constexpr std::array<std::string_view, 11> kNames = {
      "", "STRING", "NUMBER", "BINARY", "BOOLEAN", "NULL", "STRING_SET", "NUMBER_SET", "BINARY_SET", "LIST", "MAP"};
  return kNames[static_cast<std::size_t>(type)];
}

class UpdateBinder : Binder {
 public:
  UpdateBinder(const Syntax& syntax, Placeholders& placeholders) : Binder(syntax, "UpdateExpression", placeholders) {}

  UpdateNode update() const {
    for (const auto& node : syntax_.nodes) {
      if (node.kind == Kind::name_placeholder) name_of(text_of(node));
    }
    for (const auto& node : syntax_.nodes) {
      if (node.kind == Kind::value) value_of(text_of(node));
    }
    UpdateNode update{targets()};
    check_targets(update);
    for_each_action([&](const Syntax::Node& action, std::size_t i) {
      if (action.kind == Kind::add || action.kind == Kind::delete_members) members(action, update.actions[i]);
    });
    for_each_action([&](const Syntax::Node& action, std::size_t i) {
      if (action.kind == Kind::set) update.actions[i].term.push_back(term(node(node(action.first).next)));
    });
    return update;
  }

 private:
  template <class Visit>
  void for_each_action(Visit visit) const {
    std::size_t position = 0;
    for (Ref ref = node(syntax_.root).first; ref != Syntax::kNone; ref = node(ref).next) visit(node(ref), position++);
  }

  std::vector<UpdateAction> targets() const {
    std::vector<UpdateAction> actions;
    actions.reserve(syntax_.child_count(node(syntax_.root)));
    for_each_action([&](const Syntax::Node& action, std::size_t) {
      const auto op = static_cast<UpdateOperator>(static_cast<int>(action.kind) - static_cast<int>(Kind::set));
      actions.push_back({op, path(node(action.first)), {}});
    });
    return actions;
  }

  void check_targets(const UpdateNode& update) const {
    if (update.actions.size() < 2) return;
    std::vector<const Path*> paths;
    paths.reserve(update.actions.size());
    for (const auto& action : update.actions) paths.push_back(&action.target);
    check_disjoint(paths, kind_);
  }

  // The operand of ADD or DELETE.
  void members(const Syntax::Node& action, UpdateAction& bound) const {
    const auto& value = value_of(text_of(node(node(action.first).next)));
    const auto type = value.view().type();
    const bool add = action.kind == Kind::add;
    if (!is_set(type) && !(add && type == Type::number)) {
      std::string why = "Incorrect operand type for operator or function; operator: ";
      why += add ? "ADD" : "DELETE";
      why += ", operand type: ";
      why += long_type_name(type);
      if (placeholders_.wording() != Wording::older) {
        why += add ? ", typeSet: ALLOWED_FOR_ADD_OPERAND" : ", typeSet: ALLOWED_FOR_DELETE_OPERAND";
      }
      refuse(why);
    }
    bound.term.push_back({value});
  }

  UpdateTerm term(const Syntax::Node& bound) const {
    if (bound.kind == Kind::path) return {path(bound)};
    if (bound.kind == Kind::value) return {value_of(text_of(bound))};
    UpdateCall call{UpdateFunction::plus, {}};
    call.operands.reserve(2);
    for (Ref ref = bound.first; ref != Syntax::kNone; ref = node(ref).next) call.operands.push_back(term(node(ref)));
    const auto name = text_of(bound);
    if (bound.kind == Kind::plus || bound.kind == Kind::minus) {
      if (bound.kind == Kind::minus) call.function = UpdateFunction::minus;
      check_types(call, name, Type::number);
      return {std::move(call)};
    }
    if (call.operands.size() != 2) refuse_operand_count(name, call.operands.size());
    if (bound.function == Function::if_not_exists) {
      call.function = UpdateFunction::if_not_exists;
      if (!std::holds_alternative<Path>(call.operands[0].term)) refuse_no_path(name);
    } else {
      call.function = UpdateFunction::list_append;
      check_types(call, name, Type::list);
    }
    return {std::move(call)};
  }

  void check_types(const UpdateCall& call, std::string_view name, Type accepted) const {
    for (const auto& operand : call.operands) {
      const auto* value = std::get_if<Value>(&operand.term);
      if (value && value->view().type() != accepted) refuse_type(name, value->view().type());
    }
  }
};

// ---- Projections

class ProjectionBinder : Binder {
 public:
  ProjectionBinder(const Syntax& syntax, Placeholders& placeholders)
      : Binder(syntax, "ProjectionExpression", placeholders) {}

  std::vector<Path> paths() const {
    std::vector<Path> paths;
    paths.reserve(syntax_.child_count(node(syntax_.root)));
    for (Ref ref = node(syntax_.root).first; ref != Syntax::kNone; ref = node(ref).next) {
      paths.push_back(path(node(ref)));
    }
    if (paths.size() < 2) return paths;
    std::vector<const Path*> pointers;
    pointers.reserve(paths.size());
    for (const auto& path : paths) pointers.push_back(&path);
    check_disjoint(pointers, kind_);
    return paths;
  }
};

}  // namespace

std::string_view operator_name(ConditionOperator op) { return kOperatorNames[static_cast<std::size_t>(op)]; }

ConditionNode bind_condition(const Syntax& syntax, std::string_view kind, Placeholders& placeholders) {
  return ConditionBinder(syntax, kind, placeholders).condition(syntax.root);
}

UpdateNode bind_update(const Syntax& syntax, Placeholders& placeholders) {
  return UpdateBinder(syntax, placeholders).update();
}

std::vector<Path> bind_projection(const Syntax& syntax, Placeholders& placeholders) {
  return ProjectionBinder(syntax, placeholders).paths();
}

}  // namespace shoal
