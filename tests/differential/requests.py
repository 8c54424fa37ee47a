"""Random tables and requests, weighted towards edges: everything from one random.Random, so a seed tells them all.

Operations that begin with "@" are not DynamoDB's: run.py makes several requests of one ("@Scan" reads page after page).
"""

from differential.statements import Statements

NAMES = ["a", "b", "c", "m", "l", "g", "h", "n", "ss", "ns"]
RESERVED = ["name", "status", "size", "count"]
VIEWS = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]
INDEX_ATTRIBUTES = {"g": "S", "n": "N", "h": "B"}


class Tables:
    """What the tables of a case look like; requests are made for them."""

    def __init__(self, random):
        self.tables = [self.table(random, f"Table{i}") for i in range(2)]

    @staticmethod
    def table(random, name):
        key = [("p", random.choice("SSNB"))]
        if random.random() < 0.6:
            key.append(("s", random.choice("SNB")))
        attributes, indexes = dict(key), []
        for i in range(random.choice([0, 1, 2, 3])):
            names = random.sample([*INDEX_ATTRIBUTES, *dict(key)], random.choice([1, 2]))
            if len(names) == len(key) and names == [name for name, _ in key]:
                names.reverse()
            indexes.append((f"Global{i}", True, [(n, {**INDEX_ATTRIBUTES, **dict(key)}[n]) for n in names]))
        for i in range(random.choice([0, 0, 1, 2, 3]) if len(key) == 2 else 0):
            indexes.append((f"Local{i}", False, [key[0], (n := random.choice([*INDEX_ATTRIBUTES]), INDEX_ATTRIBUTES[n])]))
        for _, _, index_key in indexes:
            attributes.update(index_key)
        stream = random.choice([None, None, *VIEWS])
        return {"name": name, "key": key, "attributes": attributes, "stream": stream,
                "indexes": [(n, g, k, Tables.projection(random)) for n, g, k in indexes]}

    @staticmethod
    def projection(random):
        kind = random.choice(["ALL", "KEYS_ONLY", "INCLUDE"])
        return {"ProjectionType": kind, **({"NonKeyAttributes": random.sample(["a", "m", "ss", "w"], 2)} if kind == "INCLUDE" else {})}

    @staticmethod
    def schema(key):
        return [{"AttributeName": name, "KeyType": kind} for (name, _), kind in zip(key, ("HASH", "RANGE"))]

    @staticmethod
    def creation(table):
        body = {"TableName": table["name"], "BillingMode": "PAY_PER_REQUEST", "KeySchema": Tables.schema(table["key"]),
                "AttributeDefinitions": [{"AttributeName": n, "AttributeType": t} for n, t in table["attributes"].items()]}
        for is_global, member in ((True, "GlobalSecondaryIndexes"), (False, "LocalSecondaryIndexes")):
            indexes = [{"IndexName": n, "KeySchema": Tables.schema(k), "Projection": p}
                       for n, g, k, p in table["indexes"] if g == is_global]
            if indexes:
                body[member] = indexes
        if table["stream"]:
            body["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": table["stream"]}
        return body

    def creations(self):
        return [self.creation(table) for table in self.tables]


class Scope:
    """The names and values that the expressions of one request need."""

    def __init__(self):
        self.names, self.values = {}, {}

    def into(self, body):
        if self.names:
            body["ExpressionAttributeNames"] = self.names
        if self.values:
            body["ExpressionAttributeValues"] = self.values


