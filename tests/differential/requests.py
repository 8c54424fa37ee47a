"""Random tables and requests, weighted towards edges: everything from one random.Random, so a seed tells them all."""

NAMES = ["a", "b", "c", "m", "l", "g", "h", "n", "ss", "ns"]
RESERVED = ["name", "status", "size", "count"]


class Tables:
    """What the tables of a case look like; requests are made for them."""

    KEYS = [[("p", "S")], [("p", "N")], [("p", "B")], [("p", "S"), ("s", "S")], [("p", "S"), ("s", "N")], [("p", "N"), ("s", "B")]]

    def __init__(self, random):
        self.tables = [self.table(random, f"Table{i}") for i in range(2)]

    @staticmethod
    def table(random, name):
        key = random.choice(Tables.KEYS)
        attributes = dict(key)
        indexes = []
        for i in range(random.choice([0, 1, 2])):
            index_key = [("g", "S")] if random.random() < 0.5 else [("g", "S"), ("n", "N")]
            indexes.append((f"Global{i}", True, index_key, Tables.projection(random)))
            attributes.update(index_key)
        if len(key) == 2:
            for i in range(random.choice([0, 0, 1])):
                index_key = [key[0], ("n", "N")]
                indexes.append((f"Local{i}", False, index_key, Tables.projection(random)))
                attributes.update(index_key)
        return {"name": name, "key": key, "indexes": indexes, "attributes": attributes}

    @staticmethod
    def projection(random):
        kind = random.choice(["ALL", "KEYS_ONLY", "INCLUDE"])
        return {"ProjectionType": kind, **({"NonKeyAttributes": ["a", "m"]} if kind == "INCLUDE" else {})}

    @staticmethod
    def schema(key):
        return [{"AttributeName": name, "KeyType": kind} for (name, _), kind in zip(key, ("HASH", "RANGE"))]

    def creations(self):
        for table in self.tables:
            body = {"TableName": table["name"], "BillingMode": "PAY_PER_REQUEST", "KeySchema": self.schema(table["key"]),
                    "AttributeDefinitions": [{"AttributeName": n, "AttributeType": t} for n, t in table["attributes"].items()]}
            for is_global, member in ((True, "GlobalSecondaryIndexes"), (False, "LocalSecondaryIndexes")):
                indexes = [{"IndexName": n, "KeySchema": self.schema(k), "Projection": p}
                           for n, g, k, p in table["indexes"] if g == is_global]
                if indexes:
                    body[member] = indexes
            yield body


