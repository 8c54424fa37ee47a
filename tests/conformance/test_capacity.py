"""What requests cost, and the forms in which they tell it: each row of the table of costs."""

import uuid

import pytest

from support.expect import item

KB = 1024


def sized(size, **attributes):
    """An item with these (ASCII) attributes and a V that fills it up to `size` bytes."""
    base = item(**attributes)
    used = sum(len(name) + len(value.get("S", "")) for name, value in base.items() if "S" in value)
    used += sum(len(name) + 2 for name, value in base.items() if "N" in value)
    return {**base, "V": {"S": "x" * (size - used - 1)}}


@pytest.fixture
def table(shoal):
    return shoal.create_table("p:S")


@pytest.fixture
def sorted_table(shoal):
    return shoal.create_table("p:S c:S")


@pytest.fixture
def indexed(shoal):
    """g and h keep the global entries, l the local one; v is projected where not all is."""
    return shoal.create_table("p:S c:S", gsi={"all": "g:S", "some": ("h:S", ["v"]), "keys": ("k:S", "KEYS_ONLY")},
                              lsi={"lsi": ("p:S l:S", ["v"])})


def cost(shoal, operation, body, detail="TOTAL"):
    return shoal.ok(operation, {**body, "ReturnConsumedCapacity": detail}).get("ConsumedCapacity")


def units(shoal, operation, body):
    capacity = cost(shoal, operation, body)
    assert set(capacity) == {"TableName", "CapacityUnits"}
    return capacity["CapacityUnits"]


# ---- Section 2: reads

@pytest.mark.parametrize("size, strong", [(1 * KB, 1), (4 * KB, 1), (4 * KB + 1, 2), (8 * KB, 2), (8 * KB + 1, 3), (400 * KB, 100)])
def test_get_item(shoal, table, size, strong):
    shoal.put(table, sized(size, p="a"))
    body = {"TableName": table, "Key": item(p="a")}
    assert units(shoal, "GetItem", {**body, "ConsistentRead": True}) == strong
    assert units(shoal, "GetItem", body) == strong / 2
    assert units(shoal, "GetItem", {**body, "ProjectionExpression": "p"}) == strong / 2
    assert units(shoal, "GetItem", {**body, "AttributesToGet": ["p"]}) == strong / 2


def test_get_item_of_what_is_missing(shoal, table):
    body = {"TableName": table, "Key": item(p="nosuch")}
    assert units(shoal, "GetItem", body) == 0.5
    assert units(shoal, "GetItem", {**body, "ConsistentRead": True}) == 1


@pytest.mark.parametrize("consistent, factor", [(True, 1), (False, 0.5)])
def test_batch_get_item_rounds_each_item(shoal, table, consistent, factor):
    for p, size in (("a", 100), ("b", 100), ("c", 4 * KB + 1)):
        shoal.put(table, sized(size, p=p))

    def batch(*keys):
        (capacity,) = cost(shoal, "BatchGetItem", {"RequestItems": {table: {
            "Keys": [item(p=p) for p in keys], "ConsistentRead": consistent}}})
        return capacity

    assert batch("a", "b", "c") == {"TableName": table, "CapacityUnits": 4 * factor}
    assert batch("a", "nosuch") == {"TableName": table, "CapacityUnits": 2 * factor}  # a missing key costs the minimum
    assert batch("nosuch") == {"TableName": table, "CapacityUnits": 1 * factor}


