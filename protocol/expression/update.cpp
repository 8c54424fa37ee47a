#include "protocol/expression/update.h"

#include <algorithm>
#include <forward_list>
#include <span>

#include "protocol/error.h"
#include "protocol/expression/ast.h"
#include "protocol/expression/binder.h"
#include "protocol/expression/paths.h"
#include "protocol/expression/syntax.h"
#include "protocol/value/number.h"

namespace shoal {
namespace {

[[noreturn]] void refuse_missing() {
  throw validation_error("The provided expression refers to an attribute that does not exist in the item");
}
struct WrongType {};  // Worded by who applies: legacy parameters and expressions tell it differently.
[[noreturn]] void refuse_type() { throw WrongType{}; }
[[noreturn]] void refuse_path() {
  throw validation_error("The document path provided in the update expression is invalid for update");
}

// ---- What actions make of the values they meet

std::string sum(ValueView a, ValueView b, bool subtract) {
  if (a.type() != Type::number || b.type() != Type::number) refuse_type();
  const auto addend = Number::of_canonical(b.text());
  const auto result = add(Number::of_canonical(a.text()), subtract ? addend.negated() : addend);
  if (const auto* fault = std::get_if<NumberFault>(&result)) {
    throw validation_error(std::string(number_fault_message(*fault)));
  }
  std::string bytes;
  encoding::append_text(bytes, Type::number, std::get<Number>(result).text());
  return bytes;
}

std::string concatenation(ValueView a, ValueView b) {
  if (a.type() != Type::list || b.type() != Type::list) refuse_type();
  std::string bytes;
  bytes.reserve(a.bytes().size() + b.bytes().size());
  encoding::Container list(bytes, Type::list);
  for (const auto view : {a, b}) {
    for (const auto element : view.elements()) bytes += element.bytes();
  }
  list.close(a.count() + b.count());
  return bytes;
}

// As the members of a set are kept: numbers by value, others by bytes.
int compare_members(Type set, std::string_view a, std::string_view b) {
  if (set == Type::number_set) return compare(Number::of_canonical(a), Number::of_canonical(b));
  return a.compare(b);
}

// Walks both sets in order and keeps those members of `a` or `b` that are wanted. How many.
template <class Wanted>
std::size_t merge(std::string& bytes, ValueView a, ValueView b, Wanted wanted) {
  const auto left = a.texts();
  const auto right = b.texts();
  auto l = left.begin();
  auto r = right.begin();
  encoding::Container set(bytes, a.type());
  std::size_t count = 0;
  while (!(l == left.end()) || !(r == right.end())) {
    const int order = l == left.end() ? 1 : r == right.end() ? -1 : compare_members(a.type(), *l, *r);
    const auto member = order <= 0 ? *l : *r;
    if (wanted(order <= 0, order >= 0)) {
      encoding::append_varint(bytes, member.size());
      bytes += member;
      ++count;
    }
    if (order <= 0) ++l;
    if (order >= 0) ++r;
  }
  set.close(count);
  return count;
}

std::string set_union(ValueView a, ValueView b) {
  std::string bytes;
  merge(bytes, a, b, [](bool, bool) { return true; });
  return bytes;
}

// Nothing when no member is left.
std::optional<std::string> difference(ValueView a, ValueView b) {
  std::string bytes;
  if (merge(bytes, a, b, [](bool in_a, bool in_b) { return in_a && !in_b; }) == 0) return std::nullopt;
  return bytes;
}

// ADD where there is something already.
std::string addition(ValueView before, ValueView operand) {
  if (before.type() != operand.type()) refuse_type();
  if (is_set(before.type())) return set_union(before, operand);
  if (before.type() == Type::list) return concatenation(before, operand);
  return sum(before, operand, false);
}

// ---- Evaluation: what each action changes, seen from the item before

struct Change {
  const Path* target;
  std::optional<ValueView> after;  // Nothing: it goes.
};

class Evaluation {
 public:
  Evaluation(ItemView before, bool exists) : before_(before), exists_(exists) {}

  void run(const UpdateAction& action) {
    switch (action.op) {
      case UpdateOperator::set: {
        const auto value = evaluate(action.term[0]);
        place(action.target);
        return put(action.target, value);
      }
      case UpdateOperator::remove:
        if (removable(action.target) && place(action.target)) remove(action.target);
        return;
      case UpdateOperator::add:
        return add(action.target, evaluate(action.term[0]));
      case UpdateOperator::delete_members:
        if (removable(action.target)) delete_members(action.target, evaluate(action.term[0]));
        return;
    }
  }

