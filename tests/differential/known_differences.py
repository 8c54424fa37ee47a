"""Where Shoal and DynamoDB Local answer differently and are known to: each with what the reference says of it.

A row is the reference's line (its file and section, then its words), and what recognises the difference from the
operation, the request, and the two outcomes.
"""

import copy

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}


def _error(outcome):
    return outcome.get("error")


def _both_refuse(ours, theirs):
    return _error(ours) and _error(theirs)


def _text(outcome):
    return outcome.get("message", "")


def _cancelled_where_local_validates(operation, body, ours, theirs):
    return (operation.startswith("Transact") and _error(ours) == "TransactionCanceledException" and _error(theirs) == "ValidationException"
            and any(code == "ValidationError" for code, _ in ours["reasons"]))


def _remove_below_nothing(operation, body, ours, theirs):
    return (operation == "UpdateItem" and not _error(ours) and "document path provided" in _text(theirs)
            and any(word in body.get("UpdateExpression", "").upper() for word in ("REMOVE", "DELETE")))


def _removes_only(operation, body, ours, theirs):
    update = body.get("UpdateExpression", "").upper()
    legacy = body.get("AttributeUpdates", {})
    only = update and not ("SET " in update or "ADD " in update) or legacy and all(u.get("Action") == "DELETE" for u in legacy.values())
    return (operation == "UpdateItem" and only and not _error(ours) and not _error(theirs)
            and "Attributes" not in ours["answer"])


def _schema_before_condition(operation, body, ours, theirs):
    if operation in ("UpdateItem", "PutItem", "DeleteItem"):
        return _error(ours) == "ValidationException" and _error(theirs) == "ConditionalCheckFailedException" and any(
            text in _text(ours) for text in ("Key attributes must be scalars", "This attribute is part of the key", "Type mismatch", "size limit"))
    return (operation == "TransactWriteItems" and _error(ours) == _error(theirs) == "TransactionCanceledException"
            and any(mine[0] == "ValidationError" and other[0] in ("ConditionalCheckFailed", "None")
                    for mine, other in zip(ours["reasons"], theirs["reasons"])))


def _duplicates_before_conditions(operation, body, ours, theirs):
    return (operation == "TransactWriteItems" and "multiple operations on one item" in _text(ours)
            and _error(theirs) == "TransactionCanceledException")


def _cancelled_without_reasons(operation, body, ours, theirs):
    return operation.startswith("Transact") and _error(ours) == _error(theirs) == "TransactionCanceledException" and not theirs["reasons"]


def _filters_of_indexes(operation, body, ours, theirs):
    return "does not project one or more filter attributes" in (_text(ours) if body["IndexName"].startswith("Global") else _text(theirs)) \
        if operation in ("Query", "Scan") and "IndexName" in body else False


def _read_twice(operation, body, ours, theirs):
    return operation == "TransactGetItems" and "multiple operations on one item" in _text(theirs)


def _no_such_table(operation, body, ours, theirs):
    return _error(ours) == "ValidationException" and _error(theirs) == "ResourceNotFoundException"


def _index_key_of_wrong_type(operation, body, ours, theirs):
    return "secondary index key to unsupported type" in _text(ours)


def _reserved_size(operation, body, ours, theirs):
    return "reserved keyword: size" in _text(ours)


def _limit_met_exactly(operation, body, ours, theirs):
    if operation != "Query" or _error(ours) or _error(theirs) or "LastEvaluatedKey" in theirs["answer"]:
        return False
    rest = {name: value for name, value in ours["answer"].items() if name != "LastEvaluatedKey"}
    return rest == theirs["answer"] and ours["answer"]["ScannedCount"] == body.get("Limit")