class Requests:
    def __init__(self, random, tables):
        self.random, self.tables = random, tables
        self.statements = Statements(self)

    def seldom(self, probability):
        return self.random.random() < probability

    # ---- values

    def text(self):
        return self.random.choice(["", "x", "y", "xy", "é", "a b", "😀", "\u0000", "x" * 40])

    def number(self):
        r = self.random
        return r.choice(["0", "-0", "1", "2", "-1", "3.50", "1e2", "-0.001", "10", "9" * 38, "-" + "9" * 38, "1E125", "-1E-130", "1e-130",
                         "9.9999999999999999999999999999999999999E+125", "0.00000000000000000000000000000000000001", "1" + "0" * 60,
                         ".5", "5.", "+7", "00042.1200", "0e125", str(r.randrange(20)), str(r.randrange(-10**6, 10**6) / 1000)])

    def binary(self):
        return self.random.choice(["", "AA==", "/w==", "eHk=", "AAECAwQF"])

    def value(self, depth=0):
        r = self.random
        kind = r.choice(["S", "S", "N", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"] if depth < 2 else ["S", "N", "BOOL"])
        return {kind: {
            "S": self.text, "N": self.number, "B": self.binary, "BOOL": lambda: r.random() < 0.5, "NULL": lambda: True,
            "SS": lambda: r.sample(["x", "y", "z", ""], r.randint(1, 3)), "NS": lambda: r.sample(["1", "2", "3.5", "-1"], r.randint(1, 3)),
            "BS": lambda: r.sample(["AA==", "/w==", "eHk="], r.randint(1, 2)),
            "L": lambda: [self.value(depth + 1) for _ in range(r.randint(0, 3))],
            "M": lambda: {n: self.value(depth + 1) for n in r.sample(["a", "b", "x.y"], r.randint(0, 2))}}[kind]()}

    def wrong_value(self):
        return self.random.choice([
            {}, {"S": "a", "N": "1"}, {"NULL": False}, {"SS": []}, {"NS": []}, {"BS": []}, {"SS": ["x", "x"]}, {"NS": ["1", "1.0"]},
            {"BS": ["AA==", "AA=="]}, {"N": "abc"}, {"N": ""}, {"N": "1" * 39}, {"N": "1E126"}, {"N": "1E-131"}, {"L": [{}]},
            {"M": {"a": {"N": "x"}}}, {"N": " 1"}, {"N": "0x1"}, {"N": "NaN"}, {"N": "Infinity"}, {"N": "1_0"}, {"N": "1e"}, {"NS": ["1", "b"]},
            {"M": {"": {"S": "x"}}}, self.nested(33), self.nested(32), self.nested(31)])

    @staticmethod
    def nested(levels):
        value = {"S": "x"}
        for level in range(levels):
            value = {"L": [value]} if level % 2 else {"M": {"a": value}}
        return value

    def scalar(self, kind):
        r = self.random
        if kind == "S":
            return {"S": r.choice(["k1", "k2", "k3", "kk", "é"])}
        if kind == "N":
            return {"N": r.choice(["1", "2", "3", "-5", "10", "2.5", "2.50"])}
        return {"B": r.choice(["AA==", "AAE=", "/w=="])}

    def key(self, table, fields=None):
        fields = fields or table["key"]
        key = {name: self.scalar(kind) for name, kind in fields}
        if not self.seldom(0.04):
            return key
        name, kind = self.random.choice(fields)
        mistake = self.random.choice(["missing", "extra", "type", "empty", "size", "wrong"])
        if mistake == "missing":
            key.pop(name)
        elif mistake == "extra":
            key["extra"] = {"S": "x"}
        elif mistake == "type":
            key[name] = self.value()
        elif mistake == "empty":
            key[name] = {"B": ""} if kind == "B" else {"S": ""}
        elif mistake == "size" and kind == "S":
            key[name] = {"S": "k" * self.random.choice([1024, 1025, 2048, 2049])}
        else:
            key[name] = self.wrong_value()
        return key

    def item(self, table):
        r = self.random
        item = self.key(table)
        for name in r.sample(NAMES, r.randint(0, 6)):
            if name in INDEX_ATTRIBUTES:
                item[name] = self.scalar(INDEX_ATTRIBUTES[name]) if r.random() < 0.95 else self.value()
            else:
                item[name] = self.value()
        if self.seldom(0.03):
            item["w"] = self.wrong_value()
        if self.seldom(0.02):
            item["w"] = {"S": "x" * r.choice([1000, 1010, 1020, 2040, 4000, 4090, 9000])}
        if self.seldom(0.004):
            item["w"] = {"S": "x" * r.choice([204_800, 300_000, 409_000, 409_600, 409_700])}
        if self.seldom(0.003):
            item["g"] = {"S": "x" * r.choice([1024, 1025, 2048, 2049])}
        return item

    # ---- expressions

    def path(self, scope):
        r = self.random
        name = r.choice(NAMES + ["p", "s"] if r.random() < 0.1 else NAMES)
        if self.seldom(0.02):
            name = r.choice(RESERVED)
        if r.random() < 0.3:
            placeholder = f"#n{len(scope.names)}"
            scope.names[placeholder] = name
            name = placeholder if not self.seldom(0.005) else "#missing"
        roll = r.random()
        if roll < 0.12:
            return name + r.choice([".a", ".b", "[0]", "[1]", "[5]"])
        if roll < 0.15:
            return name + r.choice(["[0].a", ".a[0]", "[0][1]", ".a.b.a"])
        return name

    def placeholder(self, scope, value=None):
        name = f":v{len(scope.values)}"
        if self.seldom(0.005):
            return ":missing"
        scope.values[name] = value or (self.value() if not self.seldom(0.015) else self.wrong_value())
        return name

    def operand(self, scope):
        roll = self.random.random()
        if roll < 0.45:
            return self.path(scope)
        if roll < 0.88:
            return self.placeholder(scope)
        if roll < 0.89:
            return f"({self.path(scope)})"
        return f"size({self.path(scope) if roll < 0.98 else self.placeholder(scope)})"

    def condition(self, scope, depth=0):
        r = self.random
        roll = r.random()
        if depth < 2 and roll < 0.2:
            return f"{self.condition(scope, depth + 1)} {r.choice(['AND', 'OR', 'and'])} {self.condition(scope, depth + 1)}"
        if depth < 2 and roll < 0.27:
            return f"NOT {self.condition(scope, depth + 1)}"
        if depth < 2 and roll < 0.32:
            return f"({self.condition(scope, depth + 1)})"
        kind = r.choice(["compare"] * 5 + ["exists", "not_exists", "type", "begins", "contains", "between", "in"])
        if self.seldom(0.02):
            return r.choice([
                lambda: f"size({self.path(scope)})", lambda: f"Size({self.path(scope)}) = {self.placeholder(scope)}",
                lambda: f"if_not_exists({self.path(scope)}, {self.placeholder(scope)})", lambda: f"attribute_exists({self.placeholder(scope)})",
                lambda: f"begins_with({self.path(scope)})", lambda: f"nosuch({self.path(scope)})", lambda: f"(({self.condition(scope, 2)}))",
                lambda: f"attribute_exists({self.path(scope)}) = {self.placeholder(scope)}", lambda: self.path(scope), lambda: "",
                lambda: f"contains({self.path(scope)}, {self.path(scope)}, {self.path(scope)})"])()
        if kind == "compare":
            return f"{self.operand(scope)} {r.choice(['=', '<>', '<', '<=', '>', '>='])} {self.operand(scope)}"
        if kind == "exists":
            return f"attribute_exists({self.path(scope)})"
        if kind == "not_exists":
            return f"attribute_not_exists({self.path(scope)})"
        if kind == "type":
            wanted = r.choice([{"S": r.choice(["S", "N", "L", "M", "NULL", "SS", "X"])}] * 10 + [{"N": "1"}])
            return f"attribute_type({self.path(scope)}, {self.placeholder(scope, wanted)})"
        if kind == "begins":
            return f"begins_with({self.path(scope)}, {self.placeholder(scope, r.choice([{'S': 'x'}, {'B': 'AA=='}, {'N': '1'}, {'S': ''}]))})"
        if kind == "contains":
            return f"contains({self.path(scope)}, {self.operand(scope)})"
        if kind == "between":
            values = [self.placeholder(scope, self.scalar(r.choice("SSN"))) for _ in range(2)]
            return f"{self.operand(scope)} BETWEEN {values[0]} AND {r.choice([values[1], values[1], self.path(scope)])}"
        return f"{self.operand(scope)} IN ({', '.join(self.operand(scope) for _ in range(r.randint(1, 3)))})"

    def set_value(self, scope):
        r = self.random
        return r.choice([
            lambda: self.placeholder(scope), lambda: self.path(scope),
            lambda: f"{self.path(scope)} {r.choice('+-')} {self.placeholder(scope, {'N': self.number()})}",
            lambda: f"if_not_exists({self.path(scope)}, {self.placeholder(scope)})",
            lambda: f"if_not_exists({self.path(scope)}, {self.placeholder(scope, {'N': '5'})}) + {self.placeholder(scope, {'N': '1'})}",
            lambda: f"list_append({self.path(scope)}, {self.placeholder(scope, {'L': [{'S': 'z'}]})})",
            lambda: f"list_append({self.placeholder(scope, {'L': [{'N': '1'}]})}, if_not_exists({self.path(scope)}, {self.placeholder(scope, {'L': []})}))",
            lambda: f"{self.placeholder(scope)} + {self.placeholder(scope)}"])()

    def update(self, scope):
        r = self.random
        sections = {}
        for _ in range(r.randint(1, 3)):
            kind = r.choice(["SET", "SET", "SET", "REMOVE", "ADD", "DELETE"])
            target = self.path(scope)
            if kind == "SET":
                action = f"{target} = {self.set_value(scope)}"
            elif kind == "REMOVE":
                action = target
            else:
                sets = [{"SS": ["x", "q"]}, {"NS": ["1", "7"]}, {"BS": ["AA=="]}]
                action = f"{target} {self.placeholder(scope, r.choice(sets + ([{'N': self.number()}] * 3 if kind == 'ADD' or self.seldom(0.05) else [])))}"
            sections.setdefault(kind, []).append(action)
        text = " ".join(f"{kind} {', '.join(actions)}" for kind, actions in sections.items())
        return text if not self.seldom(0.01) else f"{text} {text}"

    def spoil(self, text):
        """Now and then, a slip of the pen."""
        r = self.random
        if not self.seldom(0.02) or not text:
            return text
        at = r.randrange(len(text))
        return text[:at] + r.choice(["", "(", ")", " ", "=", "$", "AND", ",", "[", ".", "_", "-1", ":", "#"]) + text[at + 1:]

    def with_condition(self, scope, body):
        if self.random.random() < 0.3:
            body["ConditionExpression"] = self.spoil(self.condition(scope))
        if self.seldom(0.2):
            body["ReturnValuesOnConditionCheckFailure"] = self.random.choice(["ALL_OLD", "ALL_OLD", "NONE"])

    def spoil_placeholders(self, body):
        if not self.seldom(0.02):
            return
        r = self.random
        r.choice([
            lambda: body.setdefault("ExpressionAttributeValues", {}).update({":unused": {"S": "x"}}),
            lambda: body.setdefault("ExpressionAttributeNames", {}).update({"#unused": "x"}),
            lambda: body.setdefault("ExpressionAttributeValues", {}).update({r.choice(["v", ":", ":a-b", ":" + "x" * 256]): {"S": "x"}}),
            lambda: body.setdefault("ExpressionAttributeNames", {}).update({r.choice(["n", "#", "#a-b", "#" + "x" * 256]): "x"}),
            lambda: body.update(ExpressionAttributeValues={}), lambda: body.update(ExpressionAttributeNames={}),
            lambda: body.setdefault("ExpressionAttributeNames", {}).update({"#e": ""})])()

    def options(self, body):
        if self.random.random() < 0.3:
            body["ReturnConsumedCapacity"] = self.random.choice(["TOTAL", "INDEXES", "NONE"])

    def metrics(self, body):
        if self.seldom(0.1):
            body["ReturnItemCollectionMetrics"] = self.random.choice(["SIZE", "NONE"])

    def projection_into(self, scope, body):
        if self.random.random() < 0.25:
            body["ProjectionExpression"] = self.spoil(", ".join(self.path(scope) for _ in range(self.random.randint(1, 3))))

    # ---- one item

    def pick(self):
        return self.random.choice(self.tables.tables)

    def table_name(self, table):
        return table["name"] if not self.seldom(0.01) else self.random.choice(["Missing", "no such name", "", "x" * 256])

    def put_item(self):
        table, scope = self.pick(), Scope()
        body = {"TableName": self.table_name(table), "Item": self.item(table)}
        self.with_condition(scope, body)
        scope.into(body)
        self.spoil_placeholders(body)
        self.options(body)
        self.metrics(body)
        if self.random.random() < 0.3:
            body["ReturnValues"] = self.random.choice(["ALL_OLD", "NONE"] * 10 + ["ALL_NEW", "UPDATED_OLD"])
        return "PutItem", body

    def delete_item(self):
        table, scope = self.pick(), Scope()
        body = {"TableName": self.table_name(table), "Key": self.key(table)}
        self.with_condition(scope, body)
        scope.into(body)
        self.spoil_placeholders(body)
        self.options(body)
        self.metrics(body)
        if self.random.random() < 0.4:
            body["ReturnValues"] = self.random.choice(["ALL_OLD", "NONE"] * 10 + ["ALL_NEW"])
        return "DeleteItem", body

    def update_item(self):
        table, scope = self.pick(), Scope()
        body = {"TableName": self.table_name(table), "Key": self.key(table)}
        if not self.seldom(0.03):
            body["UpdateExpression"] = self.spoil(self.update(scope))
        self.with_condition(scope, body)
        scope.into(body)
        self.spoil_placeholders(body)
        self.options(body)
        self.metrics(body)
        if self.random.random() < 0.7:
            body["ReturnValues"] = self.random.choice(["ALL_OLD", "ALL_NEW", "NONE", "UPDATED_OLD", "UPDATED_NEW"])
        return "UpdateItem", body

    def get_item(self):
        table, scope = self.pick(), Scope()
        body = {"TableName": self.table_name(table), "Key": self.key(table)}
        self.projection_into(scope, body)
        scope.into(body)
        self.spoil_placeholders(body)
        self.options(body)
        if self.seldom(0.3):
            body["ConsistentRead"] = self.random.random() < 0.5
        if self.seldom(0.05):
            body["AttributesToGet"] = self.random.sample(NAMES, 2) if not self.seldom(0.1) else ["a", "a"]
        return "GetItem", body

    # ---- many items

    def index_into(self, table, body):
        if self.seldom(0.005):
            body["IndexName"] = self.random.choice(["NoSuchIndex", "x"])
        elif table["indexes"] and self.random.random() < 0.5:
            name, _, key, _ = self.random.choice(table["indexes"])
            body["IndexName"] = name
            return key
        return table["key"]

    def read_options(self, scope, body):
        r = self.random
        self.projection_into(scope, body)
        if r.random() < 0.3:
            body["FilterExpression"] = self.spoil(self.condition(scope))
        if r.random() < 0.1:
            body["Select"] = r.choice(["COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES"])
        if r.random() < 0.1:
            body["ConsistentRead"] = r.random() < 0.7
        self.options(body)

    def key_condition(self, scope, key):
        r = self.random
        terms = [f"{key[0][0]} = {self.placeholder(scope, self.scalar(key[0][1]))}"]
        if len(key) == 2 and r.random() < 0.6:
            name, kind = key[1]
            value = lambda: self.placeholder(scope, self.scalar(kind))
            terms.append(r.choice([
                lambda: f"{name} {r.choice(['=', '<', '<=', '>', '>='])} {value()}", lambda: f"{name} BETWEEN {value()} AND {value()}",
                lambda: f"begins_with({name}, {value()})", lambda: f"{value()} < {name}"])())
        if self.seldom(0.04):
            terms.append(r.choice([
                lambda: f"a = {self.placeholder(scope)}", lambda: f"{key[0][0]} = {self.placeholder(scope)}", lambda: f"attribute_exists({key[-1][0]})",
                lambda: f"{key[-1][0]} <> {self.placeholder(scope)}", lambda: f"size({key[-1][0]}) = {self.placeholder(scope)}",
                lambda: f"{key[-1][0]}.a = {self.placeholder(scope)}", lambda: f"a = {key[-1][0]}", lambda: f"NOT {key[-1][0]} = {self.placeholder(scope)}",
                lambda: f"{key[-1][0]} IN ({self.placeholder(scope)})", lambda: f"{self.placeholder(scope)} = {self.placeholder(scope)}"])())
        if self.seldom(0.01):
            terms.pop(0)
        r.shuffle(terms)
        return self.spoil((" AND " if not self.seldom(0.01) else " OR ").join(terms))

    def query(self):
        r = self.random
        table, scope = self.pick(), Scope()
        body = {"TableName": self.table_name(table)}
        key = self.index_into(table, body)
        if not self.seldom(0.005):
            body["KeyConditionExpression"] = self.key_condition(scope, key)
        self.read_options(scope, body)
        scope.into(body)
        self.spoil_placeholders(body)
        if r.random() < 0.4:
            body["ScanIndexForward"] = r.random() < 0.3
        if r.random() < 0.3:
            body["Limit"] = r.choice([1, 2, 3, 10])
            if "IndexName" in body or r.random() < 0.4:  # Which of them come first is nobody's promise.
                return "@Query", body
        elif self.seldom(0.01):
            body["Limit"] = r.choice([0, -1])
        if self.seldom(0.08):
            body["ExclusiveStartKey"] = self.start_key(table, key, body)
        return "Query", body

    def start_key(self, table, key, body):
        start = self.key(table, list(dict(table["key"] + key).items()))
        for value in body.get("ExpressionAttributeValues", {}).values():
            for name, kind in key[:1]:  # Inside the partition asked for, more often than not.
                if list(value) == [kind] and name in start and not self.seldom(0.1):
                    start[name] = value
        return start

    def scan(self):
        r = self.random
        table, scope = self.pick(), Scope()
        body = {"TableName": self.table_name(table)}
        key = self.index_into(table, body)
        self.read_options(scope, body)
        scope.into(body)
        self.spoil_placeholders(body)
        if self.seldom(0.01):
            body.update(r.choice([{"Segment": 0}, {"TotalSegments": 2}, {"Segment": 2, "TotalSegments": 2}, {"Segment": -1, "TotalSegments": 2},
                                  {"Segment": 0, "TotalSegments": 0}, {"Segment": 0, "TotalSegments": 1_000_001}, {"Limit": 0}]))
        elif r.random() < 0.3:
            if r.random() < 0.6:
                body["Limit"] = r.choice([1, 2, 3, 10])
            if r.random() < 0.5:
                body["TotalSegments"] = r.choice([1, 2, 3, 7])
            return "@Scan", body
        elif self.seldom(0.03):
            body["ExclusiveStartKey"] = self.key(table, list(dict(table["key"] + key).items()))
        return "Scan", body

    def batch_get_item(self):
        r = self.random
        requests = {}
        for table in r.sample(self.tables.tables, r.randint(1, 2)):
            scope = Scope()
            entry = {"Keys": [self.key(table) for _ in range(r.randint(1, 4) if not self.seldom(0.02) else r.choice([0, 100, 101]))]}
            self.projection_into(scope, entry)
            scope.into(entry)
            if self.seldom(0.1):
                entry["ConsistentRead"] = True
            if self.seldom(0.1) and "ProjectionExpression" not in entry:
                entry["AttributesToGet"] = r.sample(NAMES, 2)
            requests[self.table_name(table)] = entry
        body = {"RequestItems": requests if not self.seldom(0.005) else {}}
        self.options(body)
        return "BatchGetItem", body

    def batch_write_item(self):
        r = self.random
        requests = {}
        for table in r.sample(self.tables.tables, r.randint(1, 2)):
            requests[self.table_name(table)] = [
                {"PutRequest": {"Item": self.item(table)}} if r.random() < 0.7 else {"DeleteRequest": {"Key": self.key(table)}}
                for _ in range(r.randint(1, 4) if not self.seldom(0.02) else r.choice([0, 25, 26]))]
        if self.seldom(0.005):
            requests[self.pick()["name"]] = [r.choice([{}, {"PutRequest": {"Item": self.item(self.pick())}, "DeleteRequest": {"Key": {}}}])]
        body = {"RequestItems": requests if not self.seldom(0.005) else {}}
        self.options(body)
        self.metrics(body)
        return "BatchWriteItem", body

    def transact_write_items(self):
        r = self.random
        actions = []
        for _ in range(r.randint(1, 4) if not self.seldom(0.01) else r.choice([0, 100, 101])):
            table, scope = self.pick(), Scope()
            kind = r.choice(["Put", "Put", "Update", "Delete", "ConditionCheck"])
            action = {"TableName": self.table_name(table) if self.seldom(0.3) else table["name"]}
            if kind == "Put":
                action["Item"] = self.item(table)
            else:
                action["Key"] = self.key(table)
            if kind == "Update" and not self.seldom(0.01):
                action["UpdateExpression"] = self.spoil(self.update(scope))
            if kind == "ConditionCheck" and not self.seldom(0.01):
                action["ConditionExpression"] = self.condition(scope)
            else:
                self.with_condition(scope, action)
            scope.into(action)
            self.spoil_placeholders(action)
            actions.append({kind: action} if not self.seldom(0.003) else r.choice([{}, {kind: action, "Delete": action}]))
        body = {"TransactItems": actions}
        if self.seldom(0.15):
            body["ClientRequestToken"] = r.choice(["TOKEN1", "TOKEN2"])
            if r.random() < 0.5 and getattr(self, "tokened", None):
                body = dict(self.tokened)
            self.tokened = body
        self.options(body)
        self.metrics(body)
        return "TransactWriteItems", body

    def transact_get_items(self):
        gets = []
        for _ in range(self.random.randint(1, 4) if not self.seldom(0.01) else self.random.choice([0, 100, 101])):
            table, scope = self.pick(), Scope()
            get = {"TableName": table["name"], "Key": self.key(table)}
            self.projection_into(scope, get)
            if scope.names:
                get["ExpressionAttributeNames"] = scope.names
            gets.append({"Get": get})
        body = {"TransactItems": gets}
        self.options(body)
        return "TransactGetItems", body

    # ---- what came before expressions

    def legacy_condition(self):
        r = self.random
        kind = r.choice(["EQ", "NE", "LT", "LE", "GT", "GE", "NULL", "NOT_NULL", "CONTAINS", "NOT_CONTAINS", "BEGINS_WITH", "IN", "BETWEEN"])
        count = {"NULL": 0, "NOT_NULL": 0, "BETWEEN": 2, "IN": r.randint(1, 3)}.get(kind, 1)
        if self.seldom(0.03):
            count = r.randint(0, 3)
        scalar = r.choice("SNB")
        values = [self.scalar(scalar) for _ in range(count)]
        if kind == "BETWEEN" and not self.seldom(0.1):
            values.sort(key=lambda v: float(v["N"]) if "N" in v else next(iter(v.values())).encode())
        if values and self.seldom(0.1):
            values[-1] = self.value()
        return {"ComparisonOperator": kind, **({"AttributeValueList": values} if values else {})}

    def expectation(self):
        r = self.random
        if self.seldom(0.05):
            return r.choice([{}, {"Exists": True}, {"Exists": False, "Value": {"S": "x"}}, {"Value": {"S": "x"}, "AttributeValueList": [{"S": "x"}]},
                             {"Exists": True, "ComparisonOperator": "EQ"}, {"ComparisonOperator": "EQ"}, {"AttributeValueList": [{"S": "x"}]}])
        return r.choice([{"Exists": False}, {"Value": self.value()}, {"Value": self.value(), "Exists": True}, self.legacy_condition(),
                         {"Value": self.scalar("N"), "ComparisonOperator": r.choice(["EQ", "LT", "GE"])}])

    def expected_into(self, body, table):
        r = self.random
        if r.random() < 0.5:
            names = r.sample(["a", "b", "c", "n", table["key"][0][0]], r.randint(1, 2))
            body["Expected"] = {n: self.expectation() for n in names}
        if ("Expected" in body and len(body["Expected"]) == 2 and r.random() < 0.5) or self.seldom(0.01):
            body["ConditionalOperator"] = r.choice(["AND", "OR"])

    def legacy_write(self):
        r = self.random
        table = self.pick()
        body = {"TableName": table["name"]}
        self.expected_into(body, table)
        kind = r.choice(["PutItem", "DeleteItem", "UpdateItem", "UpdateItem", "UpdateItem"])
        if kind == "PutItem":
            body["Item"] = self.item(table)
        else:
            body["Key"] = self.key(table)
        body["ReturnValues"] = "ALL_OLD"
        if kind == "UpdateItem":
            body["AttributeUpdates"] = {name: self.attribute_update() for name in r.sample(
                ["a", "b", "c", "ss", "ns", "l", "n"] + (["p"] if self.seldom(0.05) else []), r.randint(1, 2))}
            body["ReturnValues"] = r.choice(["ALL_NEW", "ALL_OLD", "UPDATED_NEW", "UPDATED_OLD"])
        if self.seldom(0.02):
            body["ConditionExpression"] = "attribute_exists(a)"
        self.options(body)
        return kind, body

    def attribute_update(self):
        r = self.random
        action = r.choice(["PUT", "ADD", "DELETE"])
        value = {"PUT": self.value, "ADD": lambda: r.choice([{"N": "2"}, {"SS": ["q"]}, {"NS": ["7"]}, {"L": [{"S": "x"}]}]),
                 "DELETE": lambda: r.choice([None, {"SS": ["x"]}, {"NS": ["1"]}])}[action]()
        if self.seldom(0.05):
            value = r.choice([None, self.value(), self.wrong_value()])
        return {"Action": action, **({} if value is None else {"Value": value})} if not self.seldom(0.05) else {"Value": {"S": "x"}}

    def legacy_read(self):
        r = self.random
        table = self.pick()
        body = {"TableName": table["name"]}
        key = self.index_into(table, body)
        filters = {n: self.legacy_condition() for n in r.sample(["a", "b", "c", "g", "n"], r.randint(1, 2))} if r.random() < 0.6 else {}
        if r.random() < 0.3:
            body["AttributesToGet"] = r.sample(NAMES, 2) if not self.seldom(0.05) else ["a", "a"]
        if (len(filters) == 2 and r.random() < 0.5) or self.seldom(0.01):
            body["ConditionalOperator"] = r.choice(["AND", "OR"])
        self.options(body)
        if r.random() < 0.4:
            if filters:
                body["ScanFilter"] = filters
            return "Scan", body
        body["KeyConditions"] = {key[0][0]: {"ComparisonOperator": "EQ", "AttributeValueList": [self.scalar(key[0][1])]}}
        if len(key) == 2 and r.random() < 0.5:
            kind = r.choice(["EQ", "LT", "LE", "GT", "GE", "BETWEEN", "BEGINS_WITH"])
            values = [self.scalar(key[1][1]) for _ in range(2 if kind == "BETWEEN" else 1)]
            body["KeyConditions"][key[1][0]] = {"ComparisonOperator": kind, "AttributeValueList": values}
        if self.seldom(0.05):
            body["KeyConditions"][r.choice(["a", key[-1][0]])] = self.legacy_condition()
        if filters:
            body["QueryFilter"] = filters
        return "Query", body

    # ---- tables

    def other_schema(self, name):
        """A table that only the requests about tables know; its schema may be wrong."""
        r = self.random
        table = Tables.table(r, name)
        body = Tables.creation(table)
        if r.random() < 0.4:
            body["BillingMode"] = "PROVISIONED"
            body["ProvisionedThroughput"] = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
            for index in body.get("GlobalSecondaryIndexes", []):
                index["ProvisionedThroughput"] = {"ReadCapacityUnits": 3, "WriteCapacityUnits": 3}
            if r.random() < 0.3:
                del body["BillingMode"]
        if self.seldom(0.3):
            self.spoil_schema(body)
        return body

    def spoil_schema(self, body):
        r = self.random
        index = r.choice(body.get("GlobalSecondaryIndexes", []) + body.get("LocalSecondaryIndexes", []) or [{"Projection": {}, "KeySchema": [{}]}])
        r.choice([
            lambda: body["AttributeDefinitions"].pop(), lambda: body["AttributeDefinitions"].append({"AttributeName": "unused", "AttributeType": "S"}),
            lambda: body["KeySchema"].reverse(), lambda: body["KeySchema"].append({"AttributeName": "p", "KeyType": "RANGE"}),
            lambda: body["KeySchema"].clear(), lambda: body["KeySchema"][0].update(AttributeName="q"),
            lambda: body.update(ProvisionedThroughput={"ReadCapacityUnits": r.choice([0, 1, 10**12 + 1]), "WriteCapacityUnits": 1}),
            lambda: body.pop("ProvisionedThroughput", None), lambda: body.update(BillingMode="NONE"),
            lambda: body.update(GlobalSecondaryIndexes=[]), lambda: body.update(LocalSecondaryIndexes=[]),
            lambda: index["Projection"].clear(), lambda: index["Projection"].update(ProjectionType="INCLUDE", NonKeyAttributes=[]),
            lambda: index["Projection"].update(ProjectionType="ALL", NonKeyAttributes=["a"]), lambda: index["KeySchema"][0].update(AttributeName="q"),
            lambda: index.update(IndexName=r.choice(["x", "Global0", "Local0", "no good"])), lambda: index["KeySchema"].reverse(),
            lambda: index["KeySchema"].append(dict(index["KeySchema"][0], KeyType="RANGE")),
            lambda: body.update(StreamSpecification=r.choice([{"StreamEnabled": True}, {"StreamEnabled": False, "StreamViewType": "NEW_IMAGE"}, {},
                                                              {"StreamViewType": "NEW_IMAGE"}, {"StreamEnabled": True, "StreamViewType": "ALL"}])),
            lambda: body["AttributeDefinitions"][0].update(AttributeType=r.choice(["SS", "X", "B"])),
            lambda: body["KeySchema"][-1].update(KeyType=r.choice(["HASH", "RANGE", "X"])),
            lambda: index["Projection"].update(ProjectionType="KEYS_ONLY", NonKeyAttributes=["a"]),
            lambda: body.setdefault("LocalSecondaryIndexes", []).extend(
                {"IndexName": f"Local{i}", "KeySchema": [body["KeySchema"][0], {"AttributeName": "n", "KeyType": "RANGE"}],
                 "Projection": {"ProjectionType": "ALL"}} for i in range(10, 16)),
            lambda: body.update(TableName=r.choice(["ab", "no good", "x" * 256])), lambda: body.pop("TableName")])()

    def table_request(self):
        r = self.random
        name = r.choice(["Other0", "Other1", "Other2"])
        kind = r.choice(["CreateTable"] * 4 + ["DescribeTable", "DeleteTable", "ListTables", "UpdateTable", "UpdateTable", "DescribeTimeToLive"]
                        + ["UpdateTimeToLive"] * 2)
        if kind == "UpdateTimeToLive":
            return kind, {"TableName": name, **r.choice([
                {"TimeToLiveSpecification": {"Enabled": r.random() < 0.7, "AttributeName": r.choice(["ttl", "ttl", "other"])}}] * 8 + [
                {}, {"TimeToLiveSpecification": {}}, {"TimeToLiveSpecification": {"Enabled": True}}, {"TimeToLiveSpecification": {"AttributeName": "ttl"}},
                {"TimeToLiveSpecification": {"Enabled": True, "AttributeName": ""}}, {"TimeToLiveSpecification": {"Enabled": True, "AttributeName": "x" * 256}}])}
        if kind == "CreateTable":
            return kind, self.other_schema(name)
        if kind == "ListTables":
            return kind, r.choice([{}, {"Limit": r.choice([1, 2, 100])}, {"ExclusiveStartTableName": r.choice(["Other0", "Pxx", "Zzz"])},
                                   {"Limit": r.choice([0, 101])}])
        if kind == "UpdateTable":
            return kind, {"TableName": name, **self.table_update()}
        return kind, {"TableName": name if not self.seldom(0.1) else r.choice(["Missing", "no good", "ab"])}

    def table_update(self):
        r = self.random
        throughput = {"ReadCapacityUnits": r.choice([1, 5, 7]), "WriteCapacityUnits": 5}
        return r.choice([
            lambda: {}, lambda: {"BillingMode": "PAY_PER_REQUEST"}, lambda: {"ProvisionedThroughput": throughput},
            lambda: {"BillingMode": "PROVISIONED", "ProvisionedThroughput": throughput}, lambda: {"BillingMode": "PROVISIONED"},
            lambda: {"DeletionProtectionEnabled": r.random() < 0.3},
            lambda: {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": r.choice(VIEWS)}}, lambda: {"StreamSpecification": {"StreamEnabled": False}},
            lambda: {"StreamSpecification": r.choice([{}, {"StreamEnabled": True}, {"StreamEnabled": False, "StreamViewType": "KEYS_ONLY"}])},
            lambda: {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "Global0"}}, {"Delete": {"IndexName": r.choice(["Global0", "Global1"])}}]},
            lambda: {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": r.choice(["Global0", "Local0", "NoSuchIndex"])}}]},
            lambda: {"GlobalSecondaryIndexUpdates": [r.choice([{}, {"Update": {"IndexName": "Global0", "ProvisionedThroughput": throughput}}])]},
            lambda: {"AttributeDefinitions": [{"AttributeName": "z", "AttributeType": "S"}], "GlobalSecondaryIndexUpdates": [
                {"Create": {"IndexName": r.choice(["Global9", "Global0"]), "KeySchema": [{"AttributeName": "z", "KeyType": "HASH"}],
                            "Projection": {"ProjectionType": "ALL"}, **r.choice([{}, {"ProvisionedThroughput": throughput}])}}]}])()

    # ---- streams: "@" stands for each server's own name of what follows

    def stream_request(self):
        r = self.random
        table = self.pick()["name"]
        stream = f"@{table}" if not self.seldom(0.1) else r.choice(["nonsense", "x" * 40, "", "arn:aws:dynamodb:us-east-1:000000000000:table/Nosuch/stream/2020-01-01T00:00:00.000"])
        kind = r.choice(["DescribeStream", "GetShardIterator", "GetShardIterator", "GetRecords", "ListStreams"])
        if kind == "ListStreams":
            return kind, r.choice([{"TableName": "Nosuch"}, {"Limit": 0}, {"Limit": 101}, {"ExclusiveStartStreamArn": "nonsense"}, {"TableName": "no good"}])
        if kind == "DescribeStream":
            return kind, {"StreamArn": stream, **r.choice([{}, {}, {"Limit": r.choice([0, 1, 100, 101])}, {"ExclusiveStartShardId": r.choice(["@shard", "x"])}])}
        shard = "@shard" if not self.seldom(0.1) else r.choice(["x", "shardId-00000000000000000000-00000000", "x" * 66])
        start = r.choice([{"ShardIteratorType": "TRIM_HORIZON"}, {"ShardIteratorType": "LATEST"}] * 2 + [
            {}, {"ShardIteratorType": "NONE"}, {"ShardIteratorType": "AT_SEQUENCE_NUMBER"}, {"ShardIteratorType": "LATEST", "SequenceNumber": "@number"},
            {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": r.choice(["@number", "@number", "1", "x" * 21])},
            {"ShardIteratorType": "AT_SEQUENCE_NUMBER", "SequenceNumber": "@number"}])
        if kind == "GetShardIterator":
            return kind, {"StreamArn": stream, "ShardId": shard, **start}
        return kind, {"ShardIterator": "@iterator" if not self.seldom(0.2) else r.choice(["", "nonsense", "x" * 2049]), "TableName": table,
                      **r.choice([{}, {}, {"Limit": r.choice([0, 1, 1000, 1001])}])}

    # ---- JSON that is not what the member is

    def misshape(self, body):
        """One member of the body gone, of another type, or with a value that it cannot have."""
        r = self.random
        place, parent, name = body, None, None
        while isinstance(place, (dict, list)) and place and (parent is None or r.random() < 0.75):
            name = r.choice(list(place)) if isinstance(place, dict) else r.randrange(len(place))
            parent, place = place, place[name]
        if parent is None:
            return
        if isinstance(parent, dict) and r.random() < 0.3:
            r.choice([lambda: parent.pop(name), lambda: parent.update(Unknown=1)])()
            return
        parent[name] = r.choice([None, 1, 1.5, True, "", "INVALID", [], {}, ["x"], {"S": "x"}])

    def next(self):
        kind = self.random.choice(
            [self.put_item] * 7 + [self.update_item] * 6 + [self.get_item] * 3 + [self.delete_item] * 2 + [self.query] * 6
            + [self.scan] * 3 + [self.batch_get_item, self.batch_write_item] + [self.transact_write_items] * 2 + [self.transact_get_items]
            + [self.legacy_write, self.legacy_read] + [self.table_request, self.stream_request] + [self.statements.next] * 6)
        if self.seldom(0.01):
            return "@Records", {}
        operation, body = kind()
        if not operation.startswith("@") and "ClientRequestToken" not in body and self.seldom(0.02):
            self.misshape(body)
        return operation, body