OF_A = {"KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "a"}}}


@pytest.mark.parametrize("operation, more", [("Query", OF_A), ("Scan", {})])
def test_query_and_scan_round_the_sum(shoal, sorted_table, operation, more):
    body = {"TableName": sorted_table, **more}
    assert units(shoal, operation, body) == 0.5  # nothing there
    assert units(shoal, operation, {**body, "ConsistentRead": True}) == 1
    for c in range(10):
        shoal.put(sorted_table, sized(1000, p="a", c=str(c)))
    assert units(shoal, operation, body) == 1.5  # 10,000 bytes
    assert units(shoal, operation, {**body, "ConsistentRead": True}) == 3
    assert units(shoal, operation, {**body, "Select": "COUNT"}) == 1.5
    assert units(shoal, operation, {**body, "ProjectionExpression": "c"}) == 1.5
    assert units(shoal, operation, {**body, "FilterExpression": "attribute_exists(nosuch)"}) == 1.5  # before filtering
    assert units(shoal, operation, {**body, "Limit": 4}) == 0.5
    assert units(shoal, operation, {**body, "Limit": 5}) == 1  # 5,000 bytes


def test_exactly_4_kb_is_one_unit(shoal, sorted_table):
    body = {"TableName": sorted_table, **OF_A, "ConsistentRead": True}
    shoal.put(sorted_table, sized(4 * KB - 100, p="a", c="0"))
    shoal.put(sorted_table, sized(100, p="a", c="1"))
    assert units(shoal, "Query", body) == 1
    shoal.put(sorted_table, sized(101, p="a", c="1"))
    assert units(shoal, "Query", body) == 2


def of_index(shoal, operation, table, index, attribute, **more):
    body = {"TableName": table, "IndexName": index, **more}
    if operation == "Query":
        body |= {"KeyConditionExpression": f"{attribute} = :p", "ExpressionAttributeValues": {":p": {"S": "a"}}}
    return cost(shoal, operation, body, "INDEXES")


@pytest.mark.parametrize("operation", ["Query", "Scan"])
def test_a_global_index_costs_by_its_entries(shoal, indexed, operation):
    for c in range(5):
        shoal.put(indexed, sized(3 * KB, p="a", c=str(c), g="a", h="a"))
    assert of_index(shoal, operation, indexed, "all", "g") == {
        "TableName": indexed, "CapacityUnits": 2, "GlobalSecondaryIndexes": {"all": {"CapacityUnits": 2}}}  # 15 KB
    assert of_index(shoal, operation, indexed, "some", "h") == {
        "TableName": indexed, "CapacityUnits": 0.5, "GlobalSecondaryIndexes": {"some": {"CapacityUnits": 0.5}}}
    assert of_index(shoal, operation, indexed, "keys", "k") == {  # nothing there
        "TableName": indexed, "CapacityUnits": 0.5, "GlobalSecondaryIndexes": {"keys": {"CapacityUnits": 0.5}}}


def test_a_local_index_adds_each_item_it_fetches(shoal, indexed):
    for c in range(5):
        shoal.put(indexed, sized(200, p="a", c=str(c), l=str(c), v="v"))

    def query(**more):
        return of_index(shoal, "Query", indexed, "lsi", "p", **more)

    def arms(index, table=None):
        return {"TableName": indexed, "CapacityUnits": index + (table or 0),
                **({"Table": {"CapacityUnits": table}} if table else {}),
                "LocalSecondaryIndexes": {"lsi": {"CapacityUnits": index}}}

    assert query() == arms(0.5)
    assert query(ConsistentRead=True) == arms(1)
    assert query(Select="ALL_ATTRIBUTES") == arms(0.5, 2.5)
    assert query(Select="ALL_ATTRIBUTES", ConsistentRead=True) == arms(1, 5)
    assert query(ProjectionExpression="v, l") == arms(0.5)
    assert query(ProjectionExpression="V") == arms(0.5, 2.5)
    for c in range(5):
        shoal.put(indexed, sized(4 * KB + 1, p="a", c=str(c), l=str(c)))
    assert query(Select="ALL_ATTRIBUTES") == arms(0.5, 5)


@pytest.mark.parametrize("size, units_", [(None, 2), (1, 2), (4 * KB, 2), (4 * KB + 1, 4)])
def test_transact_get_items_costs_double(shoal, table, size, units_):
    if size:
        shoal.put(table, sized(max(size, 10), p="a"))
    body = {"TransactItems": [{"Get": {"TableName": table, "Key": item(p="a")}}]}
    assert cost(shoal, "TransactGetItems", body) == [
        {"TableName": table, "CapacityUnits": units_, "ReadCapacityUnits": units_}]


# ---- Section 2: writes

WRITES = [(None, 1, 1), (None, KB, 1), (None, KB + 1, 2), (KB + 1, KB, 2), (KB, 3 * KB, 3), (3 * KB + 1, None, 4), (None, None, 1),
          (None, 400 * KB, 400)]


@pytest.mark.parametrize("before, after, expected", WRITES)
def test_writes_cost_by_the_larger_of_before_and_after(shoal, table, before, after, expected):
    """PutItem, UpdateItem and DeleteItem, alone, in a batch, and doubled in a transaction."""
    key = item(p="a")

    def reset():
        shoal.ok("DeleteItem", {"TableName": table, "Key": key})
        if before:
            shoal.put(table, sized(before, p="a"))

    def single(operation, **more):
        reset()
        return units(shoal, operation, {"TableName": table, **more})

    def batch(request):
        reset()
        (capacity,) = cost(shoal, "BatchWriteItem", {"RequestItems": {table: [request]}})
        return capacity["CapacityUnits"]

    def transaction(action):
        reset()
        ((name, body),) = action.items()
        (capacity,) = cost(shoal, "TransactWriteItems", {"TransactItems": [{name: {"TableName": table, **body}}]})
        assert capacity["CapacityUnits"] == capacity["WriteCapacityUnits"]
        return capacity["CapacityUnits"]

    if after is None:
        assert single("DeleteItem", Key=key) == expected
        assert batch({"DeleteRequest": {"Key": key}}) == expected
        assert transaction({"Delete": {"Key": key}}) == 2 * expected
        return
    new = sized(max(after, 10), p="a")
    set_v = {"Key": key, "UpdateExpression": "SET V = :v", "ExpressionAttributeValues": {":v": new["V"]}}
    assert single("PutItem", Item=new) == expected
    assert single("UpdateItem", **set_v) == expected
    assert batch({"PutRequest": {"Item": new}}) == expected
    assert transaction({"Put": {"Item": new}}) == 2 * expected
    assert transaction({"Update": set_v}) == 2 * expected


def test_an_update_of_nothing_costs_the_whole_item(shoal, table):
    shoal.put(table, sized(3000, p="a"))
    assert units(shoal, "UpdateItem", {"TableName": table, "Key": item(p="a")}) == 3
    assert units(shoal, "UpdateItem", {"TableName": table, "Key": item(p="a"), "UpdateExpression": "REMOVE nosuch"}) == 3


def test_an_identical_put_costs_too(shoal, table):
    shoal.put(table, sized(1500, p="a"))
    assert units(shoal, "PutItem", {"TableName": table, "Item": sized(1500, p="a")}) == 2


def test_batch_write_item_rounds_each_request(shoal, table):
    other = shoal.create_table("p:S")
    shoal.put(table, sized(KB + 1, p="old"))
    body = {"RequestItems": {
        table: [{"PutRequest": {"Item": sized(100, p="a")}}, {"PutRequest": {"Item": sized(1500, p="b")}},
                {"DeleteRequest": {"Key": item(p="old")}}],
        other: [{"DeleteRequest": {"Key": item(p="nosuch")}}]}}
    capacity = {entry["TableName"]: entry["CapacityUnits"] for entry in cost(shoal, "BatchWriteItem", body)}
    assert capacity == {table: 5, other: 1}


@pytest.mark.parametrize("size, expected", [(None, 2), (KB, 2), (KB + 1, 4)])
def test_a_condition_check_costs_double(shoal, table, size, expected):
    if size:
        shoal.put(table, sized(size, p="a"))
    body = {"TransactItems": [{"ConditionCheck": {"TableName": table, "Key": item(p="a"),
                                                  "ConditionExpression": "attribute_not_exists(nosuch)"}}]}
    assert cost(shoal, "TransactWriteItems", body) == [
        {"TableName": table, "CapacityUnits": expected, "WriteCapacityUnits": expected}]


@pytest.mark.parametrize("size, reads", [(100, 2), (4 * KB + 1, 4)])
def test_a_replay_costs_reads(shoal, table, size, reads):
    body = {"TransactItems": [{"Put": {"TableName": table, "Item": sized(size, p="a")}},
                              {"Delete": {"TableName": table, "Key": item(p="nosuch")}}],
            "ClientRequestToken": str(uuid.uuid4())}
    (first,) = cost(shoal, "TransactWriteItems", body, "INDEXES")
    assert first["WriteCapacityUnits"] and "ReadCapacityUnits" not in first
    assert cost(shoal, "TransactWriteItems", body, "INDEXES") == [
        {"TableName": table, "CapacityUnits": reads + 2, "ReadCapacityUnits": reads + 2,
         "Table": {"CapacityUnits": reads + 2, "ReadCapacityUnits": reads + 2}}]


@pytest.mark.parametrize("operation, body", [
    ("PutItem", {"Item": item(p="a"), "ConditionExpression": "attribute_not_exists(p)"}),
    ("UpdateItem", {"Key": item(p="a"), "UpdateExpression": "REMOVE v", "ConditionExpression": "attribute_not_exists(p)"}),
    ("DeleteItem", {"Key": item(p="a"), "ConditionExpression": "attribute_not_exists(p)"}),
])
def test_a_failure_tells_no_cost(shoal, table, operation, body):
    shoal.put(table, item(p="a"))
    reply = shoal.call(operation, {"TableName": table, **body, "ReturnConsumedCapacity": "INDEXES"})
    assert reply.type == "ConditionalCheckFailedException" and "ConsumedCapacity" not in reply.json


def test_a_cancelled_transaction_tells_no_cost(shoal, table):
    reply = shoal.call("TransactWriteItems", {"ReturnConsumedCapacity": "INDEXES", "TransactItems": [
        {"ConditionCheck": {"TableName": table, "Key": item(p="a"), "ConditionExpression": "attribute_exists(p)"}}]})
    assert reply.type == "TransactionCanceledException" and "ConsumedCapacity" not in reply.json


# ---- Section 2: what writes cost in the indexes

STEPS = [  # attributes of the item, then the units of: all (g), some (h with v), keys (k), lsi (l with v)
    ({}, 0, 0, 0, 0),  # absent before and after
    (dict(g="1", h="1", k="1", l="1", v="1"), 1, 1, 1, 1),  # appears
    (dict(g="1", h="1", k="1", l="1", v="1"), 0, 0, 0, 0),  # nothing changes
    (dict(g="1", h="1", k="1", l="1", v="1", x="1"), 1, 0, 0, 0),  # what only one of them projects
    (dict(g="1", h="1", k="1", l="1", v="2", x="1"), 1, 1, 0, 1),  # what all but one project
    (dict(g="2", h="2", k="2", l="2", v="2", x="1"), 2, 2, 2, 2),  # the keys: taken away and put elsewhere
    (dict(g="2", h="2", v="2", x="1"), 1, 0, 1, 1),  # some disappear; k and l are in the first, which projects all
    ({}, 1, 1, 0, 0),  # the rest
]


@pytest.mark.parametrize("kind", ["put", "update", "batch", "transaction"])
def test_index_writes_cost_by_what_changes_in_the_entry(shoal, indexed, kind):
    def write(attributes):
        new = item(p="a", c="c", **attributes)
        key = item(p="a", c="c")
        if kind == "put":
            return cost(shoal, "PutItem", {"TableName": indexed, "Item": new}, "INDEXES")
        if kind == "update":
            gone = [name for name in "ghklvx" if name not in attributes]
            values = {f":{name}": {"S": value} for name, value in attributes.items()}
            text = "".join([" SET " + ", ".join(f"#{n} = :{n}" for n in attributes) if attributes else "",
                            " REMOVE " + ", ".join(f"#{n}" for n in gone) if gone else ""])
            return cost(shoal, "UpdateItem", {
                "TableName": indexed, "Key": key, "UpdateExpression": text,
                "ExpressionAttributeNames": {f"#{n}": n for n in [*attributes, *gone]},
                **({"ExpressionAttributeValues": values} if values else {})}, "INDEXES")
        if kind == "batch":
            (capacity,) = cost(shoal, "BatchWriteItem", {"RequestItems": {indexed: [{"PutRequest": {"Item": new}}]}}, "INDEXES")
            return capacity
        (capacity,) = cost(shoal, "TransactWriteItems", {"TransactItems": [{"Put": {"TableName": indexed, "Item": new}}]}, "INDEXES")
        return capacity

    factor = 2 if kind == "transaction" else 1
    arm = (lambda n: {"CapacityUnits": n * factor, "WriteCapacityUnits": n * factor}) if factor == 2 else (
        lambda n: {"CapacityUnits": n})
    for attributes, every, some, keys, local in STEPS:
        globals_ = {name: arm(n) for name, n in (("all", every), ("some", some), ("keys", keys)) if n}
        expected = {"TableName": indexed, **arm(1 + every + some + keys + local), "Table": arm(1),
                    **({"GlobalSecondaryIndexes": globals_} if globals_ else {}),
                    **({"LocalSecondaryIndexes": {"lsi": arm(local)}} if local else {})}
        assert write(attributes) == expected, attributes


def test_a_delete_costs_the_entries_that_disappear(shoal, indexed):
    shoal.put(indexed, sized(3 * KB, p="a", c="c", g="1", l="1"))
    assert cost(shoal, "DeleteItem", {"TableName": indexed, "Key": item(p="a", c="c")}, "INDEXES") == {
        "TableName": indexed, "CapacityUnits": 7, "Table": {"CapacityUnits": 3},
        "GlobalSecondaryIndexes": {"all": {"CapacityUnits": 3}}, "LocalSecondaryIndexes": {"lsi": {"CapacityUnits": 1}}}


def test_an_entry_costs_by_its_size(shoal, indexed):
    """Keys of table and index and what is projected: of 5 KB the local entry and the small global ones cost one each."""
    new = sized(5 * KB, p="a", c="c", g="1", h="1", k="1", l="1")
    assert cost(shoal, "PutItem", {"TableName": indexed, "Item": new}, "INDEXES") == {
        "TableName": indexed, "CapacityUnits": 13, "Table": {"CapacityUnits": 5},
        "GlobalSecondaryIndexes": {"all": {"CapacityUnits": 5}, "some": {"CapacityUnits": 1}, "keys": {"CapacityUnits": 1}},
        "LocalSecondaryIndexes": {"lsi": {"CapacityUnits": 1}}}


# ---- Section 3: the forms

def requests(table):
    """Every operation that tells its cost: (operation, body, whether it answers a list, transaction's own member)."""
    key, new = item(p="a", c="c"), item(p="a", c="c")
    return [
        ("GetItem", {"TableName": table, "Key": key}, False, None),
        ("PutItem", {"TableName": table, "Item": new}, False, None),
        ("UpdateItem", {"TableName": table, "Key": key, "UpdateExpression": "REMOVE nosuch"}, False, None),
        ("DeleteItem", {"TableName": table, "Key": key}, False, None),
        ("Query", {"TableName": table, **OF_A}, False, None),
        ("Scan", {"TableName": table}, False, None),
        ("BatchGetItem", {"RequestItems": {table: {"Keys": [key]}}}, True, None),
        ("BatchWriteItem", {"RequestItems": {table: [{"PutRequest": {"Item": new}}]}}, True, None),
        ("TransactGetItems", {"TransactItems": [{"Get": {"TableName": table, "Key": key}}]}, True, "ReadCapacityUnits"),
        ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": table, "Item": new}}]}, True, "WriteCapacityUnits"),
    ]


@pytest.mark.parametrize("number", range(10))
def test_forms(shoal, sorted_table, number):
    operation, body, is_list, own = requests(sorted_table)[number]
    assert "ConsumedCapacity" not in shoal.ok(operation, body)
    assert cost(shoal, operation, body, "NONE") is None

    def only(detail):
        capacity = cost(shoal, operation, body, detail)
        assert isinstance(capacity, list) == is_list
        return capacity[0] if is_list else capacity

    total = only("TOTAL")
    members = {"CapacityUnits": total["CapacityUnits"], **({own: total["CapacityUnits"]} if own else {})}
    assert total == {"TableName": sorted_table, **members}
    # Arms that cost nothing are left out.
    assert only("INDEXES") == {"TableName": sorted_table, **members, "Table": members}


def test_units_are_decimals(shoal, table):
    """Clients that tell integers from decimals get decimals: 1.0, not 1."""
    body = {"TableName": table, "Key": item(p="a"), "ConsistentRead": True, "ReturnConsumedCapacity": "TOTAL"}
    assert b'"CapacityUnits":1.0' in shoal.call("GetItem", body).body


@pytest.mark.parametrize("operation", ["BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"])
def test_each_table_has_its_element(shoal, operation):
    one, two = shoal.create_table("p:S"), shoal.create_table("p:S")
    keys = [item(p="a"), item(p="b")]
    body = {
        "BatchGetItem": {"RequestItems": {one: {"Keys": keys}, two: {"Keys": keys[:1], "ConsistentRead": True}}},
        "BatchWriteItem": {"RequestItems": {one: [{"PutRequest": {"Item": k}} for k in keys],
                                            two: [{"DeleteRequest": {"Key": keys[0]}}]}},
        "TransactGetItems": {"TransactItems": [{"Get": {"TableName": t, "Key": k}}
                                               for t, k in ((one, keys[0]), (two, keys[0]), (one, keys[1]))]},
        "TransactWriteItems": {"TransactItems": [{"Put": {"TableName": t, "Item": k}}
                                                 for t, k in ((one, keys[0]), (two, keys[0]), (one, keys[1]))]},
    }[operation]
    capacity = {entry["TableName"]: entry["CapacityUnits"] for entry in cost(shoal, operation, body)}
    assert capacity == {"BatchGetItem": {one: 1, two: 1}, "BatchWriteItem": {one: 2, two: 1},
                        "TransactGetItems": {one: 4, two: 2}, "TransactWriteItems": {one: 4, two: 2}}[operation]
    assert len(cost(shoal, operation, body)) == 2


def test_transactions_and_batches_tell_the_arms_of_their_indexes(shoal, indexed):
    new = item(p="a", c="c", g="1", l="1")
    (batch,) = cost(shoal, "BatchWriteItem", {"RequestItems": {indexed: [
        {"PutRequest": {"Item": new}}, {"PutRequest": {"Item": {**new, "c": {"S": "d"}}}}]}}, "INDEXES")
    assert batch == {"TableName": indexed, "CapacityUnits": 6, "Table": {"CapacityUnits": 2},
                     "GlobalSecondaryIndexes": {"all": {"CapacityUnits": 2}},
                     "LocalSecondaryIndexes": {"lsi": {"CapacityUnits": 2}}}

    def both(n):
        return {"CapacityUnits": n, "WriteCapacityUnits": n}

    (transaction,) = cost(shoal, "TransactWriteItems", {"TransactItems": [
        {"Delete": {"TableName": indexed, "Key": item(p="a", c="c")}},
        {"Update": {"TableName": indexed, "Key": item(p="a", c="d"), "UpdateExpression": "REMOVE g"}}]}, "INDEXES")
    assert transaction == {"TableName": indexed, **both(10), "Table": both(4),  # 2 × (1 + 1)
                           "GlobalSecondaryIndexes": {"all": both(4)},  # both disappear
                           "LocalSecondaryIndexes": {"lsi": both(2)}}  # the first disappears


def test_unprocessed_items_cost_nothing(shoal):
    """A batch that stops at 16 MB tells what it read, not what it left."""
    table = shoal.create_table("p:S")
    for n in range(50):
        shoal.put(table, sized(400 * KB, p=f"{n:02}"))
    answer = shoal.ok("BatchGetItem", {"RequestItems": {table: {"Keys": [item(p=f"{n:02}") for n in range(50)]}},
                                       "ReturnConsumedCapacity": "TOTAL"})
    read = len(answer["Responses"][table])
    assert 0 < read < 50 and len(answer["UnprocessedKeys"][table]["Keys"]) == 50 - read
    assert answer["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 50 * read}]


def test_an_update_that_creates_nothing_costs_a_write(shoal, indexed):
    body = {"TableName": indexed, "Key": item(p="a", c="nosuch"), "UpdateExpression": "REMOVE v"}
    assert cost(shoal, "UpdateItem", body, "INDEXES") == {"TableName": indexed, "CapacityUnits": 1, "Table": {"CapacityUnits": 1}}


def test_a_table_named_by_its_arn_is_told_by_its_name(shoal, table):
    arn = shoal.ok("DescribeTable", {"TableName": table})["Table"]["TableArn"]
    assert units(shoal, "GetItem", {"TableName": arn, "Key": item(p="a")}) == 0.5
    assert cost(shoal, "GetItem", {"TableName": arn, "Key": item(p="a")})["TableName"] == table