# The reference, and whether it is this.
KNOWN = [
    ("validation, 15: 'Which item errors cancel (ValidationError reason) [C] ... Local raises several of these at top level.'",
     _cancelled_where_local_validates),
    ("expressions, 6: 'REMOVE: absent parent ... if the whole item does not exist, it is silently ignored. [V]'", _remove_below_nothing),
    ("expressions, 6: 'update on a missing item consists only of REMOVE and/or DELETE: production does not create the item [C][V]; "
     "dynalite and Local create the key-only item'", _removes_only),
    ("validation, 3: 'key/schema checks, index-key checks, nested key paths' come before 'condition evaluation'", _schema_before_condition),
    ("validation, 15: order [C] 'duplicate target' comes before 'per-item evaluation'", _duplicates_before_conditions),
    ("validation, 15: 'Get with key not matching (The provided key element does not match the schema)' is a ValidationError reason; "
     "Local cancels without reasons", _cancelled_without_reasons),
    ("validation, 9: 'filter on such [a GSI]: Secondary index gsi does not project one or more filter attributes: [x]. LSIs fetch from the "
     "table instead'; Local refuses Query on both and Scan on neither", _filters_of_indexes),
    ("validation, 21: SIZE is among the 573 reserved words", _reserved_size),
    ("limits, 4: 'no two actions on same item (write)'; Local refuses two reads of one, too", _read_twice),
    ("validation, 3: expressions (5) are checked before the table is looked up (7); Local checks operand types after it", _no_such_table),
    ("validation, 5: 'index key wrong type (update): The update expression attempted to update the secondary index key to unsupported "
     "type [C]'; Local keeps such an item out of the index", _index_key_of_wrong_type),
    ("limits, 4: 'LEK is returned even if exactly at the end of data when Limit equals the count of remaining items'", _limit_met_exactly),
]


def _without_capacity(outcome):
    outcome = copy.deepcopy(outcome)
    outcome.get("answer", {}).pop("ConsumedCapacity", None)
    return outcome


def _capacity(outcome):
    """ConsumedCapacity without the arms of zero: capacity, 3: 'Arms with zero cost are absent (Local prints a 0.0 arm ...)'."""
    def pruned(value):
        if isinstance(value, dict):
            members = {name: pruned(member) for name, member in value.items()}
            return {name: member for name, member in members.items() if member not in ({}, {"CapacityUnits": 0.0})}
        return [pruned(each) for each in value] if isinstance(value, list) else value
    return pruned(outcome["answer"].get("ConsumedCapacity"))


def _capacity_difference(operation, body, ours, theirs):
    """What the reference says of a ConsumedCapacity that differs; None: nothing."""
    if body.get("ReturnConsumedCapacity", "NONE") == "NONE":
        return None if "ConsumedCapacity" in ours["answer"] else "capacity, 3: 'NONE (default): omitted' (Local tells it of some deletes)"
    mine, other = _capacity(ours), _capacity(theirs)
    if mine == other:
        return "capacity, 3: 'Arms with zero cost are absent (Local prints a 0.0 arm for the index being scanned and for Table)'"
    if operation in ("Query", "Scan") and ours["answer"]["ScannedCount"] == 0:
        return "capacity, 2: 'No item: minimum 0.5 / 1 [G][V]; (Local and dynalite report 0.0)'"
    if operation in ("Query", "Scan") and body.get("IndexName", "").startswith("Local"):
        return "capacity, 2: 'for each item that needs fetch of non-projected attributes add the whole table item'; Local only where one has some"
    if operation in ("PutItem", "UpdateItem", "DeleteItem"):
        return "capacity, 2: 'entry absent before and after: 0'; Local charges for an entry of which only some key attributes are there"
    if operation == "BatchWriteItem":
        return "capacity, 2: 'sum of the above per request, each rounded separately [V]'; Local charges indexes of what is not there"
    if operation == "BatchGetItem":
        return "capacity, 2: 'missing keys count as minimum 0.5/1 in production; Local counts 0 for missing keys'"
    return None


def explained(operation, body, ours, theirs):
    """None: alike. "known: ...": a difference that is listed here. Else the kind of an unexplained one."""
    if _removes_only(operation, body, ours, theirs):  # The answers may be alike, but Local has an item more.
        return "known: " + next(reference for reference, matches in KNOWN if matches is _removes_only) + " (diverges)"
    if ours == theirs:
        return None
    diverges = " (diverges)" if operation in WRITES and bool(_error(ours)) != bool(_error(theirs)) else ""
    for reference, matches in KNOWN:
        if matches(operation, body, ours, theirs):
            return f"known: {reference}{diverges}"
    if _both_refuse(ours, theirs):
        if _error(ours) != _error(theirs):
            return f"error {operation}: {_error(ours)} / {_error(theirs)}: {_text(ours)[:70]} / {_text(theirs)[:70]}"
        if ours["reasons"] == theirs["reasons"] and ours["item"] == theirs["item"]:
            return None
        return f"reasons {operation}"
    if _error(ours) or _error(theirs):
        return f"outcome {operation}: {_error(ours)} {_text(ours)[:70]} / {_error(theirs)} {_text(theirs)[:70]}"
    if _without_capacity(ours) == _without_capacity(theirs):
        reference = _capacity_difference(operation, body, ours, theirs)
        return f"known: {reference}" if reference else f"capacity {operation}"
    return f"answer {operation}"
