"""Reads a table as Athena's DynamoDB connector reads one for a SELECT: by key where the predicates hold a partition key to
values, else with parallel segments, and in any case with the predicates pushed down. Athena itself needs no part in it:

    python docs/examples/athena_scan.py --endpoint-url http://127.0.0.1:8000 --table Cities \
        --columns name,population --where country = AT --where population '>' 10000 --segments 4 --check

--statement runs a PartiQL statement instead, as the connector's query passthrough does. --check reads the whole table
once more, filters it here, and compares.
"""

import argparse
import concurrent.futures
import itertools
import json
import sys

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

COMPARISONS = {
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "IN": lambda a, b: a in b,
}


class Expressions:
    """Placeholders as the connector makes them: #col0 for a name, :v0 for a value."""

    def __init__(self):
        self.names, self.values = {}, {}

    def name(self, attribute):
        if attribute not in self.names.values():
            self.names[f"#col{len(self.names)}"] = attribute
        return next(placeholder for placeholder, name in self.names.items() if name == attribute)

    def value(self, value):
        placeholder = f":v{len(self.values)}"
        self.values[placeholder] = TypeSerializer().serialize(value)
        return placeholder

    def predicate(self, attribute, comparison, value):
        if comparison == "IN":
            return f"{self.name(attribute)} IN ({', '.join(self.value(v) for v in value)})"
        return f"{self.name(attribute)} {comparison} {self.value(value)}"

    def parameters(self):
        return {**({"ExpressionAttributeNames": self.names} if self.names else {}),
                **({"ExpressionAttributeValues": self.values} if self.values else {})}


def key_names(schema):
    return [next((part["AttributeName"] for part in schema if part["KeyType"] == kind), None) for kind in ("HASH", "RANGE")]


def ways(description):
    """The table, then its indexes: (IndexName or None, partition key, sort key, attributes that it has or None for all)."""
    base = key_names(description["KeySchema"])
    yield None, *base, None
    for index in description.get("GlobalSecondaryIndexes", []):
        partition, sort = key_names(index["KeySchema"])
        projection = index["Projection"]
        has = {*base, partition, sort, *projection.get("NonKeyAttributes", [])}
        yield index["IndexName"], partition, sort, None if projection["ProjectionType"] == "ALL" else has


def plan(description, columns, predicates, segments):
    """The requests that read what the predicates leave: (operation, parameters) each."""
    wanted = {*columns, *(attribute for attribute, _, _ in predicates)}
    for index, partition, sort, has in ways(description):
        held = next((p for p in predicates if p[0] == partition and p[1] in ("=", "IN")), None)
        if held is None or (has is not None and not wanted <= has):
            continue
        within = next((p for p in predicates if p[0] == sort and p[1] not in ("<>", "IN")), None)
        left = [p for p in predicates if p not in (held, within) and p[0] not in (partition, sort)]
        if len(left) + (within is not None) + 1 != len(predicates):
            continue  # What is left speaks of a key, which a filter of Query must not.
        for value in held[2] if held[1] == "IN" else [held[2]]:
            yield "query", request(description, columns, [(partition, "=", value), *([within] if within else [])], left, index)
        return
    for segment in range(segments):
        yield "scan", {**request(description, columns, [], predicates, None), "Segment": segment, "TotalSegments": segments}


def request(description, columns, keys, filters, index):
    expressions = Expressions()
    parameters = {"TableName": description["TableName"],
                  "ProjectionExpression": ", ".join(expressions.name(column) for column in columns)}
    for name, predicates in (("KeyConditionExpression", keys), ("FilterExpression", filters)):
        if predicates:
            parameters[name] = " AND ".join(expressions.predicate(*predicate) for predicate in predicates)
    return {**parameters, **expressions.parameters(), **({"IndexName": index} if index else {})}


def plain(item):
    return {name: TypeDeserializer().deserialize(value) for name, value in item.items()}


def pages(call, parameters):
    """The items of a request, page after page."""
    while True:
        answer = call(**parameters)
        yield from map(plain, answer["Items"])
        if "NextToken" in answer:
            parameters = {**parameters, "NextToken": answer["NextToken"]}
        elif "LastEvaluatedKey" in answer:
            parameters = {**parameters, "ExclusiveStartKey": answer["LastEvaluatedKey"]}
        else:
            return


def read(client, table, columns, predicates=(), segments=4):
    """The rows, and how they were read."""
    description = client.describe_table(TableName=table)["Table"]
    requests = list(plan(description, columns, list(predicates), segments))
    with concurrent.futures.ThreadPoolExecutor(max(1, len(requests))) as workers:
        parts = workers.map(lambda each: list(pages(getattr(client, each[0]), each[1])), requests)
        return list(itertools.chain.from_iterable(parts)), requests


def passthrough(client, statement):
    return list(pages(client.execute_statement, {"Statement": statement}))


def expected(client, table, columns, predicates):
    """The same rows, taken from the whole table here."""
    def holds(item, attribute, comparison, value):
        try:
            return attribute in item and COMPARISONS[comparison](item[attribute], value)
        except TypeError:
            return comparison == "<>"

    for item in pages(client.scan, {"TableName": table, "ConsistentRead": True}):
        if all(holds(item, *predicate) or (predicate[1] == "<>" and predicate[0] not in item) for predicate in predicates):
            yield {column: item[column] for column in columns if column in item}


def ordered(rows):
    return sorted(json.dumps(row, default=str, sort_keys=True) for row in rows)


def typed(client, table, attribute, text):
    """A value of the command line: a number if that is what the attribute, as a key, must be, or what it looks like."""
    definitions = client.describe_table(TableName=table)["Table"]["AttributeDefinitions"]
    kind = next((d["AttributeType"] for d in definitions if d["AttributeName"] == attribute), None)
    if kind == "S":
        return text
    try:
        return TypeDeserializer().deserialize({"N": text})
    except ArithmeticError:
        return text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--endpoint-url", required=True)
    parser.add_argument("--table")
    parser.add_argument("--columns", default="")
    parser.add_argument("--where", nargs="+", action="append", default=[], metavar="NAME COMPARISON VALUE...")
    parser.add_argument("--segments", type=int, default=4)
    parser.add_argument("--statement", help="PartiQL, instead of --table, --columns and --where")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    client = boto3.client("dynamodb", endpoint_url=options.endpoint_url, region_name="us-east-1",
                          aws_access_key_id="local", aws_secret_access_key="local")
    if options.statement:
        rows = passthrough(client, options.statement)
    else:
        columns = options.columns.split(",")
        predicates = []
        for name, comparison, *values in options.where:
            values = [typed(client, options.table, name, value) for value in values]
            predicates.append((name, comparison, values if comparison == "IN" else values[0]))
        rows, requests = read(client, options.table, columns, predicates, options.segments)
        print(f"{len(requests)} of {requests[0][0]}:", json.dumps(requests[0][1]), file=sys.stderr)
        if options.check and ordered(rows) != ordered(expected(client, options.table, columns, predicates)):
            sys.exit("the rows are not those of the table")
    for row in rows:
        print(json.dumps(row, default=str))


if __name__ == "__main__":
    main()