  std::vector<Change>& changes() { return changes_; }

 private:
  // Nothing can be removed from an item that does not exist, and that is no error however the path reads.
  bool removable(const Path& target) const { return exists_ || !target.nested(); }

  void put(const Path& target, ValueView value) { changes_.push_back({&target, value}); }
  void remove(const Path& target) { changes_.push_back({&target, std::nullopt}); }

  // What stands at `target`. All but the last step must be there, and of the kind that the path says.
  std::optional<ValueView> place(const Path& target) const {
    ValueView container = before_;
    const auto& elements = target.elements;
    for (std::size_t i = 0;; ++i) {
      const auto& element = elements[i];
      if (container.type() != (element.is_index() ? Type::list : Type::map)) refuse_path();
      const auto found = element.is_index() ? container.element(static_cast<std::size_t>(element.index))
                                            : container.find(element.name);
      if (i + 1 == elements.size()) return found;
      if (!found) refuse_path();
      container = *found;
    }
  }

  void add(const Path& target, ValueView operand) {
    if (const auto before = place(target)) return put(target, keep(addition(*before, operand)));
    // ADD names an attribute, and does not grow the list its path goes through.
    if (!target.elements.back().is_index()) put(target, operand);
  }

  void delete_members(const Path& target, ValueView operand) {
    const auto before = place(target);
    if (!before) return;
    if (before->type() != operand.type()) refuse_type();
    if (auto rest = difference(*before, operand))
      put(target, keep(*std::move(rest)));
    else
      remove(target);
  }

  ValueView evaluate(const UpdateTerm& term) {
    if (const auto* value = std::get_if<Value>(&term.term)) return value->view();
    if (const auto* path = std::get_if<Path>(&term.term)) {
      const auto found = resolve(*path, before_);
      if (!found) refuse_missing();
      return *found;
    }
    return evaluate(std::get<UpdateCall>(term.term));
  }

  ValueView evaluate(const UpdateCall& call) {
    if (call.function == UpdateFunction::if_not_exists) {
      // DynamoDB Local fails on a fallback that is missing even when it is not needed.
      const auto fallback = evaluate(call.operands[1]);
      const auto* path = std::get_if<Path>(&call.operands[0].term);
      return (path ? resolve(*path, before_) : std::nullopt).value_or(fallback);
    }
    const auto left = evaluate(call.operands[0]);
    const auto right = evaluate(call.operands[1]);
    if (call.function == UpdateFunction::list_append) return keep(concatenation(left, right));
    return keep(sum(left, right, call.function == UpdateFunction::minus));
  }

  ValueView keep(std::string bytes) { return ValueView(computed_.emplace_front(std::move(bytes))); }

  ItemView before_;
  bool exists_;
  std::vector<Change> changes_;
  std::forward_list<std::string> computed_;  // What changes_ refers to and is neither in the item nor in the update.
};

// ---- The item after: the item before, copied with the changes put in on the way

class Rewriting {
 public:
  using Changes = std::span<const Change>;  // Ascending; those of one container share the path to it.

  explicit Rewriting(std::string& out) : out_(out) {}

  void append(ValueView container, Changes changes, std::size_t depth) {
    if (container.type() == Type::map)
      append_map(container, changes, depth);
    else if (container.type() == Type::list)
      append_list(container, changes, depth);
    else
      out_ += container.bytes();
  }

 private:
  static const PathElement& element(Changes changes, std::size_t depth) { return changes[0].target->elements[depth]; }

  // Takes off `changes` those at its front that share the element at `depth`.
  static Changes take_group(Changes& changes, std::size_t depth) {
    std::size_t size = 1;
    while (size < changes.size() && changes[size].target->elements[depth] == element(changes, depth)) ++size;
    const auto group = changes.first(size);
    changes = changes.subspan(size);
    return group;
  }

  static bool is_leaf(Changes group, std::size_t depth) { return group[0].target->elements.size() == depth + 1; }

