"""Random PartiQL statements: of the same tables, values and mistakes as the other requests."""

import json


class Statements:
    def __init__(self, requests):
        self.requests, self.random, self.seldom = requests, requests.random, requests.seldom

    # ---- parts of a statement; `parameters` takes the values of its question marks

    def literal(self, value, parameters):
        """As text where there is text for it and chance will have it so, else as a parameter."""
        text = self.text(value) if self.random.random() < 0.6 else None
        if text is None:
            parameters.append(value)
            return "?"
        return text

    def text(self, value):
        if not isinstance(value, dict) or len(value) != 1:
            return None
        (kind, member), = value.items()
        if kind == "S":
            return "'" + member.replace("'", "''") + "'"
        if kind == "N":
            return member if member.strip("+-0123456789.eE") == "" and member[-1:].isdigit() and not member.startswith("+") else None
        if kind in ("BOOL", "NULL"):
            return str(member).lower() if kind == "BOOL" else "NULL"
        if kind in ("SS", "NS"):
            members = [self.text({kind[0]: each}) for each in member]
            return None if not members or None in members else f"<<{', '.join(members)}>>"
        if kind == "L":
            members = [self.text(each) for each in member]
            return None if None in members else f"[{', '.join(members)}]"
        if kind == "M":
            members = {name: self.text(each) for name, each in member.items()}
            return None if None in members.values() else "{" + ", ".join(f"'{name}': {each}" for name, each in members.items()) + "}"
        return None

    def table(self, table):
        return f'"{table["name"]}"' if not self.seldom(0.02) else self.random.choice(["Nowhere", '"no such table"', table["name"], '""'])

    def path(self):
        r = self.random
        name = r.choice(["a", "b", "c", "m", "l", "g", "n", "ss", "ns"] + (["p", "s"] if self.seldom(0.1) else []))
        name = f'"{name}"' if r.random() < 0.3 else name
        return name + (r.choice([".a", ".b", "[0]", "[1]", '."x.y"', ".a[0]"]) if r.random() < 0.15 else "")

    def value(self, parameters):
        return self.literal(self.requests.value() if not self.seldom(0.02) else self.requests.wrong_value(), parameters)

    def operand(self, parameters):
        roll = self.random.random()
        if roll < 0.5:
            return self.path()
        return self.value(parameters) if roll < 0.95 else f"size({self.path()})"

    def condition(self, parameters, depth=0):
        r = self.random
        roll = r.random()
        if depth < 2 and roll < 0.15:
            left = self.condition(parameters, depth + 1)
            return f"{left} {r.choice(['AND', 'OR', 'and'])} {self.condition(parameters, depth + 1)}"
        if depth < 2 and roll < 0.2:
            return f"NOT {self.condition(parameters, depth + 1)}"
        if depth < 2 and roll < 0.25:
            return f"({self.condition(parameters, depth + 1)})"
        kind = r.choice(["compare"] * 5 + ["exists", "type", "begins", "contains", "between", "in", "is"])
        if self.seldom(0.03):
            return r.choice([f"{self.path()} LIKE 'x'", f"nosuch({self.path()})", f"begins_with({self.path()})", "TRUE", f"{self.path()}", "1 = 1",
                             f"attribute_exists({self.value(parameters)})"])
        if kind == "compare":
            left = self.operand(parameters)
            return f"{left} {r.choice(['=', '<>', '!=', '<', '<=', '>', '>='])} {self.operand(parameters)}"
        if kind == "exists":
            return f"{r.choice(['attribute_exists', 'attribute_not_exists', 'ATTRIBUTE_EXISTS'])}({self.path()})"
        if kind == "type":
            return f"attribute_type({self.path()}, {self.literal({'S': r.choice(['S', 'N', 'L', 'X'])}, parameters)})"
        if kind == "begins":
            return f"begins_with({self.path()}, {self.literal(r.choice([{'S': 'x'}, {'S': ''}, {'N': '1'}]), parameters)})"
        if kind == "contains":
            return f"contains({self.path()}, {self.value(parameters)})"
        if kind == "is":
            return f"{self.path()} IS {r.choice(['', 'NOT '])}{r.choice(['NULL', 'MISSING', 'STRING', 'NUMBER'])}"
        if kind == "between":
            kind = r.choice("SSN")
            left, low = self.operand(parameters), self.literal(self.requests.scalar(kind), parameters)
            return f"{left} BETWEEN {low} AND {self.literal(self.requests.scalar(kind), parameters)}"
        left, members = self.operand(parameters), [self.value(parameters) for _ in range(r.randint(1, 3))]
        opened, closed = r.choice(["[]", "()"])
        return f"{left} IN {opened}{', '.join(members)}{closed}"

    def key_terms(self, table, parameters, fields=None):
        key = self.requests.key(table, fields) if self.seldom(0.3) else {n: self.requests.scalar(k) for n, k in fields or table["key"]}
        return [f"{name} = {self.literal(value, parameters)}" for name, value in key.items()]

    def where(self, table, parameters):
        """Of the whole key, and seldom of something else."""
        if self.seldom(0.03):
            return r"" if self.seldom(0.5) else f" WHERE {self.condition(parameters)}"
        terms = self.key_terms(table, parameters)
        if self.random.random() < 0.25:
            terms.append(self.condition(parameters, 2))
        return " WHERE " + " AND ".join(terms)

    def spoil(self, statement):
        if not self.seldom(0.03):
            return statement
        return self.random.choice([self.requests.spoil(statement) for _ in range(5)] + [statement + ";", statement + " LIMIT 1", statement + " -- so", statement + " x"])

    # ---- statements

    def select(self, table, parameters, whole_key=False):
        r = self.random
        index = r.choice(table["indexes"]) if table["indexes"] and not whole_key and r.random() < 0.3 else None
        what = "*" if r.random() < 0.6 else ", ".join(self.path() for _ in range(r.randint(1, 3)))
        statement = f"SELECT {what} FROM {self.table(table)}" + (f'."{index[0]}"' if index else "")
        key = index[2] if index else table["key"]
        roll = r.random()
        if whole_key:
            return statement + self.where(table, parameters)
        if roll < 0.15:
            return statement
        if roll < 0.3:
            return f"{statement} WHERE {self.condition(parameters)}"
        terms = self.key_terms(table, parameters, key[:r.choice([1, len(key)])])
        if roll < 0.4:
            name, kind = key[0]
            parameters.clear()
            terms = [f"{name} IN [{', '.join(self.literal(self.requests.scalar(kind), parameters) for _ in range(r.randint(1, 3)))}]"]
        if len(terms) == 1 and len(key) == 2 and r.random() < 0.4:
            terms.append(f"{key[1][0]} {r.choice(['<', '<=', '>', '>='])} {self.literal(self.requests.scalar(key[1][1]), parameters)}")
        if r.random() < 0.2:
            terms.append(self.condition(parameters, 2))
        statement += " WHERE " + " AND ".join(terms)
        if r.random() < 0.15:
            statement += f" ORDER BY {r.choice([each[0] for each in key] + ['a'])}{r.choice(['', ' ASC', ' DESC'])}"
        return statement

    def insert(self, table, parameters):
        item = self.requests.item(table)
        members = ", ".join(f"'{name}': {self.literal(value, parameters)}" for name, value in item.items())
        return f"INSERT INTO {self.table(table)} VALUE {{{members}}}" if not self.seldom(0.05) else f"INSERT INTO {self.table(table)} VALUE {self.literal({'M': item}, parameters)}"

    def set_value(self, target, parameters):
        r = self.random
        return r.choice([
            lambda: self.value(parameters), lambda: self.value(parameters), lambda: self.path(),
            lambda: f"{self.path()} {r.choice('+-')} {self.literal({'N': str(r.randrange(9))}, parameters)}",
            lambda: f"if_not_exists({self.path()}, {self.value(parameters)})",
            lambda: f"list_append({self.path()}, {self.literal({'L': [{'S': 'z'}]}, parameters)})",
            lambda: f"set_add({target}, {self.literal({'SS': ['q']}, parameters)})",
            lambda: f"set_delete({target}, {self.literal({'SS': ['x']}, parameters)})"])()

    def update(self, table, parameters):
        r = self.random
        clauses = []
        for _ in range(r.randint(1, 2)):
            target = self.path()
            clauses.append(f"SET {target} = {self.set_value(target, parameters)}" if r.random() < 0.75 else f"REMOVE {target}")
        returning = f" RETURNING {r.choice(['ALL', 'MODIFIED'])} {r.choice(['OLD', 'NEW'])} *" if r.random() < 0.4 else ""
        return f"UPDATE {self.table(table)} {' '.join(clauses)}{self.where(table, parameters)}{returning}"

    def delete(self, table, parameters):
        returning = (" RETURNING ALL OLD *" if not self.seldom(0.1) else " RETURNING ALL NEW *") if self.random.random() < 0.4 else ""
        return f"DELETE FROM {self.table(table)}{self.where(table, parameters)}{returning}"

    def exists(self, table, parameters):
        return f"EXISTS(SELECT * FROM {self.table(table)}{self.where(table, parameters)})"

    # ---- requests

    def statement(self, make, *more):
        parameters = []
        statement = self.spoil(make(self.requests.pick(), parameters, *more))
        body = {"Statement": statement}
        if self.seldom(0.02):
            parameters = self.random.choice([[], parameters[:-1], [*parameters, {"S": "x"}]])
        if parameters or self.seldom(0.01):
            body["Parameters"] = parameters
        return body

    def execute_statement(self):
        r = self.random
        body = self.statement(r.choice([self.select] * 5 + [self.insert] * 3 + [self.update] * 3 + [self.delete]))
        if self.seldom(0.1):
            body["ConsistentRead"] = r.random() < 0.7
        if self.seldom(0.02):
            body["Limit"] = r.choice([0, 100])
        if self.seldom(0.1):
            body["ReturnValuesOnConditionCheckFailure"] = r.choice(["ALL_OLD", "NONE"])
        self.requests.options(body)
        return "ExecuteStatement", body

    def batch_execute_statement(self):
        r = self.random
        reads = r.random() < 0.5
        makes = [lambda: self.statement(self.select, True)] if reads else [lambda make=make: self.statement(make) for make in (self.insert, self.update, self.delete)]
        if self.seldom(0.05):
            makes.append(lambda: self.statement(self.select))
        body = {"Statements": [r.choice(makes)() for _ in range(r.randint(1, 4) if not self.seldom(0.02) else r.choice([0, 26]))]}
        self.requests.options(body)
        return "BatchExecuteStatement", body

    def execute_transaction(self):
        r = self.random
        reads = r.random() < 0.4
        makes = ([lambda: self.statement(self.select, True)] if reads else
                 [lambda make=make: self.statement(make) for make in (self.insert, self.update, self.delete, self.exists)])
        if self.seldom(0.05):
            makes.append(lambda: self.statement(self.select))
        body = {"TransactStatements": [r.choice(makes)() for _ in range(r.randint(1, 3))]}
        self.requests.options(body)
        return "ExecuteTransaction", body

    def next(self):
        return self.random.choice([self.execute_statement] * 5 + [self.batch_execute_statement, self.execute_transaction])()
