"""Whether a history of transactions is one that a single clerk, doing one after the other, could have left.

Every item is a list, and every write appends its transaction's id to the lists of its items: so the last state of an item
tells the order in which it was written, and the length of a list that was read tells after whom.

    history = History()
    history.add("t1", began=1.0, ended=2.0, reads={"x": 0}, writes=["x"])
    history.add("t2", began=3.0, ended=4.0, reads={"x": 1}, writes=["x", "y"])
    history.check({"x": ["t1", "t2"], "y": ["t2"]})

check() raises NotSerializable unless there is an order of all transactions in which each read what it read, that agrees with
the order of the writes and with time: what had ended before another began comes first (strict serializability).

The graph: who wrote a version comes before who read or replaced it; who read a version comes before who replaced it; a chain of
the moments carries the order of time. A cycle in it is a contradiction.
"""

import bisect
import dataclasses


class NotSerializable(AssertionError):
    pass


@dataclasses.dataclass
class Transaction:
    name: str
    began: float
    ended: float
    reads: dict  # item -> length of its list
    writes: list


class History:
    def __init__(self):
        self.transactions = {}

    def add(self, name, began, ended, reads=(), writes=()):
        assert name not in self.transactions and began <= ended
        self.transactions[name] = Transaction(name, began, ended, dict(reads), list(writes))

    def check(self, final):
        self._check_writes(final)
        cycle = find_cycle(self._edges(final))
        if cycle:
            raise NotSerializable("no order agrees with " + " -> ".join(
                str(self.transactions.get(node, node)) for node in cycle))

    def _check_writes(self, final):
        """Each write is there once, and nobody else's."""
        written = {(item, name) for name, t in self.transactions.items() for item in t.writes}
        found = [(item, name) for item, names in final.items() for name in names]
        if len(found) != len(set(found)):
            raise NotSerializable(f"written twice: {sorted({f for f in found if found.count(f) > 1})}")
        if set(found) != written:
            raise NotSerializable(f"lost: {sorted(written - set(found))}, from nowhere: {sorted(set(found) - written)}")

    def _edges(self, final):
        edges = {name: set() for name in self.transactions}

        def add(before, after):
            if before != after:
                edges[before].add(after)

        for names in final.values():
            for before, after in zip(names, names[1:]):
                add(before, after)
        for t in self.transactions.values():
            for item, length in t.reads.items():
                names = final[item]
                if length > len(names):
                    raise NotSerializable(f"{t} read what was never written")
                if length > 0:
                    add(names[length - 1], t.name)
                if length < len(names):
                    add(t.name, names[length])
        self._add_time(edges)
        return edges

    def _add_time(self, edges):
        """Moments of an end point to the later ones, and each to the transactions that began between it and the next."""
        ends = sorted({t.ended for t in self.transactions.values()})
        for moment, later in zip(ends, ends[1:]):
            edges.setdefault(moment, set()).add(later)
        for t in self.transactions.values():
            edges[t.name].add(t.ended)
            edges.setdefault(t.ended, set())
            position = bisect.bisect_left(ends, t.began)  # Those before it had ended when it began.
            if position > 0:
                edges.setdefault(ends[position - 1], set()).add(t.name)


def find_cycle(edges):
    """Nodes of a cycle of the graph {node: its successors}, the first one again at the end, or nothing."""
    done, path, position = set(), [], {}
    for root in edges:
        if root in done:
            continue
        stack = [(root, iter(edges[root]))]
        path.append(root)
        position[root] = 0
        while stack:
            node, successors = stack[-1]
            following = next((s for s in successors if s not in done), None)
            if following is None:
                stack.pop()
                done.add(path.pop())
                del position[node]
            elif following in position:
                return path[position[following]:] + [following]
            else:
                position[following] = len(path)
                path.append(following)
                stack.append((following, iter(edges[following])))
    return None