  // Members that do not change are copied in runs.
  void append_map(ValueView map, Changes changes, std::size_t depth) {
    encoding::Container container(out_, Type::map);
    const char* at = map.bytes().data() + 1 + sizeof(std::uint32_t);
    std::size_t left = encoding::read_varint(at);
    std::size_t count = left;
    const char* run = at;
    while (!changes.empty()) {
      const auto group = take_group(changes, depth);
      const auto& name = element(group, depth).name;
      const char* field = at;
      bool exists = false;
      for (; left > 0; --left) {  // To the first member that does not come before `name`.
        field = at;
        const auto candidate = encoding::read_text(at);
        const int order = candidate.compare(name);
        exists = order == 0;
        if (order >= 0) break;
        at = encoding::end_of_value(at);
        field = at;
      }
      out_.append(run, field);
      run = field;
      if (exists) {
        const auto value = ValueView::at(at);
        at = run = at + value.bytes().size();
        --left;
        --count;
        count += append_field(name, value, group, depth);
      } else {
        at = field;
        count += append_field(name, std::nullopt, group, depth);
      }
    }
    out_.append(run, map.bytes().data() + map.bytes().size());
    container.close(count);
  }

  std::size_t append_field(std::string_view name, std::optional<ValueView> before, Changes group, std::size_t depth) {
    if (is_leaf(group, depth) ? !group.front().after : !before) return 0;
    encoding::append_varint(out_, name.size());
    out_ += name;
    append_member(before, group, depth);
    return 1;
  }

  void append_list(ValueView list, Changes changes, std::size_t depth) {
    encoding::Container container(out_, Type::list);
    std::size_t count = 0;
    std::int64_t index = 0;
    for (const auto value : list.elements()) {
      if (changes.empty() || element(changes, depth).index != index++) {
        out_ += value.bytes();
        ++count;
      } else {
        count += append_element(value, take_group(changes, depth), depth);
      }
    }
    while (!changes.empty()) count += append_element(std::nullopt, take_group(changes, depth), depth);
    container.close(count);
  }

  std::size_t append_element(std::optional<ValueView> before, Changes group, std::size_t depth) {
    if (is_leaf(group, depth) ? !group.front().after : !before) return 0;
    append_member(before, group, depth);
    return 1;
  }

  void append_member(std::optional<ValueView> before, Changes group, std::size_t depth) {
    if (is_leaf(group, depth))
      out_ += group.front().after->bytes();
    else
      append(*before, group, depth + 1);
  }

  std::string& out_;
};

void append_paths(const UpdateTerm& term, std::vector<Path>& paths) {
  if (const auto* path = std::get_if<Path>(&term.term)) paths.push_back(*path);
  if (const auto* call = std::get_if<UpdateCall>(&term.term)) {
    for (const auto& operand : call->operands) append_paths(operand, paths);
  }
}

}  // namespace

Update Update::parse(std::string_view text, Placeholders& placeholders) {
  return Update(std::make_shared<const UpdateNode>(bind_update(parse_update(text), placeholders)));
}

Update::Update(std::shared_ptr<const UpdateNode> root) : root_(std::move(root)) {}

Item Update::apply(ItemView before, bool exists) const {
  Evaluation evaluation(before, exists);
  try {
    for (const auto& action : root_->actions) evaluation.run(action);
  } catch (const WrongType&) {
    throw validation_error(root_->legacy ? "Type mismatch for attribute to update"
                                         : "An operand in the update expression has an incorrect data type");
  }
  auto& changes = evaluation.changes();
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return compare(*a.target, *b.target) < 0; });
  std::string bytes;
  bytes.reserve(before.bytes().size() + 64);
  Rewriting(bytes).append(before, changes, 0);
  return Item(std::move(bytes));
}

bool Update::only_removes() const {
  return std::all_of(root_->actions.begin(), root_->actions.end(), [](const UpdateAction& action) {
    return action.op == UpdateOperator::remove || action.op == UpdateOperator::delete_members;
  });
}

std::vector<Path> Update::targets() const {
  std::vector<Path> targets;
  targets.reserve(root_->actions.size());
  for (const auto& action : root_->actions) targets.push_back(action.target);
  return targets;
}

std::vector<Path> Update::paths() const {
  auto paths = targets();
  for (const auto& action : root_->actions) {
    for (const auto& term : action.term) append_paths(term, paths);
  }
  return paths;
}

Item Update::touched(ItemView item) const {
  const auto paths = targets();
  return extract(item, paths, ascending(paths));
}

}  // namespace shoal
