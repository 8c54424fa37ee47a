"""What a server said to a request, without what is each one's own affair: ids, times, and orders that nobody promises."""

import decimal
import json

NOT_COMPARED = {  # Ids, times and names that are each one's own; Local knows nothing of the others.
    "TableArn", "TableId", "IndexArn", "CreationDateTime", "LatestStreamArn", "LatestStreamLabel", "WarmThroughput", "TableSizeBytes",
    "IndexSizeBytes", "ItemCount", "LastIncreaseDateTime", "LastDecreaseDateTime", "NumberOfDecreasesToday",
    "LastUpdateToPayPerRequestDateTime", "TableThroughputModeSummary", "Backfilling"}


def with_maps(value):
    """Local's records leave the M of an empty map out."""
    if isinstance(value, dict):
        return {name: {"M": {}} if member == {} and name != "M" else with_maps(member) for name, member in value.items()}
    return [{"M": {}} if each == {} else with_maps(each) for each in value] if isinstance(value, list) else value


NOT_COMPARED_OF_RECORDS = {"SequenceNumber", "ApproximateCreationDateTime"}


def stream_answer(operation, answer):
    """Of descriptions what the table's definition says. What records there are, "@Records" compares."""
    if operation != "DescribeStream":
        return {}
    told = answer["StreamDescription"]
    return {name: canonical(told.get(name)) for name in ("StreamStatus", "StreamViewType", "TableName", "KeySchema")}


def canonical(value, name=None):
    """The answer without what is each one's own affair: orders of sets and of unordered lists."""
    if isinstance(value, dict):
        return {k: canonical(v, k) for k, v in sorted(value.items())}
    if isinstance(value, list):
        members = [canonical(v) for v in value]
        if name == "NS":
            members = [plain(member) for member in members]
        unordered = ("SS", "NS", "BS", "AttributeDefinitions", "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "NonKeyAttributes")
        by_name = lambda member: (member.get("IndexName", "") if isinstance(member, dict) else "", json.dumps(member))
        return sorted(members, key=by_name) if name in unordered else members
    return plain(value) if name == "N" else value


def described(value):
    """A table's description without NOT_COMPARED."""
    if isinstance(value, dict):
        return {k: described(v) for k, v in value.items() if k not in NOT_COMPARED}
    return [described(v) for v in value] if isinstance(value, list) else value


def plain(number):
    """limits, 1: 'Canonical output: plain decimal expansion with trimmed zeros, no exponent'; Local prints some as they came."""
    try:
        exact = decimal.Context(prec=200).create_decimal(number).normalize(decimal.Context(prec=200))
        return "0" if exact == 0 else format(exact, "f")
    except (decimal.DecimalException, TypeError):
        return number


def in_any_order(operation, body):
    """Items with one index key have no order among them."""
    return operation.endswith("Scan") or (operation.endswith("Query") and "IndexName" in body)


def outcome(operation, body, reply):
    """Status, error type and message, or the answer, comparable."""
    try:
        answer = reply.json
    except ValueError:
        return {"error": f"HTTP {reply.status} {reply.body[:80]}", "message": "", "item": None, "reasons": []}
    if reply.status != 200:
        return {"error": reply.type, "message": reply.message or "", "item": canonical(answer.get("Item")),
                "reasons": [(r.get("Code"), canonical(r.get("Item")), r.get("Message")) for r in answer.get("CancellationReasons", [])]}
    answer = canonical(answer)
    if in_any_order(operation, body) and "Items" in answer:
        answer["Items"].sort(key=json.dumps)
    if operation == "ExecuteStatement":
        answer.pop("NextToken", None)
        if "ORDER BY" not in str(body.get("Statement")) or '"."' in body["Statement"]:
            answer["Items"] = sorted(answer.get("Items", []), key=json.dumps)
    if operation == "BatchGetItem":
        for items in answer["Responses"].values():
            items.sort(key=json.dumps)
    if isinstance(answer.get("ConsumedCapacity"), list):
        answer["ConsumedCapacity"].sort(key=lambda each: each["TableName"])
    if operation.endswith("Table"):
        answer = described(answer)
    return {"answer": answer}