class Requests:
    def __init__(self, random, tables):
        self.random, self.tables = random, tables

    # ---- values

    def text(self):
        return self.random.choice(["", "x", "y", "xy", "é", "a b", "x" * 40])

    def number(self):
        r = self.random
        return r.choice(["0", "1", "2", "-1", "3.50", "1e2", "-0.001", "10", "9" * 38, "1E125", "-1E-130", str(r.randrange(20))])

    def binary(self):
        return self.random.choice(["", "AA==", "/w==", "eHk="])

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
            {"N": "abc"}, {"N": ""}, {"N": "1" * 39}, {"N": "1E126"}, {"N": "1E-131"}, {"L": [{}]}, {"M": {"a": {"N": "x"}}}])

    def scalar(self, kind):
        r = self.random
        if kind == "S":
            return {"S": r.choice(["k1", "k2", "k3", "kk", "é"])}
        if kind == "N":
            return {"N": r.choice(["1", "2", "3", "-5", "10", "2.5"])}
        return {"B": r.choice(["AA==", "AAE=", "/w=="])}

    def key(self, table, fields=None):
        key = {name: self.scalar(kind) for name, kind in (fields or table["key"])}
        roll = self.random.random()
        if roll < 0.01:
            key.pop(next(iter(key)))
        elif roll < 0.02:
            key["extra"] = {"S": "x"}
        elif roll < 0.03:
            key[next(iter(key))] = {"BOOL": True}
        elif roll < 0.035:
            key[next(iter(key))] = {"S": ""}
        return key

    def item(self, table):
        r = self.random
        item = self.key(table)
        for name in r.sample(NAMES, r.randint(0, 5)):
            if name in ("g", "n"):
                item[name] = self.scalar("S" if name == "g" else "N") if r.random() < 0.95 else self.value()
            else:
                item[name] = self.value()
        if r.random() < 0.03:
            item["w"] = self.wrong_value()
        if r.random() < 0.005:
            item["big"] = {"S": "x" * r.choice([409_400, 409_590, 409_700])}
        return item

    # ---- expressions, each with the names and values it needs

    class Scope:
        def __init__(self):
            self.names, self.values = {}, {}

        def into(self, body):
            if self.names:
                body["ExpressionAttributeNames"] = self.names
            if self.values:
                body["ExpressionAttributeValues"] = self.values

    def path(self, scope):
        r = self.random
        name = r.choice(NAMES + ["p", "s"] if r.random() < 0.1 else NAMES)
        if r.random() < 0.02:
            name = r.choice(RESERVED)
        if r.random() < 0.3:
            placeholder = f"#n{len(scope.names)}"
            scope.names[placeholder] = name
            name = placeholder
        roll = r.random()
        if roll < 0.12:
            return name + r.choice([".a", ".b", "[0]", "[1]", "[5]"])
        if roll < 0.15:
            return name + r.choice(["[0].a", ".a[0]", "[0][1]"])
        return name

    def placeholder(self, scope, value=None):
        name = f":v{len(scope.values)}"
        if self.random.random() < 0.005:
            return ":missing"
        scope.values[name] = value or (self.value() if self.random.random() < 0.985 else self.wrong_value())
        return name

    def operand(self, scope):
        r = self.random
        roll = r.random()
        if roll < 0.45:
            return self.path(scope)
        if roll < 0.9:
            return self.placeholder(scope)
        return f"size({self.path(scope)})"

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
        if kind == "compare":
            return f"{self.operand(scope)} {r.choice(['=', '<>', '<', '<=', '>', '>='])} {self.operand(scope)}"
        if kind == "exists":
            return f"attribute_exists({self.path(scope)})"
        if kind == "not_exists":
            return f"attribute_not_exists({self.path(scope)})"
        if kind == "type":
            return f"attribute_type({self.path(scope)}, {self.placeholder(scope, {'S': r.choice(['S', 'N', 'L', 'M', 'NULL', 'SS', 'X'])})})"
        if kind == "begins":
            return f"begins_with({self.path(scope)}, {self.placeholder(scope, r.choice([{'S': 'x'}, {'B': 'AA=='}, {'N': '1'}]))})"
        if kind == "contains":
            return f"contains({self.path(scope)}, {self.operand(scope)})"
        if kind == "between":
            values = [self.placeholder(scope, self.scalar(r.choice("SN"))) for _ in range(2)]
            return f"{self.path(scope)} BETWEEN {values[0]} AND {values[1]}"
        return f"{self.path(scope)} IN ({', '.join(self.operand(scope) for _ in range(r.randint(1, 3)))})"

    def update(self, scope):
        r = self.random
        sections = {}
        for _ in range(r.randint(1, 3)):
            kind = r.choice(["SET", "SET", "SET", "REMOVE", "ADD", "DELETE"])
            target = self.path(scope)
            if kind == "SET":
                right = r.choice([
                    lambda: self.placeholder(scope), lambda: self.path(scope),
                    lambda: f"{self.path(scope)} {r.choice('+-')} {self.placeholder(scope, {'N': self.number()})}",
                    lambda: f"if_not_exists({self.path(scope)}, {self.placeholder(scope)})",
                    lambda: f"list_append({self.path(scope)}, {self.placeholder(scope, {'L': [{'S': 'z'}]})})"])()
                action = f"{target} = {right}"
            elif kind == "REMOVE":
                action = target
            else:
                value = r.choice([{"N": self.number()}, {"SS": ["x", "q"]}, {"NS": ["1", "7"]}])
                action = f"{target} {self.placeholder(scope, value)}"
            sections.setdefault(kind, []).append(action)
        return " ".join(f"{kind} {', '.join(actions)}" for kind, actions in sections.items())

    def spoil(self, text):
        """Now and then, a slip of the pen."""
        r = self.random
        if r.random() > 0.02 or not text:
            return text
        at = r.randrange(len(text))
        return text[:at] + r.choice(["", "(", ")", " ", "=", "$", "AND", ","]) + text[at + 1:]

    def with_condition(self, scope, body):
        if self.random.random() < 0.3:
            body["ConditionExpression"] = self.spoil(self.condition(scope))
            if self.random.random() < 0.5:
                body["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"

    def options(self, body):
        if self.random.random() < 0.3:
            body["ReturnConsumedCapacity"] = self.random.choice(["TOTAL", "INDEXES", "NONE"])

    def projection_into(self, scope, body):
        if self.random.random() < 0.25:
            body["ProjectionExpression"] = self.spoil(", ".join(self.path(scope) for _ in range(self.random.randint(1, 3))))

    # ---- operations

    def pick(self):
        return self.random.choice(self.tables.tables)

    def next(self):
        kind = self.random.choice(
            [self.put_item] * 6 + [self.update_item] * 6 + [self.get_item] * 3 + [self.delete_item] * 2 + [self.query] * 5
            + [self.scan] * 3 + [self.batch_get_item, self.batch_write_item] + [self.transact_write_items] * 2 + [self.transact_get_items]
            + [self.legacy_write, self.legacy_read])
        return kind()

    def put_item(self):
        table, scope = self.pick(), self.Scope()
        body = {"TableName": table["name"] if self.random.random() < 0.99 else "Missing", "Item": self.item(table)}
        self.with_condition(scope, body)
        scope.into(body)
        self.options(body)
        if self.random.random() < 0.3:
            body["ReturnValues"] = self.random.choice(["ALL_OLD", "NONE"])
        return "PutItem", body

    def delete_item(self):
        table, scope = self.pick(), self.Scope()
        body = {"TableName": table["name"], "Key": self.key(table)}
        self.with_condition(scope, body)
        scope.into(body)
        self.options(body)
        if self.random.random() < 0.4:
            body["ReturnValues"] = "ALL_OLD"
        return "DeleteItem", body

    def update_item(self):
        table, scope = self.pick(), self.Scope()
        body = {"TableName": table["name"], "Key": self.key(table)}
        if self.random.random() < 0.97:
            body["UpdateExpression"] = self.spoil(self.update(scope))
        self.with_condition(scope, body)
        scope.into(body)
        if self.random.random() < 0.02:
            body.setdefault("ExpressionAttributeValues", {})[":unused"] = {"S": "x"}
        self.options(body)
        if self.random.random() < 0.6:
            body["ReturnValues"] = self.random.choice(["ALL_OLD", "ALL_NEW", "NONE"])
        return "UpdateItem", body

    def get_item(self):
        table, scope = self.pick(), self.Scope()
        body = {"TableName": table["name"], "Key": self.key(table)}
        self.projection_into(scope, body)
        scope.into(body)
        self.options(body)
        if self.random.random() < 0.3:
            body["ConsistentRead"] = True
        return "GetItem", body

    def index_into(self, table, body):
        if table["indexes"] and self.random.random() < 0.5:
            name, _, key, _ = self.random.choice(table["indexes"])
            body["IndexName"] = name
            return key
        return table["key"]

    def read_options(self, scope, body):
        r = self.random
        self.projection_into(scope, body)
        if r.random() < 0.3:
            body["FilterExpression"] = self.spoil(self.condition(scope))
        if r.random() < 0.3:
            body["Limit"] = r.choice([1, 2, 3, 10])
        if r.random() < 0.1:
            body["Select"] = r.choice(["COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES"])
        if r.random() < 0.1:
            body["ConsistentRead"] = True
        self.options(body)

    def query(self):
        r = self.random
        table, scope = self.pick(), self.Scope()
        body = {"TableName": table["name"]}
        key = self.index_into(table, body)
        terms = [f"{key[0][0]} = {self.placeholder(scope, self.scalar(key[0][1]))}"]
        if len(key) == 2 and r.random() < 0.6:
            name, kind = key[1]
            value = lambda: self.placeholder(scope, self.scalar(kind))
            terms.append(r.choice([
                lambda: f"{name} {r.choice(['=', '<', '<=', '>', '>='])} {value()}", lambda: f"{name} BETWEEN {value()} AND {value()}",
                lambda: f"begins_with({name}, {value()})", lambda: f"{value()} < {name}"])())
        if r.random() < 0.03:
            terms.append(f"a = {self.placeholder(scope)}")
        r.shuffle(terms)
        body["KeyConditionExpression"] = self.spoil(" AND ".join(terms))
        self.read_options(scope, body)
        scope.into(body)
        if r.random() < 0.4:
            body["ScanIndexForward"] = False
        if r.random() < 0.08:
            fields = dict(table["key"] + key)
            body["ExclusiveStartKey"] = self.key(table, list(fields.items()))
        return "Query", body

    def scan(self):
        r = self.random
        table, scope = self.pick(), self.Scope()
        body = {"TableName": table["name"]}
        self.index_into(table, body)
        self.read_options(scope, body)
        body.pop("Limit", None)  # Which items come first is each one's own affair.
        scope.into(body)
        return "Scan", body

    def batch_get_item(self):
        r = self.random
        requests = {}
        for table in r.sample(self.tables.tables, r.randint(1, 2)):
            scope = self.Scope()
            entry = {"Keys": [self.key(table) for _ in range(r.randint(1, 4))]}
            self.projection_into(scope, entry)
            if scope.names:
                entry["ExpressionAttributeNames"] = scope.names
            requests[table["name"]] = entry
        body = {"RequestItems": requests}
        self.options(body)
        return "BatchGetItem", body

    def batch_write_item(self):
        r = self.random
        requests = {}
        for table in r.sample(self.tables.tables, r.randint(1, 2)):
            requests[table["name"]] = [
                {"PutRequest": {"Item": self.item(table)}} if r.random() < 0.7 else {"DeleteRequest": {"Key": self.key(table)}}
                for _ in range(r.randint(1, 4))]
        body = {"RequestItems": requests}
        self.options(body)
        return "BatchWriteItem", body

    def transact_write_items(self):
        r = self.random
        actions = []
        for _ in range(r.randint(1, 4)):
            table, scope = self.pick(), self.Scope()
            kind = r.choice(["Put", "Put", "Update", "Delete", "ConditionCheck"])
            action = {"TableName": table["name"]}
            if kind == "Put":
                action["Item"] = self.item(table)
            else:
                action["Key"] = self.key(table)
            if kind == "Update":
                action["UpdateExpression"] = self.update(scope)
            if kind == "ConditionCheck":
                action["ConditionExpression"] = self.condition(scope)
            else:
                self.with_condition(scope, action)
            scope.into(action)
            actions.append({kind: action})
        return "TransactWriteItems", {"TransactItems": actions}

    def transact_get_items(self):
        gets = []
        for _ in range(self.random.randint(1, 4)):
            table, scope = self.pick(), self.Scope()
            get = {"TableName": table["name"], "Key": self.key(table)}
            self.projection_into(scope, get)
            scope.into(get)
            gets.append({"Get": get})
        return "TransactGetItems", {"TransactItems": gets}

    def legacy_condition(self):
        r = self.random
        kind = r.choice(["EQ", "NE", "LT", "LE", "GT", "GE", "NULL", "NOT_NULL", "CONTAINS", "BEGINS_WITH", "IN", "BETWEEN"])
        count = {"NULL": 0, "NOT_NULL": 0, "BETWEEN": 2, "IN": r.randint(1, 3)}.get(kind, 1)
        scalar = r.choice("SN")
        values = sorted((self.scalar(scalar) for _ in range(count)), key=lambda v: float(v["N"]) if "N" in v else v["S"].encode())
        return {"ComparisonOperator": kind, **({"AttributeValueList": values} if count else {})}

    def legacy_write(self):
        r = self.random
        table = self.pick()
        body = {"TableName": table["name"], "Key": self.key(table)}
        updates = {}
        for name in r.sample(["a", "b", "c", "ss", "ns", "l"], r.randint(1, 2)):
            action = r.choice(["PUT", "ADD", "DELETE"])
            value = {"PUT": self.value, "ADD": lambda: r.choice([{"N": "2"}, {"SS": ["q"]}, {"NS": ["7"]}]),
                     "DELETE": lambda: r.choice([None, {"SS": ["x"]}, {"NS": ["1"]}])}[action]()
            updates[name] = {"Action": action, **({"Value": value} if value else {})}
        body["AttributeUpdates"] = updates
        if r.random() < 0.4:
            names = r.sample(["a", "b", "c"], r.randint(1, 2))
            body["Expected"] = {n: r.choice([{"Exists": False}, {"Value": self.value()}, self.legacy_condition()]) for n in names}
            if len(names) == 2 and r.random() < 0.5:
                body["ConditionalOperator"] = r.choice(["AND", "OR"])
        body["ReturnValues"] = r.choice(["ALL_NEW", "ALL_OLD"])
        return "UpdateItem", body

    def legacy_read(self):
        r = self.random
        table = self.pick()
        body = {"TableName": table["name"]}
        if r.random() < 0.5:
            body["ScanFilter"] = {n: self.legacy_condition() for n in r.sample(["a", "b", "c", "g"], r.randint(1, 2))}
            if r.random() < 0.3:
                body["AttributesToGet"] = r.sample(NAMES, 2)
            return "Scan", body
        key = table["key"]
        body["KeyConditions"] = {key[0][0]: {"ComparisonOperator": "EQ", "AttributeValueList": [self.scalar(key[0][1])]}}
        if r.random() < 0.5:
            body["QueryFilter"] = {n: self.legacy_condition() for n in r.sample(["a", "b", "c"], r.randint(1, 2))}
        return "Query", body
