#include "protocol/expression/paths.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>

#include "protocol/expression/refusal.h"

namespace shoal {
namespace {

int compare(const PathElement& a, const PathElement& b) {
  if (a.index != b.index) {
    if (a.is_index() != b.is_index()) return a.is_index() ? -1 : 1;
    return a.index < b.index ? -1 : 1;
  }
  return a.name.compare(b.name);
}

enum class Relation { disjoint, overlap, conflict };

Relation relation(const Path& a, const Path& b) {
  const auto shared = std::min(a.elements.size(), b.elements.size());
  for (std::size_t i = 0; i < shared; ++i) {
    const auto& one = a.elements[i];
    const auto& two = b.elements[i];
    if (one == two) continue;
    return one.is_index() == two.is_index() ? Relation::disjoint : Relation::conflict;
  }
  return Relation::overlap;
}

void check_pairs(const std::vector<const Path*>& paths, Relation refused, std::string_view what,
                 std::string_view kind) {
  for (std::size_t two = 1; two < paths.size(); ++two) {
    for (std::size_t one = 0; one < two; ++one) {
      if (relation(*paths[one], *paths[two]) != refused) continue;
      auto message = "Two document paths " + std::string(what) +
                     " with each other; must remove or rewrite one of these paths; path one: " + paths[one]->text() +
                     ", path two: " + paths[two]->text();
      if (kind.empty()) throw request_error(std::move(message));
      refuse(kind, message);
    }
  }
}

// In ascending order paths that overlap or conflict have such a pair among their neighbours.
bool are_disjoint(std::vector<const Path*> paths) {
  std::sort(paths.begin(), paths.end(), [](const Path* a, const Path* b) { return shoal::compare(*a, *b) < 0; });
  for (std::size_t i = 1; i < paths.size(); ++i) {
    if (relation(*paths[i - 1], *paths[i]) != Relation::disjoint) return false;
  }
  return true;
}

// Paths that share their first `depth` elements, walked beside the members of the container these lead to: both
// ascend, so each is passed once.
class Extraction {
 public:
  using Order = std::span<const std::uint16_t>;

  Extraction(const std::vector<Path>& paths, std::string& out) : paths_(paths), out_(out) {}

  // How many members it found; when it is none, nothing is left behind.
  std::size_t append(ValueView container, Order order, std::size_t depth) {
    const auto start = out_.size();
    const auto count = container.type() == Type::map    ? append_fields(container, order, depth)
                       : container.type() == Type::list ? append_elements(container, order, depth)
                                                        : 0;
    if (count == 0) out_.resize(start);
    return count;
  }

 private:
  const PathElement& element(Order order, std::size_t depth) const { return paths_[order[0]].elements[depth]; }

  // The paths of `order`, from its first, that share the element at `depth` with it.
  Order group(Order order, std::size_t depth) const {
    std::size_t size = 1;
    while (size < order.size() && paths_[order[size]].elements[depth] == element(order, depth)) ++size;
    return order.first(size);
  }

  std::size_t append_fields(ValueView map, Order order, std::size_t depth) {
    encoding::Container container(out_, Type::map);
    std::size_t count = 0;
    const auto fields = map.fields();
    auto field = fields.begin();
    while (!order.empty()) {
      const auto shared = group(order, depth);
      order = order.subspan(shared.size());
      const auto& wanted = element(shared, depth);
      if (wanted.is_index()) continue;
      while (!(field == fields.end()) && (*field).name < wanted.name) ++field;
      if (field == fields.end()) break;
      if ((*field).name != wanted.name) continue;
      const auto start = out_.size();
      encoding::append_varint(out_, wanted.name.size());
      out_ += wanted.name;
      if (append_member((*field).value, shared, depth + 1))
        ++count;
      else
        out_.resize(start);
    }
    container.close(count);
    return count;
  }

  std::size_t append_elements(ValueView list, Order order, std::size_t depth) {
    encoding::Container container(out_, Type::list);
    std::size_t count = 0;
    const auto elements = list.elements();
    auto at = elements.begin();
    std::int64_t position = 0;
    while (!order.empty()) {
      const auto shared = group(order, depth);
      order = order.subspan(shared.size());
      const auto& wanted = element(shared, depth);
      if (!wanted.is_index()) continue;
      for (; position < wanted.index && !(at == elements.end()); ++position) ++at;
      if (at == elements.end()) break;
      if (append_member(*at, shared, depth + 1)) ++count;
    }
    container.close(count);
    return count;
  }

  bool append_member(ValueView member, Order shared, std::size_t depth) {
    if (paths_[shared[0]].elements.size() > depth) return append(member, shared, depth) > 0;
    out_ += member.bytes();
    return true;
  }

  const std::vector<Path>& paths_;
  std::string& out_;
};

}  // namespace

int compare(const Path& a, const Path& b) {
  const auto shared = std::min(a.elements.size(), b.elements.size());
  for (std::size_t i = 0; i < shared; ++i) {
    if (const int order = compare(a.elements[i], b.elements[i]); order != 0) return order;
  }
  return a.elements.size() < b.elements.size() ? -1 : a.elements.size() > b.elements.size() ? 1 : 0;
}

void check_disjoint(const std::vector<const Path*>& paths, std::string_view kind) {
  constexpr std::size_t kFew = 8;  // Comparing each with each is quicker than sorting them.
  if (paths.size() > kFew && are_disjoint(paths)) return;
  check_pairs(paths, Relation::overlap, "overlap", kind);
  check_pairs(paths, Relation::conflict, "conflict", kind);
}

std::vector<std::uint16_t> ascending(const std::vector<Path>& paths) {
  std::vector<std::uint16_t> order(paths.size());
  std::iota(order.begin(), order.end(), std::uint16_t{0});
  if (order.size() > 1) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint16_t a, std::uint16_t b) { return compare(paths[a], paths[b]) < 0; });
  }
  return order;
}

Item extract(ItemView item, const std::vector<Path>& paths, const std::vector<std::uint16_t>& order) {
  std::string bytes;
  if (Extraction(paths, bytes).append(item, order, 0) == 0) encoding::Container(bytes, Type::map).close(0);
  return Item(std::move(bytes));
}

}  // namespace shoal
