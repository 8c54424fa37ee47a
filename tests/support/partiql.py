"""What the tests of PartiQL say over and over."""

from support.expect import item

import re


def statements_on_items(shoal, count):
    """Statements on a table of its own, with an index and items a 0 to a (count - 1)."""
    statements = Statements(shoal, shoal.create_table("p:S c:N", gsi={"gsi": "g:S"}))
    for c in range(count):
        shoal.put(statements.table, item(p="a", c=c, x=c))
    return statements


class Statements:
    """Runs statements in which T stands for the table: run("SELECT * FROM T WHERE p = ?", S("a"))."""

    def __init__(self, shoal, table):
        self.shoal, self.table = shoal, table

    def text(self, statement):
        return re.sub(r"\b(FROM|INTO|UPDATE) T\b", rf'\1 "{self.table}"', statement, flags=re.I)

    def request(self, statement, *parameters, **more):
        return {"Statement": self.text(statement), **({"Parameters": list(parameters)} if parameters else {}), **more}

    def call(self, statement, *parameters, **more):
        return self.shoal.call("ExecuteStatement", self.request(statement, *parameters, **more))

    def __call__(self, statement, *parameters, **more):
        """The answer, which is a success."""
        reply = self.call(statement, *parameters, **more)
        assert reply.status == 200, f"{statement}: {reply.body.decode(errors='replace')}"
        return reply.json

    def items(self, statement, *parameters, **more):
        return self(statement, *parameters, **more)["Items"]

    def pages(self, statement, *parameters, **more):
        """The items of every page."""
        pages, token = [], {}
        while True:
            answer = self(statement, *parameters, **more, **token)
            pages.append(answer["Items"])
            assert ("NextToken" in answer) == ("LastEvaluatedKey" in answer)
            if "NextToken" not in answer:
                return pages
            assert len(pages) < 1000
            token = {"NextToken": answer["NextToken"]}

    def _requests(self, statements):
        return [dict(s, Statement=self.text(s["Statement"])) if isinstance(s, dict) else {"Statement": self.text(s)}
                for s in statements]

    def batch(self, *statements, **more):
        return self.shoal.call("BatchExecuteStatement", {"Statements": self._requests(statements), **more})

    def transact(self, *statements, **more):
        return self.shoal.call("ExecuteTransaction", {"TransactStatements": self._requests(statements), **more})
